"""A project's outcomes in a period, the overview, figures computed from contracts, and why nothing is added up."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.rules.codes import Role
from app.storage.session import Database
from tests.conftest import SetClock
from tests.outcomes import FIGURE, FINISHED, SHARE, SLUG, a_figure, a_project, an_indicator, made
from tests.portfolio import Portfolio, _user
from tests.registering import AWARD, FIXED_COUNT, a_contract, a_procurement, get, post, refusal

PEOPLE = FINISHED | {"target_min": None, "target_on": None, "dimensions": []}
AUTUMN = {"period_start": "2019-08-01", "period_end": "2019-11-30"}


@pytest.fixture
def clock() -> SetClock:
    return SetClock(date(2019, 12, 9))


def summary(client: TestClient, portfolio: Portfolio, **query: str) -> Any:
    return get(client, f"/projects/{SLUG}/summary", portfolio.viewer, **query)


def of(found: Any, key: str) -> Any:
    return next(one for one in found["indicators"] if one["key"] == key)


def test_an_indicator_tells_figure_target_and_progress(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio)
    a_figure(client, portfolio)
    found = of(summary(client, portfolio), "finished")
    assert (found["latest"]["value"], found["progress"], found["target_met"]) == (21, 0.084, False)
    assert (found["age_days"], found["interval"], found["trend"]) == (9, None, None)


def test_a_breakdown_tells_counts_and_shares_of_the_whole(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    names = {"next_step": {"language_course": {"fi": "kielikurssi", "en": "language course"}}}
    an_indicator(client, portfolio, category_names=names)
    a_figure(client, portfolio)
    for step, value in (("language_course", 4), ("no_plan", 17)):
        a_figure(client, portfolio, breakdown={"next_step": step}, value=value)
    assert of(summary(client, portfolio), "finished")["breakdowns"] == {
        "next_step": [
            {"value": "no_plan", "name": "no plan", "count": 17, "share": 0.8095},
            {"value": "language_course", "name": "language course", "count": 4, "share": 0.1905},
        ]
    }


def test_a_share_of_people_has_its_interval(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    made(client, f"/projects/{SLUG}/indicators", SHARE, portfolio.reporter)
    a_figure(client, portfolio, indicator="learnt", value=None, numerator=21, denominator=27)
    found = of(summary(client, portfolio), "learnt")
    # By hand: centre (21 + z²/2) / (27 + z²), half-width z·√(pq/n + z²/4n²) / (1 + z²/n), with z = 1.96.
    assert (found["latest"]["value"], found["interval"]) == (77.7778, [59.2, 89.4])


def test_a_period_takes_the_figures_that_end_in_it(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio)
    a_figure(client, portfolio, period_start="2019-05-01", period_end="2019-06-30", value=3)
    a_figure(client, portfolio)
    cases = {
        ("", "2019-06-29"): None,
        ("", "2019-06-30"): 3,
        ("2019-06-30", "2019-11-29"): 3,
        ("2019-07-01", "2019-11-29"): None,
        ("2019-07-01", "2019-11-30"): 21,
        ("", ""): 21,
    }
    for (since, until), value in cases.items():
        query = {name: day for name, day in (("from", since), ("to", until)) if day}
        latest = of(summary(client, portfolio, **query), "finished")["latest"]
        assert (latest and latest["value"]) == value, query
    assert [one["value"] for one in of(summary(client, portfolio), "finished")["history"]] == [3, 21]


def test_a_question_is_told_where_its_figures_are(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio, **SHARE)
    period = {"period_start": "2019-05-01", "period_end": "2019-06-30"}
    a_figure(client, portfolio, indicator="learnt", value=78, n=62, **period)
    for until, told in (("2019-06-29", []), ("2019-06-30", ["share_impossible"]), ("", ["share_impossible"])):
        query = {"to": until} if until else {}
        assert [one["code"] for one in summary(client, portfolio, **query)["questions"]] == told, until


def test_a_reversed_period_is_refused(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    path = f"/api/v1/projects/{SLUG}/summary?from=2019-12-01&to=2019-11-30"
    assert refusal(client.get(path, headers=portfolio.viewer)) == (422, "to", "period_reversed")
    path = f"/api/v1/projects/{SLUG}/summary?from=yesterday"
    assert refusal(client.get(path, headers=portfolio.viewer)) == (422, "from", "not_a_date")


def test_a_cohort_flows_and_adds_up(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    for key, stage, value in (("started", "started", 27), ("dropped", "dropped_out", 6), ("done", "finished", 21)):
        an_indicator(client, portfolio, **PEOPLE | {"key": key, "stage": stage, "dimensions": ["phase", "next_step"]})
        a_figure(client, portfolio, indicator=key, value=value)
    a_figure(client, portfolio, indicator="dropped", value=5, breakdown={"phase": "early"})
    a_figure(client, portfolio, indicator="dropped", value=1, breakdown={"phase": "later"})
    cohort = summary(client, portfolio)["cohort"]
    assert (cohort["started"], cohort["adds_up"], cohort["taking_part"]["count"]) == (27, True, 0)
    assert cohort["dropped_out"] == {"value": "dropped_out", "count": 6, "share": 0.2222}
    assert cohort["finished"] == {"value": "finished", "count": 21, "share": 0.7778}
    assert [(one["value"], one["count"]) for one in cohort["dropped_out_in"]] == [("early", 5), ("later", 1)]


# --- Computed from the contracts

COMPUTED = {
    "tenders": ("tenders_with_clause", "count"),
    "promised": ("positions_promised", "count"),
    "filled": ("positions_filled", "people"),
    "innovative": ("innovative_share", "percent"),
    "considered": ("clause_considered", "count"),
}


def a_computed_project(client: TestClient, portfolio: Portfolio, **changes: Any) -> None:
    a_project(client, portfolio, programme="SIEPP", starts_on="2018-01-01", **changes)
    for key, (computation, unit) in COMPUTED.items():
        an_indicator(client, portfolio, **PEOPLE | {"key": key, "computation": computation, "unit": unit})


def values(found: Any) -> dict[str, Any]:
    latest = {one["key"]: one["latest"] for one in found["indicators"]}
    return {key: figure and (figure["value"], figure["value_max"]) for key, figure in latest.items()}


def test_figures_come_from_the_contracts_of_the_programme(client: TestClient, portfolio: Portfolio) -> None:
    a_computed_project(client, portfolio)
    contract = a_contract(client, portfolio, a_procurement(client, portfolio, innovative_method="tietopyyntö"))
    job = {"starts_on": "2018-06-01", "employment_form": "employment", "target_group": "youth"}
    made(client, f"/contracts/{contract}/positions", job, portfolio.liaison)
    a_procurement(client, portfolio, clause=FIXED_COUNT | {"positions": 2})
    a_procurement(client, portfolio, programme="OTHER")
    found = summary(client, portfolio)
    assert values(found) == {
        "tenders": (2, None),
        "promised": (1, None),
        "filled": (1, None),
        "innovative": (50, None),
        "considered": (3, None),
    }
    share = of(found, "innovative")["latest"]
    assert (share["numerator"], share["denominator"], share["id"], share["source"]) == (1, 2, None, None)


def test_they_are_true_of_the_day_asked_for(client: TestClient, portfolio: Portfolio) -> None:
    a_computed_project(client, portfolio)
    a_contract(client, portfolio, a_procurement(client, portfolio, signed_on="2018-02-15"))
    assert values(summary(client, portfolio, to="2018-02-14"))["tenders"] == (0, None)
    assert values(summary(client, portfolio, to="2018-02-15"))["tenders"] == (1, None)
    assert values(summary(client, portfolio, to="2017-12-31"))["tenders"] is None


def test_a_procurement_worth_exactly_the_limit_is_not_among_those_worth_more(
    client: TestClient, portfolio: Portfolio
) -> None:
    a_computed_project(client, portfolio)
    for value in ("199999.99", "200000.00", "200000.01"):
        a_procurement(client, portfolio, estimated_value_eur=value)
    without = {"clause": None, "no_clause_reason": "Ei sovellu", "programme": None}
    a_procurement(client, portfolio, **without, estimated_value_eur="200000.01")
    found = values(summary(client, portfolio))
    assert (found["considered"], found["tenders"]) == ((2, None), (3, None))


def test_without_any_tender_a_share_of_them_is_no_figure(client: TestClient, portfolio: Portfolio) -> None:
    a_computed_project(client, portfolio)
    assert values(summary(client, portfolio))["innovative"] == (None, None)


def test_positions_of_a_predecessor_are_counted_in(client: TestClient, portfolio: Portfolio) -> None:
    relation = {"kind": "predecessor", "name": {"fi": "HANDU"}, "programme": "HANDU"}
    a_computed_project(client, portfolio, relations=[relation])
    a_contract(
        client,
        portfolio,
        a_procurement(client, portfolio, programme="HANDU", clause=AWARD),
        **{"committed_positions": 3},
    )
    found = values(summary(client, portfolio))
    assert (found["promised"], found["tenders"]) == ((3, None), (0, None))


def test_contracts_of_another_city_are_not_counted(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    a_computed_project(client, portfolio, slug=SLUG)
    with database.writing() as session:
        officer = _user(session, clock, Role.PROCUREMENT_OFFICER, portfolio.other_root, "o@elsewhere.example.org")
    body = {"reference": "V-1", "title": "T", "unit_id": portfolio.other_root, "kind": "services"}
    made(
        client,
        "/procurements",
        body | {"programme": "SIEPP", "clause": FIXED_COUNT, "signed_on": "2018-02-15"},
        officer,
    )
    assert values(summary(client, portfolio))["tenders"] == (0, None)


# --- The overview


def test_the_overview_shows_headlines_only_and_adds_nothing(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio)
    an_indicator(client, portfolio, key="detail", headline=False)
    a_project(client, portfolio, slug="digirasti")
    found = get(client, "/projects", portfolio.viewer)
    assert set(found) == {"items", "next_cursor"}
    assert [one["slug"] for one in found["items"]] == [SLUG, "digirasti"]
    assert [one["key"] for one in found["items"][0]["indicators"]] == ["finished"]
    page = get(client, "/projects", portfolio.viewer, limit=1)
    rest = get(client, "/projects", portfolio.viewer, limit=1, cursor=page["next_cursor"])
    assert page["items"] + rest["items"] == found["items"]


def test_asked_for_a_sum_it_says_why_not(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio)
    a_figure(client, portfolio)
    a_project(client, portfolio, slug="digirasti")
    made(client, "/projects/digirasti/indicators", SHARE, portfolio.reporter)
    figure = FIGURE | {"indicator": "learnt", "value": 93, "n": 83, "period_start": "2019-04-01"}
    made(client, "/projects/digirasti/observations", figure, portfolio.reporter)
    query = {"of": [f"{SLUG}.finished", "digirasti.learnt"]}
    found = get(client, "/projects/sum", portfolio.viewer, **query)
    codes = [one["code"] for one in found["reasons"]]
    assert (found["addable"], codes) == (
        False,
        ["different_unit", "never_added", "different_definition", "different_period", "same_people"],
    )
    assert all(one["text"].endswith(".") for one in found["reasons"])


@pytest.mark.parametrize("of_", [["a.b", f"{SLUG}.finished"], [f"{SLUG}.unheard", f"{SLUG}.finished"], ["x", "y"]])
def test_a_figure_nobody_knows_is_refused(client: TestClient, portfolio: Portfolio, of_: list[str]) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio)
    answer = client.get("/api/v1/projects/sum", params={"of": of_}, headers=portfolio.viewer)
    assert refusal(answer) == (422, "of", "figure_unknown")
    alone = client.get("/api/v1/projects/sum", params={"of": of_[:1]}, headers=portfolio.viewer)
    assert alone.status_code == 422
    assert post(client, "/projects/sum", {}, portfolio.admin).status_code in {404, 405}


def test_groups_of_one_project_add_up_towards_its_target(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio, accumulates=True)
    a_figure(client, portfolio)
    assert of(summary(client, portfolio), "finished")["total"] is None
    a_figure(client, portfolio, period_start="2019-05-01", period_end="2019-06-30", value=4)
    found = of(summary(client, portfolio), "finished")
    assert (found["latest"]["value"], found["progress"]) == (21, 0.1)
    assert found["total"] == {"value": 25, "period_start": "2019-05-01", "period_end": "2019-11-30"}


def test_money_used_later_is_told_later(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    use = {"kind": "use", "name": {"fi": "Palkat"}, "amount_eur": "10.00", "until_on": "2019-11-30"}
    made(client, f"/projects/{SLUG}/funding", use, portfolio.reporter)
    used = {day: summary(client, portfolio, to=day)["money"]["used"] for day in ("2019-11-29", "2019-11-30")}
    assert used == {"2019-11-29": "0.00", "2019-11-30": "10.00"}
