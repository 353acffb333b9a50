"""Copies of the migrated database on PostgreSQL: one that is emptied for test after test, and fresh ones.

To make a database takes PostgreSQL several times as long as most tests take with it. So each worker keeps one copy, and
takes out the rows that the test before has left; where a test changed more than rows, or left very many, a fresh copy
takes its place. The connections to it are kept as well: PostgreSQL begins a process for each, which then reads the
catalogue of every table that it meets.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import URL, Pool, event, make_url

from app.storage.session import Database

MOST_TESTS = 100
"""Nothing but making it anew gives back what deleted rows have taken."""
MAX_GROWTH_BYTES = 30_000_000
EMPTIED = ("alembic_version",)
"""Tables that stay as they are."""
OTHERS_OUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND (pid <> ALL(%s) OR state <> 'idle')"""
"""Whoever is still connected, but for those of ours that wait idly: they hold no lock, for the service takes none that
outlives a transaction."""
SHAPE = """SELECT
  (SELECT md5(string_agg(oid || relname, ',' ORDER BY oid)) FROM pg_class WHERE oid >= 16384),
  (SELECT md5(string_agg(attrelid || attname || attnotnull || atttypid, ',' ORDER BY attrelid, attnum))
    FROM pg_attribute WHERE attrelid >= 16384),
  (SELECT md5(string_agg(oid || conname, ',' ORDER BY oid)) FROM pg_constraint WHERE oid >= 16384),
  (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_db_role_setting),
  (SELECT string_agg(version_num, ',') FROM alembic_version)"""
TABLES = """SELECT relname FROM pg_class
  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL(%s)"""
SEQUENCES = "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"


def fresh_copy(url: str) -> str:
    """URL of a fresh copy of a database to which nobody is connected."""
    source = make_url(url)
    copy = source.set(database=f"test_{uuid4().hex}")
    # File by file: written to its log, as is usual, a copy takes half as long again.
    _administer(source, f'CREATE DATABASE "{copy.database}" TEMPLATE "{source.database}" STRATEGY = FILE_COPY')
    return copy.render_as_string(hide_password=False)


def drop(url: str) -> None:
    """Takes a copy away: thousands of them would fill the disk."""
    copy = make_url(url)
    _administer(copy, f'DROP DATABASE "{copy.database}" WITH (FORCE)')


def _administer(url: URL, statement: str) -> None:
    with psycopg.connect(_plain(url.set(database="template1")), autocommit=True) as connection:
        connection.execute(sql.SQL(statement))  # type: ignore[arg-type]  # of our own names only


def _plain(url: URL) -> str:
    """As PostgreSQL's own library takes it: an engine would ask the server this and that first."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class KeptCopy:
    """A copy of the migrated database that is as after its migration whenever it is asked for."""

    def __init__(self, template: str) -> None:
        self._template = template
        self._url = ""
        self._tests = 0
        self._shape: tuple[Any, ...] = ()
        self._size = 0
        self._emptying = sql.Composed([])
        self._admin: psycopg.Connection[Any] | None = None
        self._pool: Pool | None = None
        self._pids: list[int] = []

    def url(self) -> str:
        self._tests += 1
        if not self._url or self._tests > MOST_TESTS or not self._emptied():
            self._renew()
        return self._url

    def holds(self, url: str) -> bool:
        """Whether the copy is the database with this URL."""
        return url == self._url

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The copy as the service uses it, over the connections of the test before."""
        made = Database(self._url)
        pool = self._pool
        if pool is None:
            pool = self._pool = made.engine.pool
            event.listen(pool, "connect", lambda connection, _record: self._pids.append(connection.info.backend_pid))
        made.engine.pool = pool
        yield made
        if made.engine.pool is not pool or pool.checkedout():  # type: ignore[attr-defined]  # a QueuePool
            self._forget_pool()
            made.dispose()

    def _renew(self) -> None:
        self.drop()
        self._url, self._tests = fresh_copy(self._template), 0
        self._admin = psycopg.connect(_plain(make_url(self._url)), autocommit=True)
        self._shape, self._size = _shape(self._admin), _size(self._admin)
        self._emptying = _emptying(self._admin)
        self._admin.execute("SET lock_timeout = '3s'")
        self._admin.execute("SET session_replication_role = replica")  # in any order, whatever points to what

    def _emptied(self) -> bool:
        """Whether only rows were left, few enough, and they could be taken out."""
        assert self._admin is not None
        try:
            self._admin.execute(OTHERS_OUT, [self._pids])
            if _shape(self._admin) != self._shape or _size(self._admin) > self._size + MAX_GROWTH_BYTES:
                return False
            self._admin.execute(self._emptying)
        except psycopg.Error:
            return False
        return True

    def _forget_pool(self) -> None:
        if self._pool is not None:
            self._pool.dispose()
        self._pool, self._pids = None, []

    def drop(self) -> None:
        self._forget_pool()
        if self._admin is not None:
            self._admin.close()
        if self._url:
            drop(self._url)


def _shape(connection: psycopg.Connection[Any]) -> tuple[Any, ...]:
    """What tells tables, columns and the like apart from those after the migration."""
    found: tuple[Any, ...] | None = connection.execute(SHAPE).fetchone()
    assert found is not None
    return found


def _size(connection: psycopg.Connection[Any]) -> int:
    found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert found is not None
    return int(found[0])


def _emptying(connection: psycopg.Connection[Any]) -> sql.Composed:
    """Statements that take every row out, put back those that the migration made, and count from one again."""
    steps: list[sql.Composable] = []
    for (table,) in connection.execute(TABLES, [list(EMPTIED)]).fetchall():
        steps.append(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        rows = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))).fetchall()
        steps += [
            sql.SQL("INSERT INTO {} VALUES ({})").format(
                sql.Identifier(table), sql.SQL(", ").join(sql.Literal(value) for value in row)
            )
            for row in rows
        ]
    for (sequence,) in connection.execute(SEQUENCES).fetchall():
        steps.append(sql.SQL("SELECT setval({}, 1, false)").format(sql.Literal(sequence)))
    return sql.SQL("; ").join(steps)
