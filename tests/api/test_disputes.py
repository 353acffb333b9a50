"""A dispute keeps a contract's jobs; the API says until when they are kept."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import get, patch, post

REASON = {"reason": "Appeal to the Market Court"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is asked of the database is tried on both in tests/scenarios/test_retention.py."""
    return sqlite_url


@pytest.fixture
def at(portfolio: Portfolio, clock: SetClock) -> str:
    clock.set(date(2020, 3, 1))
    return f"/contracts/{portfolio.contract()}"


def test_who_writes_contracts_keeps_one_because_of_a_dispute_and_lets_it_go(
    client: TestClient, portfolio: Portfolio, at: str, clock: SetClock
) -> None:
    plan = get(client, f"{at}/retention", portfolio.viewer)
    assert (plan["over_on"], plan["notice_on"], plan["erase_on"]) == ("2020-02-28", "2022-01-29", "2022-02-28")
    made = post(client, f"{at}/dispute", REASON, portfolio.officer)
    assert (made.status_code, made.json()["set_on"]) == (201, "2020-03-01")
    plan = get(client, f"{at}/retention", portfolio.viewer)
    assert (plan["kept_because"], plan["erase_on"], plan["dispute"]["reason"]) == (
        "kept_for_dispute",
        None,
        REASON["reason"],
    )
    assert post(client, f"{at}/dispute", REASON, portfolio.officer).json()["code"] == "already_disputed"
    clock.set(date(2021, 3, 1))
    assert post(client, f"{at}/dispute/lift", None, portfolio.officer).json()["lifted_on"] == "2021-03-01"
    assert post(client, f"{at}/dispute/lift", None, portfolio.officer).json()["code"] == "not_disputed"
    clock.set(date(2021, 3, 2))
    assert get(client, f"{at}/retention", portfolio.viewer)["erase_on"] == "2023-03-02"


def test_a_contract_that_runs_says_why_it_is_kept(client: TestClient, portfolio: Portfolio, clock: SetClock) -> None:
    clock.set(date(2019, 1, 1))
    plan = get(client, f"/contracts/{portfolio.contract()}/retention", portfolio.viewer)
    assert (plan["kept_because"], plan["kept_until"], plan["erase_on"]) == ("contract_runs", "2020-02-28", None)


@pytest.mark.parametrize("who", ["liaison", "viewer", "other_owner"])
def test_nobody_else_keeps_or_lets_go(client: TestClient, portfolio: Portfolio, at: str, who: str) -> None:
    assert post(client, f"{at}/dispute", REASON, portfolio.headers[who]).status_code == 403
    assert post(client, f"{at}/dispute/lift", None, portfolio.headers[who]).status_code == 403


@pytest.mark.parametrize(("months", "status"), [(5, 422), (6, 200), (120, 200), (121, 422), (None, 200)])
def test_an_organisation_sets_how_long_jobs_are_kept_within_bounds(
    client: TestClient, portfolio: Portfolio, months: int | None, status: int
) -> None:
    answer = patch(client, f"/units/{portfolio.root}", {"retention_months": months}, portfolio.admin)
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["retention_months"] == months


def test_the_time_is_the_whole_organisations(client: TestClient, portfolio: Portfolio, at: str) -> None:
    refused = patch(client, f"/units/{portfolio.division}", {"retention_months": 12}, portfolio.admin)
    assert refused.json()["errors"][0]["code"] == "retention_of_root_only"
    assert patch(client, f"/units/{portfolio.root}", {"retention_months": 12}, portfolio.admin).status_code == 200
    assert get(client, f"{at}/retention", portfolio.viewer)["erase_on"] == "2021-02-28"
