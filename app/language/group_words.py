"""The groups into which a portfolio's jobs are split, in words."""

from app.language.catalogues import msgid, translated
from app.language.labels import label
from app.rules.codes import ERASED_JOBS

ERASED = msgid("jobs that are erased")


def group_word(kind: str, code: str, language: str) -> str:
    """The word for a group's code; those of which only their number is kept are a group of their own."""
    return translated(ERASED, language) if code == ERASED_JOBS else label(kind, code, language)
