"""What a cell of a ledger says: who sold, on which day, for how much. What could be read in two ways is not read."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.fi import hetu, ytunnus

from app.sources.ledgers.remembering import remembered
from app.sources.ledgers.rows import Unreadable

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""A day outside is a slip of the pen."""
CENTURY_TURNS_AT = 70
"""The years of YYMMDD from here on are of the last century, as POSIX has it."""
EXCEL_DAY_ZERO = date(1899, 12, 30)
REMEMBERED = 65536
"""Suppliers, days and texts come again and again; so many of each are kept ready."""
MISSING = frozenset(
    {"", "-", "--", "0", "puuttuu", "anonymisoitu", "anonyymi", "ei ole", "ei tiedossa", "tuntematon", "n/a", "none"}
    | {"null", "nan", "saknas", "anonymiserad"}
)
"""What cities write where they say nothing, or hide a person."""
TOTALS = ("yhteensä", "kaikki yhteensä", "summa yhteensä", "loppusumma", "summa", "total", "totalt", "grand total")

_AMOUNT = re.compile(r"([+-]?)\s?([0-9]{1,3}(?:\s[0-9]{3}){1,3}|[0-9]{1,12})(?:[.,]([0-9]{1,2}|[0-9]{4,20}))?(-?)")
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T]0{1,2}[:.]00(?:[:.]00)?)?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})|(?P<month_first>\d{1,2})/(?P<year_last>\d{4})", re.ASCII)
_DIGITS = re.compile(r"(\d{5}|\d{6}|\d{8})(?:[.,]0+)?", re.ASCII)
_BUSINESS_ID = re.compile(r"(?:FI)?-?(\d{5,7})-?(\d)|0037(\d{7})(\d)[0-9A-Z]{0,5}", re.ASCII)
"""At most two zeros lost in a spreadsheet: what is shorter is another number. 0037 begins an address of e-invoices."""
_FOREIGN = re.compile(r"(?!FI)[A-Z]{2}-?(?=[A-Z]{0,3}\d)[0-9A-Z.-]{4,14}", re.ASCII)
_LIKE_AN_IDENTITY_CODE = re.compile(r"(?=(\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]))", re.ASCII)
_MINUSES = str.maketrans(dict.fromkeys("\u2010\u2011\u2212\u2012\u2013\u2014\ufe63\uff0d", "-"))


class Supplier(NamedTuple):
    """A supplier's cell: the business ID as suppliers are kept, or why there is none."""

    business_id: str | None
    reason: Unreadable | None


@remembered(REMEMBERED)
def supplier_of(text: str) -> Supplier:
    """ "02012566", "FI02012566", "0201256–6" and "201256-6" (a zero lost in a spreadsheet) are all 0201256-6."""
    plain = "".join(text.translate(_MINUSES).split())
    if plain.casefold() in MISSING:
        return Supplier(None, Unreadable.BUSINESS_ID_MISSING)
    plain = plain.upper()
    if found := _BUSINESS_ID.fullmatch(plain):
        try:
            digits = (found[1] or found[3]).zfill(7) + (found[2] or found[4])
            return Supplier(str(ytunnus.format(ytunnus.validate(digits))), None)
        except ValidationError:
            return Supplier(None, Unreadable.BUSINESS_ID_INVALID)
    if any(hetu.is_valid(match[1], allow_temporary=True) for match in _LIKE_AN_IDENTITY_CODE.finditer(plain)):
        return Supplier(None, Unreadable.IDENTITY_CODE)
    foreign = _FOREIGN.fullmatch(plain) is not None
    return Supplier(None, Unreadable.BUSINESS_ID_FOREIGN if foreign else Unreadable.BUSINESS_ID_INVALID)


def cents_of(text: str) -> int | None:
    """Decimal comma or point, thousands in groups by spaces of any kind, the minus before or behind.

    Three decimals are not read (1.234 may be a thousand); more are, where they are the noise of binary numbers: less
    than a thousandth of a cent.
    """
    if text[-3:-2] == "," and (plain := text[:-3] + text[-2:]).isdigit() and plain.isascii() and 3 <= len(plain) <= 14:
        return int(plain)  # most amounts: a third of the time
    text = text.strip()
    found = _AMOUNT.fullmatch(text if text.isascii() else text.translate(_MINUSES))
    if found is None:
        return None
    sign, whole, places, behind = found.groups(default="")
    if sign and behind:
        return None
    cents = int("".join(whole.split()) + (places + "00")[:2])
    if len(places) > 2:
        scale, rest = 10 ** (len(places) - 2), int(places[2:])
        if min(rest, scale - rest) * 1000 >= scale:
            return None
        cents += rest * 2 > scale
    return -cents if "-" in (sign, behind) else cents


@remembered(REMEMBERED)
def day_of(text: str) -> date | None:
    """31.12.2021, 2021-12-31, 20211231, 211231 (YYMMDD) and 44561 (Excel's count of days) are one day, with midnight
    behind or not; of a month alone (2021-12, 12/2021, 202112) it is the last day, before which nothing is known of it.
    """
    return _day_of(text, month_first=False)


@remembered(REMEMBERED)
def month_of(text: str) -> date | None:
    """The same in a column of months, where six digits are YYYYMM before anything else (201212 is in 2012)."""
    return _day_of(text, month_first=True)


def _day_of(text: str, *, month_first: bool) -> date | None:
    text = text.strip()
    try:
        if found := _DAY.fullmatch(text):
            return _possible(date(int(found[3]), int(found[2]), int(found[1])))
        if found := _ISO_DAY.fullmatch(text):
            return _possible(date.fromisoformat(found[1]))
        if found := _MONTH.fullmatch(text):
            return _end_of(int(found["year"] or found["year_last"]), int(found["month"] or found["month_first"]))
    except ValueError:
        return None
    found = _DIGITS.fullmatch(text)
    return _of_digits(found[1], month_first=month_first) if found else None


def _of_digits(digits: str, *, month_first: bool) -> date | None:
    if len(digits) == 5:
        return _possible(EXCEL_DAY_ZERO + timedelta(int(digits)))
    if len(digits) == 8:
        return _calendar_day(int(digits[:4]), digits[4:])
    century = 1900 if int(digits[:2]) >= CENTURY_TURNS_AT else 2000
    day = _calendar_day(century + int(digits[:2]), digits[2:])
    month = _end_of(int(digits[:4]), int(digits[4:]))
    return (month or day) if month_first else (day or month)


def _calendar_day(year: int, month_and_day: str) -> date | None:
    try:
        return _possible(date(year, int(month_and_day[:2]), int(month_and_day[2:])))
    except ValueError:
        return None


def _end_of(year: int, month: int) -> date | None:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    return date(year, month, monthrange(year, month)[1])


def _possible(day: date) -> date | None:
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def is_total(cells: Iterable[str]) -> bool:
    """Whether the first cell that is filled says that sums follow."""
    first = next((cell for cell in cells if cell and not cell.isspace()), "")
    return " ".join(first.split()).rstrip(":").casefold() in TOTALS


@remembered(REMEMBERED)
def words_of(text: str) -> str:
    """A cell on one line, without spaces around and double ones in between."""
    return " ".join(text.split())


def plainly(text: str) -> str:
    """A text as it tells rows apart: a spreadsheet may have taken zeros before a number, or changed the case."""
    if text.isdigit():
        return text.lstrip("0") or "0"
    if text.isalnum() and text.isascii():
        return text.casefold()  # most vouchers
    plain = " ".join(text.split())
    return plain.lstrip("0") if plain.isdigit() else unicodedata.normalize("NFC", plain).casefold()


told_apart = remembered(REMEMBERED)(plainly)
"""The same for texts that come again and again."""


@remembered(REMEMBERED)
def first_said(number: str, name: str) -> tuple[str, str]:
    """What a number or, where there is none, a name says: as text, and as it tells rows apart."""
    text = words_of(number) or words_of(name)
    return text, plainly(text)


def text_of(cell: object) -> str:
    """The cell of a workbook as it would stand in a text file. Numbers are written out, never rounded."""
    match cell:
        case str():
            return cell
        case None:
            return ""
        case bool():
            return str(cell).upper()
        case float():
            return _number(cell)
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date():
            return cell.isoformat()
    return str(cell)


def _number(number: float) -> str:
    if number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    text = repr(number)
    return text if "e" not in text else f"{number:.20f}"


def without_quotes(cell: str) -> str:
    """A cell of a file that is read without quotation marks, without those around it that are no part of its text."""
    if len(cell) < 2 or cell[0] != '"' or cell[-1] != '"':
        return cell
    inner = cell[1:-1].replace('""', "\0")
    return cell if '"' in inner else inner.replace("\0", '"')
