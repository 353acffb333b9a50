"""A request's transaction lives in the thread of its route, and is committed before the answer leaves."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.storage.models import Note
from app.storage.session import Database
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser

Listener = Callable[..., None]


@pytest.fixture
def listening(database: Database) -> Iterator[Callable[[str, Listener], None]]:
    """Listens to the engine until the test is over."""
    kept: list[tuple[Engine, str, Listener]] = []

    def listen(name: str, listener: Listener) -> None:
        event.listen(database.engine, name, listener)
        kept.append((database.engine, name, listener))

    yield listen
    for one in kept:
        event.remove(*one)


def notes(database: Database) -> int:
    with database.reading() as session:
        return session.query(Note).count()


def test_a_request_changes_threads_once(
    client: TestClient, portfolio: Portfolio, listening: Callable[[str, Listener], None]
) -> None:
    contract, threads = portfolio.contract(), []
    client.get("/api/v1/units", headers=portfolio.viewer)  # that the token was used today is noted by the first
    listening("begin", lambda *_: threads.append(threading.get_ident()))
    listening("rollback", lambda *_: threads.append(threading.get_ident()))
    assert client.get(f"/api/v1/contracts/{contract}", headers=portfolio.viewer).status_code == 200
    assert len(threads) == 2
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


def test_a_commit_that_fails_is_no_success(
    client: TestClient,
    portfolio: Portfolio,
    database: Database,
    listening: Callable[[str, Listener], None],
) -> None:
    url = f"/api/v1/contracts/{portfolio.contract()}/notes"

    def failing(_connection: Any) -> None:
        raise OperationalError("COMMIT", None, Exception("disk full"))

    listening("commit", failing)
    assert client.post(url, json={"text": "lost"}, headers=portfolio.liaison).status_code == 503
    assert notes(database) == 0


def test_what_fails_in_closing_loses_no_write(
    client: TestClient, portfolio: Portfolio, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is committed by then; a client that tries again with the same Idempotency-Key gets its answer."""
    url = f"/api/v1/contracts/{portfolio.contract()}/notes"
    client.get("/api/v1/units", headers=portfolio.liaison)
    headers = portfolio.liaison | {"Idempotency-Key": "once"}
    closed: list[Session] = []
    close = Session.close

    def failing(session: Session) -> None:
        close(session)
        closed.append(session)
        if len(closed) == (2 if database.one_writer else 1):  # there the first is that of asking who it is
            raise OperationalError("ROLLBACK", None, Exception("gone"))

    with monkeypatch.context() as patched:
        patched.setattr(Session, "close", failing)
        assert client.post(url, json={"text": "kept"}, headers=headers).status_code == 503
    assert notes(database) == 1
    again = client.post(url, json={"text": "kept"}, headers=headers)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert notes(database) == 1


def test_a_stranger_hears_nothing_of_what_is_wrong_with_a_request(client: TestClient) -> None:
    assert client.get("/api/v1/contracts", params={"limit": "x"}).status_code == 401
    assert client.get("/api/v1/contracts/none").status_code == 401
    assert client.post("/api/v1/contracts/none/notes", json=[]).status_code == 401
    page = client.get("/contracts/none", follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=%2Fcontracts%2Fnone")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_wrong_request_waits_for_nobody_who_writes(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    url = f"/api/v1/contracts/{portfolio.contract()}/notes"
    client.get("/api/v1/units", headers=portfolio.liaison)  # that the token was used today is noted by the first
    with database.writing():
        assert client.post(url, json=[], headers=portfolio.liaison | {"Idempotency-Key": "once"}).status_code == 422
        assert client.post(url, json=[]).status_code == 401


def test_someone_known_hears_it_in_their_language(
    client: TestClient, portfolio: Portfolio, browser_of: Callable[[str], SignedInBrowser]
) -> None:
    assert client.get("/api/v1/contracts", params={"limit": "x"}, headers=portfolio.viewer).status_code == 422
    assert client.get("/api/v1/contracts/none", headers=portfolio.viewer).status_code == 404
    assert browser_of("viewer").get("/contracts/none").status_code == 404
