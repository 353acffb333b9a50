"""Lists page by page by the last row's sort values, so that a page costs the same however far down it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

Rows = Select[*tuple[Any, ...]]
Column = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of a list: columns, the last of them unique; `descending` turns all of them round.

    Rows without a value come last either way.
    """

    columns: tuple[Column, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked: at most `limit` rows, those after the row whose sort values are `after`."""

    limit: int
    after: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of a list, and the sort values of the last where more follow."""

    rows: Sequence[Any]
    next_after: tuple[Any, ...] | None


def fetch(session: Session, statement: Rows, sort: Sort, page: Page) -> Slice:
    """The page's rows. The statement selects the sort columns too, under their own names."""
    if page.after is not None:
        statement = statement.where(beyond(sort, page.after))
    return cut(session.execute(statement.order_by(*order(sort)).limit(page.limit + 1)).all(), sort, page)


def cut(rows: Sequence[Any], sort: Sort, page: Page) -> Slice:
    """The page from its rows and one more, where there is one."""
    if len(rows) <= page.limit:
        return Slice(rows, None)
    rows = rows[: page.limit]
    return Slice(rows, tuple(getattr(rows[-1], column.key) for column in sort.columns))


def _nullable(column: Column) -> bool:
    return bool(column.property.columns[0].nullable)


def order(sort: Sort) -> list[ColumnElement[Any]]:
    """An index gives this order where no column can miss its value."""
    order: list[ColumnElement[Any]] = []
    for column in sort.columns:
        if _nullable(column):
            order.append(column.is_(None))
        order.append(column.desc() if sort.descending else column.asc())
    return order


def beyond(sort: Sort, after: tuple[Any, ...]) -> ColumnElement[bool]:
    """(a, b) beyond (x, y): a beyond x, or a as x and b beyond y; a missing value lies beyond every value."""
    if not any(map(_nullable, sort.columns)):
        # As a whole, both databases look the place up in an index.
        ours, theirs = tuple_(*sort.columns), tuple_(*map(_bound, after, sort.columns))
        return ours < theirs if sort.descending else ours > theirs
    choices: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for column, value in zip(sort.columns, after, strict=True):
        if value is not None:
            beyond = column < value if sort.descending else column > value
            choices.append(and_(*same, or_(beyond, column.is_(None)) if _nullable(column) else beyond))
        same.append(column.is_(None) if value is None else column == value)
    return or_(*choices)


def _bound(value: Any, column: Column) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(value, column.type)


def plain(values: tuple[Any, ...]) -> list[Any]:
    """Sort values as JSON keeps them."""
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def restore(sort: Sort, values: Any) -> tuple[Any, ...]:
    """Sort values from JSON. Raises ValueError where they do not fit the order."""
    if not isinstance(values, list) or len(values) != len(sort.columns):
        raise ValueError("other columns")
    return tuple(_typed(column, value) for column, value in zip(sort.columns, values, strict=True))


def _typed(column: Column, value: Any) -> Any:
    """A sort value as its column's type. Raises ValueError for what no row can have."""
    kind = column.type.python_type
    if value is None and _nullable(column):
        return None
    if kind in {date, datetime} and isinstance(value, str):
        moment = kind.fromisoformat(value)
        if isinstance(moment, datetime) and moment.tzinfo is None:
            raise ValueError("no time zone")
        return moment
    if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
        raise ValueError("another type")
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError("too large")
    if isinstance(value, str) and ("\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
        raise ValueError("signs no row has")
    return value
