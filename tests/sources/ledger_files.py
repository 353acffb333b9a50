"""Writes small ledgers in every manner, and reads them as an import does."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import xlsxwriter

from app.sources.ledgers import Chunk, Ledger, LedgerRow, UnreadableRow, open_ledger

HEADER = [
    "Toimittajan nimi",
    "Toimittajan y-tunnus",
    "Tili",
    "Tilin nimi",
    "Laskun summa ilman ALV",
    "Kirjauspäivämäärä",
    "Tositenumero",
]
ROW = ["Siivous Oy", "0201256-6", "4341", "Siivouspalvelut", "1 234,56", "31.12.2021", "4711"]
IDENTITY_CODE = "010594Y9032"
"""Made up for tests by the Digital and Population Data Services Agency: of nobody."""


def with_cells(**cells: str) -> list[str]:
    """ROW with other cells, named by number: c1="…" is the supplier's."""
    return [cells.get(f"c{at}", cell) for at, cell in enumerate(ROW)]


def as_text(rows: Iterable[Sequence[str]], delimiter: str = ";", end: str = "\r\n") -> str:
    file = StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
    return file.getvalue()


def write_text(
    folder: Path, rows: Iterable[Sequence[str]], delimiter: str = ";", encoding: str = "utf-8", end: str = "\r\n"
) -> Path:
    path = folder / "ledger.csv"
    path.write_bytes(as_text(rows, delimiter, end).encode(encoding))
    return path


def write_workbook(folder: Path, *sheets: Iterable[Sequence[Any]]) -> Path:
    """A workbook with these sheets; days are cells with a format of days, as Excel has them."""
    path = folder / "ledger.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as book:
        book.set_properties({"created": datetime(2021, 1, 1)})  # noqa: DTZ001 - the same bytes each time
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def read(
    ledger: Ledger, concerned: Iterable[str] | None = None, objections: dict[str, str] | None = None
) -> tuple[list[LedgerRow], list[UnreadableRow], int]:
    """Rows, refused rows and how many were only counted; `concerned` are business IDs and contract numbers (all)."""
    wanted = None if concerned is None else set(concerned)
    chunks = list(
        ledger.chunks(
            lambda business_id, number: wanted is None or not wanted.isdisjoint({business_id, number}),
            lambda text: next((code for part, code in (objections or {}).items() if part in text), None),
        )
    )
    return gathered(chunks)


def gathered(chunks: Iterable[Chunk]) -> tuple[list[LedgerRow], list[UnreadableRow], int]:
    chunks = list(chunks)
    rows = [row for chunk in chunks for row in chunk.rows]
    refused = [row for chunk in chunks for row in chunk.unreadable]
    return rows, refused, sum(chunk.unconcerned for chunk in chunks)


def read_rows(folder: Path, *rows: Sequence[str], header: Sequence[str] = HEADER) -> list[LedgerRow | UnreadableRow]:
    """The rows of a ledger with this header, in their order."""
    readable, refused, _ = read(open_ledger(write_text(folder, [header, *rows])))
    return sorted([*readable, *refused], key=lambda row: row.line)
