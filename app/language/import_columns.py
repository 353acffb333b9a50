"""The columns of people's own lists of contracts and of jobs: what they are called and which words count in them.

One table for the templates that are downloaded and for the reader of what comes back: a header is recognised in any of
the three languages, whatever the reader's own. The columns stand in contract_columns.py and position_columns.py.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from app.language.catalogues import SUPPORTED, translated, translated_in
from app.language.contract_columns import CONTRACT_COLUMNS
from app.language.figures import NO, YES
from app.language.formats import capitalised
from app.language.labels import LABELS, label
from app.language.listed_columns import Holds, ImportColumn
from app.language.position_columns import POSITION_COLUMNS
from app.rules.codes import ImportKind

CONTEXT = "import_column"
UNIT_MARK = " (€)"
COLUMNS: Mapping[ImportKind, tuple[ImportColumn, ...]] = {
    ImportKind.CONTRACTS: CONTRACT_COLUMNS,
    ImportKind.POSITIONS: POSITION_COLUMNS,
}
"""In the order in which the templates, and refused rows that are given back, have them."""


def title_of(column: ImportColumn, language: str) -> str:
    """The header of a column; sums say that they are euros."""
    mark = UNIT_MARK if column.holds is Holds.MONEY else ""
    return capitalised(translated_in(CONTEXT, column.title, language)) + mark


def explained(column: ImportColumn, language: str) -> str:
    return translated(column.explanation, language)


def field_title(kind: ImportKind, field: str, language: str) -> str | None:
    """The header of the column that fills a field, or the nearest part of it; None where no column does."""
    columns = {column.field: column for column in COLUMNS.get(kind, ())}
    while field:
        if field in columns:
            return title_of(columns[field], language)
        field = field.rpartition(".")[0]
    return None


def field_of(kind: ImportKind, header: str) -> str | None:
    """The field that a header means in any language, None where it means none."""
    return headers(kind).get(plain(header))


@cache
def headers(kind: ImportKind) -> Mapping[str, str]:
    """Which field a header means, by the header as `plain` writes it: in every language."""
    return {
        plain(header): column.field
        for column in COLUMNS[kind]
        for header in (*(title_of(column, language) for language in SUPPORTED), *column.aliases, column.field)
    }


@cache
def codes_by_word(column: ImportColumn) -> Mapping[str, str]:
    """The codes a column takes, by themselves and by their words in every language, as `plain` writes them."""
    return {plain(word): code for code, words in _words(column) for word in words}


def words_in(column: ImportColumn, language: str) -> list[str]:
    """The words to choose from in a column, in the order of their codes."""
    if column.holds is Holds.YES_NO:
        return [translated_in("figure", word, language) for word in (YES, NO)]
    return [] if column.labels is None else [label(column.labels, code, language) for code in LABELS[column.labels]]


def _words(column: ImportColumn) -> Iterator[tuple[str, list[str]]]:
    if column.holds is Holds.YES_NO:
        for code, word, more in (("yes", YES, ("true", "1", "x")), ("no", NO, ("false", "0"))):
            yield code, [code, *more, *(translated_in("figure", word, language) for language in SUPPORTED)]
    elif column.labels is not None:
        for code in LABELS[column.labels]:
            yield code, [code, *(label(column.labels, code, language) for language in SUPPORTED)]


def plain(text: str) -> str:
    """A header or word as it is compared: without case, double spaces, a unit behind it, a colon or an asterisk."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(text.split()).removesuffix(UNIT_MARK.strip()).rstrip(" :*,").replace("’", "'")
