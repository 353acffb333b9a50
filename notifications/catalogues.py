"""The languages of the mails: gettext catalogues, read from their .po files into memory.

English is the language of the templates. After changing a text in a template, run

    python -m notifications.catalogues

which brings the new texts into locale/*/LC_MESSAGES/notifications.po and drops those no longer used; then
translate the empty ones. There is no compile step.
"""

import gettext
import re
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("fi", "sv", "en")
DEFAULT_LANGUAGE = "fi"
TRANSLATED = ("fi", "sv")

_HERE = Path(__file__).parent
_LOCALE = _HERE / "locale"
_EXTRACTION = [("templates/**", "jinja2")]
_EXTRACTION_OPTIONS = {"templates/**": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
# What babel takes for texts beside its defaults: pgettext's first argument is the context.
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
# No dates, people and line numbers: the file changes only when a text does.
_UNUSED_HEADERS = re.compile(
    rb'^"(POT-Creation|PO-Revision|Generated-By|Project-Id|Report-Msgid|Last-Translator|Language-Team).*\n',
    re.MULTILINE,
)
_COUNT = r"%\((?:num|completed|running|upcoming|missing)\)s"


class Words(gettext.GNUTranslations):
    """A catalogue in which a count stays on one line with the word after it."""

    def gettext(self, message: str) -> str:
        return _kept_together(super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _kept_together(super().ngettext(msgid1, msgid2, n))

    def pgettext(self, context: str, message: str) -> str:
        return _kept_together(super().pgettext(context, message))


def _kept_together(message: str) -> str:
    message = re.sub(rf"({_COUNT}) ", "\\1\u00a0", message)
    return re.sub(rf"(?<=\w) ({_COUNT})(?=[,.])", "\u00a0\\1", message)


def language_of(tag: str) -> str:
    """The language to write in for a tag such as "sv" or "sv-FI"; Finnish where there is none like it."""
    primary = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
    return primary if primary in LANGUAGES else DEFAULT_LANGUAGE


def catalogue_path(language: str) -> Path:
    return _LOCALE / language / "LC_MESSAGES" / "notifications.po"


def read_catalogue(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


@cache
def words(language: str) -> Words:
    """The texts of one of LANGUAGES, for `install_gettext_translations`."""
    catalogue = read_catalogue(language) if language in TRANSLATED else Catalog(locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Words(compiled)


def extracted() -> Catalog:
    """Every text of the templates, untranslated."""
    catalogue = Catalog(project="siepp", charset="utf-8")
    found = extract_from_dir(_HERE, _EXTRACTION, _EXTRACTION_OPTIONS, keywords=_KEYWORDS)
    for _filename, _line, message, comments, context in found:
        catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def update() -> None:
    """Bring the .po files up to date with the templates; keeps every translation whose text is still used."""
    template = extracted()
    for language in TRANSLATED:
        path = catalogue_path(language)
        catalogue = read_catalogue(language) if path.exists() else Catalog(locale=language, charset="utf-8")
        # No guessing at changed texts: an empty translation is noticed, a wrong one goes out by mail.
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.fuzzy = False
        catalogue.header_comment = "# Texts of the e-mails. Written by python -m notifications.catalogues."
        path.parent.mkdir(parents=True, exist_ok=True)
        content = BytesIO()
        write_po(content, catalogue, no_location=True, ignore_obsolete=True, width=0)
        path.write_bytes(_UNUSED_HEADERS.sub(b"", content.getvalue()))


if __name__ == "__main__":
    update()
