"""Purchases that wait for a decision, and rules of what was decided, over the API."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.test_imports import brought_in
from tests.conftest import SetClock
from tests.ledgers import CITY, ledger, threshold_contract
from tests.portfolio import Portfolio
from tests.registering import get, post

ALIKE = ledger((CITY, "300000", "1.2.2019", "1"), (CITY, "300000", "2.2.2019", "2"))


@pytest.fixture
def contracts(client: TestClient, portfolio: Portfolio, clock: SetClock) -> list[str]:
    """Two contracts with one supplier, and two purchases of it that wait."""
    clock.set(date(2019, 3, 15))
    found = [threshold_contract(portfolio) for _ in range(2)]
    brought_in(client, portfolio, ALIKE)
    return found


def held(client: TestClient, portfolio: Portfolio) -> list[Any]:
    found: list[Any] = get(client, "/held-purchases", portfolio.officer)["items"]
    return found


def test_a_purchase_that_waits_says_what_its_row_says(
    client: TestClient, portfolio: Portfolio, contracts: list[str]
) -> None:
    first, second = held(client, portfolio)
    assert (first["reason"], first["on_date"], first["amount_eur"]) == ("ambiguous", "2019-02-01", "300000.00")
    assert (first["business_id"], first["account"], first["reference"]) == (CITY, "4341", "1")
    assert [one["contract_id"] for one in first["candidates"]] == contracts
    assert get(client, f"/held-purchases/{second['id']}", portfolio.officer) == second
    page = get(client, "/held-purchases", portfolio.officer, limit=1)
    rest = get(client, "/held-purchases", portfolio.officer, limit=1, cursor=page["next_cursor"])
    assert [page["items"], rest["items"], rest["next_cursor"]] == [[first], [second], None]


def test_a_decision_that_is_remembered_settles_what_is_alike(
    client: TestClient, portfolio: Portfolio, contracts: list[str]
) -> None:
    first = held(client, portfolio)[0]
    body = {"contract_id": contracts[0], "remember": ["business_id", "account"]}
    path, key = f"/held-purchases/{first['id']}/decision", {"Idempotency-Key": "once"}
    for _ in range(2):
        answer = post(client, path, body, portfolio.officer | key)
        assert (answer.status_code, answer.json()) == (200, {"settled": 2})
    assert held(client, portfolio) == []
    assert get(client, f"/contracts/{contracts[0]}", portfolio.viewer)["obligation"]["required"] == 1
    [rule] = get(client, "/attachment-rules", portfolio.officer)["items"]
    assert (rule["contract_id"], rule["business_id"], rule["account"]) == (contracts[0], CITY, "4341")
    assert (rule["contract_reference"], rule["contract_number"]) == ("S-1", None)
    assert post(client, path, body, portfolio.officer).json()["code"] == "held_row_decided"
    assert client.get(f"/api/v1/held-purchases/{first['id']}", headers=portfolio.officer).status_code == 404


def test_a_correction_names_the_purchase_that_counts_until_it_is_decided(
    client: TestClient, portfolio: Portfolio, contracts: list[str]
) -> None:
    first, second = held(client, portfolio)
    assert (first["corrects"], second["corrects"]) == ([], [])
    post(client, f"/held-purchases/{first['id']}/decision", {"contract_id": contracts[0]}, portfolio.officer)
    brought_in(client, portfolio, ledger((CITY, "600000", "1.2.2019", "1"), (CITY, "7", "2.2.2019", "2")))
    [correction] = [one for one in held(client, portfolio) if one["amount_eur"] == "600000.00"]
    told = {"on_date": "2019-02-01", "amount_eur": "300000.00"}
    assert correction["corrects"] == [told | {"contract_id": contracts[0], "contract_reference": "S-1"}]
    assert get(client, f"/held-purchases/{correction['id']}", portfolio.officer) == correction


def test_a_purchase_can_belong_to_none(client: TestClient, portfolio: Portfolio, contracts: list[str]) -> None:
    first = held(client, portfolio)[0]
    answer = post(client, f"/held-purchases/{first['id']}/decision", {"contract_id": None}, portfolio.officer)
    assert answer.json() == {"settled": 1}
    assert len(held(client, portfolio)) == 1
    assert get(client, "/attachment-rules", portfolio.officer)["items"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing_field"),
        ({"contract_id": "0" * 32}, "contract_not_candidate"),
        ({"contract_id": None, "remember": ["account"]}, "remembers_nothing"),
        ({"contract_id": None, "remember": ["id"]}, "remembers_nothing"),
        ({"contract_id": None, "remember": ["131052-308T"]}, "identity_code"),
    ],
)
def test_what_cannot_be_decided_says_why(
    client: TestClient, portfolio: Portfolio, contracts: list[str], body: Any, code: str
) -> None:
    first = held(client, portfolio)[0]
    answer = post(client, f"/held-purchases/{first['id']}/decision", body, portfolio.officer)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(held(client, portfolio)) == 2


def test_a_rule_is_revoked_once(client: TestClient, portfolio: Portfolio, contracts: list[str]) -> None:
    first = held(client, portfolio)[0]
    body = {"contract_id": contracts[0], "remember": ["business_id"]}
    post(client, f"/held-purchases/{first['id']}/decision", body, portfolio.officer)
    [rule] = get(client, "/attachment-rules", portfolio.officer)["items"]
    path = f"/attachment-rules/{rule['id']}/revocation"
    for who, status in (("viewer", 404), ("stranger", 404), ("officer", 204), ("officer", 409)):
        assert client.post(f"/api/v1{path}", headers=portfolio.headers[who]).status_code == status, who
    assert get(client, "/attachment-rules", portfolio.officer)["items"] == []


@pytest.mark.parametrize("who", ["viewer", "liaison", "owner", "stranger", "reporter"])
def test_who_writes_no_contracts_here_sees_none_of_it(
    client: TestClient, portfolio: Portfolio, contracts: list[str], who: str
) -> None:
    first = held(client, portfolio)[0]
    headers = portfolio.headers[who]
    assert get(client, "/held-purchases", headers)["items"] == []
    assert get(client, "/attachment-rules", headers)["items"] == []
    assert client.get(f"/api/v1/held-purchases/{first['id']}", headers=headers).status_code == 404
    assert post(client, f"/held-purchases/{first['id']}/decision", {"contract_id": None}, headers).status_code == 404
