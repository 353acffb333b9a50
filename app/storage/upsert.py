"""Inserts that leave alone what is already there, in both databases' words."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.storage.models import Table
from app.storage.session import is_sqlite


def insert_new(session: Session, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> int:
    """Inserts the rows that break no unique key, and says how many those were. A row being inserted by another
    transaction is waited for."""
    if not rows:
        return 0
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    statement = insert(table).values(list(rows)).on_conflict_do_nothing()
    result = session.execute(statement.execution_options(preserve_rowcount=True))
    return int(result.rowcount)  # type: ignore[attr-defined]
