"""Copies of the migrated database on PostgreSQL: one that is emptied for test after test, and fresh ones.

To make a database takes PostgreSQL several times as long as most tests take with it. So each worker keeps one copy, and
takes out the rows that the test before has left; where a test changed more than rows, or left very many, a fresh copy
takes its place.
"""

from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

MOST_TESTS = 100
"""Nothing but making it anew gives back what deleted rows have taken."""
MAX_GROWTH_BYTES = 30_000_000
EMPTIED = ("alembic_version",)
"""Tables that stay as they are."""
OTHERS_OUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()"""
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

    def url(self) -> str:
        self._tests += 1
        if not self._url or self._tests > MOST_TESTS or not self._emptied():
            self._renew()
        return self._url

    def _renew(self) -> None:
        self.drop()
        self._url, self._tests = fresh_copy(self._template), 0
        with psycopg.connect(_plain(make_url(self._url)), autocommit=True) as connection:
            self._shape, self._size = _shape(connection), _size(connection)
            self._emptying = _emptying(connection)

    def _emptied(self) -> bool:
        """Whether only rows were left, few enough, and they could be taken out."""
        try:
            with psycopg.connect(_plain(make_url(self._url)), autocommit=True) as connection:
                connection.execute(OTHERS_OUT)
                if _shape(connection) != self._shape or _size(connection) > self._size + MAX_GROWTH_BYTES:
                    return False
                connection.execute("SET lock_timeout = '3s'")
                connection.execute("SET session_replication_role = replica")  # in any order, whatever points to what
                connection.execute(self._emptying)
        except psycopg.Error:
            return False
        return True

    def drop(self) -> None:
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
