"""GET /public-tables: for everyone of the organisation, whatever their role, and for nobody of another."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.jobs import daily_check
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Headers, Portfolio
from tests.registering import get, post
from tests.witnesses import checked_daily

HIRE = {"starts_on": "2019-02-01", "employment_form": "employment", "target_group": "immigrant", "channel": "team"}


@pytest.fixture
def published(client: TestClient, portfolio: Portfolio, clock: SetClock, database: Database) -> Portfolio:
    """Twelve jobs of the first quarter of 2019, two of them of another group, and a second quarter without any."""
    clock.set(date(2019, 1, 1))
    contract_id = portfolio.contract(positions=20, starts_on=date(2019, 1, 1), ends_on=date(2021, 12, 31))
    clock.set(date(2019, 2, 1))
    for number in range(12):
        hire = HIRE | ({"target_group": "youth"} if number < 2 else {})
        assert post(client, f"/contracts/{contract_id}/positions", hire, portfolio.liaison).status_code == 201
    for day in (date(2019, 4, 30), date(2019, 7, 30)):
        clock.set(day)
        checked_daily(database, day)
        daily_check.run_check(database, clock.today, clock)
    return portfolio


def tables(client: TestClient, headers: Headers, **query: Any) -> list[Any]:
    found: list[Any] = get(client, "/public-tables", headers, **query)["items"]
    return found


def test_the_tables_of_a_quarter_with_what_is_folded(client: TestClient, published: Portfolio) -> None:
    groups, forms, channels, obligations = tables(client, published.viewer, quarter="2019-03-31")
    assert (groups["key"], groups["title"]) == ("jobs_by_target_group", "Jobs begun, by target group")
    assert (groups["rows"], groups["others"], groups["total"], groups["is_folded"]) == ([], 12, 12, True)
    assert {"code": "youth", "name": "young person starting a career"} in groups["folded"]
    assert (groups["quarter_end"], groups["period_start"]) == ("2019-03-31", "2019-01-01")
    assert (groups["unit_id"], groups["unit_name"], groups["project"]) == (published.root, "Helsinki", None)
    assert [one["code"] for one in forms["folded"]] == ["employment", "apprenticeship"]
    assert (channels["others"], channels["total"]) == (12, 12)
    assert {row["code"]: row["count"] for row in obligations["rows"]}["open"] == 1
    assert obligations["is_folded"] is False


def test_a_total_under_the_limit_is_not_told(client: TestClient, published: Portfolio) -> None:
    groups = tables(client, published.viewer, quarter="2019-06-30")[0]
    assert (groups["rows"], groups["others"], groups["total"], groups["is_folded"]) == ([], None, None, True)


def test_without_a_quarter_all_are_listed_the_latest_first_in_pages(client: TestClient, published: Portfolio) -> None:
    ends = [one["quarter_end"] for one in tables(client, published.viewer)]
    assert ends == ["2019-06-30"] * 4 + ["2019-03-31"] * 4
    first = get(client, "/public-tables", published.viewer, limit=5)
    rest = get(client, "/public-tables", published.viewer, limit=5, cursor=first["next_cursor"])
    assert [one["quarter_end"] for one in first["items"] + rest["items"]] == ends
    assert rest["next_cursor"] is None


def test_every_role_may_read_them(client: TestClient, published: Portfolio) -> None:
    for who in ("officer", "liaison", "other_owner", "reporter", "viewer", "admin"):
        assert len(tables(client, published.headers[who], quarter="2019-03-31")) == 4, who


def test_another_city_does_not_see_them(client: TestClient, published: Portfolio) -> None:
    assert tables(client, published.stranger) == []


def test_nobody_reads_them_without_a_token(client: TestClient, published: Portfolio) -> None:
    assert client.get("/api/v1/public-tables").status_code == 401


def test_a_day_that_ends_no_quarter_is_refused(client: TestClient, published: Portfolio) -> None:
    for quarter in ("2019-03-30", "2019-05-31", "soon"):
        answer = client.get(f"/api/v1/public-tables?quarter={quarter}", headers=published.viewer)
        assert answer.status_code == 422, quarter
        assert answer.json()["errors"][0]["field"] == "quarter"


def test_a_quarter_without_tables_has_none(client: TestClient, published: Portfolio) -> None:
    assert tables(client, published.viewer, quarter="2018-12-31") == []
