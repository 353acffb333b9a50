"""Feedback from anyone, read and marked by the administrators of an organisation."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.services import feedback
from app.storage.models import AuditPayload, Feedback
from app.storage.session import Database
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.web.signed_in import BASE_URL, SignedInBrowser

Browsers = Callable[[str], SignedInBrowser]
GIVEN = {"topic": "accessibility", "text": "Ruudunlukija ei lue taulukkoa.", "answer_to": "Kaisa@Example.org"}


@pytest.fixture
def stranger(client: TestClient) -> SignedInBrowser:
    """A browser that nobody has signed in with."""
    return SignedInBrowser(TestClient(client.app, base_url=BASE_URL, raise_server_exceptions=False))


def kept(database: Database) -> list[Feedback]:
    with database.reading() as session:
        return list(session.scalars(select(Feedback).order_by(Feedback.id)))


def test_a_stranger_gives_feedback_and_an_administrator_handles_it(
    stranger: SignedInBrowser, browser_of: Browsers, database: Database
) -> None:
    answer = stranger.post_form("/feedback", GIVEN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/feedback?done=given")
    assert "Kiitos palautteestasi" in stranger.get("/feedback?done=given").text
    [row] = kept(database)
    assert (row.text, row.answer_to, row.signed_in, row.number) == (GIVEN["text"], "kaisa@example.org", False, 1)

    admin = browser_of("admin")
    listed = admin.get("/feedback/received").text
    assert GIVEN["text"] in listed
    assert "mailto:kaisa@example.org" in listed
    assert admin.post_form("/feedback/received", {}).headers["location"] == "/feedback/received?done=handled"
    assert GIVEN["text"] not in admin.get("/feedback/received").text
    assert GIVEN["text"] in admin.get("/feedback/received?show=handled").text


def test_the_trail_tells_that_feedback_came_and_not_what_it_said(stranger: SignedInBrowser, database: Database) -> None:
    stranger.post_form("/feedback", GIVEN)
    with database.reading() as session:
        payloads = [str(one.payload) for one in session.scalars(select(AuditPayload))]
    assert any("'topic': 'accessibility'" in one and "'with_address': True" in one for one in payloads)
    assert not any("Ruudunlukija" in one or "kaisa@" in one for one in payloads)


@pytest.mark.parametrize("who", ["officer", "liaison", "owner", "viewer", "stranger"])
@on_one_database
def test_only_administrators_read_feedback(browser_of: Browsers, stranger: SignedInBrowser, who: str) -> None:
    stranger.post_form("/feedback", GIVEN)
    answer = browser_of(who).get("/feedback/received")
    assert answer.status_code == 403
    assert GIVEN["text"] not in answer.text


def test_an_identity_code_is_refused_and_not_shown_again(stranger: SignedInBrowser, database: Database) -> None:
    answer = stranger.post_form("/feedback", GIVEN | {"text": "Soita: 131052-308T"})
    assert answer.status_code == 422
    assert "131052" not in answer.text
    assert "kaisa@example.org" in answer.text.lower()
    assert kept(database) == []


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(stranger: SignedInBrowser, database: Database) -> None:
    answer = stranger.post_form("/feedback", {"topic": "other", "text": "Hyvä palvelu.", "answer_to": "kaisa"})
    assert answer.status_code == 422
    assert "Hyvä palvelu." in answer.text
    assert 'href="#answer_to"' in answer.text
    assert kept(database) == []


def test_a_day_takes_only_so_much_and_strangers_do_not_silence_the_citys_own_people(
    stranger: SignedInBrowser, browser_of: Browsers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "MOST_A_DAY", 2)
    answers = [stranger.post_form("/feedback", GIVEN).status_code for _ in range(3)]
    assert answers == [303, 303, 409]
    assert browser_of("viewer").post_form("/feedback", GIVEN).status_code == 303
    assert [(row.signed_in, row.number) for row in kept(database)] == [(False, 1), (False, 2), (True, 1)]


def test_two_administrators_do_not_mark_the_same_feedback_unawares(
    stranger: SignedInBrowser, browser_of: Browsers
) -> None:
    stranger.post_form("/feedback", GIVEN)
    admin = browser_of("admin")
    form = admin.form("/feedback/received")
    assert admin.send(form, {"once": "one"}).status_code == 303
    assert admin.send(form, {"once": "two"}).status_code == 412


def test_scripts_in_feedback_are_shown_as_text(
    stranger: SignedInBrowser, browser_of: Browsers, portfolio: Portfolio
) -> None:
    stranger.post_form("/feedback", GIVEN | {"text": "<script>alert(1)</script>"})
    assert "<script>alert" not in browser_of("admin").get("/feedback/received").text
