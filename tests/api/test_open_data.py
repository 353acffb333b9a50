"""Open data through the API and as a download: who sees what of it, page by page, and who took it."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from fastapi.testclient import TestClient
from sqlalchemy import select

from app.storage.models import AuditEntry
from app.storage.session import Database
from tests.conftest import SetClock
from tests.ocds_schema import errors, needs_schemas
from tests.portfolio import Headers, Portfolio
from tests.registering import a_contract, a_procurement, get, post, refusal
from tests.web.signed_in import SignedInBrowser

PATH = "/ocds/releases"


def titles(package: Any) -> list[str]:
    return [release["tender"]["title"] for release in package["releases"]]


def taken(database: Database) -> int:
    """How many times the trail says that procurements were taken out."""
    with database.reading() as session:
        wanted = select(AuditEntry.seq).where(AuditEntry.subject == "procurement", AuditEntry.action == "exported")
        return len(session.scalars(wanted).all())


def next_of(client: TestClient, package: Any, headers: Headers) -> Any:
    address = urlsplit(package["links"]["next"])
    assert f"{address.scheme}://{address.netloc}" == "https://siepp.example.org"
    answer = client.get(f"{address.path}?{address.query}", headers=headers)
    assert answer.status_code == 200
    return answer.json()


@needs_schemas
def test_the_pages_of_a_package_hold_every_release_once_and_each_is_valid(
    client: TestClient, portfolio: Portfolio
) -> None:
    for number in range(5):
        a_procurement(client, portfolio, title=f"Hankinta {number}")
    package = get(client, PATH, portfolio.viewer, limit=2)
    seen = [package]
    while "links" in package:
        package = next_of(client, package, portfolio.viewer)
        seen.append(package)
    assert [titles(one) for one in seen] == [
        ["Hankinta 0", "Hankinta 1"],
        ["Hankinta 2", "Hankinta 3"],
        ["Hankinta 4"],
    ]
    assert [errors(one) for one in seen] == [[], [], []]
    assert len({one["uri"] for one in seen}) == 3


def test_someone_of_another_city_gets_none_of_it_and_a_stranger_nothing(
    client: TestClient, portfolio: Portfolio
) -> None:
    a_contract(client, portfolio)
    assert get(client, PATH, portfolio.stranger)["releases"] == []
    assert get(client, PATH, portfolio.reporter)["releases"] == []
    assert len(get(client, PATH, portfolio.viewer)["releases"]) == 1
    assert client.get(f"/api/v1{PATH}").status_code == 401


def test_no_day_on_which_a_job_or_a_note_was_recorded_is_told(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    """Whoever fetches every day would see it by the difference."""
    contract_id = a_contract(client, portfolio)
    clock.set(date(2019, 5, 2))
    before = get(client, PATH, portfolio.viewer)["releases"]
    clock.set(date(2019, 5, 7))
    job = {"starts_on": "2019-05-07", "employment_form": "employment", "target_group": "long_term_unemployed"}
    post(client, f"/contracts/{contract_id}/positions", job, portfolio.liaison)
    post(client, f"/contracts/{contract_id}/notes", {"text": "It goes well"}, portfolio.officer)
    clock.set(date(2019, 5, 9))
    assert get(client, PATH, portfolio.viewer)["releases"] == before


def test_the_trail_says_who_took_how_many(client: TestClient, portfolio: Portfolio, database: Database) -> None:
    a_contract(client, portfolio)
    get(client, PATH, portfolio.viewer)
    assert taken(database) == 1


def test_the_publisher_is_the_organisation_and_ids_begin_with_the_host(
    client: TestClient, portfolio: Portfolio
) -> None:
    procurement_id = a_procurement(client, portfolio)
    package = get(client, PATH, portfolio.viewer)
    assert package["publisher"] == {"name": "Helsinki", "uri": "https://siepp.example.org"}
    assert package["releases"][0]["ocid"] == f"siepp.example.org-{procurement_id}"
    assert package["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_the_extension_named_in_the_package_is_there_for_anyone(client: TestClient, portfolio: Portfolio) -> None:
    (address,) = [one for one in get(client, PATH, portfolio.viewer)["extensions"] if "siepp.example.org" in one]
    path = urlsplit(address).path
    extension = client.get(path).json()
    for name in (*extension["schemas"], *(f"codelists/{one}" for one in extension["codelists"]), "README.md"):
        assert client.get(path.replace("extension.json", name)).status_code == 200, name


def test_a_cursor_or_an_order_of_another_list_is_refused(client: TestClient, portfolio: Portfolio) -> None:
    for query, field in (("cursor=abc", "cursor"), ("sort=title", "sort")):
        answer = client.get(f"/api/v1{PATH}?{query}", headers=portfolio.viewer)
        assert refusal(answer)[:2] == (422, field)


def test_the_page_of_procurements_offers_all_of_it_as_one_file(
    client: TestClient, portfolio: Portfolio, browser_of: Callable[[str], SignedInBrowser], database: Database
) -> None:
    for number in range(3):
        a_procurement(client, portfolio, title=f"Hankinta {number}")
    browser = browser_of("viewer")
    assert 'href="/procurements.json"' in browser.get("/procurements").text
    answer = browser.get("/procurements.json")
    assert titles(json.loads(answer.text)) == ["Hankinta 0", "Hankinta 1", "Hankinta 2"]
    assert answer.headers["content-disposition"].endswith('2019-03-01.json"')
    assert taken(database) == 1
