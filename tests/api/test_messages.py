"""Messages as people look at them."""

from datetime import date

from fastapi.testclient import TestClient

from app.config import Settings
from app.jobs import daily_check, delivery
from app.storage.session import Database
from notifications.senders import PermanentSendError, RecordingSender
from tests.conftest import SetClock
from tests.portfolio import Portfolio


def queue(database: Database, clock: SetClock) -> None:
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)


def test_a_queued_message_says_what_it_will_tell(
    client: TestClient, portfolio: Portfolio, clock: SetClock, database: Database
) -> None:
    contract_id = portfolio.contract()
    queue(database, clock)
    items = client.get("/api/v1/messages", headers=portfolio.viewer).json()["items"]
    assert [(item["status"], item["to"], item["attempts"]) for item in items] == [("queued", "owner@example.org", 0)]
    told = {"kind": "window_closing", "contract_id": contract_id, "key": "2019-05-31/90", "withdrawn": False}
    assert items[0]["reminders"] == [told]


def test_a_message_is_seen_only_by_those_who_see_a_contract_of_it(
    client: TestClient, portfolio: Portfolio, clock: SetClock, database: Database
) -> None:
    portfolio.contract()
    queue(database, clock)
    message_id = client.get("/api/v1/messages", headers=portfolio.viewer).json()["items"][0]["id"]
    assert client.get("/api/v1/messages", headers=portfolio.stranger).json()["items"] == []
    assert client.get(f"/api/v1/messages/{message_id}", headers=portfolio.stranger).status_code == 404


def test_a_refused_message_is_shown_and_may_be_tried_again(
    client: TestClient, portfolio: Portfolio, clock: SetClock, database: Database, settings: Settings
) -> None:
    portfolio.contract()
    queue(database, clock)
    sender = RecordingSender([PermanentSendError("550 no such user")])
    delivery.deliver_all(database, settings, sender, clock)
    item = client.get("/api/v1/messages?status=refused", headers=portfolio.officer).json()["items"][0]
    assert item["last_error"] == "550 no such user"
    url = f"/api/v1/messages/{item['id']}"
    assert client.post(f"{url}/retry", headers=portfolio.viewer).status_code == 403
    assert client.post(f"{url}/retry", headers=portfolio.officer).json()["status"] == "queued"
    delivery.deliver_all(database, settings, sender, clock)
    sent = client.get(url, headers=portfolio.officer).json()
    assert sent["status"] == "sent"
    assert "31.5.2019" in sent["text"]
    again = client.post(f"{url}/retry", headers=portfolio.officer)
    assert (again.status_code, again.json()["code"]) == (409, "message_not_retryable")
