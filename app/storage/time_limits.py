"""Queries that may take long, and are broken off before others wait for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.storage.session import is_sqlite

STEPS_BETWEEN_LOOKS = 20_000
"""Steps of SQLite's machine, some thousandths of a second."""
CANCELED = "57014"
"""How PostgreSQL says that it broke a statement off (errcodes, query_canceled)."""


class TookTooLong(Exception):
    """A statement was broken off; on PostgreSQL the session's transaction is of no use any more."""


@contextmanager
def within_seconds(session: Session, seconds: float) -> Iterator[None]:
    """Statements of the session that take longer (of SQLite all of them together) are broken off with TookTooLong."""
    limited = _sqlite_within if is_sqlite(session) else _postgres_within
    with limited(session, seconds):
        yield


@contextmanager
def _postgres_within(session: Session, seconds: float) -> Iterator[None]:
    session.execute(text(f"SET LOCAL statement_timeout = {round(seconds * 1000)}"))
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == CANCELED:
            raise TookTooLong from error
        raise
    session.execute(text("SET LOCAL statement_timeout TO DEFAULT"))


@contextmanager
def _sqlite_within(session: Session, seconds: float) -> Iterator[None]:
    connection: Any = session.connection().connection.dbapi_connection
    until = monotonic() + seconds
    connection.set_progress_handler(lambda: monotonic() > until, STEPS_BETWEEN_LOOKS)
    try:
        yield
    except OperationalError as error:
        if str(error.orig) == "interrupted":
            raise TookTooLong from error
        raise
    finally:
        connection.set_progress_handler(None, 0)
