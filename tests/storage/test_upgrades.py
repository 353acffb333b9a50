"""From the schema of every earlier version, with data in every table, to the newest: all is kept, nobody waits long."""

import re
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, BigInteger, Column, Connection, MetaData, func, insert, inspect, make_url, select
from sqlalchemy import Table as CoreTable

import migrations
from app.storage.models import Table
from app.storage.schema import is_current, migrate
from app.storage.session import Database
from tests.everything import DAY, MOMENT, TEXT, WORDS
from tests.postgres_copies import drop, fresh_copy
from tests.torture.amounts import WHOLE
from tests.torture.figures import tell

CONFIG = Config()
CONFIG.set_main_option("script_location", str(Path(migrations.__file__).parent))
REVISIONS = [one.revision for one in ScriptDirectory.from_config(CONFIG).walk_revisions()][:0:-1]
"""Of every schema before the newest."""
ROWS = 3
MANY_ROWS = 10_000 if WHOLE else 400
LONGEST_SECONDS = 60
"""For so long others may have to wait for an upgrade of a large city."""
KEPT_ELSEWHERE = {"alembic_version"}
UNIQUE = {"number"}
"""Columns of small numbers of which no two may be equal."""


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A database of either kind in which nothing is."""
    sqlite = database_url.startswith("sqlite")
    if sqlite:
        url = f"sqlite:///{tmp_path}/earlier.db"
    else:
        url = fresh_copy(make_url(database_url).set(database="template0").render_as_string(hide_password=False))
    database = Database(url)
    yield database
    database.dispose()
    if not sqlite:
        drop(url)


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_data_of_every_earlier_version_is_all_there_in_the_newest(empty: Database, revision: str) -> None:
    before = filled(empty, revision, ROWS)
    migrate(empty.engine)
    assert is_current(empty.engine)
    with empty.engine.connect() as connection:
        assert counts(connection, before) == before
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("revision", [REVISIONS[0], "0010"])
def test_an_upgrade_keeps_others_waiting_for_a_bounded_time(empty: Database, revision: str) -> None:
    """All migrations are one transaction: for as long as it takes, others wait for the tables it changes."""
    rows = sum(filled(empty, revision, MANY_ROWS).values())
    began = time.monotonic()
    migrate(empty.engine)
    seconds = time.monotonic() - began
    assert seconds < LONGEST_SECONDS
    tell("upgrade", database=empty.engine.dialect.name, since=revision, rows=rows, seconds=round(seconds, 1))


def filled(database: Database, revision: str, rows: int) -> dict[str, int]:
    """Brings an empty database to that version, with so many rows in each table; rows by table."""
    with database.engine.execution_options(write=True).connect() as connection:
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, revision)
        connection.commit()
    with database.engine.execution_options(write=True).begin() as connection:
        known = MetaData()
        known.reflect(connection)
        tables = [one for one in known.sorted_tables if one.name not in KEPT_ELSEWHERE]
        for table in tables:
            if not connection.scalar(select(func.count()).select_from(table)):
                connection.execute(insert(table), rows_for(connection, table, rows))
        return counts(connection, [one.name for one in tables])


def counts(connection: Connection, names: Sequence[str] | dict[str, int]) -> dict[str, int]:
    quoted = connection.dialect.identifier_preparer.quote
    return {
        name: int(connection.exec_driver_sql(f"SELECT count(*) FROM {quoted(name)}").scalar_one())  # noqa: S608
        for name in names
    }


def rows_for(connection: Connection, table: CoreTable, rows: int) -> list[dict[str, Any]]:
    """Rows of values by the types of the columns; the n-th refers to the n-th of others."""
    checks = [str(one["sqltext"]) for one in inspect(connection).get_check_constraints(table.name)]
    referred = {
        column.name: connection.scalars(select(key.column).order_by(key.column).limit(rows)).all()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table is not table
    }
    return [
        {column.name: value(column, checks, referred.get(column.name, ()), number) for column in table.columns}
        for number in range(rows)
    ]


def value(column: Column[Any], checks: Sequence[str], referred: Sequence[Any], number: int) -> Any:
    if column.foreign_keys:
        return referred[number % len(referred)] if referred else None
    for check in checks:
        if re.match(rf'[("]*{column.name}\b', check) and (codes := re.findall(r"'([^']*)'", check)):
            return codes[0]
    kind: Any = column.type
    if isinstance(kind, JSON):
        return WORDS
    python = kind.python_type
    if python is int:
        small = not isinstance(kind, BigInteger) and not column.primary_key and column.name not in UNIQUE
        return number % 4 + 1 if small else number + 1
    if python is str:
        length = getattr(kind, "length", None)
        return f"{number:032x}"[-length:] if length else f"{number} {TEXT}"
    return {Decimal: Decimal("78.50"), date: DAY, datetime: MOMENT, bool: True, float: 1.5}[python]
