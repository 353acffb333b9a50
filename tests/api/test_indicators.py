"""Indicators through the API: what a figure means is said before the first one."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.outcomes import FINISHED, SLUG, a_figure, a_project, an_indicator, made
from tests.portfolio import Portfolio
from tests.registering import get, patch, post, refusal

PATH = f"/projects/{SLUG}/indicators"


@pytest.fixture
def clock() -> SetClock:
    """After the groups of the autumn of 2019 had ended."""
    return SetClock(date(2019, 12, 9))


def test_an_indicator_comes_back_as_it_was_sent(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    names = {"next_step": {"language_course": {"fi": "kielikurssi", "en": "language course"}}}
    answer = made(client, PATH, FINISHED | {"category_names": names}, portfolio.reporter)
    assert {name: answer[name] for name in FINISHED} == FINISHED
    assert (answer["category_names"], answer["headline"]) == (names, True)
    assert get(client, f"{PATH}/finished", portfolio.viewer) == answer
    assert [one["key"] for one in get(client, PATH, portfolio.viewer)["items"]] == ["finished"]


def test_indicators_keep_the_order_in_which_they_were_defined(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    for key in ("started", "dropped-out", "a"):
        an_indicator(client, portfolio, key=key)
    assert [one["key"] for one in get(client, PATH, portfolio.viewer)["items"]] == ["started", "dropped-out", "a"]


SCORE = {"unit": "score", "target_min": None, "target_on": None}


WRONG = (
    ({"key": "finished"}, 409, "key", "key_taken"),
    ({"key": "Päättäneet"}, 422, "key", "wrong_format"),
    ({"key": "a", "definition": {}}, 422, "definition", "missing_field"),
    ({"key": "a", "unit": "pounds"}, 422, "unit", "wrong_choice"),
    ({"key": "a", "target_max": 249}, 422, "target_max", "target_reversed"),
    ({"key": "a", "target_min": None}, 422, "target_min", "target_missing"),
    ({"key": "a", "dimensions": ["shoe_size"]}, 422, "dimensions.0", "wrong_choice"),
    ({"key": "a", "dimensions": ["next_step", "next_step"]}, 422, "dimensions", "listed_twice"),
    ({"key": "a", "category_names": {"situation": {}}}, 422, "category_names", "names_without_dimension"),
    ({"key": "a", "scale_max": 5}, 422, "scale_max", "scale_without_score"),
    ({"key": "a", **SCORE}, 422, "scale_min", "scale_missing"),
    ({"key": "a", **SCORE, "scale_min": 5, "scale_max": 5}, 422, "scale_max", "scale_reversed"),
    ({"key": "a", "counted_among": "b"}, 422, "counted_among", "indicator_unknown"),
    ({"key": "a", "counted_among": "a"}, 422, "counted_among", "counted_among_itself"),
    ({"key": "a", "unit": "percent", "accumulates": True}, 422, "accumulates", "accumulates_not_counted"),
    ({"key": "a", "unit": "percent", "stage": "finished"}, 422, "stage", "stage_not_counted"),
    ({"key": "a", "computation": "tenders_with_clause"}, 422, "computation", "programme_missing"),
    ({"key": "a", "target_min": "NaN"}, 422, "target_min", "wrong_format"),
)


def test_what_does_not_fit_is_refused_with_its_field(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio)
    for changes, status, field, code in WRONG:
        answer = post(client, PATH, FINISHED | changes, portfolio.reporter)
        assert refusal(answer) == (status, field, code), changes
    assert len(get(client, PATH, portfolio.viewer)["items"]) == 1


def test_a_target_may_be_one_number_from_both_sides(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio, target_max=250)


def test_groups_do_not_lead_back_to_themselves(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio, key="a")
    an_indicator(client, portfolio, key="b", counted_among="a")
    answer = patch(client, f"{PATH}/a", {"counted_among": "b"}, portfolio.reporter)
    assert refusal(answer) == (422, "counted_among", "counted_among_itself")


def test_a_later_stage_of_one_group_is_held_once(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio, key="started", stage="started")
    an_indicator(client, portfolio, key="a", stage="finished", counted_among="started")
    again = FINISHED | {"key": "b", "stage": "finished", "counted_among": "started"}
    assert refusal(post(client, PATH, again, portfolio.reporter)) == (422, "stage", "stage_taken")


def test_a_dimension_in_use_stays(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio, dimensions=["next_step", "language"])
    a_figure(client, portfolio, breakdown={"next_step": "no_plan"}, value=4)
    answer = patch(client, f"{PATH}/finished", {"dimensions": ["language"]}, portfolio.reporter)
    assert refusal(answer) == (409, "dimensions", "dimension_in_use")
    answer = patch(client, f"{PATH}/finished", {"dimensions": ["next_step"]}, portfolio.reporter)
    assert answer.json()["dimensions"] == ["next_step"]


def test_key_and_unit_stay_and_a_stale_change_is_refused(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio)
    an_indicator(client, portfolio)
    answer = patch(client, f"{PATH}/finished", {"unit": "count"}, portfolio.reporter)
    assert refusal(answer) == (422, "unit", "unknown_field")
    patch(client, f"{PATH}/finished", {"target_min": 300}, portfolio.reporter)
    stale = client.patch(
        f"/api/v1{PATH}/finished", json={"target_min": 1}, headers=portfolio.reporter | {"If-Match": '"1"'}
    )
    assert stale.status_code == 412
    assert get(client, f"{PATH}/finished", portfolio.viewer)["target_min"] == 300


def test_a_computed_indicator_fits_what_it_is_computed_from(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio, programme="SIEPP")
    computed = {"key": "tenders", "computation": "tenders_with_clause", "unit": "count", "dimensions": []}
    wrong = FINISHED | computed | {"unit": "people"}
    assert refusal(post(client, PATH, wrong, portfolio.reporter)) == (422, "unit", "computation_of_another_unit")
    wrong = FINISHED | computed | {"dimensions": ["language"]}
    assert refusal(post(client, PATH, wrong, portfolio.reporter)) == (422, "dimensions", "computed_as_a_whole")
    an_indicator(client, portfolio, **computed)
