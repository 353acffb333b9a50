"""Drafts on pages: those that wait, the form filled in from one, registering it, leaving it out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.storage.models import Contract, Draft, Party, Procurement
from app.storage.session import Database
from tests.notices import CONDITION, HELSINKI, STOCKHOLM, Lot, Notice, Won, award, bring
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser, form_in

BrowserOf = Callable[[str], SignedInBrowser]
WITH_PARTIES = [Won([HELSINKI, STOCKHOLM], [("Ali Oy", "", "FIN"), ("Toinen Oy", "1234567-1", "FIN")])]
COMPLETED = {
    "clause.type": "fixed_count",
    "clause.positions": "2",
    "contracts.0.owner.email": "olli@example.org",
    "contracts.0.owner.name": "Olli Omistaja",
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the forms send is written alike on both: tests/api/test_drafts.py, tests/services/test_eforms_imports.py."""
    return sqlite_url


@pytest.fixture
def officer(browser_of: BrowserOf) -> SignedInBrowser:
    return browser_of("officer")


@pytest.fixture
def brought(portfolio: Portfolio, database: Database) -> Callable[..., str]:
    """Brings a notice in and gives the id of its draft."""

    def bring_in(notice: Notice | None = None) -> str:
        wanted = notice or award([Lot(won=[Won()])])
        bring(database, wanted, portfolio.root, portfolio.division, portfolio.act())
        with database.reading() as session:
            return session.scalars(select(Draft.id).order_by(Draft.id.desc()).limit(1)).one()

    return bring_in


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text).replace("\N{NO-BREAK SPACE}", " ")).replace("&#39;", "'")


def count(database: Database, kind: Any) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def fields(officer: SignedInBrowser, draft_id: str) -> dict[str, str]:
    return dict(officer.form(f"/drafts/{draft_id}")["fields"])


def test_what_waits_is_told_on_the_start_page_the_procurements_and_a_page_of_its_own(
    officer: SignedInBrowser, brought: Any
) -> None:
    assert "No draft waits for you" in officer.get("/drafts").text
    assert "/drafts" not in officer.get("/").text
    draft_id = brought()
    assert "1 draft waits to be registered" in officer.get("/").text
    assert "Drafts (1)" in officer.get("/procurements").text
    page = plain(officer.get("/drafts").text)
    assert "Still to be filled in: the employment clause and the contract owner." in page
    assert f"/drafts/{draft_id}" in officer.get("/drafts").text


def test_the_form_is_filled_in_from_the_notice_and_leaves_the_clause_to_its_reader(
    officer: SignedInBrowser, portfolio: Portfolio, brought: Any
) -> None:
    draft_id = brought()
    shown = fields(officer, draft_id)
    assert shown["title"] == "Siivouspalvelut 2026–2028"
    assert (shown["reference"], shown["unit_id"]) == ("HEL 2026-000123", portfolio.division)
    assert (shown["estimated_value_eur"], shown["kind"]) == ("500000", "services")
    assert (shown["contracts.0.supplier.business_id"], shown["contracts.0.value_eur"]) == ("0201256-6", "480000")
    assert (shown["contracts.0.starts_on"], shown["contracts.0.ends_on"]) == ("2026-03-01", "2028-02-29")
    assert "clause.type" not in shown
    assert shown["clause.positions"] == ""


def test_what_the_notice_says_stands_beside_the_form(officer: SignedInBrowser, brought: Any) -> None:
    page = plain(officer.get(f"/drafts/{brought()}").text)
    assert "What the notice says" in page
    assert f"Condition for carrying out the contract {CONDITION}" in page
    assert "Buyer Helsingin kaupunki, 0201256-6" in page


def test_a_completed_draft_is_registered_with_its_contract_and_waits_no_longer(
    officer: SignedInBrowser, database: Database, brought: Any
) -> None:
    draft_id = brought()
    answer = officer.post_form(f"/drafts/{draft_id}", COMPLETED | {"do": "register"})
    assert answer.status_code == 303, plain(answer.text)
    with database.reading() as session:
        contract = session.scalars(select(Contract)).one()
        draft = session.get_one(Draft, draft_id)
        assert (draft.status, draft.procurement_id) == ("registered", contract.procurement_id)
    assert answer.headers["location"].startswith(f"/contracts/{contract.id}")
    assert "Open the procurement" in officer.get(f"/drafts/{draft_id}").text
    assert draft_id in officer.get("/drafts?status=registered").text
    assert draft_id not in officer.get("/drafts").text


def test_a_notice_without_contracts_is_registered_as_a_procurement_alone(
    officer: SignedInBrowser, database: Database, brought: Any
) -> None:
    values = {"clause.type": "fixed_count", "clause.positions": "1", "do": "register"}
    answer = officer.post_form(f"/drafts/{brought(Notice())}", values)
    assert answer.status_code == 303, plain(answer.text)
    assert answer.headers["location"].startswith("/procurements/")
    assert (count(database, Procurement), count(database, Contract)) == (1, 0)


def test_whoever_chooses_no_type_of_clause_is_asked_for_it_at_its_field(
    officer: SignedInBrowser, database: Database, brought: Any
) -> None:
    answer = officer.post_form(f"/drafts/{brought()}", {"do": "register"})
    assert answer.status_code == 422
    assert 'href="#clause.type"' in answer.text
    assert 'href="#contracts.0.owner.email"' in answer.text
    assert (count(database, Procurement), count(database, Draft)) == (0, 1)


def test_members_of_the_consortium_are_registered_and_an_emptied_one_is_left_out(
    officer: SignedInBrowser, database: Database, brought: Any
) -> None:
    draft_id = brought(award([Lot(won=WITH_PARTIES)]))
    shown = fields(officer, draft_id)
    assert shown["contracts.0.parties.0.identifier"] == "2120000142"
    assert shown["contracts.0.parties.1.name"] == "Ali Oy"
    unknown = officer.post_form(f"/drafts/{draft_id}", COMPLETED | {"do": "register"})
    assert unknown.status_code == 422
    assert 'href="#contracts.0.parties.1.business_id"' in unknown.text
    emptied = {"contracts.0.parties.1.name": "", "contracts.0.parties.1.business_id": ""}
    wrong = {"contracts.0.parties.2.business_id": "1234567-2"}
    answer = officer.post_form(f"/drafts/{draft_id}", COMPLETED | emptied | wrong | {"do": "register"})
    assert 'href="#contracts.0.parties.1.business_id"' in answer.text  # the one after the emptied line has moved up
    answer = officer.post_form(f"/drafts/{draft_id}", COMPLETED | emptied | {"do": "register"})
    assert answer.status_code == 303, plain(answer.text)
    with database.reading() as session:
        assert sorted(session.scalars(select(Party.role))) == ["member", "subcontractor"]


def test_the_second_of_two_people_is_told_that_the_first_was_there(
    officer: SignedInBrowser, browser_of: BrowserOf, database: Database, brought: Any
) -> None:
    draft_id = brought()
    second = browser_of("admin")
    form = second.form(f"/drafts/{draft_id}")
    officer.post_form(f"/drafts/{draft_id}", COMPLETED | {"do": "register"})
    answer = second.send(form, COMPLETED | {"do": "register"}, f"/drafts/{draft_id}")
    assert answer.status_code == 409
    assert "has registered this draft or left it out meanwhile" in plain(answer.text)
    assert count(database, Procurement) == 1


def test_a_form_sent_twice_registers_once(officer: SignedInBrowser, database: Database, brought: Any) -> None:
    draft_id = brought()
    form = officer.form(f"/drafts/{draft_id}")
    first, second = (officer.send(form, COMPLETED | {"do": "register"}, f"/drafts/{draft_id}") for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert count(database, Procurement) == 1


def test_a_newer_notice_that_came_meanwhile_is_shown_before_anything_is_registered(
    officer: SignedInBrowser, database: Database, brought: Any
) -> None:
    draft_id = brought()
    form = officer.form(f"/drafts/{draft_id}")
    brought(award([Lot(won=[Won()], condition="Uusi ehto")], version="02"))
    answer = officer.send(form, COMPLETED | {"do": "register"}, f"/drafts/{draft_id}")
    assert answer.status_code == 412
    assert "The source has told more meanwhile" in plain(answer.text)
    assert "Uusi ehto" in answer.text
    again = officer.send(
        {"action": f"/drafts/{draft_id}", "fields": _fields(answer.text, draft_id)}, {"do": "register"}
    )
    assert again.status_code == 303, plain(again.text)
    assert count(database, Procurement) == 1


def _fields(html: str, draft_id: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = form_in(html, f"/drafts/{draft_id}")["fields"]
    return found


def test_buttons_that_only_change_the_form_register_nothing(
    officer: SignedInBrowser, database: Database, brought: Any
) -> None:
    draft_id = brought()
    for button in ("preview", "fields", "add_contract", "add_option.contracts.0", "remove_contract.0"):
        answer = officer.post_form(f"/drafts/{draft_id}", {"do": button})
        assert answer.status_code == 200, button
        assert f'action="/drafts/{draft_id}"' in answer.text
    assert count(database, Procurement) == 0


def test_a_draft_left_out_is_asked_for_no_more(officer: SignedInBrowser, database: Database, brought: Any) -> None:
    draft_id = brought()
    answer = officer.post_form(f"/drafts/{draft_id}", {}, f"/drafts/{draft_id}/leave-out")
    assert answer.status_code == 303
    assert "was left out" in officer.get(answer.headers["location"]).text
    assert "left this out" in plain(officer.get(f"/drafts/{draft_id}").text)
    with database.reading() as session:
        assert session.get_one(Draft, draft_id).status == "left_out"


def test_only_who_may_register_sees_drafts(browser_of: BrowserOf, brought: Any) -> None:
    draft_id = brought()
    for who in ("viewer", "liaison", "owner"):
        assert browser_of(who).get("/drafts").status_code == 403
        assert browser_of(who).get(f"/drafts/{draft_id}").status_code == 404
        assert "/drafts" not in browser_of(who).get("/").text
    assert browser_of("stranger").get(f"/drafts/{draft_id}").status_code == 404


def test_markup_in_a_notice_is_shown_as_text(officer: SignedInBrowser, client: TestClient, brought: Any) -> None:
    page = officer.get(f"/drafts/{brought(Notice([Lot(condition='<script>x</script>')], title='<b>Siivous'))}").text
    assert "<script>x" not in page
    assert "<b>Siivous" not in page
