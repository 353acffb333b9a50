"""Options through the API: added, taken, and what they do to the obligation."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.registering import a_contract, get, patch, post, refusal


def test_taking_an_option_moves_the_contracts_end_and_the_last_day_to_start(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    contract_id = a_contract(client, portfolio, options=[{"ends_on": "2021-02-28"}])
    clock.set(date(2019, 7, 1))
    path = f"/contracts/{contract_id}"
    before = get(client, path, portfolio.viewer)
    assert before["obligation"]["status"] == "cannot_be_met"
    option = before["options"][0]
    taken = post(client, f"{path}/options/{option['id']}/exercise", {"exercised_on": "2019-06-20"}, portfolio.officer)
    assert (taken.status_code, taken.json()) == (200, option | {"exercised_on": "2019-06-20"})
    after = get(client, path, portfolio.viewer)
    names = ("status", "effective_end_on", "latest_start_on")
    assert [after["obligation"][name] for name in names] == ["open", "2021-02-28", "2020-06-01"]
    assert after["last_recorded_on"] == "2019-07-01"
    assert get(client, "/contracts", portfolio.viewer)["items"][0]["obligation"] == after["obligation"]
    before_it = get(client, f"{path}/obligation", portfolio.viewer, as_of="2019-06-19")
    assert before_it["effective_end_on"] == "2020-02-28"


def test_a_taken_option_makes_an_older_reading_of_the_contract_stale(client: TestClient, portfolio: Portfolio) -> None:
    path = f"/contracts/{a_contract(client, portfolio, options=[{'ends_on': '2021-02-28'}])}"
    read = client.get(f"/api/v1{path}", headers=portfolio.viewer)
    url = f"{path}/options/{read.json()['options'][0]['id']}/exercise"
    assert post(client, url, {"exercised_on": "2019-01-01"}, portfolio.officer).status_code == 200
    headers = portfolio.officer | {"If-Match": read.headers["etag"]}
    assert patch(client, path, {"reference": "S-1"}, headers).status_code == 412


def test_an_option_is_taken_once_and_while_the_contract_lasts(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    options = [{"ends_on": "2021-02-28"}, {"ends_on": "2022-02-28"}]
    path = f"/contracts/{a_contract(client, portfolio, options=options)}"
    first, second = (f"{path}/options/{option['id']}/exercise" for option in get_options(client, portfolio, path))
    to_come = post(client, first, {"exercised_on": "2019-03-02"}, portfolio.officer)
    assert refusal(to_come) == (422, "exercised_on", "exercised_after_today")
    clock.set(date(2020, 6, 1))
    too_late = post(client, second, {"exercised_on": "2020-02-29"}, portfolio.officer)
    assert refusal(too_late) == (422, "exercised_on", "exercise_after_contract_end")
    assert post(client, first, {"exercised_on": "2020-02-28"}, portfolio.officer).status_code == 200
    again = post(client, first, {"exercised_on": "2020-02-28"}, portfolio.officer)
    assert refusal(again) == (409, "", "option_already_exercised")
    assert post(client, second, {"exercised_on": "2020-02-29"}, portfolio.officer).status_code == 200


def test_an_option_cannot_be_taken_after_a_termination(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    path = f"/contracts/{a_contract(client, portfolio, options=[{'ends_on': '2021-02-28'}])}"
    option = get_options(client, portfolio, path)[0]
    clock.set(date(2019, 8, 1))
    ended = {"terminated_on": "2019-05-31", "decided_on": "2019-04-01"}
    assert patch(client, path, ended, portfolio.officer).status_code == 200
    refused = post(client, f"{path}/options/{option['id']}/exercise", {"exercised_on": "2019-06-01"}, portfolio.officer)
    assert refusal(refused) == (422, "exercised_on", "exercise_after_contract_end")


def test_an_agreed_extension_is_added_as_an_option(client: TestClient, portfolio: Portfolio) -> None:
    path = f"/contracts/{a_contract(client, portfolio, options=[{'ends_on': '2022-02-28'}])}"
    body = {"ends_on": "2021-02-28", "exercised_on": "2019-02-01"}
    added = post(client, f"{path}/options", body, portfolio.officer)
    assert added.status_code == 201, added.text
    assert [option["ends_on"] for option in get_options(client, portfolio, path)] == ["2021-02-28", "2022-02-28"]
    assert added.json() == get_options(client, portfolio, path)[0]
    contract = get(client, path, portfolio.viewer)
    assert contract["options"] == get_options(client, portfolio, path)
    assert contract["obligation"]["effective_end_on"] == "2021-02-28"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"ends_on": "2020-02-28"}, "ends_on", "option_not_after_end"),
        ({"ends_on": "2021-02-28"}, "ends_on", "option_order"),
        ({"ends_on": "2022-02-28", "exercised_on": "2019-03-02"}, "exercised_on", "exercised_after_today"),
        ({"ends_on": "2022-02-30"}, "ends_on", "not_a_date"),
        ({}, "ends_on", "missing_field"),
    ],
)
@on_one_database
def test_an_option_that_prolongs_nothing_is_refused(
    client: TestClient, portfolio: Portfolio, body: dict[str, str], field: str, code: str
) -> None:
    path = f"/contracts/{a_contract(client, portfolio, options=[{'ends_on': '2021-02-28'}])}"
    assert refusal(post(client, f"{path}/options", body, portfolio.officer)) == (422, field, code)


def test_options_are_written_by_officers_only_and_seen_within_the_units(
    client: TestClient, portfolio: Portfolio
) -> None:
    path = f"/contracts/{a_contract(client, portfolio, options=[{'ends_on': '2021-02-28'}])}"
    url = f"{path}/options/{get_options(client, portfolio, path)[0]['id']}/exercise"
    body = {"exercised_on": "2019-02-01"}
    assert post(client, url, body, portfolio.owner).status_code == 403
    assert post(client, url, body, portfolio.stranger).status_code == 404
    assert post(client, f"{path}/options", {"ends_on": "2022-02-28"}, portfolio.liaison).status_code == 403
    assert client.get(f"/api/v1{path}/options", headers=portfolio.stranger).status_code == 404
    unknown = post(client, f"{path}/options/{'0' * 32}/exercise", body, portfolio.officer)
    assert unknown.status_code == 404


def get_options(client: TestClient, portfolio: Portfolio, path: str) -> list[dict[str, str]]:
    items: list[dict[str, str]] = get(client, f"{path}/options", portfolio.viewer)["items"]
    return items
