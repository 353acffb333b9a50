"""The register of suppliers through the API: identifiers checked, each company once in an organisation."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.rules.codes import BUSINESS_ID_SCHEME
from app.rules.errors import RuleBroken
from app.schemas.suppliers import SupplierReference
from app.services.suppliers import find_or_add_supplier
from tests.one_database import on_one_database
from tests.portfolio import Portfolio

URL = "/api/v1/suppliers"
HELSINKI = {"business_id": "0201256-6", "name": "Helsingin kaupunki"}
FOREIGN = {"identifier_scheme": "se-on", "identifier": "556677-8899", "name": "Städ AB"}


def add(client: TestClient, city: Portfolio, body: dict[str, Any], role: str = "officer") -> Any:
    return client.post(URL, json=body, headers=city.headers[role])


def refusal(answer: Any) -> tuple[int, str, str]:
    error = answer.json()["errors"][0]
    return answer.status_code, error["field"], error["code"]


@pytest.mark.parametrize("written", ["0201256-6", "02012566", "FI02012566", " 0201256-6 "])
@on_one_database
def test_a_business_id_is_kept_in_one_form_however_it_is_written(
    client: TestClient, portfolio: Portfolio, written: str
) -> None:
    answer = add(client, portfolio, HELSINKI | {"business_id": written})
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"'), answer.text
    read = client.get(answer.headers["location"], headers=portfolio.viewer).json()
    assert read == answer.json()
    assert (read["business_id"], read["identifier"]) == ("0201256-6", "0201256-6")
    assert (read["identifier_scheme"], read["root_id"]) == (BUSINESS_ID_SCHEME, portfolio.root)


def test_a_supplier_from_abroad_has_a_scheme_of_its_own(client: TestClient, portfolio: Portfolio) -> None:
    body = add(client, portfolio, FOREIGN).json()
    assert (body["business_id"], body["identifier_scheme"], body["identifier"]) == (None, "SE-ON", "556677-8899")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"business_id": "0201256-7"}, "business_id", "business_id_invalid"),
        ({"business_id": "201256-6"}, "business_id", "business_id_invalid"),
        ({"business_id": "kaupunki"}, "business_id", "business_id_invalid"),
        ({"identifier_scheme": "FI-PRO", "identifier": "0201256-7"}, "identifier", "business_id_invalid"),
        ({}, "business_id", "identifier_required"),
        ({"identifier": "556677-8899"}, "business_id", "identifier_required"),
        ({"identifier_scheme": "SE-ON"}, "business_id", "identifier_required"),
        ({"business_id": "0201256-6", "identifier": "1"}, "business_id", "identifier_conflict"),
        ({"business_id": "131052-308T"}, "business_id", "identity_code"),
        ({"identifier_scheme": "SE-ON", "identifier": "131052-308T"}, "identifier", "identity_code"),
        ({"business_id": "0201256-6", "name": "Siivous 131052-308T"}, "name", "identity_code"),
        ({"business_id": "0201256-6", "name": None}, "name", "wrong_type"),
        ({"business_id": 2012566}, "business_id", "wrong_type"),
    ],
)
@on_one_database
def test_wrong_identifiers_are_named_and_not_echoed(
    client: TestClient, portfolio: Portfolio, body: dict[str, Any], field: str, code: str
) -> None:
    answer = add(client, portfolio, {"name": "Siivous Oy"} | body)
    assert refusal(answer) == (422, field, code)
    assert len(answer.json()["errors"]) == 1
    assert "131052" not in answer.text


def test_a_company_is_registered_once_in_an_organisation_and_again_in_another(
    client: TestClient, portfolio: Portfolio
) -> None:
    assert add(client, portfolio, HELSINKI).status_code == 201
    again = {"identifier_scheme": "FI-PRO", "identifier": "FI02012566", "name": "Toinen nimi"}
    assert refusal(add(client, portfolio, HELSINKI | {"business_id": "02012566"})) == (
        409,
        "business_id",
        "supplier_exists",
    )
    assert refusal(add(client, portfolio, again)) == (409, "identifier", "supplier_exists")
    assert add(client, portfolio, HELSINKI, "stranger").status_code == 201


def test_a_repeated_request_adds_once(client: TestClient, portfolio: Portfolio) -> None:
    headers = portfolio.officer | {"Idempotency-Key": "k1"}
    first, second = (client.post(URL, json=HELSINKI, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


def test_a_supplier_of_another_organisation_does_not_exist(client: TestClient, portfolio: Portfolio) -> None:
    supplier_id = add(client, portfolio, HELSINKI).json()["id"]
    theirs = portfolio.stranger
    assert client.get(f"{URL}/{supplier_id}", headers=theirs).status_code == 404
    assert client.patch(f"{URL}/{supplier_id}", json={"name": "Oma"}, headers=theirs).status_code == 404
    assert client.get(URL, headers=theirs).json()["items"] == []
    there = add(client, portfolio, HELSINKI | {"unit_id": portfolio.root}, "stranger")
    assert refusal(there) == (422, "unit_id", "unit_unknown")


@pytest.mark.parametrize("role", ["liaison", "viewer", "reporter", "owner"])
def test_only_procurement_officers_write_suppliers(client: TestClient, portfolio: Portfolio, role: str) -> None:
    supplier_id = add(client, portfolio, HELSINKI).json()["id"]
    assert add(client, portfolio, FOREIGN, role).status_code == 403
    changed = client.patch(f"{URL}/{supplier_id}", json={"name": "Oma"}, headers=portfolio.headers[role])
    assert changed.status_code == 403


def test_a_name_changes_an_identifier_does_not(client: TestClient, portfolio: Portfolio) -> None:
    url = f"{URL}/{add(client, portfolio, HELSINKI).json()['id']}"
    headers = portfolio.officer | {"If-Match": '"1"'}
    changed = client.patch(url, json={"name": "Helsinki"}, headers=headers)
    assert (changed.json()["name"], changed.headers["etag"]) == ("Helsinki", '"2"')
    assert client.patch(url, json={"name": "Taas"}, headers=headers).status_code == 412
    fixed = client.patch(url, json={"business_id": "0112038-9"}, headers=portfolio.officer)
    assert refusal(fixed) == (422, "business_id", "unknown_field")


@pytest.mark.parametrize("q", ["ålands", "ÅLANDS", "Öl", "öl", "556677", "SERVICE"])
def test_a_search_finds_parts_of_names_and_identifiers_whatever_the_case(
    client: TestClient, portfolio: Portfolio, q: str
) -> None:
    add(client, portfolio, HELSINKI)
    wanted = add(client, portfolio, FOREIGN | {"name": "Ålands Öl & Service 100%"}).json()
    found = client.get(URL, params={"q": q}, headers=portfolio.viewer).json()["items"]
    assert [one["id"] for one in found] == [wanted["id"]]


def test_the_signs_of_a_pattern_mean_themselves_in_a_search(client: TestClient, portfolio: Portfolio) -> None:
    add(client, portfolio, HELSINKI)
    assert client.get(URL, params={"q": "%"}, headers=portfolio.viewer).json()["items"] == []
    assert client.get(URL, params={"q": "_"}, headers=portfolio.viewer).json()["items"] == []


def test_a_list_goes_page_by_page_in_the_order_asked_for(client: TestClient, portfolio: Portfolio) -> None:
    for number, name in enumerate(["Beta", "Alfa", "Alfa"]):
        add(client, portfolio, FOREIGN | {"identifier": str(number), "name": name})
    seen: list[str] = []
    cursor = None
    while True:
        params = {"limit": 1, "sort": "-name"} | ({"cursor": cursor} if cursor else {})
        page = client.get(URL, params=params, headers=portfolio.viewer).json()
        seen += [one["name"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["Beta", "Alfa", "Alfa"]
    assert client.get(URL, params={"sort": "colour"}, headers=portfolio.viewer).status_code == 422


def test_a_contract_finds_a_known_supplier_and_adds_an_unknown_one_with_its_name(portfolio: Portfolio) -> None:
    act = portfolio.act()
    named, nameless = SupplierReference(**HELSINKI), SupplierReference(business_id="FI02012566")
    with portfolio.database.writing() as session:
        with pytest.raises(RuleBroken) as raised:
            find_or_add_supplier(session, portfolio.root, nameless, act)
        assert (raised.value.code, raised.value.field) == ("supplier_name_required", "supplier.name")
        added = find_or_add_supplier(session, portfolio.root, named, act)
        assert (added.name, added.version) == ("Helsingin kaupunki", 1)
        assert find_or_add_supplier(session, portfolio.root, nameless, act) is added


def test_of_several_who_add_one_company_at_once_one_succeeds(client: TestClient, portfolio: Portfolio) -> None:
    with ThreadPoolExecutor(4) as hands:
        answers = list(hands.map(lambda _: add(client, portfolio, HELSINKI), range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
