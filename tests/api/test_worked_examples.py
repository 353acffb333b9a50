"""The worked examples of the domain rules, through the API: one person, nine months, 1.3.2018–28.2.2020."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import a_contract, get, patch, post

JOB = {"employment_form": "employment", "target_group": "long_term_unemployed"}
LAST_START = "2019-05-31"


def started(day: str, **terms: Any) -> dict[str, Any]:
    return JOB | {"starts_on": day} | terms


BROKEN_OFF = [started("2019-05-31", ended_on="2019-10-31")]
PLANNED = [started("2019-03-01", planned_end_on="2019-08-31")]
REPLACED = [started("2019-01-07", ended_on="2019-04-06"), started("2019-06-01", replaces=0)]
ONE_DAY = [started("2019-05-01", ended_on="2019-05-01"), started("2019-05-31", replaces=0)]
TOO_LATE = [started("2019-06-15", ended_on="2020-03-14")]

EXAMPLES = [
    ([], "2018-02-01", "not_started", LAST_START, "2018-03-01"),
    ([], "2018-03-01", "open", LAST_START, "2019-03-02"),
    ([], "2019-03-02", "at_risk", LAST_START, "2019-06-01"),
    ([], "2019-06-01", "cannot_be_met", LAST_START, "2020-02-29"),
    ([], "2020-02-29", "breached", LAST_START, None),
    ([started("2019-05-31")], "2019-06-01", "on_track", None, "2020-02-28"),
    ([started("2019-05-31")], "2020-02-28", "fulfilled", None, None),
    (BROKEN_OFF, "2019-11-01", "at_risk", "2019-11-01", "2019-11-02"),
    (BROKEN_OFF, "2019-11-02", "cannot_be_met", "2019-11-01", "2020-02-29"),
    (PLANNED, "2019-06-01", "open", "2019-11-30", "2019-08-31"),
    (REPLACED, "2019-06-01", "on_track", None, "2019-11-30"),
    (REPLACED, "2019-11-30", "fulfilled", None, None),
    (ONE_DAY, "2020-02-28", "fulfilled", None, None),
    (TOO_LATE, "2020-03-20", "breached", LAST_START, None),
]


def log(client: TestClient, portfolio: Portfolio, contract_id: str, jobs: list[dict[str, Any]]) -> None:
    ids: list[str] = []
    for job in jobs:
        body = {name: value for name, value in job.items() if name not in {"ended_on", "replaces"}}
        if "replaces" in job:
            body["replaces_id"] = ids[job["replaces"]]
        answer = post(client, f"/contracts/{contract_id}/positions", body, portfolio.liaison)
        assert answer.status_code == 201, answer.text
        ids.append(answer.json()["id"])
        if "ended_on" in job:
            end = {"ended_on": job["ended_on"], "end_reason": "other"}
            assert patch(client, f"/positions/{ids[-1]}", end, portfolio.liaison).status_code == 200


@pytest.mark.parametrize(("jobs", "day", "status", "latest_start_on", "next_change_on"), EXAMPLES)
def test_on_the_day_the_contract_shows_what_the_rules_say(
    client: TestClient,
    portfolio: Portfolio,
    clock: SetClock,
    jobs: list[dict[str, Any]],
    day: str,
    status: str,
    latest_start_on: str | None,
    next_change_on: str | None,
) -> None:
    contract_id = a_contract(client, portfolio)
    clock.set(date.fromisoformat(day))
    log(client, portfolio, contract_id, jobs)
    obligation = get(client, f"/contracts/{contract_id}", portfolio.viewer)["obligation"]
    shown = [obligation[name] for name in ("status", "latest_start_on", "next_change_on", "judged_on")]
    assert shown == [status, latest_start_on, next_change_on, day]
    assert obligation["late"] == (1 if jobs is TOO_LATE else 0)
    if jobs:  # logged on that day, and so judged and kept for lists
        listed = get(client, "/contracts", portfolio.viewer)["items"]
        assert [item["obligation"] for item in listed] == [obligation]


@pytest.mark.parametrize(("jobs", "day", "status", "latest_start_on", "next_change_on"), EXAMPLES)
def test_asked_later_the_obligation_as_of_the_day_is_the_same(
    client: TestClient,
    portfolio: Portfolio,
    clock: SetClock,
    jobs: list[dict[str, Any]],
    day: str,
    status: str,
    latest_start_on: str | None,
    next_change_on: str | None,
) -> None:
    contract_id = a_contract(client, portfolio)
    clock.set(date(2020, 4, 1))
    log(client, portfolio, contract_id, jobs)
    obligation = get(client, f"/contracts/{contract_id}/obligation", portfolio.viewer, as_of=day)
    shown = [obligation[name] for name in ("status", "latest_start_on", "next_change_on", "as_of")]
    assert shown == [status, latest_start_on, next_change_on, day]
