"""Engine and sessions for both databases, and the one place that commits."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.storage import audit, fingerprints, former

BUSY_TIMEOUT_MS = 30_000
"""How long a write waits for another one on SQLite, which knows one writer at a time."""
LOCK_TIMEOUT_MS = 30_000
"""How long a write waits for a row on PostgreSQL before it gives up instead of hanging."""

CACHE_KB = 16_000
"""What a connection to SQLite may keep of the file in memory. With its default of 2 MB it reads the upper pages of the
indexes again and again."""
POOL: dict[str, Any] = {"pool_size": 15, "max_overflow": 0, "pool_use_lifo": True}
"""All connections are kept: to open one costs more than to answer. The one given back last is taken first, for what it
still remembers."""


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://…`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True, **(POOL if parsed.database else {}))
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _end)
        return engine
    options = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC"
    engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=True, connect_args={"options": options}, **POOL)
    event.listen(engine, "checkin", _end)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """The driver must not open transactions by itself: `_begin_sqlite` says which kind it is to be."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A write takes SQLite's write lock at once: taken after a read, it could be refused instead of waited for."""
    statement = "BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN"
    try:
        connection.connection.cursor().execute(statement)  # as it is: SQLAlchemy would make twice the work of it
    except sqlite3.OperationalError as error:
        raise OperationalError(statement, None, error) from error


def _end(connection: Any, _record: object) -> None:
    """A commit that failed can leave its transaction open, and SQLAlchemy takes it for ended: given back like that, the
    connection would keep its locks. Where there is nothing to end this costs nothing."""
    if connection is not None:
        with suppress(Exception):  # one that broke is noticed when it is next wanted
            connection.rollback()


class Database:
    """The database of one process: `reading()` for answers, `writing()` for a transaction that commits at its end."""

    def __init__(self, url: str, secret_key: str | None = None) -> None:
        """`secret_key` is what the fingerprints of the trail are made with: see fingerprints.key_of."""
        self.engine = make_engine(url)
        info = {fingerprints.KEY: fingerprints.key_of(secret_key)}
        sqlite = self.engine.dialect.name == "sqlite"
        snapshot = {} if sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._read = sessionmaker(self.engine.execution_options(**snapshot), expire_on_commit=False, info=info)
        self._write = sessionmaker(self.engine.execution_options(write=True), expire_on_commit=False, info=info)
        event.listen(self._write, "before_flush", former.note)
        event.listen(self._write, "after_transaction_create", audit.mark_savepoint)
        event.listen(self._write, "after_soft_rollback", audit.forget_links)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database throughout and writes nothing."""
        with self._read() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction: committed when the block ends well, rolled back when it raises."""
        with self._write() as session:
            yield session
            audit.write_links(session)
            session.commit()

    def is_up(self) -> bool:
        """Whether the database answers."""
        try:
            with self.reading() as session:
                session.execute(text("SELECT 1"))
        except Exception:
            return False
        return True

    def dispose(self) -> None:
        self.engine.dispose()
