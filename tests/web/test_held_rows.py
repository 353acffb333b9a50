"""Purchases that wait for a person, on pages: decided one by one or all alike at once, and what is remembered."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from app.storage.models import AttachmentRule, HeldRow, Purchase, StoredJudgement
from app.storage.session import Database
from tests.conftest import SetClock
from tests.ledgers import CITY, ledger, threshold_contract
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser
from tests.web.test_imports import sent

Browsers = Callable[[str], SignedInBrowser]
ALIKE = ledger((CITY, "300000", "1.2.2019", "1"), (CITY, "300000", "2.2.2019", "2"), (CITY, "-1", "3.2.2019", "3"))


@pytest.fixture
def contracts(portfolio: Portfolio, clock: SetClock) -> list[str]:
    """Two contracts with one supplier, so that nobody can tell where its purchases belong."""
    clock.set(date(2019, 3, 15))
    return [threshold_contract(portfolio) for _ in range(2)]


@pytest.fixture
def officer(browser_of: Browsers, contracts: list[str]) -> SignedInBrowser:
    """An officer who has brought in purchases that wait."""
    browser = browser_of("officer")
    address = sent(browser, ALIKE)
    page = browser.get(address).text
    assert "3 purchases wait for you to say to which contract they belong." in page
    browser.post_form(address, {}, f"{address}/activation")
    return browser


def waiting(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(HeldRow.id).where(HeldRow.decided_at.is_(None)).order_by(HeldRow.id)))


def first(database: Database) -> str:
    return f"/held-purchases/{waiting(database)[0]}"


def required(database: Database, contract_id: str) -> int:
    with database.reading() as session:
        return session.get_one(StoredJudgement, contract_id).required


def test_purchases_that_wait_are_listed_with_why(officer: SignedInBrowser, database: Database) -> None:
    page = officer.get("/held-purchases").text
    assert "3 purchases wait." in page
    assert page.count("Several contracts of the supplier take this purchase.") == 3
    assert first(database) in page
    shown = officer.get(first(database)).text
    assert ("S-1, Siivouspalvelut 1" in shown, "S-2, Siivouspalvelut 2" in shown) == (True, True)
    assert "4341" in shown


def test_a_decision_that_is_remembered_settles_all_alike_and_the_next_ones_unasked(
    officer: SignedInBrowser, database: Database, contracts: list[str]
) -> None:
    answer = officer.post_form(first(database), {"contract_id": contracts[1]}, f"{first(database)}/decision")
    assert answer.headers["location"] == "/held-purchases?settled=3"
    page = officer.get("/held-purchases?settled=3").text
    assert ("3 purchases were settled." in page, "No purchase waits for you." in page) == (True, True)
    assert [required(database, one) for one in contracts] == [0, 1]
    rules = officer.get("/attachment-rules").text
    assert "Supplier 0201256-6, account 4341" in rules
    address = sent(officer, ledger((CITY, "400002", "10.2.2019", "9")))
    officer.post_form(address, {}, f"{address}/activation")
    assert waiting(database) == []
    assert required(database, contracts[1]) == 2


def test_a_decision_on_one_alone_leads_to_the_next(
    officer: SignedInBrowser, database: Database, contracts: list[str]
) -> None:
    address, action = first(database), f"{first(database)}/decision"
    form = officer.form(address, action)
    answer = officer.send(form, {"contract_id": "none", "remember[]": ""})
    assert answer.headers["location"] == f"{first(database)}?settled=1"
    assert "One purchase was settled." in officer.get(answer.headers["location"]).text
    assert len(waiting(database)) == 2
    assert officer.get(address).headers["location"] == "/held-purchases"
    again = officer.send(form, {"contract_id": "none", "remember[]": "", "once": ""})
    assert (again.status_code, "Someone has decided on this purchase" in again.text) == (409, True)
    with database.reading() as session:
        assert session.scalars(select(Purchase.id)).all() == []
        assert session.scalars(select(AttachmentRule.id)).all() == []


def test_what_follows_is_told_before_it_is_decided(
    officer: SignedInBrowser, database: Database, contracts: list[str]
) -> None:
    address = first(database)
    form = officer.form(address, f"{address}/decision")
    chosen = {"contract_id": contracts[0]}
    whole = officer.send({**form, "action": f"{address}/preview"}, chosen).text
    assert "3 purchases that are alike are settled at once" in whole
    assert "1 position is required then, instead of 0." in whole
    csrf = dict(form["fields"])["csrf"]
    part = officer.client.post(
        f"{address}/preview", data={"csrf": csrf, **chosen, "remember[]": ""}, headers={"X-Part": "follows"}
    )
    assert ("This purchase is settled" in part.text, "<html" in part.text) == (True, False)
    none = officer.client.post(
        f"{address}/preview", data={"csrf": csrf, "contract_id": "none"}, headers={"X-Part": "follows"}
    )
    assert "It counts towards no contract." in none.text
    assert len(waiting(database)) == 3


def test_a_decision_on_a_correction_says_what_it_takes_back(
    officer: SignedInBrowser, database: Database, contracts: list[str]
) -> None:
    earlier = first(database)
    officer.send(officer.form(earlier, f"{earlier}/decision"), {"contract_id": contracts[0], "remember[]": ""})
    superseded = first(database)
    address = sent(officer, ledger((CITY, "600000", "1.2.2019", "1"), (CITY, "7", "2.2.2019", "2")))
    officer.post_form(address, {}, f"{address}/activation")
    assert officer.get(superseded).headers["location"] == "/held-purchases"
    assert "3 purchases wait." in officer.get("/held-purchases").text
    correction = f"/held-purchases/{waiting(database)[-2]}"
    shown = officer.get(correction).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "This row corrects an earlier one: €300,000 on 1 February 2019 in the contract S-1." in shown
    form = officer.form(correction, f"{correction}/decision")
    told = officer.send({**form, "action": f"{correction}/preview"}, {"contract_id": contracts[1], "remember[]": ""})
    assert "It corrects an earlier purchase of" in told.text
    officer.send(officer.form(correction, f"{correction}/decision"), {"contract_id": contracts[1], "remember[]": ""})
    assert [required(database, one) for one in contracts] == [0, 1]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"remember[]": ""}, "The purchase belongs to"),
        ({"contract_id": "0" * 32}, "Choose one of those offered."),
        ({"contract_id": "x"}, "The purchase belongs to"),
        ({"contract_id": "none", "remember[]": "account"}, "the supplier or the contract number"),
        (
            {"contract_id": "none", "remember[]": ["business_id", "service_class"]},
            "the supplier or the contract number",
        ),
    ],
)
def test_what_cannot_be_decided_is_told_and_changes_nothing(
    officer: SignedInBrowser, database: Database, values: dict[str, str], told: str
) -> None:
    answer = officer.post_form(first(database), values, f"{first(database)}/decision")
    assert (answer.status_code, told in answer.text) == (422, True)
    assert len(waiting(database)) == 3


def test_a_rule_that_is_forgotten_decides_nothing_more(
    officer: SignedInBrowser, database: Database, contracts: list[str]
) -> None:
    officer.post_form(first(database), {"contract_id": contracts[0]}, f"{first(database)}/decision")
    form = officer.form("/attachment-rules")
    assert form["action"].endswith("/revocation")
    assert officer.send(form, {}).headers["location"] == "/attachment-rules?done=revoked"
    again = officer.send(form, {"once": ""})
    assert (again.status_code, "revoked already" in again.text) == (409, True)
    assert "Nothing is remembered." in officer.get("/attachment-rules").text
    address = sent(officer, ledger((CITY, "5", "10.2.2019", "9")))
    officer.post_form(address, {}, f"{address}/activation")
    assert len(waiting(database)) == 1


def test_a_purchase_that_looks_recorded_is_the_same_or_another(
    browser_of: Browsers, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    clock.set(date(2019, 3, 15))
    contract_id = threshold_contract(portfolio)
    officer = browser_of("officer")
    new = f"/contracts/{contract_id}/purchases/new"
    officer.post_form(new, {"on_date": "2019-02-01", "amount_eur": "5,00"}, new)
    address = sent(officer, ledger((CITY, "5", "1.2.2019", "1")))
    officer.post_form(address, {}, f"{address}/activation")
    page = officer.get(first(database)).text
    assert "It is the same purchase: leave it out" in page
    assert "It is another purchase: add it to the contract S-1" in page
    assert "Remember" not in page
    officer.post_form(first(database), {"contract_id": contract_id}, f"{first(database)}/decision")
    with database.reading() as session:
        assert session.scalars(select(Purchase.amount_cents)).all() == [500, 500]


def test_nobody_but_those_who_write_contracts_decides(
    officer: SignedInBrowser, browser_of: Browsers, database: Database
) -> None:
    for who in ("liaison", "viewer", "owner", "reporter"):
        assert browser_of(who).get("/held-purchases").status_code == 403
        assert browser_of(who).get("/attachment-rules").status_code == 403
        assert browser_of(who).get(first(database)).status_code == 404
    assert "No purchase waits for you." in browser_of("stranger").get("/held-purchases").text
    assert browser_of("stranger").get(first(database)).status_code == 404
