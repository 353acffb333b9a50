"""Logging jobs through the API."""

from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.portfolio import Portfolio

POSITION = {"starts_on": "2019-05-31", "employment_form": "employment", "target_group": "long_term_unemployed"}


def test_a_logged_position_says_at_once_that_it_counts_and_until_when_it_must_last(
    client: TestClient, portfolio: Portfolio
) -> None:
    contract_id = portfolio.contract()
    answer = client.post(f"/api/v1/contracts/{contract_id}/positions", json=POSITION, headers=portfolio.liaison)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["counts"], answer.json()["completes_on"]) == (True, "2020-02-28")
    assert answer.headers["etag"] == '"1"'


def test_an_ended_position_may_be_replaced_only_once(client: TestClient, portfolio: Portfolio, clock: SetClock) -> None:
    contract_id = portfolio.contract()
    url = f"/api/v1/contracts/{contract_id}/positions"
    early = POSITION | {"starts_on": "2019-01-07"}
    first = client.post(url, json=early, headers=portfolio.liaison).json()
    ended = client.patch(
        f"/api/v1/positions/{first['id']}",
        json={"ended_on": "2019-02-28", "end_reason": "resigned"},
        headers=portfolio.liaison | {"If-Match": '"1"'},
    )
    assert ended.status_code == 200, ended.text
    assert ended.headers["etag"] == '"2"'
    second = POSITION | {"starts_on": "2019-03-01", "replaces_id": first["id"]}
    assert client.post(url, json=second, headers=portfolio.liaison).status_code == 201
    third = client.post(url, json=second, headers=portfolio.liaison)
    assert third.status_code == 422
    assert third.json()["errors"][0] | {"message": ""} == {
        "field": "replaces_id",
        "code": "already_replaced",
        "message": "",
    }


def test_positions_come_in_pages(client: TestClient, portfolio: Portfolio) -> None:
    url = f"/api/v1/contracts/{portfolio.contract()}/positions"
    made = [client.post(url, json=POSITION, headers=portfolio.liaison).json()["id"] for _ in range(3)]
    first = client.get(url, params={"limit": 2}, headers=portfolio.viewer).json()
    second = client.get(url, params={"limit": 2, "cursor": first["next_cursor"]}, headers=portfolio.viewer).json()
    assert [one["id"] for one in (*first["items"], *second["items"])] == sorted(made)
    assert second["next_cursor"] is None
    for query in ({"cursor": "nothing"}, {"sort": "weather"}, {"limit": 0}):
        assert client.get(url, params=query, headers=portfolio.viewer).status_code == 422
