"""Purchase ledgers as Finnish cities publish them: CSV, read row by row.

The header is that of the Association of Finnish Municipalities' recommendation as Jyväskylä used it in 2021; the other
names are those of earlier years and of other cities for the same columns. Suppliers' names are read over: they may be
those of private traders, and the business ID says who it is.
"""

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus

REQUIRED = {
    "business_id": ("toimittajan y-tunnus", "y-tunnus"),
    "amount": (
        "laskun summa ilman alv",
        "laskun summa ilman alv:tä",
        "summa alv0 euroina",
        "summa (alv 0%)",
        "nettosumma",
    ),
    "on_date": (
        "kirjauspäivämäärä",
        "kirjauspäivä",
        "kirjauspvm",
        "tositepäivämäärä",
        "tositepvm",
        "tapaht.pvm",
    ),
}
"""Names of the columns without which there is nothing to import; the first name found is taken."""
REFERENCE = ("tositenumero", "tosite numero", "tositteen numero", "tapahtumanumero")
IDENTIFYING = (
    REFERENCE,
    ("vastuualue",),
    ("tulosyksikkö", "tulosyksikön id"),
    ("tulosyksikön nimi",),
    ("kustannuspaikka", "kustannuspaikan id"),
    ("tiliryhmä", "tiliryhmän numero"),
    ("tili", "tilin numero", "tili nro", "tilinro", "tilinumero", "kirjanpidon tilinumero"),
    ("tilin nimi",),
    ("jhs-tili",),
    ("jhs-tilin nimi",),
    ("palveluluokka",),
)
"""Columns that, with supplier, day and amount, tell one row from another. The supplier's name is none: it changes."""
DELIMITERS = ";,"
HEADER_WITHIN_ROWS = 50
"""Titles and empty rows may come before the header, but not more than this."""
MAX_REFERENCE = 200
CHUNK_BYTES = 1 << 20
UNREADABLE_LINE = "Line {} of the ledger cannot be read. Look there and below for a quotation mark out of place."

_AMOUNT = re.compile(r"([+-]?)\s?(\d{1,3}(?:\s\d{3}){1,3}|\d{1,12})(?:[.,](\d{1,2}))?")
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_BUSINESS_ID = re.compile(r"(?:FI)?-?(\d{1,7})-?(\d)", re.ASCII)
_MINUSES = dict.fromkeys(map(ord, "\u2212\u2012\u2013\u2014\ufe63\uff0d"), "-")


class LedgerUnreadable(Exception):
    """The file is no ledger that can be read; the message is a sentence that says why."""


class Unreadable(StrEnum):
    """Why a row of a ledger could not be read. Only this is told of it: what it holds may be personal."""

    TOTALS_ROW = "totals_row"
    TOO_MANY_CELLS = "too_many_cells"
    BUSINESS_ID_MISSING = "business_id_missing"
    BUSINESS_ID_INVALID = "business_id_invalid"
    NOT_A_DATE = "not_a_date"
    NOT_MONEY = "not_money"
    AMOUNT_ZERO = "amount_zero"


class LedgerRow(NamedTuple):
    """A purchase or credit note; `line` is where the row begins in the file, `digest` is the same for equal rows."""

    line: int
    business_id: str
    on_date: date
    amount_cents: int
    reference: str | None
    digest: bytes


class UnreadableRow(NamedTuple):
    line: int
    reason: Unreadable


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger file whose header was found: `digest` names its content, `columns` say where what is wanted stands."""

    path: Path
    encoding: str
    delimiter: str
    header_line: int
    width: int
    required: tuple[int, int, int]
    reference: int | None
    identifying: tuple[int | None, ...]
    digest: str

    def rows(self) -> Iterator[LedgerRow | UnreadableRow]:
        """The rows below the header, empty ones left out. Raises LedgerUnreadable at a quotation mark that swallows
        the rows after it."""
        for line, cells, lines in _lines(self.path, self.encoding, self.delimiter, strict=True):
            if lines > 1 and line > self.header_line and self._swallowed(cells):
                raise LedgerUnreadable(UNREADABLE_LINE.format(line))
            if line <= self.header_line or not any(cell and not cell.isspace() for cell in cells):
                continue
            yield self._row(line, cells)

    def _swallowed(self, cells: Sequence[str]) -> bool:
        """Whether a row of several lines is rather several rows between two quotation marks out of place."""
        return len(cells) != self.width or any(cell.count(self.delimiter) >= self.width - 1 for cell in cells)

    def _row(self, line: int, cells: list[str]) -> LedgerRow | UnreadableRow:
        if any(cells[self.width :]):
            return UnreadableRow(line, Unreadable.TOO_MANY_CELLS)
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        supplier, amount, day = (cells[at].strip() for at in self.required)
        if not supplier:
            totals = amount and not day
            return UnreadableRow(line, Unreadable.TOTALS_ROW if totals else Unreadable.BUSINESS_ID_MISSING)
        business_id, on_date, cents = _business_id(supplier), _day(day), _cents(amount)
        if business_id is None:
            return UnreadableRow(line, Unreadable.BUSINESS_ID_INVALID)
        if on_date is None:
            return UnreadableRow(line, Unreadable.NOT_A_DATE)
        if not cents:
            return UnreadableRow(line, Unreadable.NOT_MONEY if cents is None else Unreadable.AMOUNT_ZERO)
        reference = None if self.reference is None else _text(cells[self.reference])[:MAX_REFERENCE]
        digest = self._digest(business_id, on_date, cents, cells)
        return LedgerRow(line, business_id, on_date, cents, reference or None, digest)

    def _digest(self, business_id: str, on_date: date, cents: int, cells: Sequence[str]) -> bytes:
        """Over what the row means, not how it is written: another encoding or form of date changes nothing."""
        texts = ["" if at is None else _text(cells[at]) for at in self.identifying]
        return hashlib.sha256("\x1f".join((business_id, on_date.isoformat(), str(cents), *texts)).encode()).digest()


def open_ledger(path: Path) -> Ledger:
    """Finds out how a ledger is written and where its header is. Raises LedgerUnreadable."""
    try:
        encoding, digest = _encoding_and_digest(path)
    except OSError as error:
        raise LedgerUnreadable(f"The ledger cannot be opened: {error.strerror or 'unknown reason'}.") from None
    for delimiter in DELIMITERS:
        for line, cells, _ in islice(_lines(path, encoding, delimiter, strict=False), HEADER_WITHIN_ROWS):
            names = [_text(cell).casefold() for cell in cells]
            places = [_find(names, wanted) for wanted in REQUIRED.values()]
            if None not in places:
                business_id, amount, on_date = (place for place in places if place is not None)
                identifying = tuple(_find(names, wanted) for wanted in IDENTIFYING)
                required = (business_id, amount, on_date)
                reference = _find(names, REFERENCE)
                width = len(cells)
                return Ledger(path, encoding, delimiter, line, width, required, reference, identifying, digest)
    wanted = "Toimittajan y-tunnus, Laskun summa ilman ALV, Kirjauspäivämäärä"
    raise LedgerUnreadable(f"The ledger has no header row with the columns {wanted}, separated by ; or a comma.")


def _encoding_and_digest(path: Path) -> tuple[str, str]:
    """UTF-8 where the whole file is, with or without a byte order mark; else what Windows writes in Western Europe."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, start = "utf-8-sig", b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            start = start or chunk[:4]
            digest.update(chunk)
            if encoding == "utf-8-sig":
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    encoding = "cp1252"
    if start.startswith(b"PK"):
        raise LedgerUnreadable("The ledger is a spreadsheet. Save it as CSV and import that.")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    return encoding, digest.hexdigest()


def _lines(path: Path, encoding: str, delimiter: str, *, strict: bool) -> Iterator[tuple[int, list[str], int]]:
    """Rows of cells, each with the number of its first line and how many lines it takes. Raises LedgerUnreadable where
    `strict` and a quotation mark is out of place: it would swallow the rows after it without a word."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=strict)
        before = 0
        try:
            for cells in reader:
                yield before + 1, cells, reader.line_num - before
                before = reader.line_num
        except csv.Error:
            raise LedgerUnreadable(UNREADABLE_LINE.format(before + 1)) from None


def _find(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _text(cell: str) -> str:
    """A cell on one line, without spaces around and double ones in between."""
    return " ".join(cell.replace("\ufeff", "").split())


@lru_cache(maxsize=16384)
def _business_id(text: str) -> str | None:
    """As suppliers are kept: "02012566", "FI02012566", "0201256–6" and "201256-6" (a zero lost in a spreadsheet) are
    all 0201256-6."""
    found = _BUSINESS_ID.fullmatch(text.translate(_MINUSES).replace(" ", "").upper())
    if found is None:
        return None
    try:
        return str(ytunnus.format(ytunnus.validate(found[1].zfill(7) + found[2])))
    except ValidationError:
        return None


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    try:
        if found := _DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _ISO_DAY.fullmatch(text):
            return date.fromisoformat(found[1])
    except ValueError:
        pass
    return None


def _cents(text: str) -> int | None:
    """Decimal comma or point, thousands in groups by spaces of any kind; nothing that could be read in two ways."""
    found = _AMOUNT.fullmatch(text.translate(_MINUSES) if not text.isascii() else text)
    if found is None:
        return None
    sign, whole, places = found.groups()
    cents = int("".join(whole.split()) + ((places or "") + "00")[:2])
    return -cents if sign == "-" else cents
