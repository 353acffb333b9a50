"""A real browser (Chromium) on the served demo. `scripts/test` installs Chromium where it is missing and can be."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from app.config import Settings
from app.http.state import State
from app.jobs import demo as demo_jobs
from app.main import create_app
from app.services.acting import SYSTEM, Act
from app.services.demo import PASSWORD
from app.sources.demo.city import USERS
from app.storage import units
from app.storage.session import Database
from tests import notices
from tests.browser.imports import put_in_every_state
from tests.conftest import HELSINKI, SetClock

TODAY = date(2026, 3, 17)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests are slow ones, and go where the reason to leave them out is said."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if os.environ.get("SIEPP_TEST_WITHOUT_BROWSER") == "1":
        pytest.skip("SIEPP_TEST_WITHOUT_BROWSER=1: the tests in a browser were left out by hand")
    assert CHROMIUM is not None, "No Chromium: apt-get install chromium, or leave out with SIEPP_TEST_WITHOUT_BROWSER=1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Served:
    """The service on loopback, over a database of the demo."""

    address: str
    database: Database
    clock: SetClock
    settings: Settings


def demo_settings(database_url: str, folder: Path, port: int) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key="a secret that only the tests know, long enough",
        base_url=f"http://127.0.0.1:{port}",
        smtp=None,
        mail_dir=folder / "mail",
        mail_from="SIEPP <siepp@example.org>",
        timezone=HELSINKI,
        check_at=time(7),
        log_format="text",
        demo=True,
    )


@pytest.fixture(scope="session")
def filled_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's database, filled as of a fixed day, with the mails of that day; to be copied."""
    return fill(tmp_path_factory.mktemp("filled"))


def fill(folder: Path) -> Path:
    file = folder / "demo.db"
    settings = demo_settings(f"sqlite:///{file}", folder, 8000)
    state = State(settings, Database(settings.database_url), SetClock(TODAY))
    demo_jobs.make_ready(state)
    put_in_every_state(state, folder)
    demo_jobs.tell_owners(state)
    with_a_draft(state.database)
    with state.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    state.database.dispose()
    return file


def with_a_draft(database: Database) -> None:
    """A notice of a result with all there is to say, brought in for the topmost unit."""
    won = notices.Won([notices.HELSINKI, notices.STOCKHOLM], [("Alihankkija Oy", "", "FIN")])
    second = notices.Won([("Firma GmbH", "HRB 1234", "DEU")], reference="S-2026-2", currency="SEK")
    act = Act(SYSTEM, datetime.combine(TODAY, time(8), HELSINKI), TODAY)
    with database.reading() as session:
        root_id = units.roots(session)[0]
    notices.bring(database, notices.award([notices.Lot(won=[won, second])]), root_id, root_id, act)


def serve(filled: Path, folder: Path) -> Iterator[Served]:
    """A copy of the demo, on a free port."""
    shutil.copy(filled, folder / "demo.db")
    config = uvicorn.Config("x", host="127.0.0.1", port=0, log_level="warning")
    socket = config.bind_socket()
    settings = demo_settings(f"sqlite:///{folder / 'demo.db'}", folder, socket.getsockname()[1])
    database, clock = Database(settings.database_url), SetClock(TODAY)
    config.app = create_app(settings, database, clock)
    server = uvicorn.Server(config)  # in a thread: signals stay with pytest
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    try:
        yield Served(settings.base_url, database, clock, settings)
    finally:
        server.should_exit = True
        thread.join(10)
        database.dispose()


@pytest.fixture(scope="session")
def served(filled_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """For tests that only look."""
    yield from serve(filled_demo, tmp_path_factory.mktemp("served"))


@pytest.fixture
def served_anew(filled_demo: Path, tmp_path: Path) -> Iterator[Served]:
    """For tests that write."""
    yield from serve(filled_demo, tmp_path)


@dataclass
class Visitor:
    """A page of a browser in which someone has logged in, with what went wrong in it."""

    page: Page
    served: Served
    troubles: list[str] = field(default_factory=list)

    def go(self, path: str) -> Response:
        response = self.page.goto(self.served.address + path)
        assert response is not None
        return response


Visitors = Callable[..., Visitor]


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Visitors]:
    """visitor(served, "officer", javascript=False, width=320, scheme="dark", language="sv"): logged in through the
    log-in page with e-mail address and password. Ends by telling what the browser complained of."""
    contexts: list[tuple[BrowserContext, Visitor]] = []

    def make(
        served: Served,
        who: str | None,
        *,
        javascript: bool = True,
        width: int = 1280,
        scheme: Any = "light",
        language: str = "fi",
    ) -> Visitor:
        context = chromium.new_context(
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale={"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}[language],
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        made = Visitor(context.new_page(), served)
        listen(made)
        contexts.append((context, made))
        if who is not None:
            log_in(made, who)
        return made

    yield make
    for context, made in contexts:
        context.close()
        assert made.troubles == []


def listen(made: Visitor) -> None:
    """Notes what a person would not see: errors of scripts, refused loads, failed requests, requests elsewhere."""

    def to_elsewhere(url: str) -> bool:
        return not url.startswith((made.served.address, "data:", "about:", "blob:"))

    made.page.on("console", lambda said: made.troubles.append(said.text) if said.type == "error" else None)
    made.page.on("pageerror", lambda error: made.troubles.append(str(error)))
    made.page.on("request", lambda sent: made.troubles.append(sent.url) if to_elsewhere(sent.url) else None)


def log_in(made: Visitor, who: str) -> None:
    user = USERS[who]
    made.go("/sign-in")
    made.page.fill("#email", user.person.email)
    made.page.fill("#password", PASSWORD)
    made.page.click("main form:has(#password) button")
    made.page.wait_for_url(lambda url: "/sign-in" not in url)  # a project reporter goes on to the projects
