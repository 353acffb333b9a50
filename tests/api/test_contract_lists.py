"""Lists of contracts: filters, orders, pages, and what they cost."""

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from app.rules.codes import Role
from app.schemas.contracts import ContractList
from app.storage.models import Grant, Token, User, new_id
from app.storage.people import token_hash
from app.storage.session import Database
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Headers, Portfolio
from tests.registering import ABROAD, AWARD, a_contract, a_procurement, get, patch

OTHER_OWNER = {"name": "Oona", "email": "oona@example.org"}


@pytest.fixture
def contracts(client: TestClient, portfolio: Portfolio, clock: SetClock) -> dict[str, str]:
    """Four contracts by name: at risk, open, without a missing position, of the office."""
    award = a_procurement(client, portfolio, clause=AWARD, title="Älyliikenne", reference="HEL 2020-9")
    own = a_procurement(client, portfolio, unit_id=portfolio.office)
    clock.set(date(2019, 3, 2))
    return {
        "at_risk": a_contract(client, portfolio, reference="A-1"),
        "open": a_contract(client, portfolio, reference="B-2", ends_on="2021-02-28", supplier=ABROAD),
        "nothing": a_contract(client, portfolio, award, reference="C-3", committed_positions=0, owner=OTHER_OWNER),
        "office": a_contract(client, portfolio, own, reference="D-4", ends_on="2022-02-28"),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["at_risk", "open", "office", "nothing"]),
        ({"sort": "-latest_start_on"}, ["office", "open", "at_risk", "nothing"]),
        ({"sort": "-reference"}, ["office", "nothing", "open", "at_risk"]),
        ({"sort": "-ends_on"}, ["office", "open", "nothing", "at_risk"]),
        ({"status": "at_risk"}, ["at_risk"]),
        ({"status": ["at_risk", "no_obligation"]}, ["at_risk", "nothing"]),
        ({"clause_type": "award_criterion"}, ["nothing"]),
        ({"owner_email": "Oona@Example.org"}, ["nothing"]),
        ({"latest_start_before": "2020-06-01"}, ["at_risk"]),
        ({"latest_start_before": "2020-06-02"}, ["at_risk", "open"]),
        ({"q": "b-2"}, ["open"]),
        ({"q": "äLYLIIK"}, ["nothing"]),
        ({"q": "2020-9"}, ["nothing"]),
        ({"q": "stockholm"}, ["open"]),
        ({"q": "_"}, []),
        ({"status": "open", "q": "S-"}, []),
    ],
)
def test_the_list_is_narrowed_and_ordered(
    client: TestClient, portfolio: Portfolio, contracts: dict[str, str], query: dict[str, Any], expected: list[str]
) -> None:
    items = get(client, "/contracts", portfolio.viewer, **query)["items"]
    names = {contract_id: name for name, contract_id in contracts.items()}
    assert [names[item["id"]] for item in items] == expected


def test_a_unit_stands_for_its_subtree_and_a_supplier_for_its_contracts(
    client: TestClient, portfolio: Portfolio, contracts: dict[str, str]
) -> None:
    def found(**query: str) -> set[str]:
        return {item["id"] for item in get(client, "/contracts", portfolio.viewer, **query)["items"]}

    assert found(unit_id=portfolio.office) == {contracts["office"]}
    assert found(unit_id=portfolio.root) == set(contracts.values())
    assert found(unit_id="0" * 32) == set()
    supplier = get(client, f"/contracts/{contracts['open']}", portfolio.viewer)["supplier"]
    assert found(supplier_id=supplier["id"]) == {contracts["open"]}


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"status": "fine"}, "status.0", "wrong_choice"),
        ({"clause_type": "quota"}, "clause_type", "wrong_choice"),
        ({"latest_start_before": "today"}, "latest_start_before", "not_a_date"),
        ({"sort": "title"}, "sort", "sort_unknown"),
        ({"cursor": "nowhere"}, "cursor", "cursor_invalid"),
    ],
)
@on_one_database
def test_a_question_that_makes_no_sense_is_refused(
    client: TestClient, portfolio: Portfolio, query: dict[str, str], field: str, code: str
) -> None:
    answer = client.get("/api/v1/contracts", params=query, headers=portfolio.viewer)
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["field"], error["code"]) == (422, field, code)


def test_a_listed_contract_is_the_same_as_by_itself_save_for_its_details(
    client: TestClient, portfolio: Portfolio
) -> None:
    contract_id = a_contract(client, portfolio)
    (item,) = get(client, "/contracts", portfolio.viewer)["items"]
    alone = get(client, f"/contracts/{contract_id}", portfolio.viewer)
    assert item == {name: alone[name] for name in item}
    details = {"supplier_contact", "parties", "counts_from", "committed_positions", "options", "warnings"}
    of_ledgers = {"ledger_accounts", "ledger_service_classes", "ledger_buying_units"}
    assert alone.keys() - item.keys() == details | of_ledgers | {"supplier_situations"}


@pytest.mark.parametrize("sort", ["latest_start_on", "-latest_start_on", "reference", "starts_on", "-ends_on"])
def test_pages_follow_each_other_without_loss_or_doubling_where_values_are_equal(
    client: TestClient, portfolio: Portfolio, clock: SetClock, sort: str
) -> None:
    ids = {portfolio.contract() for _ in range(5)}
    ids |= {portfolio.contract(type="award_criterion", positions=None, committed_positions=0) for _ in range(4)}
    ids |= {portfolio.contract(ends_on=date(2020, 2, 28) + timedelta(days=day)) for day in (0, 1)}
    whole = [item["id"] for item in get(client, "/contracts", portfolio.viewer, sort=sort)["items"]]
    assert (len(whole), set(whole)) == (11, ids)
    for limit in (1, 3, 4):
        seen: list[str] = []
        cursor = None
        while cursor is not None or not seen:
            query = {"limit": str(limit), "sort": sort} | ({"cursor": cursor} if cursor else {})
            page = get(client, "/contracts", portfolio.viewer, **query)
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
        assert seen == whole


def officer_in(database: Database, clock: SetClock, unit_id: str) -> Headers:
    """Someone who is procurement officer of one unit only."""
    with database.writing() as session:
        user = User(id=new_id(), email="one@example.org", name="One", language="en", active=True, created_at=clock())
        session.add(user)
        session.flush()
        grant = Grant(id=new_id(), user_id=user.id, role=Role.PROCUREMENT_OFFICER, unit_id=unit_id, created_at=clock())
        token = Token(id=new_id(), user_id=user.id, name="t", token_hash=token_hash("one"), created_at=clock())
        session.add_all([grant, token])
    return {"Authorization": "Bearer one"}


def test_a_contract_is_seen_from_its_own_unit_and_from_that_of_its_procurement(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    of_office = a_procurement(client, portfolio, unit_id=portfolio.office)
    bought_here = a_contract(client, portfolio, of_office, unit_id=portfolio.division, reference="1")
    owned_here = a_contract(client, portfolio, unit_id=portfolio.office, reference="2")
    elsewhere = a_contract(client, portfolio, reference="3")
    officer = officer_in(database, clock, portfolio.office)
    listed = get(client, "/contracts", officer, sort="reference")["items"]
    assert [item["id"] for item in listed] == [bought_here, owned_here]
    assert client.get(f"/api/v1/contracts/{elsewhere}", headers=officer).status_code == 404
    assert patch(client, f"/contracts/{owned_here}", {"reference": "4"}, officer).status_code == 200
    moved = patch(client, f"/contracts/{owned_here}", {"unit_id": portfolio.division}, officer)
    assert moved.json()["errors"][0]["code"] == "unit_unknown"


def test_a_page_takes_one_statement_beside_the_one_that_says_who_asks(
    client: TestClient, portfolio: Portfolio, database: Database, contracts: dict[str, str]
) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    query = {"status": "at_risk", "unit_id": portfolio.root, "q": "A"}
    assert get(client, "/contracts", portfolio.viewer, **query)["items"]
    assert len([text for text in statements if text.startswith("SELECT")]) == 2


def test_the_list_is_written_as_its_schema_would_write_it(
    client: TestClient, portfolio: Portfolio, contracts: dict[str, str]
) -> None:
    """It is not checked against the schema each time it is read."""
    change = {"value_eur": "1200000.50", "terminated_on": "2019-12-31", "decided_on": "2019-03-01"}
    assert patch(client, f"/contracts/{contracts['open']}", change, portfolio.officer).status_code == 200
    url = f"/api/v1/contracts/{contracts['at_risk']}/acknowledgement"
    assert client.post(url, headers=portfolio.officer).status_code == 200
    answer = client.get("/api/v1/contracts", params={"limit": 3}, headers=portfolio.viewer)
    assert ContractList.model_validate_json(answer.text).model_dump_json() == answer.text
    items = answer.json()["items"]
    assert {item["acknowledged_at"][-1] for item in items if item["acknowledged_at"]} == {"Z"}
    assert {item["value_eur"] for item in items} == {"1200000.00", "1200000.50"}
