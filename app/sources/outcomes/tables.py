"""Reads a CSV of observations: the columns of the export, in any order, as Excel or a program writes them.

Days are ISO or Finnish (31.10.2019), decimals have a point or a comma, and thousands may be apart. What a cell holds is
checked by whoever takes the rows; here only its form becomes that of a JSON body.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

WORDS = {"note_fi": "fi", "note_sv": "sv", "note_en": "en"}
WHOLE = ("numerator", "denominator", "n")
NUMBERS = ("value", "value_max")
DAYS = ("period_start", "period_end")
TEXTS = ("project", "indicator", "status", "source")
COLUMNS = (*TEXTS, *DAYS, *NUMBERS, *WHOLE, "breakdown", "approximate", *WORDS)
REQUIRED = ("project", "indicator", *DAYS, "source")
YES, NO = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
MAX_BYTES = 20_000_000
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_HARMLESS = re.compile(r"'(?=[=＝+＋\-－@＠])")
"""What the export puts before a text that a spreadsheet would take for a formula."""


class OutcomesUnreadable(Exception):
    """A file that cannot be read as outcomes; the message says why."""


Row = tuple[int, Mapping[str, Any]]
"""The number of a row's first line, and its fields as a JSON body has them."""


def read_table(path: Path) -> list[Row]:
    """Every row that is not empty. Raises OutcomesUnreadable."""
    text = read_text(path)
    header, _, _ = text.partition("\n")
    rows = _rows(text, ";" if header.count(";") >= header.count(",") else ",")
    _, titles = next(rows, (0, []))
    names = [title.strip().lower() for title in titles]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise OutcomesUnreadable(f"The table has no column {', '.join(missing)} in its first row.")
    if not set(names) <= set(COLUMNS) or len(set(names)) < len(names):
        raise OutcomesUnreadable(f"The table may have each of these columns once, and no other: {', '.join(COLUMNS)}.")
    return [(line, _fields(_named(line, names, cells))) for line, cells in rows if any(cells)]


def _named(line: int, names: list[str], cells: list[str]) -> dict[str, str]:
    """A row's cells by column. One cell too many or too few means that a delimiter stands in a text."""
    if len(cells) != len(names):
        raise OutcomesUnreadable(f"Line {line} has {len(cells)} cells, and the first row names {len(names)} columns.")
    return dict(zip(names, cells, strict=True))


def read_text(path: Path) -> str:
    """The text of a file: UTF-8, with or without a byte order mark, else what Windows writes in Western Europe. Raises
    OutcomesUnreadable where there is none or it is too large."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise OutcomesUnreadable("The file is too large for outcomes: at most 20 megabytes are read.")
        raw = path.read_bytes()
    except OSError as error:
        raise OutcomesUnreadable(f"The file cannot be opened: {error.strerror or 'unknown reason'}.") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader, before = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), 0
    try:
        for cells in reader:
            yield before + 1, [cell.strip() for cell in cells]
            before = reader.line_num
    except csv.Error:
        why = "a quotation mark is out of place, or a cell is too long"
        raise OutcomesUnreadable(f"Line {before + 1} cannot be read: {why}.") from None


def _fields(cells: Mapping[str, str]) -> dict[str, Any]:
    """The filled cells of a row as fields of a body."""
    fields: dict[str, Any] = {}
    for name, cell in cells.items():
        if cell == "":
            continue
        if name in WORDS:
            fields.setdefault("note", {})[WORDS[name]] = _HARMLESS.sub("", cell, count=1)
        else:
            fields[name] = _field(name, cell)
    return fields


def _field(name: str, cell: str) -> Any:
    if name in DAYS:
        return _day(cell)
    if name in NUMBERS:
        return _SPACES.sub("", cell).replace(",", ".")
    if name in WHOLE:
        whole = _SPACES.sub("", cell)
        return int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 12 else cell
    if name == "breakdown":
        return dict(_part(part) for part in cell.split("&"))
    if name == "approximate":
        low = cell.lower()
        return low in YES if low in YES | NO else cell
    return _HARMLESS.sub("", cell, count=1)


def _part(text: str) -> tuple[str, str]:
    dimension, _, value = text.partition("=")
    return dimension.strip(), value.strip()


def _day(cell: str) -> str:
    found = _DAY.fullmatch(cell)
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else cell
