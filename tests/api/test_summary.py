"""The portfolio in figures."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.jobs import daily_check
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio

HIRE = {"starts_on": "2019-03-01", "employment_form": "employment", "target_group": "immigrant", "channel": "team"}
THRESHOLD = {
    "type": "purchase_threshold",
    "threshold_cents": 500_000_00,
    "positions": None,
    "positions_per_threshold": 1,
    "value_cents": 1_600_000_00,
    "completion": "may_follow_contract",
}


@pytest.fixture
def summary(client: TestClient, portfolio: Portfolio, clock: SetClock) -> Any:
    """A fixed count with someone at work, a threshold just reached, and a contract of another city."""
    clock.set(date(2018, 3, 1))
    fixed, framework = portfolio.contract(positions=2), portfolio.contract(**THRESHOLD)
    portfolio.contract(unit_id=portfolio.other_root)
    clock.set(date(2019, 3, 1))
    client.post(f"/api/v1/contracts/{fixed}/positions", json=HIRE, headers=portfolio.liaison)
    bought = {"on_date": "2019-03-01", "amount_eur": "500000.00"}
    client.post(f"/api/v1/contracts/{framework}/purchases", json=bought, headers=portfolio.officer)

    def ask(**query: str) -> Any:
        answer = client.get("/api/v1/summary", params=query, headers=portfolio.viewer)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


def test_it_adds_up_the_contracts_one_sees(summary: Any) -> None:
    found = summary()
    assert (found["procurements"], found["contracts"], found["required"]) == (2, 2, 3)
    assert found["promised"] == {"min": 3, "max": 5}
    assert (found["filled"], found["running"], found["missing"]) == (1, 1, 2)


@pytest.mark.parametrize("group_by", ["unit", "clause_type", "supplier", "year"])
def test_todays_figures_are_the_same_stored_and_live(
    summary: Any, clock: SetClock, database: Database, group_by: str
) -> None:
    daily_check.run_check(database, clock.today, clock)
    stored = summary(group_by=group_by)
    clock.set(date(2019, 3, 2))  # yesterday's figures are judged live
    live = summary(group_by=group_by, as_of="2019-03-01")
    assert stored == live
    assert sum(group["required"] for group in stored["groups"]) == stored["required"]


def test_jobs_are_split_by_group_form_and_channel(summary: Any) -> None:
    for group_by, key in (("target_group", "immigrant"), ("employment_form", "employment"), ("channel", "team")):
        (group,) = summary(group_by=group_by)["groups"]
        assert (group["key"], group["filled"], group["running"]) == (key, 1, 1)


def test_a_day_before_the_contracts_knows_none(summary: Any) -> None:
    found = summary(as_of="2018-02-28")
    assert (found["procurements"], found["contracts"], found["by_status"]) == (0, 0, {})


def test_an_unknown_split_is_refused(client: TestClient, portfolio: Portfolio) -> None:
    answer = client.get("/api/v1/summary?group_by=weather", headers=portfolio.viewer)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "group_by"
