"""Every page and every form, for every role and for people of another city: nothing leaks, nothing is written."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.storage.models import AuditEntry
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.web.a_city_with_everything import OPEN, filled, paths, settle_everything
from tests.web.signed_in import SignedInBrowser

Browsers = Callable[[str], SignedInBrowser]
SECRET = "Tunnistettava merkkijono"
ROLES = ["officer", "liaison", "owner", "other_owner", "reporter", "viewer", "admin"]
FOR_ADMINS = ("/users", "/settings", "/feedback")
OF_PROJECTS = ("/projects", "/surveys", "/observations", "/funding", "/milestones", "/risks")
"""What a project reporter of the city sees, and nothing else of it."""
MAY_LOOK = {HTTPStatus.OK, HTTPStatus.FORBIDDEN}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Who may see what does not depend on the database."""
    return sqlite_url


@pytest.fixture
def ids(client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock) -> dict[str, str]:
    return settle_everything(client, portfolio, database, clock, SECRET)


def written(database: Database) -> int:
    """How many writes the trail knows."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def closed_to(who: str, method: str) -> list[str]:
    """Paths of what is none of someone's business."""
    return [path for path in paths(method) if who != "reporter" or not path.startswith(OF_PROJECTS)]


def csrf_of(browser: SignedInBrowser) -> str:
    return dict(browser.form("/account", "/language")["fields"])["csrf"]


def test_a_stranger_to_the_service_is_sent_to_the_log_in_by_every_page_but_the_open_ones(
    client: TestClient, ids: dict[str, str]
) -> None:
    for path in set(paths("GET")) - OPEN:
        answer = client.get(filled(path, ids), follow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in"), path
    for path in set(paths("POST")) - OPEN:
        assert client.post(filled(path, ids), data={}).status_code in {401, 403}, path


@pytest.mark.parametrize("who", ["stranger", "reporter"])
def test_someone_of_another_city_finds_nothing_of_this_one(browser_of: Browsers, ids: dict[str, str], who: str) -> None:
    browser = browser_of(who)
    for path in closed_to(who, "GET"):
        answer = browser.get(filled(path, ids))
        if who == "stranger" or "{" in path:  # names of units and suppliers are no secret within the city
            assert SECRET not in answer.text, path
        if "{" in path:  # pages for administrators are closed to others, whatever the id
            assert answer.status_code == (403 if path.startswith(FOR_ADMINS) else 404), (path, answer.status_code)


@pytest.mark.parametrize("who", ["stranger", "reporter"])
def test_someone_of_another_city_writes_nothing_in_this_one(
    browser_of: Browsers, ids: dict[str, str], database: Database, who: str
) -> None:
    browser = browser_of(who)
    csrf = csrf_of(browser)
    before = written(database)
    for path in [path for path in closed_to(who, "POST") if "{" in path]:
        answer = browser.client.post(filled(path, ids), data={"csrf": csrf}, follow_redirects=False)
        assert answer.status_code in {403, 404}, (path, answer.status_code)
        assert SECRET not in answer.text, path
    assert written(database) == before


@pytest.mark.parametrize("who", ROLES)
def test_every_page_answers_every_role(browser_of: Browsers, ids: dict[str, str], who: str) -> None:
    browser = browser_of(who)
    for path in set(paths("GET")) - OPEN:
        answer = browser.get(filled(path, ids))
        allowed = {*MAY_LOOK, HTTPStatus.NOT_FOUND} if who == "reporter" or "{" in path else MAY_LOOK
        assert answer.status_code in allowed | {HTTPStatus.SEE_OTHER}, (path, answer.status_code, answer.text[-500:])


def test_who_may_only_look_writes_nothing(browser_of: Browsers, ids: dict[str, str], database: Database) -> None:
    viewer = browser_of("viewer")
    csrf = csrf_of(viewer)
    before = written(database)
    for path in [path for path in paths("POST") if "{" in path]:
        answer = viewer.client.post(filled(path, ids), data={"csrf": csrf}, follow_redirects=False)
        allowed = {200, 403, 404} if path.endswith("/preview") else {403, 404}  # a preview only reads
        assert answer.status_code in allowed, (path, answer.status_code)
    assert written(database) == before


@pytest.mark.parametrize("who", ["officer", "admin"])
def test_an_empty_or_senseless_form_is_told_what_is_wrong_and_never_breaks(
    browser_of: Browsers, ids: dict[str, str], who: str
) -> None:
    browser = browser_of(who)
    csrf = csrf_of(browser)
    ends_the_session = {"/sign-out/everywhere"}
    for path in sorted(set(paths("POST")) - OPEN - ends_the_session):
        for body in ({}, {"starts_on": "\x00", "version": "x", "once": "y" * 300}, {"reason": "131052-308T"}):
            answer = browser.client.post(filled(path, ids), data={"csrf": csrf} | body, follow_redirects=False)
            assert answer.status_code < 500, (path, body, answer.text[-800:])
            assert "131052-308T" not in answer.text, path
            csrf = csrf_of(browser) if answer.status_code == 303 else csrf
