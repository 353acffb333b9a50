"""A project's timetable through the API."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.outcomes import SLUG, a_project, made
from tests.portfolio import Portfolio
from tests.registering import get, patch, post, refusal

PATH = f"/projects/{SLUG}/milestones"
STEP = {
    "name": {"fi": "Valmentajat aloittavat"},
    "package": {"fi": "Tuettu työllistyminen"},
    "starts_on": "2020-12-01",
    "ends_on": "2020-12-31",
    "done_on": None,
    "note": None,
}


@pytest.fixture
def clock() -> SetClock:
    return SetClock(date(2020, 11, 30))


def test_a_step_is_planned_under_way_late_and_done(client: TestClient, portfolio: Portfolio, clock: SetClock) -> None:
    a_project(client, portfolio)
    step = made(client, PATH, STEP, portfolio.reporter)
    assert {name: step[name] for name in STEP} == STEP
    seen = {}
    for day in ("2020-11-30", "2020-12-01", "2020-12-31", "2021-01-01"):
        clock.set(date.fromisoformat(day))
        seen[day] = get(client, PATH, portfolio.viewer)["items"][0]["state"]
    assert list(seen.values()) == ["planned", "under_way", "under_way", "late"]
    answer = patch(client, f"/milestones/{step['id']}", {"done_on": "2021-01-01"}, portfolio.reporter)
    assert answer.json()["state"] == "done"
    summary = get(client, f"/projects/{SLUG}/summary", portfolio.viewer, to="2020-12-31")
    assert summary["timetable"][0]["state"] == "under_way"


def test_what_does_not_fit_is_refused_with_its_field(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    wrong = post(client, PATH, STEP | {"ends_on": "2020-11-30"}, portfolio.reporter)
    assert refusal(wrong) == (422, "ends_on", "period_reversed")
    early = post(client, PATH, STEP | {"done_on": "2020-12-01"}, portfolio.reporter)
    assert refusal(early) == (422, "done_on", "done_after_today")
    assert post(client, PATH, STEP, portfolio.viewer).status_code == 403
    assert get(client, PATH, portfolio.viewer)["items"] == []


def test_a_voided_step_leaves_the_timetable_and_changes_no_more(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    step = made(client, PATH, STEP, portfolio.reporter)["id"]
    assert post(client, f"/milestones/{step}/void", {"reason": "x"}, portfolio.reporter).json()["voided"] is True
    assert patch(client, f"/milestones/{step}", {"note": "y"}, portfolio.reporter).status_code == 409
    assert get(client, f"/projects/{SLUG}/summary", portfolio.viewer)["timetable"] == []
    assert client.get(f"/api/v1/milestones/{step}", headers=portfolio.stranger).status_code == 404


def test_a_stale_change_is_refused(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    step = made(client, PATH, STEP, portfolio.reporter)["id"]
    patch(client, f"/milestones/{step}", {"note": "y"}, portfolio.reporter)
    headers = portfolio.reporter | {"If-Match": '"1"'}
    assert client.patch(f"/api/v1/milestones/{step}", json={"note": "z"}, headers=headers).status_code == 412
