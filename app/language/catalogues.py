"""The three languages: which one a reader gets, and the texts of each.

The .po files are read as they are, once per process: nothing has to be compiled before the service starts.
"""

import gettext
import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DEFAULT = "fi"
SUPPORTED = ("fi", "sv", "en")
SOURCE = "en"
"""The language of the msgids."""
DOMAIN = "siepp"
LOCALE_DIR = Path(__file__).parent / "locale"

_RANGE = re.compile(r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)(?:\s*;\s*q=([01](?:\.[0-9]{0,3})?))?", re.IGNORECASE)


class Counted(NamedTuple):
    """A text with a form for one and one for many, chosen by the value named `by`."""

    one: str
    many: str
    by: str


Text = str | Counted


def msgid(text: str) -> str:
    """Marks a text that stands in a table for extraction."""
    return text


def msgid_in(context: str, text: str) -> str:
    """Marks a text whose translation depends on where it stands, such as a label of one word."""
    return text


def msgids(one: str, many: str, *, by: str) -> Counted:
    """Marks a text with two forms."""
    return Counted(one, many, by)


def po_path(language: str) -> Path:
    """Where the catalogue of a language lies; the source language has none."""
    return LOCALE_DIR / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The texts of a supported language, with gettext, ngettext and pgettext; raises KeyError for any other."""
    if language not in SUPPORTED:
        raise KeyError(language)
    if language == SOURCE:
        return gettext.NullTranslations()
    with po_path(language).open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translated(text: Text, language: str, count: int = 1) -> str:
    """A marked text in a language, its placeholders still open."""
    texts = translations(language)
    if isinstance(text, Counted):
        return texts.ngettext(text.one, text.many, count)
    return texts.gettext(text)


def translated_in(context: str, text: str, language: str) -> str:
    """A text marked with `msgid_in`, in a language."""
    return translations(language).pgettext(context, text)


def negotiate(accept_language: str | None, default: str = DEFAULT) -> str:
    """The supported language that an Accept-Language header prefers; `default` where it is absent, malformed or asks
    only for others."""
    wanted: list[tuple[float, str]] = []
    for part in (accept_language or "").split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            return default
        wanted.append((float(match[2] or 1), match[1].lower()))
    refused = {tag for quality, tag in wanted if quality == 0}
    available = [language for language in (default, *SUPPORTED) if language not in refused]
    # Equal weights keep the order of the header.
    preferred = sorted((pair for pair in wanted if pair[0] > 0), key=lambda pair: -pair[0])
    tags = [available[0] if tag == "*" and available else tag for _, tag in preferred]
    return negotiate_locale(tags, available, sep="-") or default
