"""Closing obligations through the API."""

from typing import Any

from fastapi.testclient import TestClient

from app.storage.models import StoredJudgement
from app.storage.session import Database
from tests.portfolio import Portfolio

CLOSURE = {
    "effective_on": "2019-03-01",
    "reason": "The supplier ceased trading",
    "decision_reference": "HEL 2019-007654",
}
REASON = {"reason": "Another contract was meant"}


def address(contract_id: str) -> str:
    return f"/api/v1/contracts/{contract_id}/closure"


def close(client: TestClient, portfolio: Portfolio, contract_id: str, **changes: Any) -> Any:
    return client.post(address(contract_id), json=CLOSURE | changes, headers=portfolio.officer)


def status(database: Database, contract_id: str) -> str:
    with database.reading() as session:
        return session.get_one(StoredJudgement, contract_id).status


def test_a_closed_obligation_is_closed_at_once_and_only_once(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    contract_id = portfolio.contract()
    assert client.get(address(contract_id), headers=portfolio.viewer).status_code == 404
    answer = close(client, portfolio, contract_id)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == address(contract_id)
    assert status(database, contract_id) == "closed"
    read = client.get(address(contract_id), headers=portfolio.viewer)
    assert (read.status_code, read.json(), read.headers["etag"]) == (200, answer.json(), '"1"')
    again = close(client, portfolio, contract_id)
    assert (again.status_code, again.json()["code"]) == (409, "already_closed")


def test_a_decision_that_takes_effect_later_does_not_close_before_its_day(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    contract_id = portfolio.contract()
    assert close(client, portfolio, contract_id, effective_on="2019-04-01").status_code == 201
    assert status(database, contract_id) == "open"
    assert close(client, portfolio, contract_id).status_code == 409


def test_a_closure_entered_wrongly_is_voided_and_may_be_decided_anew(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    contract_id = portfolio.contract()
    url = f"{address(contract_id)}/void"
    nothing = client.post(url, json=REASON, headers=portfolio.officer)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "not_closed")
    close(client, portfolio, contract_id)
    stale = client.post(url, json=REASON, headers=portfolio.officer | {"If-Match": '"2"'})
    assert stale.status_code == 412
    voided = client.post(url, json=REASON, headers=portfolio.officer)
    assert (voided.status_code, voided.json()["voided"], voided.json()["void_reason"]) == (200, True, REASON["reason"])
    assert status(database, contract_id) == "open"
    assert client.get(address(contract_id), headers=portfolio.viewer).status_code == 404
    assert client.post(url, json=REASON, headers=portfolio.officer).status_code == 409
    assert close(client, portfolio, contract_id).status_code == 201
    assert status(database, contract_id) == "closed"


def test_a_closure_needs_a_reason_and_a_decision(client: TestClient, portfolio: Portfolio) -> None:
    answer = client.post(address(portfolio.contract()), json={"effective_on": "2019-03-01"}, headers=portfolio.officer)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"reason", "decision_reference"}


def test_only_procurement_officers_of_the_unit_close(client: TestClient, portfolio: Portfolio) -> None:
    url = address(portfolio.contract())
    for who, code in (("owner", 403), ("liaison", 403), ("viewer", 403), ("stranger", 404)):
        assert client.post(url, json=CLOSURE, headers=getattr(portfolio, who)).status_code == code
        assert client.post(f"{url}/void", json=REASON, headers=getattr(portfolio, who)).status_code == code
    client.post(url, json=CLOSURE, headers=portfolio.officer)
    assert client.get(url, headers=portfolio.stranger).status_code == 404
