"""The judgement of a day over HTTP, and what owners ask of the reminders."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.jobs import daily_check
from app.storage.session import Database
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Headers, Portfolio

HIRE = {"employment_form": "employment", "target_group": "immigrant"}


def obligation(client: TestClient, contract_id: str, headers: Headers, **query: str) -> Any:
    answer = client.get(f"/api/v1/contracts/{contract_id}/obligation", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


WORKED_EXAMPLES = [
    (None, "2018-02-01", "not_started", "2019-05-31", "2018-03-01"),
    (None, "2018-03-01", "open", "2019-05-31", "2019-03-02"),
    (None, "2019-03-02", "at_risk", "2019-05-31", "2019-06-01"),
    (None, "2019-06-01", "cannot_be_met", "2019-05-31", "2020-02-29"),
    (None, "2020-02-29", "breached", "2019-05-31", None),
    ({"starts_on": "2019-05-31"}, "2019-06-01", "on_track", None, "2020-02-28"),
    ({"starts_on": "2019-05-31"}, "2020-02-28", "fulfilled", None, None),
    ({"starts_on": "2019-05-31", "ended_on": "2019-10-31"}, "2019-11-01", "at_risk", "2019-11-01", "2019-11-02"),
    ({"starts_on": "2019-05-31", "ended_on": "2019-10-31"}, "2019-11-02", "cannot_be_met", "2019-11-01", "2020-02-29"),
    ({"starts_on": "2019-03-01", "planned_end_on": "2019-08-31"}, "2019-06-01", "open", "2019-11-30", "2019-08-31"),
    ({"starts_on": "2019-06-15"}, "2020-03-20", "breached", "2019-05-31", None),
]


@pytest.mark.parametrize(("hire", "as_of", "status", "latest_start_on", "next_change_on"), WORKED_EXAMPLES)
def test_the_worked_examples_hold_through_the_api_as_of_any_day(
    client: TestClient,
    portfolio: Portfolio,
    clock: SetClock,
    hire: dict[str, str] | None,
    as_of: str,
    status: str,
    latest_start_on: str | None,
    next_change_on: str | None,
) -> None:
    clock.set(date(2018, 3, 1))
    contract_id = portfolio.contract()
    if hire is not None:
        clock.set(date.fromisoformat(hire["starts_on"]))
        sent = HIRE | {name: day for name, day in hire.items() if name != "ended_on"}
        url = f"/api/v1/contracts/{contract_id}/positions"
        logged = client.post(url, json=sent, headers=portfolio.liaison).json()
        if "ended_on" in hire:
            clock.set(date(2019, 11, 30))
            end = {"ended_on": hire["ended_on"], "end_reason": "resigned"}
            client.patch(f"/api/v1/positions/{logged['id']}", json=end, headers=portfolio.liaison)
    found = obligation(client, contract_id, portfolio.viewer, as_of=as_of)
    days = (found["latest_start_on"], found["next_change_on"])
    assert (found["status"], *days) == (status, latest_start_on, next_change_on)


@pytest.mark.parametrize(
    ("language", "beginning"), [("en", "One position"), ("fi", "Yhden"), ("sv-FI", "En "), ("de", "One position")]
)
@on_one_database
def test_the_first_reason_is_the_judgement_in_a_sentence_in_the_readers_language(
    client: TestClient, portfolio: Portfolio, language: str, beginning: str
) -> None:
    contract_id = portfolio.contract()
    headers = portfolio.viewer | {"Accept-Language": language}
    first = obligation(client, contract_id, headers, as_of="2019-03-02")["reasons"][0]
    assert first["code"] == "start_needed"
    assert first["latest_start_on"] == "2019-05-31"
    assert "2019" in first["text"]


def test_a_day_nobody_means_is_refused(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = portfolio.contract()
    url = f"/api/v1/contracts/{contract_id}/obligation"
    for as_of in ("0001-01-01", "2019-02-30", "tomorrow", "2500-01-01"):
        answer = client.get(url, params={"as_of": as_of}, headers=portfolio.viewer)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "as_of"


@pytest.mark.parametrize(
    ("until", "status"),
    [
        ("2019-03-01", 422),
        ("2019-03-02", 200),
        ("2019-05-31", 200),
        ("2019-06-01", 422),
    ],
)
def test_a_snooze_lasts_from_tomorrow_to_the_last_day_to_start(
    client: TestClient, portfolio: Portfolio, until: str, status: int
) -> None:
    contract_id = portfolio.contract()
    answer = client.post(f"/api/v1/contracts/{contract_id}/snooze", json={"until": until}, headers=portfolio.owner)
    assert answer.status_code == status, answer.text
    if status == 422:
        assert answer.json()["errors"][0]["field"] == "until"


def test_a_snooze_needs_something_missing_and_a_day_ahead(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    contract_id = portfolio.contract()
    url = f"/api/v1/contracts/{contract_id}"
    clock.set(date(2019, 6, 1))
    late = client.post(f"{url}/snooze", json={"until": "2019-06-02"}, headers=portfolio.owner)
    assert (late.status_code, late.json()["code"]) == (409, "window_passed")
    clock.set(date(2019, 3, 1))
    hired = client.post(f"{url}/positions", json=HIRE | {"starts_on": "2019-03-01"}, headers=portfolio.liaison)
    assert hired.status_code == 201
    covered = client.post(f"{url}/snooze", json={"until": "2019-03-02"}, headers=portfolio.owner)
    assert (covered.status_code, covered.json()["code"]) == (409, "nothing_missing")


def test_only_the_owner_and_those_who_write_contracts_may_acknowledge(client: TestClient, portfolio: Portfolio) -> None:
    url = f"/api/v1/contracts/{portfolio.contract()}/acknowledgement"
    answers = {name: client.post(url, headers=headers).status_code for name, headers in portfolio.headers.items()}
    assert answers == {
        "officer": 200,
        "liaison": 403,
        "other_owner": 403,
        "reporter": 404,
        "viewer": 403,
        "admin": 200,
        "owner": 200,
        "stranger": 404,
    }


def test_an_acknowledgement_stops_repeats_until_the_facts_change(
    client: TestClient, portfolio: Portfolio, clock: SetClock, database: Database
) -> None:
    contract_id = portfolio.contract()
    url = f"/api/v1/contracts/{contract_id}"

    def reminders_on(day: date) -> int:
        clock.set(day)
        return daily_check.run_check(database, day, clock).reminders

    assert reminders_on(date(2019, 6, 1)) == 1
    client.post(f"{url}/acknowledgement", headers=portfolio.owner)
    assert reminders_on(date(2019, 7, 5)) == 0
    adjustment = {"effective_on": "2019-07-05", "delta": 1, "reason": "More work", "decision_reference": "§ 12"}
    assert client.post(f"{url}/adjustments", json=adjustment, headers=portfolio.officer).status_code == 201
    assert reminders_on(date(2019, 7, 6)) == 1
