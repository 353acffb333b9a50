"""A project's money through the API."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.outcomes import SLUG, a_project, made
from tests.portfolio import Portfolio
from tests.registering import get, patch, post, refusal

PATH = f"/projects/{SLUG}/funding"
ESF = {"kind": "source", "name": {"fi": "ESR"}, "share_percent": 75}
CITY = {"kind": "source", "name": {"fi": "Kaupunki"}, "share_percent": 25}
PAY = {"kind": "use", "name": {"fi": "Palkat"}, "amount_eur": "1000.50", "until_on": "2019-12-09"}


@pytest.fixture
def clock() -> SetClock:
    return SetClock(date(2019, 12, 9))


def test_shares_of_the_budget_become_sums_that_add_up(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio, budget_eur="128819.00")
    for body in (ESF, CITY, PAY):
        made(client, PATH, body, portfolio.reporter)
    money = get(client, f"/projects/{SLUG}/summary", portfolio.viewer)["money"]
    assert [(one["name"]["fi"], one["amount_eur"]) for one in money["sources"]] == [
        *[("ESR", "96614.25"), ("Kaupunki", "32204.75")]
    ]
    assert (money["total"], money["sources_total"], money["used"]) == ("128819.00", "128819.00", "1000.50")
    assert money["questions"] == []


def test_a_source_whose_sum_nobody_knows_leaves_the_total_open(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio, budget_eur="128819.00")
    made(client, PATH, ESF, portfolio.reporter)
    made(client, PATH, {"kind": "source", "name": {"fi": "TE-palvelut"}}, portfolio.reporter)
    money = get(client, f"/projects/{SLUG}/summary", portfolio.viewer)["money"]
    assert (money["sources_total"], money["sources"][1]["amount_eur"], money["questions"]) == (None, None, [])


WRONG = (
    (ESF | {"amount_eur": "1.00"}, "share_percent", "sum_and_share"),
    (ESF | {"until_on": "2019-12-01"}, "until_on", "source_without_day"),
    (ESF | {"share_percent": 101}, "share_percent", "out_of_range"),
    (PAY | {"amount_eur": None}, "amount_eur", "use_needs_sum"),
    (PAY | {"until_on": None}, "until_on", "use_needs_day"),
    (PAY | {"until_on": "2019-12-10"}, "until_on", "done_after_today"),
)


def test_what_does_not_fit_is_refused_with_its_field(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    for body, field, code in WRONG:
        assert refusal(post(client, PATH, body, portfolio.reporter)) == (422, field, code), body
    assert get(client, PATH, portfolio.viewer)["items"] == []


def test_more_used_than_there_is_raises_a_question_and_a_change_takes_it_back(
    client: TestClient, portfolio: Portfolio
) -> None:
    a_project(client, portfolio, budget_eur="1000.00")
    use = made(client, PATH, PAY, portfolio.reporter)["id"]
    asked = get(client, f"/projects/{SLUG}/summary", portfolio.viewer)["money"]["questions"]
    assert [one["code"] for one in asked] == ["spent_beyond_budget"]
    assert patch(client, f"/funding/{use}", {"amount_eur": "1000.00"}, portfolio.reporter).status_code == 200
    assert get(client, f"/projects/{SLUG}/summary", portfolio.viewer)["money"]["questions"] == []


def test_what_was_voided_counts_no_more(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio, budget_eur="1000.00")
    use = made(client, PATH, PAY, portfolio.reporter)["id"]
    assert post(client, f"/funding/{use}/void", {"reason": "x"}, portfolio.reporter).json()["voided"] is True
    assert get(client, f"/projects/{SLUG}/summary", portfolio.viewer)["money"]["used"] == "0.00"
    assert get(client, f"/funding/{use}", portfolio.viewer)["voided"] is True
    assert patch(client, f"/funding/{use}", {"amount_eur": "1.00"}, portfolio.reporter).status_code == 409
    assert client.get(f"/api/v1/funding/{use}", headers=portfolio.stranger).status_code == 404
