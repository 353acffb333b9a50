"""Figures through the API: recorded, corrected, voided, and asked about."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.outcomes import FIGURE, SHARE, SLUG, a_figure, a_project, an_indicator, made
from tests.portfolio import Portfolio
from tests.registering import get, patch, post, refusal

PATH = f"/projects/{SLUG}/observations"
LEARNT = FIGURE | {"indicator": "learnt", "value": None}


@pytest.fixture
def clock() -> SetClock:
    """After the groups of the autumn of 2019 had ended."""
    return SetClock(date(2019, 12, 9))


@pytest.fixture
def project(client: TestClient, portfolio: Portfolio) -> str:
    """With an indicator of people and one of a share."""
    slug = a_project(client, portfolio)
    an_indicator(client, portfolio)
    made(client, f"/projects/{slug}/indicators", SHARE, portfolio.reporter)
    return slug


def test_a_figure_comes_back_as_it_was_sent(client: TestClient, portfolio: Portfolio, project: str) -> None:
    answer = post(client, PATH, FIGURE, portfolio.reporter)
    found = answer.json()
    assert {name: found[name] for name in FIGURE} == FIGURE
    assert (found["questions"], found["voided"], found["recorded_at"]) == ([], False, "2019-12-09T07:00:00Z")
    assert answer.headers["Location"] == f"/api/v1/observations/{found['id']}"
    assert get(client, f"/observations/{found['id']}", portfolio.viewer) == found
    assert get(client, PATH, portfolio.viewer)["items"] == [found]


def test_a_share_is_worked_out_of_its_parts(client: TestClient, portfolio: Portfolio, project: str) -> None:
    found = a_figure(client, portfolio, **LEARNT | {"numerator": 65, "denominator": 83})
    assert (found["value"], found["numerator"], found["denominator"]) == (78.3133, 65, 83)


def test_a_reported_percentage_keeps_its_n(client: TestClient, portfolio: Portfolio, project: str) -> None:
    found = a_figure(client, portfolio, **LEARNT | {"value": 93, "n": 83})
    assert (found["value"], found["n"], found["questions"]) == (93, 83, [])


def test_a_figure_keeps_the_four_decimals_that_it_may_have(
    client: TestClient, portfolio: Portfolio, project: str
) -> None:
    assert a_figure(client, portfolio, **LEARNT | {"value": "78.3133", "n": 83})["value"] == 78.3133
    assert a_figure(client, portfolio, value="21.0000")["value"] == 21


def test_a_finding_in_words_has_a_note_and_no_value(client: TestClient, portfolio: Portfolio, project: str) -> None:
    found = a_figure(client, portfolio, value=None, note="Ei vielä tiedossa.")
    assert (found["value"], found["note"]) == (None, {"fi": "Ei vielä tiedossa."})


WRONG = (
    ({"indicator": "unheard_of"}, "indicator", "indicator_unknown"),
    ({"value": None}, "value", "value_required"),
    ({"value": 21.5}, "value", "not_whole"),
    ({"value": -1}, "value", "not_whole"),
    ({"value": "1e400"}, "value", "wrong_format"),
    ({"value": "21.00000"}, "value", "wrong_format"),
    ({"value": "0E-999999999"}, "value", "wrong_format"),
    ({"numerator": 1, "denominator": 2, "value": None}, "numerator", "numerator_not_percent"),
    ({**LEARNT, "numerator": 1, "denominator": 0}, "denominator", "denominator_zero"),
    ({**LEARNT, "numerator": 1}, "denominator", "numerator_without_denominator"),
    ({**LEARNT, "denominator": 1}, "numerator", "denominator_without_numerator"),
    ({**LEARNT, "value": 51, "numerator": 1, "denominator": 2}, "value", "value_contradicts_numerator"),
    ({"breakdown": {"situation": "at_work"}}, "breakdown.situation", "breakdown_not_allowed"),
    ({"breakdown": {"shoe_size": "44"}}, "breakdown.shoe_size", "wrong_choice"),
    ({"period_end": "2019-07-31"}, "period_end", "period_reversed"),
    ({"period_end": "2019-12-10"}, "period_end", "period_in_future"),
    ({"value": 21, "value_max": 20}, "value_max", "range_reversed"),
    ({"source": ""}, "source", "too_short"),
    ({"note": "131052-308T"}, "note", "identity_code"),
)


def test_what_does_not_fit_is_refused_with_its_field(client: TestClient, portfolio: Portfolio, project: str) -> None:
    for changes, field, code in WRONG:
        answer = post(client, PATH, FIGURE | changes, portfolio.reporter)
        assert refusal(answer) == (422, field, code), changes
        assert "131052" not in answer.text
    assert get(client, PATH, portfolio.viewer)["items"] == []


def test_a_period_that_ends_today_is_taken_as_final(client: TestClient, portfolio: Portfolio, project: str) -> None:
    a_figure(client, portfolio, period_end="2019-12-09")


def test_final_figures_of_one_part_never_overlap(client: TestClient, portfolio: Portfolio, project: str) -> None:
    a_figure(client, portfolio)
    last_day = {"period_start": "2019-11-30", "period_end": "2019-12-08"}
    assert refusal(post(client, PATH, FIGURE | last_day, portfolio.reporter)) == (
        *(422, "period_start", "observation_overlaps"),
    )
    a_figure(client, portfolio, **last_day | {"status": "preliminary"})
    a_figure(client, portfolio, **last_day | {"period_start": "2019-12-01"})
    a_figure(client, portfolio, **last_day | {"breakdown": {"next_step": "no_plan"}, "value": 4})


def test_what_is_doubtful_comes_back_as_a_question_and_is_recorded(
    client: TestClient, portfolio: Portfolio, project: str
) -> None:
    found = a_figure(client, portfolio, **LEARNT | {"value": 78, "n": 62})
    (question,) = found["questions"]
    assert (question["code"], question["weight"], question["detail"]["n"]) == ("share_impossible", "question", 62)
    assert "62" in question["text"]
    assert get(client, f"/observations/{found['id']}", portfolio.viewer)["questions"] == [question]


def test_a_correction_keeps_what_the_figure_was(
    client: TestClient, portfolio: Portfolio, clock: SetClock, project: str
) -> None:
    figure = a_figure(client, portfolio)["id"]
    clock.set(date(2019, 12, 10))
    answer = patch(
        client, f"/observations/{figure}", {"value": 22, "n": 27, "reason": "Laskuvirhe"}, portfolio.reporter
    )
    assert (answer.status_code, answer.json()["value"], answer.json()["n"]) == (200, 22, 27)
    patch(client, f"/observations/{figure}", {"value": 21, "reason": "Oikein sittenkin"}, portfolio.reporter)
    newest, first = get(client, f"/observations/{figure}/corrections", portfolio.viewer)["items"]
    assert first == {
        "before": {"value": "21", "n": None},
        "reason": "Laskuvirhe",
        "corrected_by": "project_reporter@example.org",
        "corrected_at": "2019-12-10T07:00:00Z",
    }
    assert (newest["before"], newest["reason"]) == ({"value": "22"}, "Oikein sittenkin")


WRONG_CORRECTIONS = (
    ({"value": 22}, "reason", "missing_field"),
    ({"reason": "x"}, "value", "nothing_changed"),
    ({"reason": "x", "value": 21}, "value", "nothing_changed"),
    ({"reason": "x", "value": None}, "value", "value_required"),
    ({"reason": "x", "breakdown": {"language": "arabic"}}, "breakdown.language", "breakdown_not_allowed"),
    ({"reason": "x", "period_start": "2019-12-01"}, "period_end", "period_reversed"),
    ({"reason": "x", "indicator": "learnt"}, "indicator", "unknown_field"),
)


def test_a_correction_that_does_not_fit_changes_nothing(client: TestClient, portfolio: Portfolio, project: str) -> None:
    figure = a_figure(client, portfolio)
    for changes, field, code in WRONG_CORRECTIONS:
        answer = patch(client, f"/observations/{figure['id']}", changes, portfolio.reporter)
        assert refusal(answer) == (422, field, code), changes
    assert get(client, f"/observations/{figure['id']}", portfolio.viewer) == figure
    assert get(client, f"/observations/{figure['id']}/corrections", portfolio.viewer)["items"] == []


def test_a_correction_may_not_run_into_another_final_figure(
    client: TestClient, portfolio: Portfolio, project: str
) -> None:
    a_figure(client, portfolio)
    later = a_figure(client, portfolio, period_start="2019-12-01", period_end="2019-12-08")
    changes = {"period_start": "2019-11-30", "reason": "x"}
    answer = patch(client, f"/observations/{later['id']}", changes, portfolio.reporter)
    assert refusal(answer) == (422, "period_start", "observation_overlaps")


def test_a_stale_correction_is_refused(client: TestClient, portfolio: Portfolio, project: str) -> None:
    figure = a_figure(client, portfolio)["id"]
    patch(client, f"/observations/{figure}", {"value": 22, "reason": "x"}, portfolio.reporter)
    stale = client.patch(
        f"/api/v1/observations/{figure}",
        json={"value": 23, "reason": "x"},
        headers=portfolio.reporter | {"If-Match": '"1"'},
    )
    assert stale.status_code == 412


def test_a_voided_figure_counts_for_nothing_and_makes_room(
    client: TestClient, portfolio: Portfolio, project: str
) -> None:
    figure = a_figure(client, portfolio)["id"]
    answer = post(client, f"/observations/{figure}/void", {"reason": "Väärä hanke"}, portfolio.reporter)
    assert (answer.json()["voided"], answer.json()["void_reason"]) == (True, "Väärä hanke")
    assert post(client, f"/observations/{figure}/void", {"reason": "x"}, portfolio.reporter).status_code == 409
    assert patch(client, f"/observations/{figure}", {"value": 1, "reason": "x"}, portfolio.reporter).status_code == 409
    summary = get(client, f"/projects/{project}/summary", portfolio.viewer)
    assert [one["latest"] for one in summary["indicators"]] == [None, None]
    a_figure(client, portfolio)


def test_a_figure_sent_twice_with_one_key_is_recorded_once(
    client: TestClient, portfolio: Portfolio, project: str
) -> None:
    headers = portfolio.reporter | {"Idempotency-Key": "one"}
    both = [client.post(f"/api/v1{PATH}", json=FIGURE, headers=headers) for _ in range(2)]
    assert both[0].json() == both[1].json()
    assert len(get(client, PATH, portfolio.viewer)["items"]) == 1


def test_figures_are_listed_page_by_page_and_by_indicator(
    client: TestClient, portfolio: Portfolio, project: str
) -> None:
    a_figure(client, portfolio, **LEARNT | {"value": 93, "n": 83})
    for step, value in (("no_plan", 4), ("studies", 1)):
        a_figure(client, portfolio, breakdown={"next_step": step}, value=value)
    assert len(get(client, PATH, portfolio.viewer, indicator="finished")["items"]) == 2
    page = get(client, PATH, portfolio.viewer, limit=2)
    rest = get(client, PATH, portfolio.viewer, limit=2, cursor=page["next_cursor"])
    assert [one["indicator"] for one in page["items"] + rest["items"]] == ["finished", "finished", "learnt"]


def test_figures_of_a_computed_indicator_are_never_typed(client: TestClient, portfolio: Portfolio) -> None:
    slug = a_project(client, portfolio, programme="SIEPP")
    an_indicator(client, portfolio, key="tenders", computation="tenders_with_clause", unit="count", dimensions=[])
    answer = post(client, f"/projects/{slug}/observations", FIGURE | {"indicator": "tenders"}, portfolio.admin)
    assert refusal(answer) == (422, "indicator", "indicator_computed")
