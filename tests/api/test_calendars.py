"""/calendar-feed: one's own calendar address, told once."""

from datetime import timedelta

import icalendar
import pytest
from fastapi.testclient import TestClient

from app.rules.dates import ONE_DAY
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import a_contract, get, post

AT = "/calendar-feed"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is answered does not depend on the database."""
    return sqlite_url


def path_of(address: str) -> str:
    return address.removeprefix("https://siepp.example.org")


def test_an_address_is_made_read_and_taken_away(client: TestClient, portfolio: Portfolio) -> None:
    a_contract(client, portfolio)
    made = post(client, AT, None, portfolio.viewer)
    assert made.status_code == 201
    assert made.headers["location"] == "/api/v1/calendar-feed"
    body = made.json()
    file = client.get(path_of(body["address"]))
    assert len(icalendar.Calendar.from_ical(file.content).walk("VEVENT")) == 2
    told = get(client, AT, portfolio.viewer)
    assert set(told) == {"created_at", "read_at", "expires_on"}
    assert told["read_at"] is not None
    assert client.delete(f"/api/v1{AT}", headers=portfolio.viewer).status_code == 204
    assert client.get(path_of(body["address"])).status_code == 404
    assert client.get(f"/api/v1{AT}", headers=portfolio.viewer).status_code == 404
    assert client.delete(f"/api/v1{AT}", headers=portfolio.viewer).status_code == 404


def test_a_second_address_ends_the_first(client: TestClient, portfolio: Portfolio) -> None:
    first, second = (post(client, AT, None, portfolio.viewer).json()["address"] for _ in range(2))
    assert client.get(path_of(first)).status_code == 404
    assert client.get(path_of(second)).status_code == 200


def test_a_repeated_request_makes_no_second_one_and_tells_no_secret(client: TestClient, portfolio: Portfolio) -> None:
    headers = portfolio.viewer | {"Idempotency-Key": "one"}
    first, again = (client.post(f"/api/v1{AT}", headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["address"] is None
    assert client.get(path_of(first.json()["address"])).status_code == 200


def test_a_token_that_may_only_write_makes_no_address_that_reads(client: TestClient, portfolio: Portfolio) -> None:
    narrow = post(client, "/tokens", {"name": "narrow", "scopes": ["write"]}, portfolio.viewer).json()["token"]
    answer = post(client, AT, None, {"Authorization": f"Bearer {narrow}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_an_address_ends_on_the_last_day_of_the_token_it_was_made_with(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    last = clock.today + timedelta(days=10)
    body = {"name": "calendar", "scopes": ["read", "write"], "expires_on": last.isoformat()}
    token = post(client, "/tokens", body, portfolio.viewer).json()["token"]
    made = post(client, AT, None, {"Authorization": f"Bearer {token}"}).json()
    assert made["expires_on"] == last.isoformat()
    assert get(client, AT, portfolio.viewer)["expires_on"] == last.isoformat()
    found = []
    for day in (last - ONE_DAY, last, last + ONE_DAY):
        clock.set(day)
        found.append(client.get(path_of(made["address"])).status_code)
    assert found == [200, 200, 404]
    assert client.get(f"/api/v1{AT}", headers=portfolio.viewer).status_code == 404
    again = post(client, AT, None, portfolio.viewer).json()["address"]
    assert client.get(path_of(again)).status_code == 200


def test_an_address_ends_when_the_token_it_was_made_with_is_revoked(client: TestClient, portfolio: Portfolio) -> None:
    body = {"name": "calendar", "scopes": ["read", "write"]}
    token = post(client, "/tokens", body, portfolio.viewer).json()
    address = post(client, AT, None, {"Authorization": f"Bearer {token['token']}"}).json()["address"]
    assert client.get(path_of(address)).status_code == 200
    assert client.delete(f"/api/v1/tokens/{token['id']}", headers=portfolio.viewer).status_code == 204
    assert client.get(path_of(address)).status_code == 404


def test_each_sees_only_their_own(client: TestClient, portfolio: Portfolio) -> None:
    post(client, AT, None, portfolio.viewer)
    assert client.get(f"/api/v1{AT}", headers=portfolio.officer).status_code == 404


def test_without_a_token_there_is_none(client: TestClient) -> None:
    assert client.post(f"/api/v1{AT}").status_code == 401
    assert client.get(f"/api/v1{AT}").status_code == 401
