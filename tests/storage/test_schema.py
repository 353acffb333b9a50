"""Migrations on both databases."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, inspect, make_url

from app.storage.models import AuditHead, Table
from app.storage.schema import is_current, migrate
from app.storage.session import Database
from tests.postgres_copies import drop, fresh_copy

ROOT = Path(__file__).parents[2]
MIGRATE = "import sys; from app.storage.schema import migrate; from app.storage.session import Database; "


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """A database of either kind in which nothing is."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    url = fresh_copy(make_url(database_url).set(database="template0").render_as_string(hide_password=False))
    yield url
    drop(url)


def test_the_migrated_schema_is_that_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrate(database.engine)
    assert is_current(database.engine)
    with database.reading() as session:
        assert session.get_one(AuditHead, 1).seq == 0


def test_an_empty_database_is_not_current(empty_url: str) -> None:
    database = Database(empty_url)
    assert not is_current(database.engine)
    database.dispose()


def test_two_processes_that_start_at_once_migrate_one_after_the_other(empty_url: str) -> None:
    code = MIGRATE + "d = Database(sys.argv[1]); migrate(d.engine); d.dispose()"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    both = [
        subprocess.Popen([sys.executable, "-c", code, empty_url], env=environment, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ended = [(process.communicate()[1].decode(), process.returncode) for process in both]
    assert [code for _, code in ended] == [0, 0], ended
    database = Database(empty_url)
    assert is_current(database.engine)
    with database.engine.connect() as connection:
        assert set(Table.metadata.tables) <= set(inspect(connection).get_table_names())
    database.dispose()


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_who_waits_for_another_to_migrate_has_time_and_who_waits_for_a_table_has_little(database: Database) -> None:
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    migrate(database.engine)
    unhurried, taken, hurried = [statement for statement in said if "lock" in statement]
    assert (unhurried, hurried) == ("SET LOCAL lock_timeout = 0", "SET LOCAL lock_timeout = '10s'")
    assert taken.startswith("SELECT pg_advisory_xact_lock(")


def test_no_migration_holds_code_of_the_application() -> None:
    versions = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    assert versions
    assert [path.name for path in versions if "app." in path.read_text(encoding="utf-8")] == []
