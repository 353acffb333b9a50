"""Purchases by form: added with what they bring, voided where they were entered wrongly."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.portfolio import Portfolio
from tests.registering import get
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]
THRESHOLD: dict[str, Any] = {
    "type": "purchase_threshold",
    "positions": None,
    "threshold_cents": 50_000_000,
    "positions_per_threshold": 1,
    "completion": "may_follow_contract",
}
BOUGHT = {"on_date": "1.3.2019", "amount_eur": "1 000 000,00 €", "reference": "Q1/2019"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the forms send is written alike on both: tests/api/test_purchases.py."""
    return sqlite_url


def test_a_purchase_is_added_as_people_write_sums_and_it_is_told_how_many_positions_it_asks_for(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    contract_id, browser = portfolio.contract(**THRESHOLD), browser_of("officer")
    form = browser.form(f"/contracts/{contract_id}/purchases/new")
    asked = browser.send(form | {"action": f"/contracts/{contract_id}/purchases/preview"}, BOUGHT)
    assert "2 positions are required then, instead of 0." in asked.text
    assert 'value="1 000 000,00 €"' in asked.text
    answer = browser.send(form, BOUGHT)
    assert f"/contracts/{contract_id}?done=purchase_added&purchase=" in answer.headers["location"]
    assert browser.send(form, BOUGHT).headers["location"] == answer.headers["location"]
    items = get(client, f"/contracts/{contract_id}/purchases", portfolio.officer)["items"]
    assert [item["amount_eur"] for item in items] == ["1000000.00"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"on_date": "2019-03-02"}, "on_date"),
        ({"amount_eur": "0"}, "amount_eur"),
        ({"amount_eur": "1,234"}, "amount_eur"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    portfolio: Portfolio, browser_of: BrowserOf, typed: dict[str, str], told: str
) -> None:
    path = f"/contracts/{portfolio.contract(**THRESHOLD)}/purchases/new"
    answer = browser_of("officer").post_form(path, BOUGHT | typed)
    assert answer.status_code == 422
    assert f'id="{told}-error"' in answer.text
    assert 'value="Q1/2019"' in answer.text


def test_a_purchase_entered_wrongly_is_voided_once(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    contract_id, browser = portfolio.contract(**THRESHOLD), browser_of("officer")
    added = browser.post_form(f"/contracts/{contract_id}/purchases/new", BOUGHT).headers["location"]
    path = f"/purchases/{added.split('purchase=')[1]}/void"
    assert "0 positions are required then, instead of 2." in browser.get(path).text
    answer = browser.post_form(path, {"reason": "Another supplier's"})
    assert answer.headers["location"].startswith(f"/contracts/{contract_id}?done=purchase_voided")
    assert browser.post_form(path, {"reason": "Again"}).status_code == 409


def test_only_those_who_write_contracts_get_the_forms(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    contract_id = portfolio.contract(**THRESHOLD)
    added = browser_of("officer").post_form(f"/contracts/{contract_id}/purchases/new", BOUGHT).headers["location"]
    for path in (f"/contracts/{contract_id}/purchases/new", f"/purchases/{added.split('purchase=')[1]}/void"):
        assert browser_of("liaison").get(path).status_code == 403
        assert browser_of("stranger").get(path).status_code == 404
