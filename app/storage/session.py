"""Engine and sessions for both databases, and the one place that commits."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from select import POLLIN, poll
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, PoolResetState

from app.storage import audit, fingerprints, former
from app.storage.turns import Turns

BUSY_TIMEOUT_MS = 30_000
"""How long a write waits for another one on SQLite, which knows one writer at a time."""
LOCK_TIMEOUT_MS = 30_000
"""How long a write waits for a row on PostgreSQL before it gives up instead of hanging."""

CACHE_KB = 16_000
"""What a connection to SQLite may keep of the file in memory. With its default of 2 MB it reads the upper pages of the
indexes again and again."""
POOL: dict[str, Any] = {"pool_size": 15, "max_overflow": 0, "pool_use_lifo": True, "pool_reset_on_return": None}
"""All connections are kept: to open one costs more than to answer. The one given back last is taken first, for what it
still remembers. `_end` resets them."""
IDLE_S = 30.0
"""A connection to PostgreSQL that nobody used for so long is tried before it is used: what stands between may have
forgotten it without a word. One that the server closed is known at once, without asking over the network."""
GIVEN_BACK = "given_back"


class KeepsNoText(Exception):
    """The database is in SQL_ASCII: it keeps bytes and does not know which letters they are."""

    def __init__(self) -> None:
        super().__init__("The database is in SQL_ASCII, which knows no letters: make it anew with ENCODING 'UTF8'.")


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://…`. Connecting raises KeepsNoText where
    a database of PostgreSQL is in SQL_ASCII."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True, **(POOL if parsed.database else {}))
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "reset", _end)
        return engine
    # To compile a statement (jit) takes longer than to run any of ours, which the planner cannot know.
    options = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC -c jit=off"
    engine = create_engine(
        parsed, hide_parameters=True, connect_args={"options": options, "client_encoding": "utf8"}, **POOL
    )
    event.listen(engine, "connect", _look_at_encoding, insert=True)  # before SQLAlchemy asks, and is answered in bytes
    event.listen(engine, "checkout", partial(_try_postgres, engine.dialect))
    event.listen(engine, "reset", _end)
    return engine


def _look_at_encoding(connection: Any, _record: object) -> None:
    if connection.info.parameter_status("server_encoding") == "SQL_ASCII":
        raise KeepsNoText


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


def _try_postgres(
    dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _connection: PoolProxiedConnection
) -> None:
    """Whether a kept connection still leads anywhere; if not, it and all others as old are opened anew."""
    given_back = record.info.get(GIVEN_BACK)
    if given_back is None or (monotonic() - given_back < IDLE_S and not _server_spoke(connection)):
        return
    try:
        dialect.do_ping(connection)
    except Exception as error:
        raise InvalidatePoolError from error


def _server_spoke(connection: Any) -> bool:
    """Whether something came from the server unasked, such as that it closes the connection."""
    waiting = poll()
    try:
        waiting.register(connection.fileno(), POLLIN)
    except Exception:  # closed on this side
        return True
    return bool(waiting.poll(0))


def _end(connection: Any, record: ConnectionPoolEntry | None, _state: PoolResetState) -> None:
    """A commit that failed can leave its transaction open, and SQLAlchemy takes it for ended: given back like that, the
    connection would keep its locks. This comes before SQLAlchemy takes back how a reading session looks at the
    database, which within a transaction it cannot: then the connection would count as lent for ever."""
    if record is None:  # one that does not come back
        return
    try:
        if _is_open(connection):
            connection.rollback()
    except Exception as error:  # broken, or still at a statement that nobody waits for
        record.invalidate(error)
    record.info[GIVEN_BACK] = monotonic()


def _is_open(connection: Any) -> bool:
    """Whether a transaction is open; known without asking the database."""
    if isinstance(connection, sqlite3.Connection):
        return connection.in_transaction
    return bool(connection.info.transaction_status)  # 0 is idle


class Database:
    """The database of one process: `reading()` for answers, `writing()` for a transaction that commits at its end."""

    def __init__(self, url: str, secret_key: str | None = None) -> None:
        """`secret_key` is what the fingerprints of the trail are made with: see fingerprints.key_of."""
        self.engine = make_engine(url)
        info = {fingerprints.KEY: fingerprints.key_of(secret_key)}
        self.one_writer = self.engine.dialect.name == "sqlite"
        """Whether a transaction that writes keeps all others from writing, from its first moment on."""
        file = self.engine.url.database if self.one_writer else None
        self._turns = Turns(file) if file else None
        snapshot = {} if self.one_writer else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
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
            if self._turns is not None:
                with self._turns.first():  # before a connection is taken: those who wait leave them to those who read
                    session.connection()
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
