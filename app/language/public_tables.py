"""The titles and rows of public tables in a reader's language."""

from collections.abc import Mapping

from app.language.catalogues import msgid, translated
from app.language.labels import LABELS, label
from app.language.own_words import own_words
from app.rules.policy import PUBLISHED_AFTER_DAYS, SMALL_COUNT
from app.rules.public_tables import NOT_KNOWN, TableKey

TITLES: dict[str, str] = {
    TableKey.JOBS_BY_TARGET_GROUP: msgid("Jobs begun, by target group"),
    TableKey.JOBS_BY_EMPLOYMENT_FORM: msgid("Jobs begun, by form of employment"),
    TableKey.JOBS_BY_CHANNEL: msgid("Jobs begun, by recruitment channel"),
    TableKey.OBLIGATIONS_BY_STATUS: msgid("Contracts by the status of their obligation"),
}
KINDS: dict[str, str] = {
    TableKey.JOBS_BY_TARGET_GROUP: "target_group",
    TableKey.JOBS_BY_EMPLOYMENT_FORM: "employment_form",
    TableKey.JOBS_BY_CHANNEL: "channel",
    TableKey.OBLIGATIONS_BY_STATUS: "status",
}
"""Kinds of the codes of their rows."""
OF_PROJECT = msgid("{project}: {indicator}, by {dimension}")
OTHERS = msgid("Others together")
TOTAL = msgid("Total")
UNKNOWN = msgid("not known")
UNDER = msgid("fewer than {limit}")
WHY = (
    msgid(
        "Groups of fewer than {limit} people are combined, so that nobody can be recognised from these figures. So are "
        "groups without anybody, and where it is needed a larger group along with them."
    ),
    msgid("Contracts are not people: their numbers are not combined."),
    msgid("A job is counted in the quarter in which it began."),
    msgid(
        "Each quarter is published once, at the earliest {days} days after its end, and is not changed any more. What "
        "is recorded later does not show."
    ),
)


def why_folded(language: str) -> list[str]:
    """What is folded and why, what is counted, and why tables stay as they are, a sentence or two each."""
    return [translated(text, language).format(limit=SMALL_COUNT, days=PUBLISHED_AFTER_DAYS) for text in WHY]


def under_limit(language: str) -> str:
    """What stands where a total is too small to be told."""
    return translated(UNDER, language).format(limit=SMALL_COUNT)


def title_of(key: str, contents: Mapping[str, object], language: str) -> str:
    """The title of a table from its key and contents."""
    if key in TITLES:
        return translated(TITLES[key], language)
    return translated(OF_PROJECT, language).format(
        project=own_words(_words(contents["project_name"]), language),
        indicator=own_words(_words(contents["indicator_name"]), language).lower(),
        dimension=label("dimension", str(contents["dimension"]), language),
    )


def category_of(key: str, contents: Mapping[str, object], code: str, language: str) -> str:
    """The name of a table's category: ours, or the project's own word for it, or its code."""
    if key in KINDS:
        return label(KINDS[key], code, language)
    if code == NOT_KNOWN:
        return translated(UNKNOWN, language)
    names = contents["row_names"]
    if isinstance(names, Mapping) and code in names:
        return own_words(_words(names[code]), language)
    kind = str(contents["dimension"])
    return label(kind, code, language) if code in LABELS.get(kind, {}) else code


def _words(value: object) -> Mapping[str, str]:
    return value if isinstance(value, Mapping) else {}
