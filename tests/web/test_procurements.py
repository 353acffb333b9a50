"""Procurements by form: registered with clause and contracts at once, copied, changed, previewed."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.storage.models import Clause, Contract, Owner, Procurement, Supplier
from app.storage.session import Database
from tests.portfolio import Portfolio
from tests.registering import get, post, procurement_body
from tests.web.signed_in import SignedInBrowser, form_in

BrowserOf = Callable[[str], SignedInBrowser]
NEW = "/procurements/new"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the forms send is written alike on both: tests/api/test_procurements.py."""
    return sqlite_url


@pytest.fixture
def officer(browser_of: BrowserOf) -> SignedInBrowser:
    return browser_of("officer")


def procurement(portfolio: Portfolio, **changes: str) -> dict[str, Any]:
    return {"title": "Siivous 2018–2020", "reference": "HEL 2018-1", "unit_id": portfolio.division} | changes


def contract(number: int = 0, **changes: str) -> dict[str, str]:
    values = {
        "reference": f"S-{number}",
        "supplier.business_id": "0201256-6",
        "supplier.name": "Siivous Oy",
        "starts_on": "1.3.2018",
        "ends_on": "28.2.2020",
        "owner.email": "olli@example.org",
        "owner.name": "Olli Omistaja",
    }
    return {f"contracts.{number}.{name}": value for name, value in (values | changes).items()}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " "))


def count(database: Database, kind: Any) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_procurement_its_clause_and_its_contract_are_registered_at_once(
    officer: SignedInBrowser, portfolio: Portfolio, database: Database
) -> None:
    answer = officer.post_form(NEW, procurement(portfolio) | contract() | {"do": "register"})
    assert answer.status_code == 303, plain(answer.text)
    with database.reading() as session:
        made = session.scalars(select(Contract)).one()
        assert (made.reference, made.supplier_language) == ("S-0", "fi")
        assert session.get_one(Clause, made.procurement_id).positions == 1
        assert session.get_one(Owner, made.owner_id).email == "olli@example.org"
    assert answer.headers["location"] == f"/contracts/{made.id}?done=registered"


def test_a_threshold_with_two_contracts_leads_to_the_procurement(
    officer: SignedInBrowser, portfolio: Portfolio, database: Database
) -> None:
    clause = {
        "clause.type": "purchase_threshold",
        "clause.threshold_eur": "500 000,00 €",
        "clause.max_positions": "5",
        "clause.target_groups[]": ["youth", "immigrant"],
    }
    second = contract(1, **{"supplier.business_id": "FI01120389", "supplier.name": "Toinen Oy"})
    options = {"contracts.1.options.0.ends_on": "28.2.2021"}
    sent = procurement(portfolio) | clause | contract() | second | options | {"do": "register"}
    answer = officer.post_form(NEW, sent)
    assert answer.status_code == 303, plain(answer.text)
    with database.reading() as session:
        kept = session.scalars(select(Clause)).one()
    assert (kept.threshold_cents, kept.max_positions, kept.completion) == (500_000_00, 5, "may_follow_contract")
    assert kept.target_groups == ["youth", "immigrant"]
    page = officer.get(answer.headers["location"])
    assert page.status_code == 200
    assert "Siivous Oy" in page.text
    assert "Toinen Oy" in page.text


def test_what_is_wrong_in_the_second_contract_stands_beside_its_field_and_nothing_is_kept(
    officer: SignedInBrowser, portfolio: Portfolio, database: Database
) -> None:
    wrong = contract(1, **{"starts_on": "28.2.2020", "ends_on": "1.3.2018"})
    answer = officer.post_form(NEW, procurement(portfolio) | contract() | wrong | {"do": "register"})
    assert answer.status_code == 422
    assert 'id="contracts.1.ends_on-error"' in answer.text
    assert 'href="#contracts.1.ends_on"' in answer.text
    assert 'value="Siivous Oy"' in answer.text
    assert (count(database, Procurement), count(database, Contract), count(database, Supplier)) == (0, 0, 0)


def test_all_that_is_wrong_is_told_at_once(officer: SignedInBrowser, portfolio: Portfolio) -> None:
    wrong = {"clause.positions": "many", "contracts.0.supplier.business_id": "1234567-8"}
    answer = officer.post_form(NEW, procurement(portfolio, title="") | wrong | {"do": "register"})
    assert answer.status_code == 422
    for field in ("title", "clause.positions", "contracts.0.supplier.business_id", "contracts.0.owner.email"):
        assert f'id="{field}-error"' in answer.text, field


def test_an_identity_code_is_refused_and_comes_back_nowhere(
    officer: SignedInBrowser, portfolio: Portfolio, database: Database
) -> None:
    code = "131052-308T"
    sent = procurement(portfolio, title=f"Siivous {code}") | contract(**{"supplier_contact.name": code})
    for do in ("register", "preview", "add_contract"):
        answer = officer.post_form(NEW, sent | {"do": do})
        assert code not in answer.text
        assert "S-0" in answer.text
    assert code not in preview(officer, **sent)
    assert count(database, Procurement) == 0


def test_a_form_sent_twice_registers_once(officer: SignedInBrowser, portfolio: Portfolio, database: Database) -> None:
    form = officer.form(NEW)
    values = procurement(portfolio) | contract() | {"do": "register"}
    first, second = (officer.send(form, values, NEW) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert count(database, Procurement) == 1


def test_without_a_clause_the_reason_is_kept_and_no_contract(
    officer: SignedInBrowser, portfolio: Portfolio, database: Database
) -> None:
    none = {"clause.type": "none", "do": "register"}
    assert officer.post_form(NEW, procurement(portfolio) | none).status_code == 422
    answer = officer.post_form(NEW, procurement(portfolio) | none | {"no_clause_reason": "Liian pieni."})
    assert answer.status_code == 303
    assert count(database, Contract) == 0
    assert "Liian pieni." in officer.get(answer.headers["location"]).text


def test_buttons_show_other_fields_and_lose_nothing(
    officer: SignedInBrowser, portfolio: Portfolio, database: Database
) -> None:
    chosen = {"clause.type": "award_criterion", "do": "fields"}
    shown = officer.post_form(NEW, procurement(portfolio) | contract() | chosen)
    assert shown.status_code == 200
    assert re.search(
        r'<div data-clause="award_criterion">\s*<div class="field">\s*<label for="contracts.0.comm', shown.text
    )
    more = officer.post_form(NEW, procurement(portfolio) | contract() | {"do": "add_contract"})
    assert 'name="contracts.1.reference"' in more.text
    assert 'name="contracts.1.owner.email" value="olli@example.org"' in more.text
    fewer = officer.post_form(NEW, procurement(portfolio) | contract() | contract(1) | {"do": "remove_contract.0"})
    assert 'name="contracts.0.reference" value="S-1"' in fewer.text
    assert 'name="contracts.1.reference"' not in fewer.text
    option = officer.post_form(NEW, procurement(portfolio) | contract() | {"do": "add_option.contracts.0"})
    assert 'name="contracts.0.options.1.ends_on"' in option.text
    assert count(database, Procurement) == 0


def test_the_preview_says_what_is_required_and_by_when(officer: SignedInBrowser, portfolio: Portfolio) -> None:
    answer = officer.post_form(NEW, procurement(portfolio) | contract() | {"do": "preview"})
    said = (
        "Yksi henkilö on palkattava. Hänen on aloitettava viimeistään 31.5.2019, jotta yhdeksän kuukautta täyttyy "
        "ennen kuin sopimus päättyy 28.2.2020."
    )
    assert said in plain(answer.text) or "One person must be employed. They must start by 31 May 2019" in plain(
        answer.text
    )
    piece = officer.client.post("/procurements/preview", data=contract() | {"clause.type": "fixed_count"})
    assert piece.status_code == 200
    assert "<html" not in piece.text


def preview(officer: SignedInBrowser, **values: Any) -> str:
    answer = officer.client.post("/procurements/preview", data=values)
    assert answer.status_code == 200, answer.text
    return plain(answer.text)


def test_the_preview_of_every_type_and_of_too_little(officer: SignedInBrowser) -> None:
    days = {"contracts.0.starts_on": "2026-01-01", "contracts.0.ends_on": "2026-12-31"}
    fixed = preview(officer, **{"clause.type": "fixed_count", "clause.positions": "2"}, **days)
    assert "must start by 1 April 2026" in fixed
    assert "The work condition of unemployment security takes 12 months" in fixed
    assert "That leaves three months to start it" in fixed
    bought = {"clause.type": "purchase_threshold", "clause.threshold_eur": "500000"}
    assert "For every full 500,000 euros bought, one person" in preview(officer, **bought)
    value = {"contracts.0.value_eur": "1 200 000"}
    assert "€1,200,000, that is two people at the most" in preview(officer, **bought, **days, **value)
    promised = {"clause.type": "award_criterion"} | days
    assert "Tell how many people the supplier promised" in preview(officer, **promised)
    assert "Two people must be" in preview(officer, **promised, **{"contracts.0.committed_positions": "2"})
    assert "Told here as soon as" in preview(officer, **{"clause.type": "fixed_count", "clause.positions": "x"})
    assert "Told here as soon as" in preview(officer)


def test_the_wording_for_the_tender_is_there_to_copy(officer: SignedInBrowser) -> None:
    shown = preview(officer, **{"clause.type": "fixed_count", "clause.positions": "1"})
    assert "Toimittaja sitoutuu työllistämään vähintään yhden" in shown
    assert "Leverantören förbinder sig att sysselsätta minst en person" in shown


def test_an_earlier_procurement_is_copied_without_days_and_suppliers(
    officer: SignedInBrowser, portfolio: Portfolio, database: Database
) -> None:
    officer.post_form(
        NEW, procurement(portfolio, programme="SIEPP", signed_on="1.2.2018") | contract() | {"do": "register"}
    )
    with database.reading() as session:
        earlier = session.scalars(select(Procurement.id)).one()
    page = officer.get(f"{NEW}?copy={earlier}").text
    assert 'name="programme" value="SIEPP"' in page
    assert 'name="contracts.0.owner.email" value="olli@example.org"' in page
    assert 'name="contracts.0.supplier.business_id" value=""' in page
    assert 'name="contracts.0.starts_on" value=""' in page
    assert 'name="signed_on" value=""' in page
    assert officer.get(f"{NEW}?copy={'0' * 32}").status_code == 404


def test_a_clause_is_changed_and_someone_elses_change_is_shown(
    officer: SignedInBrowser, portfolio: Portfolio, database: Database
) -> None:
    officer.post_form(NEW, procurement(portfolio) | contract() | {"do": "register"})
    with database.reading() as session:
        key = session.scalars(select(Procurement.id)).one()
    path = f"/procurements/{key}/change"
    stale = officer.form(path)
    changed = officer.post_form(path, {"clause.positions": "2", "clause.min_weekly_hours": "18,5", "do": "save"})
    assert changed.headers["location"] == f"/procurements/{key}?done=changed"
    with database.reading() as session:
        kept = session.get_one(Clause, key)
        assert (kept.positions, kept.min_weekly_hours) == (2, Decimal("18.5"))
        assert kept.employment_forms == ["employment", "apprenticeship"]
    again = officer.send(stale, {"title": "Toinen nimi", "do": "save"}, path)
    assert again.status_code == 412
    told = plain(again.text)
    assert "<td>Siivous 2018–2020</td><td>Toinen nimi</td>" in told
    assert "<td>2</td><td>1</td>" in told
    once_more = officer.send(form_in(again.text, path), {"do": "save"}, path)
    assert once_more.status_code == 303
    assert "Toinen nimi" in officer.get(f"/procurements/{key}").text


def test_a_required_field_emptied_in_a_change_is_told_to_be_missing(
    officer: SignedInBrowser, portfolio: Portfolio
) -> None:
    made = officer.post_form(NEW, procurement(portfolio) | contract() | {"do": "register"})
    assert made.status_code == 303
    path = f"/procurements/{get_only(officer)}/change"
    answer = officer.post_form(path, {"title": "", "clause.positions": "", "do": "save"})
    assert answer.status_code == 422
    assert 'id="title-error"' in answer.text
    assert 'id="clause.positions-error"' in answer.text


def get_only(officer: SignedInBrowser) -> str:
    found = re.search(r'href="/procurements/([0-9a-f]{32})"', officer.get("/procurements").text)
    assert found
    return found[1]


def test_a_clause_is_added_and_taken_away_while_no_contract_has_it(
    officer: SignedInBrowser, portfolio: Portfolio, database: Database
) -> None:
    none = {"clause.type": "none", "no_clause_reason": "Liian pieni.", "do": "register"}
    key = officer.post_form(NEW, procurement(portfolio) | none).headers["location"].split("/")[2].split("?")[0]
    path = f"/procurements/{key}/change"
    added = {"clause.type": "award_criterion", "clause.points_per_position": "2,5", "do": "save"}
    assert officer.post_form(path, added).status_code == 303
    with database.reading() as session:
        assert session.get_one(Clause, key).type == "award_criterion"
        assert session.get_one(Procurement, key).no_clause_reason is None
    assert officer.post_form(path, none | {"do": "save"}).status_code == 303
    assert count(database, Clause) == 0


def test_one_more_contract_under_a_procurement(
    officer: SignedInBrowser, portfolio: Portfolio, client: TestClient
) -> None:
    key = post(client, "/procurements", procurement_body(portfolio), portfolio.officer).json()["id"]
    path = f"/procurements/{key}/contracts/new"
    values = {name.removeprefix("contracts.0."): value for name, value in contract().items()}
    shown = officer.post_form(path, values | {"do": "preview"})
    assert "must start by 31 May 2019" in plain(shown.text)
    made = officer.post_form(path, values | {"do": "register"})
    assert made.status_code == 303, plain(made.text)
    again = officer.post_form(path, values | {"do": "register"})
    assert again.status_code == 409
    assert 'id="reference-error"' in again.text


def test_a_contracts_own_data_are_changed_and_a_stale_edit_shows_both(
    officer: SignedInBrowser, portfolio: Portfolio, client: TestClient
) -> None:
    contract_id = portfolio.contract()
    path = f"/contracts/{contract_id}/change"
    stale = officer.form(path)
    party = {"parties.0.business_id": "0201256-6", "parties.0.name": "Osakas Oy", "parties.0.role": "member"}
    changed = officer.post_form(path, {"value_eur": "300 000", "ends_on": "31.3.2020", "do": "save"} | party)
    assert changed.headers["location"] == f"/contracts/{contract_id}?done=contract_changed"
    read = get(client, f"/contracts/{contract_id}", portfolio.officer)
    assert (read["value_eur"], read["ends_on"]) == ("300000.00", "2020-03-31")
    assert [one["name"] for one in read["parties"]] == ["Osakas Oy"]
    again = officer.send(stale, {"value_eur": "200000", "do": "save"}, path)
    assert again.status_code == 412
    assert "<td>300000</td><td>200000</td>" in plain(again.text)
    assert "<td>31 March 2020</td><td>28 February 2020</td>" in plain(again.text)
    assert '<th scope="row">do</th>' not in again.text
    wrong = officer.post_form(path, {"ends_on": "1.1.2017", "do": "save"})
    assert wrong.status_code == 422
    assert 'id="ends_on-error"' in wrong.text


def test_who_may_not_write_is_shown_no_form_and_strangers_nothing(
    browser_of: BrowserOf, portfolio: Portfolio, officer: SignedInBrowser
) -> None:
    officer.post_form(NEW, procurement(portfolio) | contract() | {"do": "register"})
    key = get_only(officer)
    viewer, stranger = browser_of("viewer"), browser_of("stranger")
    assert viewer.get(f"/procurements/{key}").status_code == 200
    for path in (NEW, f"/procurements/{key}/change", f"/procurements/{key}/contracts/new"):
        assert viewer.get(path).status_code == 403, path
    for path in ("", "/change", "/contracts/new"):
        assert stranger.get(f"/procurements/{key}{path}").status_code == 404, path
    assert "Siivous" not in stranger.get("/procurements").text
    assert "Siivous" not in stranger.get("/procurements/suppliers?q=Si").text
    assert "Siivous" in officer.get("/procurements/suppliers?q=Si").text


def test_the_list_is_searched_and_paged(officer: SignedInBrowser, portfolio: Portfolio) -> None:
    for _ in range(3):
        portfolio.contract()
    first = officer.get("/procurements?limit=2").text
    assert "Siivouspalvelut 3" in first
    assert "Siivouspalvelut 1" not in first
    following = re.search(r'href="(/procurements\?[^"]*cursor=[^"]*)"', first)
    assert following
    assert "Siivouspalvelut 1" in officer.get(following[1].replace("&amp;", "&")).text
    found = officer.get("/procurements?q=velut 2").text
    assert "Siivouspalvelut 2" in found
    assert "Siivouspalvelut 3" not in found
