"""Adjusting obligations through the API."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.rules.judgement import judge
from app.storage.facts import load_facts
from app.storage.models import StoredJudgement
from app.storage.session import Database
from tests.one_database import on_one_database
from tests.portfolio import Portfolio

ADJUSTMENT = {
    "effective_on": "2019-02-01",
    "delta": -1,
    "reason": "The service was cut by half",
    "decision_reference": "HEL 2019-004321",
}


def record(client: TestClient, portfolio: Portfolio, contract_id: str, **changes: Any) -> Any:
    url = f"/api/v1/contracts/{contract_id}/adjustments"
    return client.post(url, json=ADJUSTMENT | changes, headers=portfolio.officer)


def required(database: Database, contract_id: str) -> int:
    with database.reading() as session:
        return session.get_one(StoredJudgement, contract_id).required


def test_an_adjustment_changes_what_is_required_at_once(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    contract_id = portfolio.contract(positions=3)
    answer = record(client, portfolio, contract_id)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["delta"], answer.json()["recorded_on"]) == (-1, "2019-03-01")
    assert required(database, contract_id) == 2
    read = client.get(answer.headers["location"], headers=portfolio.viewer)
    assert (read.json(), read.headers["etag"]) == (answer.json(), '"1"')


def test_a_decision_that_takes_effect_later_changes_nothing_before_its_day(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    contract_id = portfolio.contract()
    assert record(client, portfolio, contract_id, effective_on="2019-04-01", delta=2).status_code == 201
    assert required(database, contract_id) == 1
    with database.reading() as session:
        facts = load_facts(session, [contract_id])[contract_id]
    assert judge(facts, date(2019, 3, 31)).standing.required == 1
    assert judge(facts, date(2019, 4, 1)).standing.required == 3


def test_a_voided_adjustment_counts_for_nothing_and_is_voided_only_once(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    contract_id = portfolio.contract()
    url = record(client, portfolio, contract_id).headers["location"]
    assert required(database, contract_id) == 0
    reason = {"reason": "Another contract was meant"}
    stale = client.post(f"{url}/void", json=reason, headers=portfolio.officer | {"If-Match": '"7"'})
    assert stale.status_code == 412
    voided = client.post(f"{url}/void", json=reason, headers=portfolio.officer)
    assert (voided.status_code, voided.json()["voided"]) == (200, True)
    assert voided.headers["etag"] == '"2"'
    assert required(database, contract_id) == 1
    again = client.post(f"{url}/void", json=reason, headers=portfolio.officer)
    assert (again.status_code, again.json()["code"]) == (409, "already_voided")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"delta": 0}, "delta"),
        ({"delta": 1001}, "delta"),
        ({"delta": -1001}, "delta"),
        ({"delta": "1"}, "delta"),
        ({"delta": 1.0}, "delta"),
        ({"delta": True}, "delta"),
        ({"reason": " "}, "reason"),
        ({"decision_reference": ""}, "decision_reference"),
        ({"effective_on": "1.2.2019"}, "effective_on"),
    ],
)
@on_one_database
def test_what_is_wrong_with_an_adjustment_is_named(
    client: TestClient, portfolio: Portfolio, changes: dict[str, Any], field: str
) -> None:
    answer = record(client, portfolio, portfolio.contract(), **changes)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_adjustments_are_listed_in_the_order_in_which_they_take_effect(
    client: TestClient, portfolio: Portfolio
) -> None:
    contract_id = portfolio.contract()
    for day, delta in (("2019-05-01", 1), ("2019-02-01", 2), ("2019-02-01", -1)):
        record(client, portfolio, contract_id, effective_on=day, delta=delta)
    url = f"/api/v1/contracts/{contract_id}/adjustments"
    items = client.get(url, headers=portfolio.viewer).json()["items"]
    assert [item["delta"] for item in items] == [-1, 2, 1]


def test_only_procurement_officers_of_the_unit_adjust(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = portfolio.contract()
    adjustment = record(client, portfolio, contract_id).headers["location"]
    url = f"/api/v1/contracts/{contract_id}/adjustments"
    assert client.post(url, json=ADJUSTMENT, headers=portfolio.owner).status_code == 403
    assert client.post(f"{adjustment}/void", json={"reason": "x"}, headers=portfolio.liaison).status_code == 403
    assert client.post(url, json=ADJUSTMENT, headers=portfolio.stranger).status_code == 404
    for path in (url, adjustment):
        assert client.get(path, headers=portfolio.stranger).status_code == 404
