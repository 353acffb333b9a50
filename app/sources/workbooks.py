"""Workbooks as tables of plain values: XLSX, XLSM, XLSB, XLS and ODS, told apart by their content.

Macros never run. A formula gives the value that was stored when the workbook was saved; a cell in error is empty.
Hidden sheets are left out, since nobody sees what stands in them. A workbook is unpacked in a process of its own
(sources.workbook_cells), which has bounded memory and time: whatever a file unpacks to, the service goes on.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, NamedTuple, NoReturn

from app.sources.files import FileUnreadable

Cell = str | int | float | bool | date | datetime | None

READING_PROGRAM = Path(__file__).with_name("workbook_cells.py")


class Bounds(NamedTuple):
    """How much one workbook may take."""

    memory_bytes: int
    """Of the process that reads it."""
    cpu_seconds: int
    unpacked_bytes: int
    sheets: int
    columns: int


LEDGER = Bounds(memory_bytes=3_000_000_000, cpu_seconds=600, unpacked_bytes=2_000_000_000, sheets=100, columns=500)
"""For a whole sheet of a ledger: a million rows of twenty columns."""
LIST = Bounds(memory_bytes=600_000_000, cpu_seconds=60, unpacked_bytes=200_000_000, sheets=100, columns=500)
"""For lists that people keep themselves."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is being read. Its rows can be gone through once, before the next sheet is asked for."""

    name: str
    _rows: Iterator[list[Cell]]

    def rows(self) -> Iterator[list[Cell]]:
        """The rows from the sheet's first, empty ones too: the n-th is the line n that a person sees. Columns begin at
        the first that holds anything."""
        return self._rows


def sheets(path: Path, bounds: Bounds = LEDGER) -> Iterator[Sheet]:
    """The workbook's visible sheets, in their order.

    Raises FileUnreadable: not_a_workbook, workbook_broken, workbook_encrypted, workbook_too_large, too_many_sheets,
    too_many_columns; also while its rows are read.
    """
    with closing(_Reading(path, bounds)) as reading:
        while (name := reading.next_sheet()) is not None:
            yield Sheet(name, reading.rows())


class _Reading:
    """The process that reads, its answers parted by sheets. It is ended with its last row, an error, or `close`."""

    def __init__(self, path: Path, bounds: Bounds) -> None:
        self._ended = ExitStack()
        folder = self._ended.enter_context(TemporaryDirectory())
        process = self._ended.enter_context(_started(path, folder, bounds))
        self._ended.callback(process.kill)
        assert process.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        self._answers = _read(process.stdout)
        self._waiting: str | None = None

    def close(self) -> None:
        self._ended.close()

    def next_sheet(self) -> str | None:
        for _ in self.rows():
            pass
        name, self._waiting = self._waiting, None
        return name

    def rows(self) -> Iterator[list[Cell]]:
        while self._waiting is None and (answer := self._next()) is not None:
            if isinstance(answer, str):
                self._waiting = answer
            else:
                yield answer

    def _next(self) -> Any:
        try:
            return next(self._answers, None)
        except FileUnreadable:
            self.close()
            raise


def _started(path: Path, folder: str, bounds: Bounds) -> subprocess.Popen[bytes]:
    """The process; the folder is a place for it that is tidied up whatever becomes of it."""
    command = [sys.executable, "-I", str(READING_PROGRAM), str(path.resolve()), folder, *map(str, bounds)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet)  # noqa: S603 - no shell


def _read(output: IO[bytes]) -> Iterator[Any]:
    """Rows, and a name where a sheet begins. A process that ends without a last word was stopped: it took too much."""
    for line in output:
        answer = json.loads(line) if line.endswith(b"\n") else {"error": ["workbook_too_large", None]}
        if isinstance(answer, list):
            yield [_cell(cell) if isinstance(cell, list) else cell for cell in answer]
        elif "sheet" in answer:
            yield answer["sheet"]
        elif "error" in answer:
            _refuse(*answer["error"])
        else:
            return
    raise FileUnreadable("workbook_too_large")


def _refuse(code: str, most: int | None) -> NoReturn:
    raise FileUnreadable(code) if most is None else FileUnreadable(code, most=most)


def _cell(moment: list[Any]) -> Cell:
    return date.fromisoformat(moment[0]) if len(moment) > 1 else datetime.fromisoformat(moment[0])
