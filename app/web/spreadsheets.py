"""Tables as files for a spreadsheet: CSV as Finnish Excel opens it, and XLSX with real dates and numbers.

They stand with the pages because they are what a person reads, in the reader's language; rows come from the services.
A file is written whole, to a temporary file where it is long, before the first byte of it is sent: whoever has a file
has all of it, and an error on the way is a page that says so.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Generic, TypeVar

import xlsxwriter
from starlette.responses import StreamingResponse

from app.language.formats import capitalised

Cell = str | int | Decimal | date | None
Row = TypeVar("Row")
IN_MEMORY_BYTES = 1_000_000
PIECE_BYTES = 65_536
MAX_XLSX_ROWS = 1_048_575
"""What a sheet holds below its header."""
FORMULA_STARTS = frozenset("=+-@＝＋－＠")
DAY_PATTERNS = {"fi": "%d.%m.%Y", "sv": "%d.%m.%Y", "en": "%Y-%m-%d"}
"""With leading zeros: every spreadsheet takes them for days."""
XLSX_DAY_PATTERNS = {"fi": "dd.mm.yyyy", "sv": "dd.mm.yyyy", "en": "yyyy-mm-dd"}
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


class TooManyRows(Exception):
    """More than a sheet holds."""


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
    kind: Kind, title: str, columns: Sequence[Column[Row]], rows: Iterable[Row], language: str, now: datetime
) -> Spreadsheet:
    """Writes the rows. Raises TooManyRows where an XLSX sheet cannot hold them."""
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - whoever sends it closes it
    with closing_on_error(file):
        if kind is Kind.CSV:
            count = _write_csv(file, columns, rows, language)
        else:
            count = _write_xlsx(file, title, columns, rows, language, now)
    return Spreadsheet(file, kind, count)


@contextmanager
def closing_on_error(file: IO[bytes]) -> Iterator[None]:
    """Leaves the file open for whoever sends it, unless something goes wrong before."""
    try:
        yield
    except BaseException:
        file.close()
        raise


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip()[:1] in FORMULA_STARTS and text.strip() else text


def _plain(cell: Cell, language: str) -> str:
    """A cell as CSV has it. The city's computers are set to Finnish whatever language a person reads: comma."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, date):
        return cell.strftime(DAY_PATTERNS[language])
    return str(cell).replace(".", ",")


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
    file: IO[bytes], title: str, columns: Sequence[Column[Row]], rows: Iterable[Row], language: str, now: datetime
) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"title": capitalised(title), "created": now.replace(tzinfo=None)})
    days = book.add_format({"num_format": XLSX_DAY_PATTERNS[language], "align": "left"})
    money = book.add_format({"num_format": XLSX_MONEY_PATTERN})
    sheet = book.add_worksheet(capitalised(title))
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
    sheet.write_row(0, 0, [_title(column) for column in columns], book.add_format({"bold": True}))
    count = 0
    for count, row in enumerate(rows, 1):
        if count > MAX_XLSX_ROWS:
            raise TooManyRows
        for number, column in enumerate(columns):
            cell = column.cell(row)
            if isinstance(cell, str):
                sheet.write_string(count, number, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(count, number, cell, days)
            elif isinstance(cell, Decimal):
                sheet.write_number(count, number, cell, money)
            elif cell is not None:
                sheet.write_number(count, number, cell)
    sheet.autofilter(0, 0, count, len(columns) - 1)
    book.close()
    return count
