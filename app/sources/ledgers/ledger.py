"""One ledger: how it is written and what its columns mean is found out as it is opened, its rows are read later."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.sources.files import FileUnreadable
from app.sources.ledgers import sheets, texts
from app.sources.ledgers.cells import text_of, without_quotes
from app.sources.ledgers.columns import Columns, columns_of
from app.sources.ledgers.encodings import WORKBOOKS, digest_of, start_of, writing_of
from app.sources.ledgers.reading import Concerns, Objects, RowReader
from app.sources.ledgers.rows import Chunk


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger file whose header was found. `digest` (SHA-256, hexadecimal) names its content, `size` is in bytes,
    `header` are the header's cells as they stand."""

    path: Path
    digest: str
    size: int
    header: list[str]
    found: Columns
    form: texts.Form | None
    """None for a workbook."""
    place: texts.Header
    sheet: str | None

    @property
    def columns(self) -> Mapping[str, str]:
        """Meaning → the name of the column as it was found, on one line."""
        return {meaning: " ".join(self.header[at].split()) for meaning, at in self.found.places.items()}

    @property
    def lacks(self) -> tuple[str, ...]:
        """Meanings that are missing and without which no row can be attached: business_id (and no contract number
        instead), on_date, amount."""
        return self.found.lacks

    @property
    def can_attach(self) -> bool:
        return not self.lacks

    @property
    def layout(self) -> str:
        """The same for ledgers whose rows are told apart by the same columns: between others, keys may differ."""
        return self.found.layout

    def chunks(self, concerns: Concerns, objects: Objects) -> Iterator[Chunk]:
        """The rows below the header, some thousand lines at a time. Raises FileUnreadable, also in the middle.

        `concerns(business_id, contract_number)` is asked once of each pair: what it does not want is only counted.
        `objects(text)` is asked once of each text in a cell of the rows that are wanted, and may answer with the code
        of an Unreadable; not of numbers, nor of plain words too short to hide an identity code.
        """
        reader = RowReader(self.found, self._as_text, concerns, objects) if self.can_attach else None
        line = 1
        for part in self._parts():
            lines, line = part.next_line - line, part.next_line
            if reader is None:
                yield Chunk([], [], sum(any(row) for row in part.rows), lines, part.read_bytes)
            else:
                yield Chunk(*reader.read(part.lines, part.rows), lines, part.read_bytes)

    @property
    def _as_text(self) -> Callable[[Any], str] | None:
        if self.form is None:
            return text_of
        return None if self.form.quoted else without_quotes

    def _parts(self) -> Iterator[texts.Rows]:
        if self.form is not None:
            return texts.rows_of(self.path, self.form, self.place)
        return sheets.rows_of_sheet(self.path, self.sheet or "", self.place)


def open_ledger(path: Path) -> Ledger:
    """Finds out how a ledger is written and what its columns mean. Raises FileUnreadable: file_not_opened,
    file_not_text, line_too_long, ledger_line_unreadable, ledger_without_header, column_twice, and what
    sources.workbooks says of workbooks."""
    start = start_of(path)
    return _of_workbook(path) if start.startswith(WORKBOOKS) else _of_text(path, start)


def _of_text(path: Path, start: bytes) -> Ledger:
    encoding, digest, size, quotes = writing_of(path, start)
    found = texts.find_header(path, encoding) or texts.find_header(path, encoding, quoted=False)
    if found is None:
        raise FileUnreadable("ledger_without_header")
    form, header = found
    if quotes and form.quoted:
        form, header = texts.settle_quotes(path, form, header)
    return Ledger(path, digest, size, header.cells, columns_of(header.cells), form, header, None)


def _of_workbook(path: Path) -> Ledger:
    found = sheets.find_sheet(path)
    if found is None:
        raise FileUnreadable("ledger_without_header")
    sheet, header = found
    cells = header.cells
    return Ledger(path, digest_of(path), path.stat().st_size, cells, columns_of(cells), None, header, sheet)
