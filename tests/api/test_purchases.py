"""Recording purchases through the API."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.storage.models import AuditEntry, Contract, StoredJudgement
from app.storage.session import Database
from tests.conftest import SetClock
from tests.ledgers import threshold_contract
from tests.one_database import on_one_database
from tests.portfolio import Portfolio

PURCHASE = {"on_date": "2019-02-28", "amount_eur": "500000.00", "reference": "Q1/2019"}


def record(client: TestClient, portfolio: Portfolio, contract_id: str, **changes: Any) -> Any:
    url = f"/api/v1/contracts/{contract_id}/purchases"
    return client.post(url, json=PURCHASE | changes, headers=portfolio.officer)


def stored(database: Database, contract_id: str) -> StoredJudgement:
    with database.reading() as session:
        return session.get_one(StoredJudgement, contract_id)


def test_purchases_that_reach_the_threshold_make_a_position_due_at_once(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    contract_id = threshold_contract(portfolio)
    assert record(client, portfolio, contract_id, amount_eur="499999.99").status_code == 201
    assert stored(database, contract_id).required == 0
    answer = record(client, portfolio, contract_id, amount_eur="0.01")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["amount_eur"], body["counts"], body["recorded_on"]) == ("0.01", True, "2019-03-01")
    assert (body["imported"], body["voided"]) == (False, False)
    assert stored(database, contract_id).required == 1
    assert stored(database, contract_id).status == "open"


def test_splitting_a_purchase_into_parts_changes_nothing(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    whole, split = threshold_contract(portfolio), threshold_contract(portfolio)
    record(client, portfolio, whole, amount_eur="1000000.00")
    for amount in ("333333.33", "333333.33", "333333.34"):
        record(client, portfolio, split, amount_eur=amount)
    assert stored(database, whole).required == stored(database, split).required == 2


def test_a_credit_note_takes_the_position_away_again(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    contract_id = threshold_contract(portfolio)
    record(client, portfolio, contract_id)
    answer = record(client, portfolio, contract_id, amount_eur="-0.01", reference=None)
    assert (answer.json()["amount_eur"], answer.json()["reference"]) == ("-0.01", None)
    assert stored(database, contract_id).required == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_eur": "0.00"}, "amount_eur"),
        ({"amount_eur": "-0"}, "amount_eur"),
        ({"amount_eur": 12.5}, "amount_eur"),
        ({"amount_eur": "1.234"}, "amount_eur"),
        ({"on_date": "2019-03-02"}, "on_date"),
        ({"on_date": "2019-02-30"}, "on_date"),
        ({"reference": "two\nlines"}, "reference"),
        ({"reference": "131052-308T"}, "reference"),
        ({"surprise": 1}, "surprise"),
    ],
)
@on_one_database
def test_what_is_wrong_with_a_purchase_is_named(
    client: TestClient, portfolio: Portfolio, changes: dict[str, Any], field: str
) -> None:
    answer = record(client, portfolio, threshold_contract(portfolio), **changes)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert "131052" not in answer.text


def test_purchases_outside_the_period_and_under_a_fixed_count_are_kept_without_effect(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    contract_id = threshold_contract(portfolio)
    early = record(client, portfolio, contract_id, on_date="2018-02-28")
    assert (early.status_code, early.json()["counts"]) == (201, False)
    assert record(client, portfolio, contract_id, on_date="2018-03-01", amount_eur="1").json()["counts"] is True
    assert stored(database, contract_id).required == 0
    fixed = portfolio.contract()
    before = stored(database, fixed)
    answer = record(client, portfolio, fixed, amount_eur="5000000.00")
    assert (answer.status_code, answer.json()["counts"]) == (201, False)
    after = stored(database, fixed)
    assert (after.status, after.required, after.promised_max) == (before.status, 1, before.promised_max)


def test_a_purchase_after_the_contract_was_terminated_does_not_count(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    day = clock.today.replace(month=1)
    contract_id = threshold_contract(portfolio, terminated_on=day, decided_on=day)
    assert record(client, portfolio, contract_id, on_date=day.isoformat()).json()["counts"] is True
    assert record(client, portfolio, contract_id, on_date="2019-01-02").json()["counts"] is False


def test_a_voided_purchase_counts_for_nothing_and_is_voided_only_once(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    contract_id = threshold_contract(portfolio)
    made = record(client, portfolio, contract_id)
    assert made.headers["etag"] == '"1"'
    url = made.headers["location"]
    reason = {"reason": "Booked on the wrong contract"}
    stale = client.post(f"{url}/void", json=reason, headers=portfolio.officer | {"If-Match": '"2"'})
    assert stale.status_code == 412
    voided = client.post(f"{url}/void", json=reason, headers=portfolio.officer | {"If-Match": '"1"'})
    assert voided.status_code == 200, voided.text
    assert (voided.json()["voided"], voided.json()["counts"]) == (True, False)
    assert voided.json()["void_reason"] == reason["reason"]
    assert voided.headers["etag"] == '"2"'
    assert stored(database, contract_id).required == 0
    again = client.post(f"{url}/void", json=reason, headers=portfolio.officer)
    assert (again.status_code, again.json()["code"]) == (409, "already_voided")
    read = client.get(url, headers=portfolio.viewer)
    assert (read.status_code, read.json(), read.headers["etag"]) == (200, voided.json(), '"2"')


def test_purchases_are_listed_page_by_page_newest_first(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = threshold_contract(portfolio)
    days = ["2018-05-01", "2019-01-31", "2018-12-31", "2018-12-31", "2018-03-01"]
    for day in days:
        record(client, portfolio, contract_id, on_date=day, amount_eur="1.00")
    url = f"/api/v1/contracts/{contract_id}/purchases"
    found: list[list[str]] = []
    params: dict[str, Any] = {"limit": 2}
    while len(found) < 4 and params.get("cursor", "") is not None:
        page = client.get(url, params=params, headers=portfolio.viewer).json()
        found.append([item["on_date"] for item in page["items"]])
        params["cursor"] = page["next_cursor"]
    newest_first = sorted(days, reverse=True)
    assert found == [newest_first[:2], newest_first[2:4], newest_first[4:]]
    upwards = client.get(url, params={"sort": "on_date"}, headers=portfolio.viewer).json()
    assert [item["on_date"] for item in upwards["items"]] == sorted(days)
    assert client.get(url, params={"sort": "amount"}, headers=portfolio.viewer).status_code == 422


def test_only_procurement_officers_of_the_unit_record_purchases(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = threshold_contract(portfolio)
    purchase = record(client, portfolio, contract_id).headers["location"]
    url = f"/api/v1/contracts/{contract_id}/purchases"
    for who in ("liaison", "owner", "viewer"):
        assert client.post(url, json=PURCHASE, headers=getattr(portfolio, who)).status_code == 403
        reason = {"reason": "x"}
        assert client.post(f"{purchase}/void", json=reason, headers=getattr(portfolio, who)).status_code == 403
    for path in (url, purchase):
        assert client.get(path, headers=portfolio.stranger).status_code == 404
    assert client.post(url, json=PURCHASE, headers=portfolio.stranger).status_code == 404
    assert client.post(f"{purchase}/void", json={"reason": "x"}, headers=portfolio.stranger).status_code == 404
    assert client.get("/api/v1/purchases/no-such-id", headers=portfolio.officer).status_code == 404


def test_a_purchase_is_news_of_the_contract_and_in_the_trail(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    contract_id = threshold_contract(portfolio)
    clock.set(clock.today.replace(day=15))
    purchase_id = record(client, portfolio, contract_id).json()["id"]
    client.post(f"/api/v1/purchases/{purchase_id}/void", json={"reason": "x"}, headers=portfolio.officer)
    with database.reading() as session:
        assert session.get_one(Contract, contract_id).last_recorded_on == clock.today
        wanted = select(AuditEntry.action).where(AuditEntry.subject_id == purchase_id).order_by(AuditEntry.seq)
        assert list(session.scalars(wanted)) == ["recorded", "voided"]


def test_a_purchase_sent_twice_with_one_key_is_recorded_once(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = threshold_contract(portfolio)
    url = f"/api/v1/contracts/{contract_id}/purchases"
    headers = portfolio.officer | {"Idempotency-Key": "invoice-1"}
    first, second = (client.post(url, json=PURCHASE, headers=headers) for _ in range(2))
    assert (first.json(), first.headers["etag"]) == (second.json(), second.headers["etag"])
    assert len(client.get(url, headers=portfolio.viewer).json()["items"]) == 1
