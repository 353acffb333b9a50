"""What changed rows held before: noted when a session sends them to the database, taken by the audit trail.

Known without a query, since SQLAlchemy remembers what it read until it has written. What is written past the mapper is
not seen here.
"""

from collections.abc import MutableMapping
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import inspect
from sqlalchemy.orm import InstanceState, LoaderCallableStatus, Session

from app.storage.models import Table

FORMER = "former_values"
"""Where a session keeps them, by row; None for a row that is new in this transaction."""
_Kept = MutableMapping[InstanceState[Any], dict[str, Any] | None]


def note(session: Session, _context: Any, _instances: Any) -> None:
    """Listens before each flush."""
    kept: _Kept = session.info.setdefault(FORMER, WeakKeyDictionary())
    for row in session.new:
        kept[inspect(row)] = None
    for row in session.dirty:
        state = inspect(row)
        former = kept.setdefault(state, {})
        if former is not None:
            for name, value in state.committed_state.items():
                if not isinstance(value, LoaderCallableStatus):
                    former.setdefault(name, value)


def taken(session: Session, row: Table) -> dict[str, Any] | None:
    """The columns of a row that changed since it was read, or since this was asked last, as they were; None for a new
    row. The row is flushed."""
    kept: _Kept = session.info.get(FORMER, {})
    state = inspect(row)
    former = kept.pop(state, {})
    if former is None:
        return None
    columns = state.mapper.column_attrs
    return {name: value for name, value in former.items() if name in columns and value != getattr(row, name)}
