"""Delimited text as rows of cells, a block of the file at a time: neither a long file nor a long line fills the memory.

Whole blocks are parsed at once in C, which costs a fraction of asking for row after row.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from app.sources.files import FileUnreadable
from app.sources.ledgers.columns import known_meanings
from app.sources.ledgers.encodings import CHUNK_BYTES

if TYPE_CHECKING:
    import _csv

BLOCK_BYTES = 1 << 19
"""About five thousand lines of a ledger."""
LONGEST_ROW = 1 << 20
"""In signs. A single cell may have 131 072, as the csv module has it."""
DELIMITERS = ";\t,"
HEADER_WITHIN_ROWS = 50
"""Titles and empty rows may come before the header, but not more than this."""


class Rows(NamedTuple):
    """Some rows in their order, with the line on which each begins."""

    lines: Sequence[int]
    rows: Sequence[list[Any]]
    next_line: int
    read_bytes: int
    """How far in the file the reading has come."""


@dataclass(frozen=True, slots=True)
class Form:
    """How the rows of a text file are written. `quoted` is False where quotation marks are signs like others."""

    encoding: str
    delimiter: str
    quoted: bool


class Header(NamedTuple):
    line: int
    cells: list[str]


def find_header(path: Path, encoding: str, *, quoted: bool = True) -> tuple[Form, Header] | None:
    """The row that names most of what is wanted, and the delimiter that parts it; whatever the file's name ends in."""
    text = next((text for text, _ in _blocks(path, encoding)), "")
    found: tuple[Form, Header] | None = None
    most = 0
    for delimiter in DELIMITERS:
        form = Form(encoding, delimiter, quoted)
        for header in _first_rows(text, form):
            meanings = len(known_meanings(header.cells))
            if meanings > most:
                found, most = (form, header), meanings
    return found


def settle_quotes(path: Path, form: Form, header: Header) -> tuple[Form, Header]:
    """Whether the file's quotation marks enclose cells, decided once for the whole of it. Raises FileUnreadable.

    They do, unless one is out of place or would swallow the rows after it. Then they are signs like others, if each row
    still has as many cells as the header; a tab stands in no cell, so that rows parted by tabs need no such proof.
    """
    try:
        for _ in rows_of(path, form, header):
            pass
    except FileUnreadable as why:
        plain = find_header(path, form.encoding, quoted=False)
        if plain is None or not (plain[0].delimiter == "\t" or _is_regular(path, *plain)):
            raise why from None
        return plain
    return form, header


def _is_regular(path: Path, form: Form, header: Header) -> bool:
    width = len(header.cells)
    below = (row for part in rows_of(path, form, header) for row in part.rows)
    return all(len(row) == width for row in below if row)


def rows_of(path: Path, form: Form, header: Header) -> Iterator[Rows]:
    """The rows below the header; an empty line is a row without cells. Raises FileUnreadable."""
    line, waiting = 1, ""
    for text, read_bytes in chain(_blocks(path, form.encoding), [("", path.stat().st_size)]):
        part = _parsed(waiting + text, form, line, header)
        waiting = part.rest
        if waiting and (not text or len(waiting) > LONGEST_ROW):
            raise FileUnreadable("ledger_line_unreadable", line=part.next_line)
        kept = sum(begins <= header.line for begins in part.lines) if line <= header.line else 0
        line = part.next_line
        yield Rows(part.lines[kept:], part.rows[kept:], line, read_bytes)


class _Part(NamedTuple):
    lines: Sequence[int]
    rows: list[list[str]]
    next_line: int
    rest: str
    """A row that is not yet at its end, or that breaks."""


def _parsed(text: str, form: Form, line: int, header: Header) -> _Part:
    reader = _reader(_lines(text), form)
    try:
        rows = list(reader)
    except csv.Error:
        return _row_by_row(text, form, line, header)
    if reader.line_num > len(rows):
        return _row_by_row(text, form, line, header)
    return _Part(range(line, line + len(rows)), rows, line + len(rows), "")


def _row_by_row(text: str, form: Form, line: int, header: Header) -> _Part:
    """Where a cell goes over several lines, or something is wrong. Raises FileUnreadable."""
    given = _lines(text)
    reader = _reader(iter(given.readline, ""), form)
    lines: list[int] = []
    rows: list[list[str]] = []
    before = end = 0
    with suppress(csv.Error):
        for cells in reader:
            begins = line + before
            if reader.line_num > before + 1 and begins > header.line and _swallowed(cells, form, header):
                raise FileUnreadable("ledger_line_unreadable", line=begins)
            lines.append(begins)
            rows.append(cells)
            before, end = reader.line_num, given.tell()
    return _Part(lines, rows, line + before, text[end:])


def _swallowed(cells: Sequence[str], form: Form, header: Header) -> bool:
    """Whether a row of several lines is rather several rows between two quotation marks out of place."""
    width = len(header.cells)
    return len(cells) != width or any(cell.count(form.delimiter) >= width - 1 for cell in cells)


def _first_rows(text: str, form: Form) -> Iterator[Header]:
    reader = _reader(_lines(text), form, strict=False)
    before = 0
    with suppress(csv.Error):
        for cells in islice(reader, HEADER_WITHIN_ROWS):
            yield Header(before + 1, cells)
            before = reader.line_num


def _lines(text: str) -> StringIO:
    """The lines of a text with their ends, whichever these are."""
    return StringIO(text, newline="")


def _reader(lines: Iterable[str], form: Form, *, strict: bool = True) -> "_csv.Reader":
    """Strict: a quotation mark out of place is an error, where it would swallow the rows after it without a word."""
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if form.quoted else csv.QUOTE_NONE
    return csv.reader(lines, delimiter=form.delimiter, quoting=quoting, strict=strict)


def _blocks(path: Path, encoding: str) -> Iterator[tuple[str, int]]:
    """The file's text in blocks of whole lines, each with how far in the file it goes. Raises FileUnreadable."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    waiting = ""
    with path.open("rb") as file:
        while raw := file.read(BLOCK_BYTES):
            text = waiting + decoder.decode(raw)
            # A carriage return at the very end may be half of a line end.
            end = text.rfind("\n") + 1 or text.rfind("\r", 0, len(text) - 1) + 1
            if end:
                yield text[:end], file.tell()
            elif len(text) > LONGEST_ROW:
                raise FileUnreadable("line_too_long", most=CHUNK_BYTES)
            waiting = text[end:]
        if text := waiting + decoder.decode(b"", final=True):
            yield text, file.tell()
