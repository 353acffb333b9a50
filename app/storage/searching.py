"""Search by a part of a text, alike on both databases."""

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import InstrumentedAttribute

_CAPITALS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ", "abcdefghijklmnopqrstuvwxyzåäö")


def has_part(column: InstrumentedAttribute[str], part: str) -> ColumnElement[bool]:
    """Whether a text holds a part, whatever the case of its letters from A to Ö.

    SQLite's own lower() knows only A to Z, and so does PostgreSQL's under some locales.
    """
    lowered: ColumnElement[str] = func.lower(column)
    if part.isascii():
        return lowered.contains(part.lower(), autoescape=True)
    for capital in "ÅÄÖ":
        lowered = func.replace(lowered, capital, capital.lower())
    return or_(lowered.contains(part.translate(_CAPITALS), autoescape=True), column.contains(part, autoescape=True))
