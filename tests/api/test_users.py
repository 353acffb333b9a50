"""Users and their roles through the API: what an administrator may do in which units."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.storage.models import AuditPayload, Token, User, new_id
from app.storage.people import token_hash
from tests.one_database import on_one_database
from tests.portfolio import Headers, Portfolio

URL = "/api/v1/users"
MAIJA = {"email": "Maija@Example.org", "name": "Maija Mallikas", "language": "sv"}


def add(client: TestClient, city: Portfolio, headers: Headers, unit_id: str, role: str, **fields: Any) -> str:
    """The id of a new user with a role."""
    body = MAIJA | {"grant": {"role": role, "unit_id": unit_id}} | fields
    answer = client.post(URL, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def log_in(city: Portfolio, user_id: str) -> Headers:
    with city.database.writing() as session:
        token = Token(id=new_id(), user_id=user_id, name="t", token_hash=token_hash(user_id), created_at=city.clock())
        session.add(token)
    return {"Authorization": f"Bearer {user_id}"}


def id_of(client: TestClient, headers: Headers) -> str:
    return str(client.get(f"{URL}/me", headers=headers).json()["id"])


def refusal(answer: Any) -> tuple[int, str, str]:
    error = answer.json()["errors"][0]
    return answer.status_code, error["field"], error["code"]


def emails(client: TestClient, headers: Headers, **params: Any) -> set[str]:
    return {one["email"] for one in client.get(URL, params=params, headers=headers).json()["items"]}


def test_a_user_is_added_with_a_first_role_and_found_however_the_address_is_typed(
    client: TestClient, portfolio: Portfolio
) -> None:
    user_id = add(client, portfolio, portfolio.admin, portfolio.office, "viewer")
    read = client.get(f"{URL}/{user_id}", headers=portfolio.admin)
    assert (read.json()["email"], read.json()["language"], read.headers["etag"]) == ("maija@example.org", "sv", '"1"')
    grants = client.get(f"{URL}/{user_id}/grants", headers=portfolio.admin).json()["items"]
    assert [(one["role"], one["unit_id"]) for one in grants] == [("viewer", portfolio.office)]
    again = client.post(URL, json=MAIJA | {"email": "maija@EXAMPLE.ORG"}, headers=portfolio.admin)
    assert refusal(again) == (409, "email", "email_taken")


def test_a_repeated_request_adds_one_user(client: TestClient, portfolio: Portfolio) -> None:
    headers = portfolio.admin | {"Idempotency-Key": "k1"}
    first, second = (client.post(URL, json=MAIJA, headers=headers) for _ in range(2))
    assert (second.status_code, second.json()) == (201, first.json())


def test_everyone_reads_oneself_and_only_administrators_others(client: TestClient, portfolio: Portfolio) -> None:
    me = client.get(f"{URL}/me", headers=portfolio.viewer)
    assert (me.status_code, me.json()["email"]) == (200, "viewer@example.org")
    grants = client.get(f"{URL}/{me.json()['id']}/grants", headers=portfolio.viewer).json()["items"]
    assert [one["role"] for one in grants] == ["viewer"]
    admin_id = id_of(client, portfolio.admin)
    assert client.get(f"{URL}/{admin_id}", headers=portfolio.viewer).status_code == 404
    assert emails(client, portfolio.viewer) == {"viewer@example.org"}
    assert client.get(f"{URL}/{me.json()['id']}", headers=portfolio.admin).status_code == 200


def test_an_administrator_sees_those_with_a_role_in_the_own_units(client: TestClient, portfolio: Portfolio) -> None:
    boss_id = add(client, portfolio, portfolio.admin, portfolio.division, "admin", email="b@example.org")
    boss = log_in(portfolio, boss_id)
    add(client, portfolio, portfolio.admin, portfolio.office, "viewer")
    assert emails(client, boss) == {"b@example.org", "maija@example.org"}
    assert "stranger@example.org" not in emails(client, portfolio.admin)
    assert emails(client, portfolio.admin, q="MAIJA@") == {"maija@example.org"}
    stranger_id = id_of(client, portfolio.stranger)
    for method, url in (("GET", stranger_id), ("PATCH", stranger_id), ("GET", f"{stranger_id}/grants")):
        assert client.request(method, f"{URL}/{url}", json={}, headers=portfolio.admin).status_code == 404


@pytest.mark.parametrize("role", ["officer", "liaison", "viewer", "owner"])
@on_one_database
def test_only_administrators_add_users_and_give_roles(client: TestClient, portfolio: Portfolio, role: str) -> None:
    headers = portfolio.headers[role]
    assert client.post(URL, json=MAIJA, headers=headers).status_code == 403
    grant = {"role": "admin", "unit_id": portfolio.root}
    own = client.post(f"{URL}/{id_of(client, headers)}/grants", json=grant, headers=headers)
    assert own.status_code == 403


def test_a_role_is_given_only_in_units_that_one_administers(client: TestClient, portfolio: Portfolio) -> None:
    boss_id = add(client, portfolio, portfolio.admin, portfolio.division, "admin", email="b@example.org")
    boss = log_in(portfolio, boss_id)
    user_id = add(client, portfolio, boss, portfolio.office, "viewer")
    for unit_id in (portfolio.root, portfolio.other_root, new_id()):
        given = client.post(f"{URL}/{user_id}/grants", json={"role": "viewer", "unit_id": unit_id}, headers=boss)
        assert refusal(given) == (422, "unit_id", "unit_unknown")
        first = MAIJA | {"email": "c@example.org", "grant": {"role": "viewer", "unit_id": unit_id}}
        assert refusal(client.post(URL, json=first, headers=boss)) == (422, "grant.unit_id", "unit_unknown")
    assert "c@example.org" not in emails(client, portfolio.admin)
    again = client.post(f"{URL}/{user_id}/grants", json={"role": "viewer", "unit_id": portfolio.office}, headers=boss)
    assert refusal(again) == (409, "unit_id", "grant_exists")
    more = client.post(f"{URL}/{user_id}/grants", json={"role": "admin", "unit_id": portfolio.division}, headers=boss)
    assert more.status_code == 201, more.text


def test_a_viewer_of_a_unit_who_administers_another_gives_roles_in_that_one_only(
    client: TestClient, portfolio: Portfolio
) -> None:
    boss_id = add(client, portfolio, portfolio.admin, portfolio.office, "admin", email="b@example.org")
    viewing = {"role": "viewer", "unit_id": portfolio.root}
    client.post(f"{URL}/{boss_id}/grants", json=viewing, headers=portfolio.admin)
    boss = log_in(portfolio, boss_id)
    user_id = add(client, portfolio, boss, portfolio.office, "viewer")
    assert client.post(f"{URL}/{user_id}/grants", json=viewing, headers=boss).status_code == 403
    assert client.get(f"{URL}/{id_of(client, portfolio.viewer)}", headers=boss).status_code == 404


def test_a_role_taken_away_opens_nothing_any_more(client: TestClient, portfolio: Portfolio) -> None:
    user_id = add(client, portfolio, portfolio.admin, portfolio.office, "viewer")
    theirs = log_in(portfolio, user_id)
    unit = f"/api/v1/units/{portfolio.office}"
    grant_id = client.get(f"{URL}/{user_id}/grants", headers=theirs).json()["items"][0]["id"]
    assert client.get(unit, headers=theirs).status_code == 200
    assert client.delete(f"{URL}/{user_id}/grants/{grant_id}", headers=theirs).status_code == 403
    url = f"{URL}/{user_id}/grants/{grant_id}"
    assert client.delete(url, headers=portfolio.stranger).status_code == 404
    assert client.delete(url, headers=portfolio.admin).status_code == 204
    assert client.get(unit, headers=theirs).status_code == 404
    assert client.get(f"{URL}/me", headers=theirs).status_code == 200
    assert client.delete(url, headers=portfolio.admin).status_code == 404


def test_a_user_without_a_role_is_in_no_list_but_can_be_given_one(client: TestClient, portfolio: Portfolio) -> None:
    user_id = client.post(URL, json=MAIJA, headers=portfolio.admin).json()["id"]
    assert "maija@example.org" not in emails(client, portfolio.admin)
    grant = {"role": "viewer", "unit_id": portfolio.office}
    assert client.post(f"{URL}/{user_id}/grants", json=grant, headers=portfolio.stranger).status_code == 404
    assert client.post(f"{URL}/{user_id}/grants", json=grant, headers=portfolio.admin).status_code == 201
    assert "maija@example.org" in emails(client, portfolio.admin)


def test_an_organisation_keeps_its_last_administrator(client: TestClient, portfolio: Portfolio) -> None:
    admin_id = id_of(client, portfolio.admin)
    grant_id = client.get(f"{URL}/{admin_id}/grants", headers=portfolio.admin).json()["items"][0]["id"]
    url = f"{URL}/{admin_id}/grants/{grant_id}"
    for answer in (
        client.delete(url, headers=portfolio.admin),
        client.patch(f"{URL}/{admin_id}", json={"active": False}, headers=portfolio.admin),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    second_id = add(client, portfolio, portfolio.admin, portfolio.root, "admin")
    client.patch(f"{URL}/{second_id}", json={"active": False}, headers=portfolio.admin)
    assert client.delete(url, headers=portfolio.admin).status_code == 409
    client.patch(f"{URL}/{second_id}", json={"active": True}, headers=portfolio.admin)
    assert client.delete(url, headers=portfolio.admin).status_code == 204


def test_an_inactive_user_has_no_access(client: TestClient, portfolio: Portfolio) -> None:
    viewer_id = id_of(client, portfolio.viewer)
    ended = client.patch(f"{URL}/{viewer_id}", json={"active": False}, headers=portfolio.admin)
    assert (ended.json()["active"], ended.headers["etag"]) == (False, '"2"')
    assert client.get(f"{URL}/me", headers=portfolio.viewer).status_code == 401


def test_users_change_their_own_name_and_language_but_not_their_access(
    client: TestClient, portfolio: Portfolio
) -> None:
    url = f"{URL}/{id_of(client, portfolio.viewer)}"
    changed = client.patch(url, json={"name": "Uusi", "language": "fi"}, headers=portfolio.viewer | {"If-Match": '"1"'})
    assert (changed.json()["name"], changed.json()["language"]) == ("Uusi", "fi")
    stale = client.patch(url, json={"name": "Taas"}, headers=portfolio.viewer | {"If-Match": '"1"'})
    assert stale.status_code == 412
    assert client.patch(url, json={"active": True}, headers=portfolio.viewer).status_code == 403


def test_an_account_is_changed_only_by_who_is_above_all_of_its_roles(client: TestClient, portfolio: Portfolio) -> None:
    boss_id = add(client, portfolio, portfolio.admin, portfolio.division, "admin", email="b@example.org")
    boss = log_in(portfolio, boss_id)
    user_id = add(client, portfolio, boss, portfolio.office, "viewer")
    assert client.patch(f"{URL}/{user_id}", json={"name": "Uusi"}, headers=boss).status_code == 200
    at_root = {"role": "viewer", "unit_id": portfolio.root}
    client.post(f"{URL}/{user_id}/grants", json=at_root, headers=portfolio.admin)
    assert client.patch(f"{URL}/{user_id}", json={"active": False}, headers=boss).status_code == 403
    seen = client.get(f"{URL}/{user_id}/grants", headers=boss).json()["items"]
    assert [one["unit_id"] for one in seen] == [portfolio.office]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("email", "maija", "not_email"),
        ("email", "131052-308T@example.org", "identity_code"),
        ("name", "Maija 131052-308T", "identity_code"),
        ("language", "de", "wrong_choice"),
        ("grant", {"role": "king", "unit_id": "0" * 32}, "wrong_choice"),
        ("password", "a long enough password", "unknown_field"),
    ],
)
@on_one_database
def test_wrong_fields_are_named_and_not_echoed(
    client: TestClient, portfolio: Portfolio, field: str, value: object, code: str
) -> None:
    answer = client.post(URL, json=MAIJA | {field: value}, headers=portfolio.admin)
    status, named, found = refusal(answer)
    assert (status, named.split(".")[0], found) == (422, field, code)
    assert "131052" not in answer.text


def test_the_trail_does_not_hold_passwords_hashes(client: TestClient, portfolio: Portfolio) -> None:
    user_id = add(client, portfolio, portfolio.admin, portfolio.office, "viewer")
    with portfolio.database.writing() as session:
        session.get_one(User, user_id).password_hash = "$argon2id$kept"
    client.patch(f"{URL}/{user_id}", json={"name": "Uusi"}, headers=portfolio.admin)
    with portfolio.database.reading() as session:
        payloads = [str(payload) for payload in session.scalars(select(AuditPayload.payload))]
    assert any("has_password" in payload for payload in payloads)
    assert not any("argon2" in payload for payload in payloads)
