"""Ledgers in workbooks: the first sheet that has a header.

A sheet ends at 1 048 575 rows below its header. One of so many rows and ten columns (58 megabytes packed) took 0.93 GB
in the process that unpacks it, 40 MB in the service, and nine times the processor time of the same rows as CSV; a third
of it goes into the header, since a sheet is unpacked as a whole, and each reading begins anew. Larger ones come as CSV.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from app.sources.ledgers.cells import text_of
from app.sources.ledgers.columns import known_meanings
from app.sources.ledgers.texts import HEADER_WITHIN_ROWS, Header, Rows
from app.sources.workbooks import Cell, Sheet, sheets

ROWS_AT_A_TIME = 5000


class SheetHeader(NamedTuple):
    sheet: str
    header: Header


def find_sheet(path: Path) -> SheetHeader | None:
    """The header of the first sheet that has one. Raises FileUnreadable."""
    for sheet in sheets(path):
        header = _header_of(sheet)
        if header is not None:
            return SheetHeader(sheet.name, header)
    return None


def _header_of(sheet: Sheet) -> Header | None:
    """The row that names most of what is wanted."""
    best: Header | None = None
    most = 0
    for line, row in enumerate(islice(sheet.rows(), HEADER_WITHIN_ROWS), 1):
        cells = [text_of(cell) for cell in row]
        meanings = len(known_meanings(cells))
        if meanings > most:
            best, most = Header(line, cells), meanings
    return best


def rows_of_sheet(path: Path, name: str, header: Header) -> Iterator[Rows]:
    """The rows below the header as they stand in the cells. How far in the file that is, nobody knows: its parts are
    packed. Raises FileUnreadable."""
    for sheet in sheets(path):
        if sheet.name == name:
            yield from _some(islice(sheet.rows(), header.line, None), header.line + 1)
            return


def _some(rows: Iterator[list[Cell]], line: int) -> Iterator[Rows]:
    while some := list(islice(rows, ROWS_AT_A_TIME)):
        yield Rows(range(line, line + len(some)), some, line + len(some), 0)
        line += len(some)
