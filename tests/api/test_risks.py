"""A project's risk register through the API."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.outcomes import SLUG, a_project, made
from tests.portfolio import Portfolio
from tests.registering import get, patch, post, refusal

PATH = f"/projects/{SLUG}/risks"
RISK = {
    "name": {"fi": "Osallisuus jää vähäiseksi"},
    "likelihood": 2,
    "impact": 4,
    "measures": [{"fi": "Asiakasraati"}],
    "review_on": "2020-06-30",
}


@pytest.fixture
def clock() -> SetClock:
    return SetClock(date(2020, 6, 29))


def test_a_risk_has_its_level_and_its_day_to_look_again(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    a_project(client, portfolio)
    risk = made(client, PATH, RISK, portfolio.reporter)
    assert {name: risk[name] for name in RISK} == RISK
    assert (risk["level"], risk["review_due"]) == ("high", False)
    clock.set(date(2020, 6, 30))
    assert get(client, f"/risks/{risk['id']}", portfolio.viewer)["review_due"] is True
    answer = patch(client, f"/risks/{risk['id']}", {"reviewed_on": "2020-06-30"}, portfolio.reporter)
    assert answer.json()["review_due"] is False


def test_the_register_gives_the_weightiest_first_in_the_summary(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    for likelihood, impact in ((1, 4), (2, 4), (2, 3)):
        made(client, PATH, RISK | {"likelihood": likelihood, "impact": impact}, portfolio.reporter)
    risks = get(client, f"/projects/{SLUG}/summary", portfolio.viewer)["risks"]
    assert [(one["likelihood"], one["impact"], one["level"]) for one in risks] == [
        *[(2, 4, "high"), (2, 3, "moderate"), (1, 4, "moderate")]
    ]


@pytest.mark.parametrize("degree", [0, 5, "2", 2.5])
@on_one_database
def test_degrees_go_from_one_to_four(client: TestClient, portfolio: Portfolio, degree: object) -> None:
    a_project(client, portfolio)
    for name in ("likelihood", "impact"):
        status, field, _ = refusal(post(client, PATH, RISK | {name: degree}, portfolio.reporter))
        assert (status, field) == (422, name)
    made(client, PATH, RISK | {"likelihood": 1, "impact": 4}, portfolio.reporter)


def test_a_look_on_a_day_to_come_is_refused_and_a_voided_risk_leaves_the_register(
    client: TestClient, portfolio: Portfolio
) -> None:
    a_project(client, portfolio)
    risk = made(client, PATH, RISK, portfolio.reporter)["id"]
    answer = patch(client, f"/risks/{risk}", {"reviewed_on": "2020-06-30"}, portfolio.reporter)
    assert refusal(answer) == (422, "reviewed_on", "done_after_today")
    post(client, f"/risks/{risk}/void", {"reason": "x"}, portfolio.reporter)
    assert get(client, f"/projects/{SLUG}/summary", portfolio.viewer)["risks"] == []
    assert patch(client, f"/risks/{risk}", {"impact": 1}, portfolio.reporter).status_code == 409
    assert client.get(f"/api/v1/risks/{risk}", headers=portfolio.stranger).status_code == 404
