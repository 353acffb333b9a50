"""What each user sees of others' things, on every list and through every door."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.jobs import daily_check, delivery
from app.storage.models import Token, User, new_id
from app.storage.people import token_hash
from app.storage.session import Database
from notifications.senders import RecordingSender
from tests.conftest import SetClock
from tests.portfolio import Headers, Portfolio
from tests.registering import a_contract, contract_body, patch, post, procurement_body

LISTS = ["/contracts", "/procurements", "/suppliers", "/units", "/users", "/messages"]


def nobody(portfolio: Portfolio) -> Headers:
    """Headers of a user whose last grant was withdrawn."""
    with portfolio.database.writing() as session:
        user = User(id=new_id(), email="nobody@example.org", name="N", language="en", created_at=portfolio.clock())
        session.add(user)
        session.flush()
        kept = token_hash("nobody's token")
        session.add(Token(id=new_id(), user_id=user.id, name="t", token_hash=kept, created_at=portfolio.clock()))
    return {"Authorization": "Bearer nobody's token"}


@pytest.mark.parametrize("path", [path for path in LISTS if path != "/users"])
def test_a_user_without_any_grant_sees_nothing(client: TestClient, portfolio: Portfolio, path: str) -> None:
    a_contract(client, portfolio)
    answer = client.get(f"/api/v1{path}", headers=nobody(portfolio))
    assert answer.json()["items"] == []


def test_a_user_without_any_grant_has_an_empty_summary(client: TestClient, portfolio: Portfolio) -> None:
    a_contract(client, portfolio)
    assert client.get("/api/v1/summary", headers=nobody(portfolio)).json()["contracts"] == 0


@pytest.mark.parametrize("path", ["/contracts", "/procurements", "/messages"])
def test_a_project_reporter_sees_nothing_of_contracts(client: TestClient, portfolio: Portfolio, path: str) -> None:
    a_contract(client, portfolio)
    assert client.get(f"/api/v1{path}", headers=portfolio.reporter).json()["items"] == []


def test_the_text_of_a_message_never_holds_the_owners_own_links(
    client: TestClient, portfolio: Portfolio, clock: SetClock, database: Database, settings: Settings
) -> None:
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)
    sender = RecordingSender()
    delivery.deliver_all(database, settings, sender, clock)
    assert b"/owner/" in sender.sent[0].message.as_bytes()
    item = client.get("/api/v1/messages", headers=portfolio.viewer).json()["items"][0]
    shown = client.get(f"/api/v1/messages/{item['id']}", headers=portfolio.viewer).json()
    assert "/owner/…" in shown["text"]
    assert "/owner/." not in shown["text"] + shown["html"]


def test_messages_go_on_to_the_next_page(
    client: TestClient, portfolio: Portfolio, clock: SetClock, database: Database
) -> None:
    for number in range(3):
        portfolio.contract(owner=f"owner{number}@example.org")
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)
    seen, cursor = [], None
    for _ in range(4):
        query = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v1/messages", params=query, headers=portfolio.viewer).json()
        seen += [item["to"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == [f"owner{number}@example.org" for number in range(3)]


def test_an_owner_of_another_organisation_is_not_renamed(client: TestClient, portfolio: Portfolio) -> None:
    ours = a_contract(client, portfolio)
    terms = procurement_body(portfolio, unit_id=portfolio.other_root)
    procured = post(client, "/procurements", terms, portfolio.stranger).json()["id"]
    hijack = {"name": "Somebody else", "email": "owner@example.org", "language": "sv"}
    theirs = post(client, "/contracts", contract_body(procured, owner=hijack), portfolio.stranger)
    assert theirs.status_code == 201, theirs.text
    owner = client.get(f"/api/v1/contracts/{ours}", headers=portfolio.viewer).json()["owner"]
    assert (owner["name"], owner["language"]) == ("Olli Omistaja", "fi")
    nameless = contract_body(procured, reference="other", owner={"email": "owner2@example.org"})
    assert post(client, "/contracts", nameless, portfolio.stranger).status_code == 422


def test_names_with_a_no_break_space_do_not_stop_the_pages(client: TestClient, portfolio: Portfolio) -> None:
    for number, name in (("0201256-6", "A\u00a0Oy"), ("1927400-1", "B\u00a0Oy")):
        made = post(client, "/suppliers", {"business_id": number, "name": name}, portfolio.officer)
        assert made.status_code == 201, made.text
    first = client.get("/api/v1/suppliers?limit=1&sort=name", headers=portfolio.officer).json()
    query = {"limit": 1, "sort": "name", "cursor": first["next_cursor"]}
    assert client.get("/api/v1/suppliers", params=query, headers=portfolio.officer).status_code == 200


def test_a_position_whose_predecessor_was_voided_can_still_be_ended(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    clock.set(date(2019, 6, 30))
    contract_id = a_contract(client, portfolio)
    hire = {"employment_form": "employment", "target_group": "youth"}
    url = f"/contracts/{contract_id}/positions"
    broken = {**hire, "starts_on": "2019-01-07", "planned_end_on": "2019-02-28"}
    first = post(client, url, broken, portfolio.liaison).json()["id"]
    going_on = {**hire, "starts_on": "2019-03-01", "replaces_id": first}
    second = post(client, url, going_on, portfolio.liaison).json()["id"]
    assert post(client, f"/positions/{first}/void", {"reason": "Wrong contract"}, portfolio.liaison).status_code == 200
    end = {"ended_on": "2019-06-30", "end_reason": "resigned"}
    assert patch(client, f"/positions/{second}", end, portfolio.liaison).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("handover", {"owner": {"name": "N", "email": "n@example.org", "language": "fi"}, "note": None}),
        ("closure", {"effective_on": "2019-03-01", "reason": "Done", "decision_reference": "§ 1"}),
        ("options", {"ends_on": "2021-02-28"}),
    ],
)
def test_a_decision_on_a_contract_that_changed_meanwhile_is_stale(
    client: TestClient, portfolio: Portfolio, path: str, body: dict[str, object]
) -> None:
    contract_id = a_contract(client, portfolio)
    url = f"/api/v1/contracts/{contract_id}/{path}"
    stale = client.post(url, json=body, headers=portfolio.officer | {"If-Match": '"99"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    etag = client.get(f"/api/v1/contracts/{contract_id}", headers=portfolio.officer).headers["etag"]
    assert client.post(url, json=body, headers=portfolio.officer | {"If-Match": etag}).status_code == 201
