"""The program that unpacks a workbook: it runs in a process of its own, with little memory and little time.

What a workbook unpacks to is only known once it is unpacked: declared sizes can lie, and one cell in the last corner of
a sheet makes a table of 17 billion. Whatever goes wrong in here ends this process, never the service. Nothing in the
workbook is run: macros are not looked at, and a formula is the value that was stored with it. `sources.workbooks`
starts it and says what its answers mean.

It answers in lines of JSON: `{"sheet": name}` begins a sheet, a list is a row, `{"error": [code, most]}` and
`{"end": true}` are last. A list within a row is a day or an instant. It imports nothing of the service.
"""

import json
import resource
import sys
import zipfile
from copy import copy
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NoReturn

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")
"""Name of the part in which an encrypted XLSX hides."""
KINDS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
"""The part that each kind of packed workbook has."""
READ_SUFFIXES = (".xml", ".rels", ".bin")
"""Parts that are read: pictures and the like stay packed."""
SMALL_BYTES = 10_000_000
"""Below this in all nothing is a bomb, however well it is packed: an empty table packs a thousandfold."""
MOST_RATIO = 200
"""Of unpacked to packed bytes. Tables that repeat one row reach a hundred, zeros a thousand."""
PIECE_BYTES = 1_000_000
EXACT_FLOAT = 2**53


class Fault(Exception):
    """The workbook is not read; `code` says why, `most` what is allowed."""

    def __init__(self, code: str, most: int | None = None) -> None:
        super().__init__(code)
        self.code, self.most = code, most


def main(path: str, folder: str, memory: str, seconds: str, unpacked: str, sheets: str, columns: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _write_cells(Path(path), Path(folder), int(unpacked), int(sheets), int(columns))
    except Fault as fault:
        _stop(fault)
    except PasswordError:
        _stop(Fault("workbook_encrypted"))
    except MemoryError:
        _stop(Fault("workbook_too_large"))
    except BrokenPipeError:
        raise SystemExit(1) from None
    except BaseException:  # a reader of broken files panics now and then, which is no Exception
        _stop(Fault("workbook_broken"))
    _write({"end": True})


def _stop(fault: Fault) -> NoReturn:
    _write({"error": [fault.code, fault.most]})
    raise SystemExit(1)


def _write(line: object) -> None:
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")


def _write_cells(path: Path, folder: Path, unpacked: int, sheets: int, columns: int) -> None:
    # The library goes by the ending of the name, which may be anything; ours goes by the content.
    named = folder / f"book.{_kind(path, unpacked)}"
    named.symlink_to(path)
    with CalamineWorkbook.from_path(named) as book:
        if len(book.sheets_metadata) > sheets:
            raise Fault("too_many_sheets", sheets)
        for sheet in book.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
                _write({"sheet": sheet.name})
                _write_sheet(book, sheet.name, columns)


def _write_sheet(book: CalamineWorkbook, name: str, columns: int) -> None:
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return
    if sheet.width > columns:
        raise Fault("too_many_columns", columns)
    for row in sheet.iter_rows():
        _write([_plain(cell) for cell in row])


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < EXACT_FLOAT else cell
    if isinstance(cell, date):  # an instant is a day too
        return [cell.isoformat()] if isinstance(cell, datetime) else [cell.isoformat(), True]
    if isinstance(cell, time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else cell


def _kind(path: Path, unpacked: int) -> str:
    """The file's kind by its content, once it is sure to unpack to no more than it may."""
    with path.open("rb") as file:
        if file.read(len(OLE_MARK)) == OLE_MARK:
            file.seek(0)
            if ENCRYPTED_MARK in file.read():
                raise Fault("workbook_encrypted")
            return "xls"
        file.seek(0)
        if file.read(2) != b"PK":
            raise Fault("not_a_workbook")
    with zipfile.ZipFile(path) as packed:
        names = {info.filename.replace("\\", "/").lower() for info in packed.infolist()}
        kind = next((kind for part, kind in KINDS.items() if part in names), None)
        if kind is None:
            raise Fault("not_a_workbook")
        _check_sizes(packed, path.stat().st_size, unpacked)
    return kind


def _check_sizes(packed: zipfile.ZipFile, file_bytes: int, most: int) -> None:
    """First by what the file declares, which costs nothing; then by what it holds."""
    parts = [info for info in packed.infolist() if info.filename.lower().endswith(READ_SUFFIXES)]
    if any(info.flag_bits & 1 for info in parts):
        raise Fault("workbook_encrypted")
    _check_total(sum(info.file_size for info in parts), file_bytes, most)
    total = 0
    for info in parts:
        for piece in _pieces(packed, info, most):
            total += len(piece)
            _check_total(total, file_bytes, most)


def _check_total(total: int, file_bytes: int, most: int) -> None:
    if total > most or (total > SMALL_BYTES and total > MOST_RATIO * file_bytes):
        raise Fault("workbook_too_large")


def _pieces(packed: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> Any:
    """What a part really holds: the library would stop at the size that is declared."""
    whole = copy(info)
    whole.file_size = most + PIECE_BYTES
    with packed.open(whole) as part:
        while piece := part.read(PIECE_BYTES):
            yield piece


if __name__ == "__main__":
    main(*sys.argv[1:])
