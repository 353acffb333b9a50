"""Engine and sessions for both databases, and the one place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from app.storage import audit

BUSY_TIMEOUT_MS = 30_000
"""How long a write waits for another one on SQLite, which knows one writer at a time."""
LOCK_TIMEOUT_MS = 30_000
"""How long a write waits for a row on PostgreSQL before it gives up instead of hanging."""


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://…`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC"
    return create_engine(parsed, hide_parameters=True, pool_pre_ping=True, connect_args={"options": options})


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """The driver must not open transactions by itself: `_begin_sqlite` says which kind it is to be."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A write takes SQLite's write lock at once: taken after a read, it could be refused instead of waited for."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")


class Database:
    """The database of one process: `reading()` for answers, `writing()` for a transaction that commits at its end."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        sqlite = self.engine.dialect.name == "sqlite"
        snapshot = {} if sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._read = sessionmaker(self.engine.execution_options(**snapshot), expire_on_commit=False)
        self._write = sessionmaker(self.engine.execution_options(write=True), expire_on_commit=False)
        event.listen(self._write, "after_rollback", audit.forget_links)

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
