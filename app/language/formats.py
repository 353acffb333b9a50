"""Dates, money and numbers as each language writes them; what belongs together is held by no-break spaces."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_minus_sign_symbol
from babel.units import format_unit

from app.language.catalogues import msgid_in, msgids, translated, translated_in

REMEMBERED = 16384
"""So many days, sums and numbers are kept as they were written: Babel reads its locale anew for each."""
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
LOCALES = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}
DATE_PATTERNS = {"fi": "d.M.y", "sv": "d.M.y", "en": "d MMMM y"}
MEGABYTE = 1_000_000
KILOBYTE = 1_000

SPELLED = (
    msgid_in("number", "one"),
    msgid_in("number", "two"),
    msgid_in("number", "three"),
    msgid_in("number", "four"),
    msgid_in("number", "five"),
    msgid_in("number", "six"),
    msgid_in("number", "seven"),
    msgid_in("number", "eight"),
    msgid_in("number", "nine"),
    msgid_in("number", "ten"),
)
"""Written as words; larger numbers as digits."""

MONTHS = msgids("{count} month", "{count} months", by="count")


@lru_cache(maxsize=REMEMBERED, typed=True)
def day(on: date, language: str) -> str:
    """31.5.2019 in Finnish and Swedish, 31 May 2019 in English."""
    return format_date(on, DATE_PATTERNS[language], locale=_locale(language)).replace(" ", NO_BREAK_SPACE)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES[language])


def instant(at: datetime, language: str) -> str:
    """A day and a time of day, in the time zone that `at` has: 31.5.2019 9.05."""
    written = format_time(at, "short", locale=_locale(language))
    return f"{day(at.date(), language)} {written}".replace(" ", NO_BREAK_SPACE)


@lru_cache(maxsize=REMEMBERED, typed=True)
def euros(cents: int, language: str) -> str:
    """A sum of money given in cents, without decimals where it is whole euros."""
    locale = _locale(language)
    pattern = locale.currency_formats["standard"].pattern
    if cents % 100 == 0:
        pattern = pattern.replace("0.00", "0")
    amount = Decimal(cents) / 100
    written = format_currency(amount, "EUR", format=pattern, locale=locale, currency_digits=False)
    return _with_minus_sign(written, language).replace(" ", NO_BREAK_SPACE)


@lru_cache(maxsize=REMEMBERED, typed=True)
def number(value: int | Decimal, language: str) -> str:
    """Digits with the language's separators; a decimal without trailing zeros."""
    return _with_minus_sign(format_decimal(value, locale=_locale(language)), language)


def _with_minus_sign(written: str, language: str) -> str:
    """Babel's patterns have a hyphen, where Finnish and Swedish want a minus sign and a line could break."""
    return written.replace("-", get_minus_sign_symbol(LOCALES[language]))


def number_word(count: int, language: str) -> str:
    """One to ten as a word in its basic form, other numbers in digits."""
    if 1 <= count <= len(SPELLED):
        return translated_in("number", SPELLED[count - 1], language)
    return number(count, language)


def counts(numbers: Iterable[int], language: str) -> list[str]:
    """Numbers of one sentence: all of them as words where all are small, else all in digits."""
    listed = list(numbers)
    if all(count <= len(SPELLED) for count in listed):
        return [number_word(count, language) for count in listed]
    return [number(count, language) for count in listed]


def months(count: int, language: str) -> str:
    """A length of time in its basic form: nine months, 12 months."""
    phrase = translated(MONTHS, language, count).format(count=number_word(count, language))
    return phrase.replace(" ", NO_BREAK_SPACE) if phrase[0].isdigit() else phrase


def size(limit_bytes: int, language: str) -> str:
    """A size of data in whole or tenths of megabytes or kilobytes."""
    unit, divisor = ("digital-megabyte", MEGABYTE) if limit_bytes >= MEGABYTE else ("digital-kilobyte", KILOBYTE)
    written = format_unit(round(limit_bytes / divisor, 1), unit, length="short", locale=_locale(language))
    return written.replace(" ", NO_BREAK_SPACE)


def capitalised(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
