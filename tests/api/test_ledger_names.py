"""What a contract says of the rows of ledgers that are its own: set, changed, told, and heeded."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.test_imports import started
from tests.ledgers import CITY, ledger, threshold_contract
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.registering import a_contract, get, patch

NAMES = ("ledger_accounts", "ledger_service_classes", "ledger_buying_units")


def test_a_contract_takes_any_row_until_it_says_which(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = a_contract(client, portfolio)
    found = get(client, f"/contracts/{contract_id}", portfolio.viewer)
    assert [found[name] for name in NAMES] == [[], [], []]
    changed = patch(
        client, f"/contracts/{contract_id}", {"ledger_accounts": [" 4470 ", "4341", "4470"]}, portfolio.officer
    )
    assert changed.json()["ledger_accounts"] == ["4470", "4341"]
    again = patch(client, f"/contracts/{contract_id}", {"ledger_buying_units": ["Koulut"]}, portfolio.officer).json()
    assert [again[name] for name in NAMES] == [["4470", "4341"], [], ["Koulut"]]


def test_a_contract_can_be_registered_with_them(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = a_contract(client, portfolio, ledger_accounts=["4470"], ledger_service_classes=["Siivous, muu"])
    found = get(client, f"/contracts/{contract_id}", portfolio.viewer)
    assert [found[name] for name in NAMES] == [["4470"], ["Siivous, muu"], []]


@pytest.mark.parametrize("names", [None, "4470", [""], ["x" * 201], ["4470"] * 101, [4470], ["131052-308T"]])
@on_one_database
def test_what_no_ledger_calls_anything_is_refused(client: TestClient, portfolio: Portfolio, names: Any) -> None:
    contract_id = a_contract(client, portfolio)
    answer = patch(client, f"/contracts/{contract_id}", {"ledger_accounts": names}, portfolio.officer)
    assert answer.status_code == 422
    assert "308T" not in answer.text


@pytest.mark.parametrize(("account", "counts"), [("4341", {"new": 1}), ("4470", {"outside_scope": 1})])
def test_rows_of_other_accounts_stay_out(
    client: TestClient, portfolio: Portfolio, account: str, counts: dict[str, int]
) -> None:
    contract_id = threshold_contract(portfolio)
    patch(client, f"/contracts/{contract_id}", {"ledger_accounts": [account]}, portfolio.officer)
    path = started(client, portfolio, ledger((CITY, "5", "1.2.2019", "1")))
    assert get(client, path, portfolio.officer)["counts"] == counts
