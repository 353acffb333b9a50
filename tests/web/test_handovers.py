"""Contracts handed over by form, one or many at once."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy import select

from app.storage.models import Message
from app.storage.session import Database
from tests.portfolio import Portfolio
from tests.registering import get
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]
NEW = {"owner.email": "new@example.org", "owner.name": "Uusi Vastuu", "owner.language": "sv"}


def owner_of(client: TestClient, portfolio: Portfolio, contract_id: str) -> str:
    return str(get(client, f"/contracts/{contract_id}", portfolio.officer)["owner"]["email"])


def mails(database: Database) -> list[tuple[str, list[str]]]:
    with database.reading() as session:
        return [
            (row.to_email, row.copies) for row in session.scalars(select(Message).where(Message.kind == "handover"))
        ]


def test_the_owner_hands_their_contract_over_once(
    client: TestClient, portfolio: Portfolio, database: Database, browser_of: BrowserOf
) -> None:
    contract_id, browser = portfolio.contract(), browser_of("owner")
    form = browser.form(f"/contracts/{contract_id}/handover")
    first = browser.send(form, NEW | {"note": "The contact is on holiday until August."})
    assert first.headers["location"] == f"/contracts/{contract_id}?done=handed_over"
    second = browser.send(form, NEW | {"note": "The contact is on holiday until August."})
    assert second.headers["location"] == first.headers["location"]
    assert owner_of(client, portfolio, contract_id) == "new@example.org"
    assert mails(database) == [("new@example.org", ["owner@example.org"])]


def test_known_owners_are_offered(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    portfolio.contract(owner="another@example.org")
    page = browser_of("officer").get(f"/contracts/{portfolio.contract()}/handover").text
    assert '<option value="another@example.org">' in page


def test_someone_unknown_needs_a_name_and_the_present_owner_cannot_be_the_new_one(
    portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    path, browser = f"/contracts/{portfolio.contract()}/handover", browser_of("officer")
    unknown = browser.post_form(path, NEW | {"owner.name": "", "note": "Kept"})
    assert unknown.status_code == 422
    assert 'id="owner.name-error"' in unknown.text
    assert "Kept" in unknown.text
    same = browser.post_form(path, {"owner.email": "owner@example.org"})
    assert same.status_code == 409
    assert 'id="owner-error"' in same.text


def test_many_are_handed_over_at_once_each_with_a_mail_of_its_own(
    client: TestClient, portfolio: Portfolio, database: Database, browser_of: BrowserOf
) -> None:
    mine, other = portfolio.contract(), portfolio.contract(owner="other@example.org")
    kept, already = portfolio.contract(), portfolio.contract(owner="new@example.org")
    browser = browser_of("officer")
    ids = [mine, other, kept, already]
    path = "/handover?" + "&".join(f"contract={one}" for one in ids)
    answer = browser.post_form(path, NEW | {"contract[]": [mine, other, already]}, action="/handover")
    assert answer.status_code == 303
    told = browser.get(answer.headers["location"]).text
    assert "2 contracts were handed over" in told
    assert [owner_of(client, portfolio, one) for one in ids] == [NEW["owner.email"]] * 2 + [
        "owner@example.org",
        "new@example.org",
    ]
    assert sorted(mails(database)) == [
        ("new@example.org", ["other@example.org"]),
        ("new@example.org", ["owner@example.org"]),
    ]


def test_of_many_all_are_handed_over_or_none(
    client: TestClient, portfolio: Portfolio, database: Database, browser_of: BrowserOf
) -> None:
    mine, not_mine = portfolio.contract(), portfolio.contract(owner="other@example.org")
    browser = browser_of("owner")
    page = browser.get(f"/handover?contract={mine}&contract={not_mine}").text
    assert "1 of the contracts is left out" in page
    form = browser.form(f"/handover?contract={mine}&contract={not_mine}", "/handover")
    assert browser.send(form, NEW | {"contract[]": [mine, not_mine]}).status_code == 403
    assert owner_of(client, portfolio, mine) == "owner@example.org"
    assert mails(database) == []


def test_without_a_contract_chosen_the_form_says_so_and_keeps_what_was_typed(
    portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    contract_id, browser = portfolio.contract(), browser_of("officer")
    form = browser.form(f"/handover?contract={contract_id}", "/handover")
    answer = browser.send(form, NEW | {"contract[]": []})
    assert answer.status_code == 409
    assert 'id="contract-error"' in answer.text
    assert "Uusi Vastuu" in answer.text
    assert contract_id in answer.text


def test_contracts_of_others_are_not_handed_over(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    contract_id = portfolio.contract()
    for path in (f"/contracts/{contract_id}/handover", f"/handover?contract={contract_id}"):
        assert browser_of("viewer").get(path).status_code == 403
        assert browser_of("other_owner").get(path).status_code == 403
        assert browser_of("stranger").get(path).status_code == 404
    assert browser_of("stranger").get(f"/handover/done?contract={contract_id}").status_code == 404
