"""Mending a contract owner."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.jobs import daily_check, delivery
from app.storage.session import Database
from notifications.senders import PermanentSendError, RecordingSender
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.registering import get, patch, post, refusal


def test_a_refused_mail_goes_to_the_mended_address(
    client: TestClient, portfolio: Portfolio, clock: SetClock, database: Database, settings: Settings
) -> None:
    contract_id = portfolio.contract(owner="ownr@example.org")
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)
    sender = RecordingSender([PermanentSendError("550 no such user")])
    delivery.deliver_all(database, settings, sender, clock)
    owner_id = get(client, f"/contracts/{contract_id}", portfolio.officer)["owner"]["id"]
    mended = patch(client, f"/owners/{owner_id}", {"email": "Owner2@example.org"}, portfolio.officer)
    assert (mended.status_code, mended.json()["email"]) == (200, "owner2@example.org")
    (message,) = get(client, "/messages", portfolio.officer, status="refused")["items"]
    post(client, f"/messages/{message['id']}/retry", {}, portfolio.officer)
    delivery.deliver_all(database, settings, sender, clock)
    assert sender.sent[0].recipients == ("owner2@example.org",)


def test_only_those_who_write_all_of_the_owners_contracts_mend_the_owner(
    client: TestClient, portfolio: Portfolio
) -> None:
    contract_id = portfolio.contract()
    owner_id = get(client, f"/contracts/{contract_id}", portfolio.viewer)["owner"]["id"]
    url = f"/owners/{owner_id}"
    assert patch(client, url, {"name": "X"}, portfolio.stranger).status_code == 404
    for role in ("viewer", "liaison", "owner"):
        assert patch(client, url, {"name": "X"}, portfolio.headers[role]).status_code == 403
    portfolio.contract(unit_id=portfolio.other_root)
    assert patch(client, url, {"name": "X"}, portfolio.officer).status_code == 403
    assert get(client, url, portfolio.viewer)["name"] == "Olli Omistaja"


def test_an_address_that_another_owner_has_is_refused(client: TestClient, portfolio: Portfolio) -> None:
    first = portfolio.contract()
    portfolio.contract(owner="other@example.org")
    owner_id = get(client, f"/contracts/{first}", portfolio.viewer)["owner"]["id"]
    answer = patch(client, f"/owners/{owner_id}", {"email": "other@example.org"}, portfolio.officer)
    assert refusal(answer) == (409, "email", "owner_email_taken")
    for email in ("ääkkönen@example.org", "x", None):
        assert patch(client, f"/owners/{owner_id}", {"email": email}, portfolio.officer).status_code == 422


@pytest.mark.parametrize("left_on", [0, 1e9, "2026-02-30", "1899-01-01", True])
@on_one_database
def test_the_day_on_which_an_owner_left_is_a_day(client: TestClient, portfolio: Portfolio, left_on: object) -> None:
    owner = get(client, f"/contracts/{portfolio.contract()}", portfolio.officer)["owner"]
    answer = client.patch(f"/api/v1/owners/{owner['id']}", json={"left_on": left_on}, headers=portfolio.officer)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "left_on")
