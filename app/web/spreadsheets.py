"""Tables as files for a spreadsheet: CSV as Finnish Excel opens it, and XLSX with real dates and numbers.

They stand with the pages because they are what a person reads, in the reader's language; rows come from the services.
A file is written whole, to a temporary file where it is long, before the first byte of it is sent: whoever has a file
has all of it, and an error on the way is a page that says so.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO, Any, Generic, TypeVar

from starlette.responses import StreamingResponse

from app.language.formats import capitalised
from app.rules.errors import RuleBroken
from app.web.cell_texts import cleaned, marked, would_run

Cell = str | int | Decimal | date | datetime | None
"""A text, a number, a day, or a moment as the clock on the wall shows it."""
Row = TypeVar("Row")
Write = Callable[[int, int, Cell], None]
"""Writes a cell into a row and a column, both counted from 0."""
IN_MEMORY_BYTES = 1_000_000
PIECE_BYTES = 65_536
MAX_XLSX_ROWS = 1_048_575
"""What a sheet holds below its header."""
SHEET_NAME_LENGTH = 31
DAY_PATTERNS = {"fi": "%d.%m.%Y", "sv": "%d.%m.%Y", "en": "%Y-%m-%d"}
"""With leading zeros: every spreadsheet takes them for days. The one for English is read the same whatever the
computer is set to."""
TIME_PATTERN = " %H:%M"
XLSX_DAY_PATTERNS = {"fi": "dd.mm.yyyy", "sv": "dd.mm.yyyy", "en": "yyyy-mm-dd"}
XLSX_TIME_PATTERN = " hh:mm"
XLSX_MONEY_PATTERN = "#,##0.00"


class Kind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its title in the reader's language, its width in characters, and a row's cell in it."""

    title: str
    width: int
    cell: Callable[[Row], Cell]


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A written file and how many rows it has."""

    file: IO[bytes]
    kind: Kind
    rows: int

    def answer(self, name: str, day: date) -> StreamingResponse:
        """The file as a download; `name` is in the reader's language, without blanks."""
        size = self.file.seek(0, 2)
        self.file.seek(0)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}-{day.isoformat()}.{self.kind}"',
            "Content-Length": str(size),
        }
        return StreamingResponse(_pieces(self.file), headers=headers, media_type=MEDIA_TYPES[self.kind])


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def written(
    kind: Kind,
    title: str,
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    language: str,
    now: datetime,
    remark: str = "",
) -> Spreadsheet:
    """Writes the rows; `remark` stands above every printed page of a sheet. Raises RuleBroken where an XLSX sheet
    cannot hold them."""
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - whoever sends it closes it
    with closing_on_error(file):
        if kind is Kind.CSV:
            count = _write_csv(file, columns, rows, language)
        else:
            count = _write_xlsx(file, capitalised(title), columns, rows, language, now, remark)
    return Spreadsheet(file, kind, count)


@contextmanager
def closing_on_error(file: IO[bytes]) -> Iterator[None]:
    """Leaves the file open for whoever sends it, unless something goes wrong before."""
    try:
        yield
    except BaseException:
        file.close()
        raise


def _plain(cell: Cell, language: str) -> str:
    """A cell as CSV has it. The city's computers are set to Finnish whatever language a person reads: comma."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return marked(cell)
    if isinstance(cell, datetime):
        return cell.strftime(DAY_PATTERNS[language] + TIME_PATTERN)
    if isinstance(cell, date):
        return cell.strftime(DAY_PATTERNS[language])
    return f"{cell:f}".replace(".", ",") if isinstance(cell, Decimal) else str(cell)


def _write_csv(file: IO[bytes], columns: Sequence[Column[Row]], rows: Iterable[Row], language: str) -> int:
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow([_title(column) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([_plain(column.cell(row), language) for column in columns])
        count += 1
    text.flush()
    text.detach()
    return count


def _title(column: Column[Any]) -> str:
    return capitalised(column.title)


def _write_xlsx(
    file: IO[bytes],
    title: str,
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    language: str,
    now: datetime,
    remark: str,
) -> int:
    """Row by row through a file of the library's own. The library closes it only where all goes well; and it goes with
    its folder whatever happens."""
    import xlsxwriter  # as late as here: it takes long to read in, and the service starts without it
    from xlsxwriter.utility import xl_rowcol_to_cell

    with TemporaryDirectory() as folder:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": folder}
        book = xlsxwriter.Workbook(file, options)
        book.set_properties({"title": title, "created": now.replace(tzinfo=None), "comments": remark})
        sheet = book.add_worksheet(title[:SHEET_NAME_LENGTH])
        with closing(sheet.row_data_fh):
            sheet.set_landscape()
            sheet.set_header(f"&L{title}&R{remark}")
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
            for number, column in enumerate(columns):
                sheet.set_column(number, number, column.width)
            sheet.write_row(0, 0, [_title(column) for column in columns], book.add_format({"bold": True}))
            count = _write_rows(_writer(book, sheet, language), columns, rows)
            sheet.autofilter(0, 0, count, len(columns) - 1)
            sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(count, len(columns) - 1)}"})
            book.close()
    return count


def _write_rows(write: Write, columns: Sequence[Column[Row]], rows: Iterable[Row]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        if count > MAX_XLSX_ROWS:
            raise RuleBroken("too_many_rows", maximum=MAX_XLSX_ROWS)
        for number, column in enumerate(columns):
            write(count, number, column.cell(row))
    return count


def _writer(book: Any, sheet: Any, language: str) -> Write:
    """What writes a cell, by the kind of thing that it holds."""
    pattern = XLSX_DAY_PATTERNS[language]
    days = book.add_format({"num_format": pattern, "align": "left"})
    moments = book.add_format({"num_format": pattern + XLSX_TIME_PATTERN, "align": "left"})
    money = book.add_format({"num_format": XLSX_MONEY_PATTERN})
    as_text = book.add_format({"quote_prefix": True})

    def write(row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            text = cleaned(cell)
            sheet.write_string(row, column, text, as_text if would_run(text) else None)
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, column, cell, moments)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, days)
        elif isinstance(cell, Decimal):
            sheet.write_number(row, column, cell, money)
        elif cell is not None:
            sheet.write_number(row, column, cell)

    return write
