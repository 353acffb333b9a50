"""The organisation's tree through the API: who sees and changes it, and what follows for the contracts below."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.storage.models import AuditEntry, Contract, Grant, JudgementChange, StoredJudgement, Token, User, new_id
from app.storage.people import token_hash
from app.storage.units import MAX_DEPTH
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Headers, Portfolio

URL = "/api/v1/units"
LIAISON = {"name": "Yritysluotsi", "email": "luotsi@example.org", "phone": "+358 9 310 1641"}


def admin_of(city: Portfolio, unit_id: str, email: str = "division@example.org") -> Headers:
    """Headers of a new administrator of one unit."""
    with city.database.writing() as session:
        user = User(id=new_id(), email=email, name=email, language="en", active=True, created_at=city.clock())
        session.add(user)
        session.flush()
        own = {"user_id": user.id, "created_at": city.clock()}
        session.add(Token(id=new_id(), name="t", token_hash=token_hash(email), **own))
        session.add(Grant(id=new_id(), role="admin", unit_id=unit_id, **own))
    return {"Authorization": f"Bearer {email}"}


def judgement_of(city: Portfolio, contract_id: str) -> StoredJudgement:
    with city.database.reading() as session:
        return session.get_one(StoredJudgement, contract_id)


def refusal(answer: Any) -> tuple[int, str, str]:
    error = answer.json()["errors"][0]
    return answer.status_code, error["field"], error["code"]


def change(client: TestClient, unit_id: str, body: dict[str, Any], headers: Headers) -> Any:
    return client.patch(f"{URL}/{unit_id}", json=body, headers=headers)


def test_a_list_gives_each_unit_before_those_below_it_and_only_ones_own(
    client: TestClient, portfolio: Portfolio
) -> None:
    first = client.get(URL, params={"limit": 2}, headers=portfolio.viewer).json()
    assert [one["id"] for one in first["items"]] == [portfolio.root, portfolio.division]
    rest = client.get(URL, params={"limit": 2, "cursor": first["next_cursor"]}, headers=portfolio.viewer).json()
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == ([portfolio.office], None)
    theirs = client.get(URL, headers=portfolio.stranger).json()["items"]
    assert [one["id"] for one in theirs] == [portfolio.other_root]


def test_a_unit_inherits_lead_days_and_liaison_from_the_nearest_above(client: TestClient, portfolio: Portfolio) -> None:
    before = client.get(f"{URL}/{portfolio.office}", headers=portfolio.viewer).json()
    assert (before["effective_lead_days"], before["effective_liaison"]) == (90, None)
    changed = change(client, portfolio.division, {"lead_days": 120, "liaison": LIAISON}, portfolio.admin)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"'), changed.text
    after = client.get(f"{URL}/{portfolio.office}", headers=portfolio.viewer).json()
    assert (after["lead_days"], after["effective_lead_days"]) == (None, 120)
    assert (after["liaison"], after["effective_liaison"]) == (None, LIAISON)
    cleared = change(client, portfolio.division, {"lead_days": None, "liaison": None}, portfolio.admin).json()
    assert (cleared["effective_lead_days"], cleared["effective_liaison"]) == (90, None)


def test_a_unit_is_added_below_another_and_once_only(client: TestClient, portfolio: Portfolio) -> None:
    body = {"name": "Toimisto", "parent_id": portfolio.division, "lead_days": 0}
    headers = portfolio.admin | {"Idempotency-Key": "k1"}
    first = client.post(URL, json=body, headers=headers)
    assert first.status_code == 201, first.text
    assert first.headers["location"] == f"{URL}/{first.json()['id']}"
    assert (first.json()["parent_id"], first.json()["effective_lead_days"]) == (portfolio.division, 0)
    assert client.post(URL, json=body, headers=headers).json() == first.json()
    names = [one["name"] for one in client.get(URL, headers=portfolio.admin).json()["items"]]
    assert names.count("Toimisto") == 1
    other = client.post(URL, json=body | {"name": "Toinen"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_the_api_makes_no_roots(client: TestClient, portfolio: Portfolio) -> None:
    assert refusal(client.post(URL, json={"name": "Espoo"}, headers=portfolio.admin)) == (
        422,
        "parent_id",
        "missing_field",
    )
    for answer in (
        client.post(URL, json={"name": "Espoo", "parent_id": None}, headers=portfolio.admin),
        change(client, portfolio.division, {"parent_id": None}, portfolio.admin),
    ):
        assert refusal(answer) == (422, "parent_id", "wrong_type")


@pytest.mark.parametrize("role", ["officer", "liaison", "viewer", "owner"])
@on_one_database
def test_only_administrators_write_units(client: TestClient, portfolio: Portfolio, role: str) -> None:
    headers = portfolio.headers[role]
    added = client.post(URL, json={"name": "Toimisto", "parent_id": portfolio.root}, headers=headers)
    changed = change(client, portfolio.office, {"name": "Toimisto"}, headers)
    assert (added.status_code, changed.status_code) == (403, 403)


def test_outside_ones_tree_a_unit_does_not_exist(client: TestClient, portfolio: Portfolio) -> None:
    mine = admin_of(portfolio, portfolio.division)
    for unit_id in (portfolio.other_root, portfolio.root, new_id(), "not-an-id"):
        assert client.get(f"{URL}/{unit_id}", headers=mine).status_code == 404
        assert change(client, unit_id, {"name": "Oma"}, mine).status_code == 404
    below_the_root = client.post(URL, json={"name": "Oma", "parent_id": portfolio.root}, headers=mine)
    assert refusal(below_the_root) == (422, "parent_id", "unit_unknown")
    assert client.get(URL).status_code == 401


def test_a_stale_change_is_refused(client: TestClient, portfolio: Portfolio) -> None:
    stale = portfolio.admin | {"If-Match": '"1"'}
    assert change(client, portfolio.office, {"name": "Eka"}, stale).status_code == 200
    assert change(client, portfolio.office, {"name": "Toka"}, stale).status_code == 412


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("lead_days", -1, "out_of_range"),
        ("lead_days", 731, "out_of_range"),
        ("lead_days", "90", "wrong_type"),
        ("lead_days", True, "wrong_type"),
        ("name", "", "too_short"),
        ("name", "Ansa 131052-308T", "identity_code"),
        ("path", "/", "unknown_field"),
    ],
)
@on_one_database
def test_wrong_fields_are_named_and_not_echoed(
    client: TestClient, portfolio: Portfolio, field: str, value: object, code: str
) -> None:
    answer = change(client, portfolio.office, {field: value}, portfolio.admin)
    assert refusal(answer) == (422, field, code)
    assert "131052" not in answer.text


def test_a_liaison_needs_a_real_address(client: TestClient, portfolio: Portfolio) -> None:
    answer = change(client, portfolio.office, {"liaison": LIAISON | {"email": "luotsi"}}, portfolio.admin)
    assert refusal(answer) == (422, "liaison.email", "not_email")


def test_new_lead_days_rewrite_the_judgements_below_but_are_no_news_of_the_contracts(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    below, beside = portfolio.contract(unit_id=portfolio.office), portfolio.contract(unit_id=portfolio.root)
    registered_on = clock.today
    assert judgement_of(portfolio, below).status == "open"
    change(client, portfolio.division, {"lead_days": 120}, portfolio.admin)
    assert judgement_of(portfolio, below).status == "at_risk"
    assert judgement_of(portfolio, beside).status == "open"
    with portfolio.database.reading() as session:
        assert session.get_one(Contract, below).last_recorded_on == registered_on
        said = select(JudgementChange.status).where(JudgementChange.contract_id == below)
        assert list(session.scalars(said.order_by(JudgementChange.seq))) == ["open", "at_risk"]
    change(client, portfolio.division, {"lead_days": None}, portfolio.admin)
    assert judgement_of(portfolio, below).status == "open"


def test_lead_days_of_its_own_keep_a_unit_apart_from_those_above(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = portfolio.contract(unit_id=portfolio.office)
    change(client, portfolio.office, {"lead_days": 10}, portfolio.admin)
    change(client, portfolio.root, {"lead_days": 700}, portfolio.admin)
    assert judgement_of(portfolio, contract_id).status == "open"


def test_a_move_takes_along_the_subtree_its_contracts_and_the_lead_days_it_inherits(
    client: TestClient, portfolio: Portfolio
) -> None:
    contract_id = portfolio.contract(unit_id=portfolio.office)
    strict = client.post(
        URL, json={"name": "Tiukka", "parent_id": portfolio.root, "lead_days": 120}, headers=portfolio.admin
    ).json()["id"]
    division_admin = admin_of(portfolio, portfolio.division)
    assert client.get(f"{URL}/{portfolio.office}", headers=division_admin).status_code == 200
    moved = change(client, portfolio.division, {"parent_id": strict}, portfolio.admin)
    assert (moved.status_code, moved.json()["parent_id"]) == (200, strict), moved.text
    stored = judgement_of(portfolio, contract_id)
    path = f"/{portfolio.root}/{strict}/{portfolio.division}/{portfolio.office}/"
    assert (stored.unit_path, stored.procurement_unit_path, stored.status) == (path, path, "at_risk")
    strict_admin = admin_of(portfolio, strict, "strict@example.org")
    for headers in (strict_admin, division_admin):
        assert client.get(f"{URL}/{portfolio.office}", headers=headers).json()["effective_lead_days"] == 120
    url = f"/api/v1/contracts/{contract_id}/positions"
    assert client.get(url, headers=strict_admin).status_code == 200
    back = change(client, portfolio.office, {"parent_id": portfolio.root}, portfolio.admin)
    assert back.json()["effective_lead_days"] == 90
    assert client.get(url, headers=strict_admin).status_code == 404
    assert judgement_of(portfolio, contract_id).status == "open"


def test_a_unit_cannot_be_below_itself(client: TestClient, portfolio: Portfolio) -> None:
    for unit_id, parent_id in (
        (portfolio.division, portfolio.office),
        (portfolio.division, portfolio.division),
        (portfolio.root, portfolio.office),
    ):
        answer = change(client, unit_id, {"parent_id": parent_id}, portfolio.admin)
        assert refusal(answer) == (422, "parent_id", "unit_parent_cycle")


def test_a_unit_cannot_leave_its_organisation(client: TestClient, portfolio: Portfolio) -> None:
    answer = change(client, portfolio.office, {"parent_id": portfolio.other_root}, portfolio.admin)
    assert refusal(answer) == (422, "parent_id", "unit_unknown")
    admin = portfolio.headers["admin"]
    with portfolio.database.writing() as session:
        user = session.scalars(select(User).where(User.email == "admin@example.org")).one()
        there = {"unit_id": portfolio.other_root, "created_at": user.created_at}
        session.add(Grant(id=new_id(), user_id=user.id, role="admin", **there))
    answer = change(client, portfolio.office, {"parent_id": portfolio.other_root}, admin)
    assert refusal(answer) == (422, "parent_id", "unit_other_root")


def test_a_move_needs_an_administrator_of_both_places(client: TestClient, portfolio: Portfolio) -> None:
    beside = client.post(URL, json={"name": "Sivu", "parent_id": portfolio.root}, headers=portfolio.admin).json()["id"]
    office_admin = admin_of(portfolio, portfolio.office)
    with portfolio.database.writing() as session:
        user = session.scalars(select(User).where(User.email == "division@example.org")).one()
        session.add(Grant(id=new_id(), user_id=user.id, role="admin", unit_id=beside, created_at=user.created_at))
    assert change(client, portfolio.office, {"parent_id": beside}, office_admin).status_code == 403
    assert change(client, portfolio.office, {"parent_id": beside}, portfolio.admin).status_code == 200


def test_a_tree_has_a_deepest_level(client: TestClient, portfolio: Portfolio) -> None:
    parent_id = portfolio.root
    for level in range(2, MAX_DEPTH + 1):
        made = client.post(URL, json={"name": f"Taso {level}", "parent_id": parent_id}, headers=portfolio.admin)
        assert made.status_code == 201, made.text
        parent_id = made.json()["id"]
    for answer in (
        client.post(URL, json={"name": "Liian syvä", "parent_id": parent_id}, headers=portfolio.admin),
        change(client, portfolio.division, {"parent_id": parent_id}, portfolio.admin),
    ):
        assert refusal(answer) == (422, "parent_id", "unit_too_deep")


def test_every_write_is_in_the_trail(client: TestClient, portfolio: Portfolio) -> None:
    made = client.post(URL, json={"name": "Toimisto", "parent_id": portfolio.root}, headers=portfolio.admin).json()
    change(client, made["id"], {"name": "Uusi nimi"}, portfolio.admin)
    with portfolio.database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == made["id"])).all()
    assert [entry.action for entry in entries] == ["created", "changed"]


def test_of_two_moves_that_would_make_a_circle_one_is_refused(client: TestClient, portfolio: Portfolio) -> None:
    beside = client.post(URL, json={"name": "Sivu", "parent_id": portfolio.root}, headers=portfolio.admin).json()["id"]
    pairs = [(portfolio.division, beside), (beside, portfolio.division)]
    with ThreadPoolExecutor(2) as hands:
        moves = hands.map(lambda pair: change(client, pair[0], {"parent_id": pair[1]}, portfolio.admin), pairs)
        assert sorted(answer.status_code for answer in moves) == [200, 422]
