"""Lists that people keep themselves, a few thousand rows at the most: CSV as any Excel writes it, and workbooks.

Only columns whose header is known are read; of the others only the header is told. Whether a personal identity code
stands anywhere in a row is looked for in all of its cells.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from app.sources import workbooks
from app.sources.files import FileUnreadable
from app.sources.ledgers.cells import text_of
from app.sources.ledgers.encodings import WORKBOOKS, start_of, writing_of
from app.sources.workbooks import Cell

MOST_ROWS = 1_000
"""Below the header. A list is tried, and registered, in one transaction: on SQLite others who write wait for it, and a
thousand rows take ten to thirty seconds. A longer list is split."""
MOST_BYTES = 20_000_000
"""Of a text file: a thousand rows of twenty thousand signs."""
HEADER_WITHIN_ROWS = 20
FEWEST_COLUMNS = 2
"""So many known headers make a row the header: one may stand by chance in a title."""
DELIMITERS = ";\t,"
JOINT = " || "
"""Between cells looked through as one text: no two of them make one identity code."""


class Row(NamedTuple):
    """A row that is not empty, with the line on which it begins."""

    line: int
    cells: Mapping[str, Cell]
    """By field; an empty cell is left out."""
    everything: str
    """All its cells, those that are not read too, to be looked through and never kept."""
    too_long: bool
    """Whether cells stand behind the last header: a delimiter within a text has moved them."""


class Table(NamedTuple):
    fields: Sequence[str]
    unread: Sequence[str]
    """Headers that are not known, as they stand."""
    rows: Sequence[Row]


class Header(NamedTuple):
    """The header row: its place among the rows, and the field of each column, None where it is not known."""

    at: int
    fields: Sequence[str | None]
    titles: Sequence[str]

    @property
    def known(self) -> int:
        return sum(field is not None for field in self.fields)


Lines = Iterator[tuple[int, list[Cell]]]
FieldOf = Callable[[str], str | None]


def read_table(path: Path, field_of: FieldOf) -> Table:
    """The table of a file; `field_of` says which field a header means, None where it means none.

    Raises FileUnreadable where there is no header, nothing below it, a column twice or too many rows, and as workbooks
    and text files do.
    """
    start = start_of(path)
    found = _in_workbook(path, field_of) if start.startswith(WORKBOOKS) else _in_text(path, start, field_of)
    if found is None:
        raise FileUnreadable("header_not_found")
    header, lines = found
    _check_listed_once(header)
    rows = list(islice(_rows(header, lines), MOST_ROWS + 1))
    if not rows:
        raise FileUnreadable("table_empty")
    if len(rows) > MOST_ROWS:
        raise FileUnreadable("table_too_long", most=MOST_ROWS)
    unread = [title for title, field in zip(header.titles, header.fields, strict=True) if field is None and title]
    return Table([field for field in header.fields if field is not None], unread, rows)


def _best(rows: Iterable[Sequence[Cell]], field_of: FieldOf) -> Header | None:
    """The row with the most known headers, the first of them."""
    found: Header | None = None
    for at, row in enumerate(rows):
        titles = [" ".join(text_of(cell).split()) for cell in row]
        header = Header(at, [field_of(title) for title in titles], titles)
        if header.known >= FEWEST_COLUMNS and (found is None or header.known > found.known):
            found = header
    return found


def _in_workbook(path: Path, field_of: FieldOf) -> tuple[Header, Lines] | None:
    """The first sheet that has a header."""
    for sheet in workbooks.sheets(path, workbooks.LIST):
        rows = sheet.rows()
        first = list(islice(rows, HEADER_WITHIN_ROWS))
        if (header := _best(first, field_of)) is not None:
            lines = enumerate(chain(first[header.at + 1 :], rows), header.at + 2)
            filled = ((line, row) for line, row in lines if any(cell is not None for cell in row))
            return header, iter(list(islice(filled, MOST_ROWS + 1)))
    return None


def _in_text(path: Path, start: bytes, field_of: FieldOf) -> tuple[Header, Lines] | None:
    """With the delimiter by which most headers are known."""
    if path.stat().st_size > MOST_BYTES:
        raise FileUnreadable("list_too_large", megabytes=MOST_BYTES // 1_000_000)
    text = path.read_bytes().decode(writing_of(path, start).encoding, "replace")
    best: tuple[Header, str] | None = None
    for delimiter in DELIMITERS:
        first = [cells for _, cells in islice(_parted(text, delimiter), HEADER_WITHIN_ROWS)]
        header = _best(first, field_of)
        if header is not None and (best is None or header.known > best[0].known):
            best = header, delimiter
    if best is None:
        return None
    header, delimiter = best
    return header, islice(_parted(text, delimiter), header.at + 1, None)


def _parted(text: str, delimiter: str) -> Lines:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, list(cells)
            line = reader.line_num + 1
    except csv.Error:
        raise FileUnreadable("list_line_unreadable", line=line) from None


def _check_listed_once(header: Header) -> None:
    titles: dict[str, list[str]] = {}
    for field, title in zip(header.fields, header.titles, strict=True):
        if field is not None:
            titles.setdefault(field, []).append(title)
    for found in titles.values():
        if len(found) > 1:
            raise FileUnreadable("column_listed_twice", columns=found)


def _rows(header: Header, lines: Lines) -> Iterator[Row]:
    width = len(header.fields)
    for line, cells in lines:
        filled = [None if isinstance(cell, str) and not cell.strip() else cell for cell in cells]
        if all(cell is None for cell in filled):
            continue
        known = {
            field: cell
            for field, cell in zip(header.fields, filled, strict=False)
            if field is not None and cell is not None
        }
        everything = JOINT.join(text_of(cell) for cell in filled)
        yield Row(line, known, everything, any(cell is not None for cell in filled[width:]))
