"""What of a project's figures may leave the city: no small count stands there, nor follows from what does."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import public_figures
from app.rules.codes import Dimension
from app.rules.cohorts import latest_flow
from app.rules.folding import folded_counts
from app.rules.indicators import breakdowns
from app.rules.outcomes import IndicatorFacts, ObservationFacts, ProjectFacts
from app.rules.policy import SMALL_COUNT
from app.rules.public_figures import PublicParts
from tests.rules.outcome_facts import indicator, project, seen, share

STARTED = indicator("started", stage="started", dimensions="age_group language next_step")
FINISHED = indicator("finished", stage="finished", counted_among="started", dimensions="age_group next_step")
LEFT = indicator("left", stage="dropped_out", counted_among="started", dimensions="phase")
LETTERS, CAME = indicator("letters"), indicator("came", counted_among="letters")


def told(facts: ProjectFacts, *figures: ObservationFacts) -> list[str]:
    """The keys of those of the figures that may be told; all of the project's whole figures where none are given."""
    asked = figures or tuple(one for one in facts.observations if not one.breakdown)
    hidden = public_figures.withheld(facts, asked)
    return [one.indicator for one in asked if one.id not in hidden]


def parts(facts: ProjectFacts, of: IndicatorFacts, dimension: str) -> PublicParts:
    found = breakdowns(of, facts.observations)[Dimension(dimension)]
    return public_figures.public_parts(facts, of, Dimension(dimension), found)


def shown(found: PublicParts) -> dict[str, int | None]:
    return {part.value: None if part.count is None else int(part.count) for part in found.parts}


# --- Whole figures


@pytest.mark.parametrize(("people", "may"), [(0, False), (4, False), (5, True)])
def test_a_count_of_people_is_told_from_the_limit_on(people: int, may: bool) -> None:
    facts = project(LETTERS, seen("letters", people))
    assert bool(told(facts)) is may


@pytest.mark.parametrize(("came", "may"), [(4, False), (5, True), (85, True), (86, False)])
def test_a_part_of_a_group_is_told_where_it_and_the_others_are_not_small(came: int, may: bool) -> None:
    facts = project(LETTERS, CAME, seen("letters", 90), seen("came", came))
    assert told(facts) == (["letters", "came"] if may else ["letters"])


@pytest.mark.parametrize(("numerator", "may"), [(4, False), (5, True), (58, True), (59, False)])
def test_a_share_among_a_group_is_told_as_the_count_it_comes_from(numerator: int, may: bool) -> None:
    rate = indicator("rate", "percent", counted_among="letters")
    facts = project(LETTERS, rate, seen("letters", 90), share("rate", numerator, 63))
    assert told(facts) == (["letters", "rate"] if may else ["letters"])


def test_a_reported_share_stands_for_the_nearest_count() -> None:
    rate = indicator("rate", "percent", counted_among="letters")
    assert told(project(LETTERS, rate, seen("rate", 7, n=62))) == []  # 4.34 people
    assert told(project(LETTERS, rate, seen("rate", 8, n=62))) == ["rate"]  # 4.96


def test_things_and_money_are_no_people() -> None:
    facts = project(indicator("days", "count"), indicator("used", "euros"), seen("days", 1), seen("used", 3))
    assert told(facts) == ["days", "used"]


def test_a_finding_about_people_in_words_only_is_not_told() -> None:
    words = indicator("words", "yes_no")
    facts = project(LETTERS, words, seen("letters"), seen("words"))
    assert told(facts) == ["words"]


@pytest.mark.parametrize(("n", "may"), [(4, False), (5, True), (None, True)])
def test_a_grade_is_told_unless_so_few_gave_it(n: int | None, may: bool) -> None:
    assert bool(told(project(indicator("grade", "score"), seen("grade", "4.3", n=n)))) is may


# --- Cohorts


def test_those_who_finished_and_those_who_left_are_told_where_neither_is_small() -> None:
    facts = project(STARTED, FINISHED, LEFT, seen("started", 27), seen("finished", 21), seen("left", 6))
    assert told(facts) == ["started", "finished", "left"]


@pytest.mark.parametrize(("left", "may"), [(1, False), (2, False), (6, True)])
def test_a_few_who_still_take_part_are_not_had_by_subtraction(left: int, may: bool) -> None:
    """Of 27 who started 21 finished: 6, 5 or 4 of the others dropped out."""
    rate = indicator("rate", "percent", counted_among="started")
    figures = [seen("started", 27), seen("finished", 21), seen("left", left), share("rate", 21, 27)]
    facts = project(STARTED, FINISHED, LEFT, rate, *figures)
    assert told(facts) == (["started", "finished", "left", "rate"] if may else ["started"])
    flow = latest_flow(facts)
    assert flow is not None
    assert public_figures.is_folded(flow) is not may


def test_a_folded_cohort_hides_nothing_of_another_period() -> None:
    other = {"start": "1.11.2019", "end": "30.11.2019"}
    facts = project(
        *(STARTED, FINISHED, LEFT, seen("started", 27), seen("finished", 25), seen("left", 2)),
        *(seen("started", 30, **other), seen("finished", 20, **other), seen("left", 10, **other)),
    )
    assert told(facts) == ["started", "started", "finished", "left"]


# --- Breakdowns


def test_small_parts_stand_as_one_number() -> None:
    counts = {"course": 20, "work": 12, "trial": 4, "study": 3, "care": 2, "other": 1}
    facts = project(FINISHED, *(seen("finished", count, next_step=step) for step, count in counts.items()))
    found = parts(facts, FINISHED, "next_step")
    assert (shown(found), found.others, found.folded) == ({"course": 20, "work": 12}, 10, True)


def test_what_the_parts_leave_of_the_whole_is_a_part_too() -> None:
    """Of 13 people 10 are told of: the other 3 would be had by subtraction."""
    facts = project(FINISHED, seen("finished", 13), seen("finished", 10, next_step="course"))
    assert parts(facts, FINISHED, "next_step") == PublicParts((), 13, True)


def test_parts_that_are_more_than_the_whole_are_not_told() -> None:
    facts = project(FINISHED, seen("finished", 9), seen("finished", 10, next_step="course"))
    assert parts(facts, FINISHED, "next_step") == public_figures.NOTHING


def test_the_parts_of_a_whole_that_is_not_told_are_not_told_either() -> None:
    facts = project(LETTERS, FINISHED._replace(counted_among="letters", stage=None), seen("letters", 23))
    facts = facts._replace(
        observations=(*facts.observations, seen("finished", 20), seen("finished", 20, next_step="course"))
    )
    assert parts(facts, facts.indicators[1], "next_step") == public_figures.NOTHING


@pytest.mark.parametrize("dimension", ["age_group", "postcode_area", "target_group", "language"])
@pytest.mark.parametrize("unit", ["people", "percent", "score"])
def test_groups_stand_in_the_tables_of_the_quarters_only(dimension: str, unit: str) -> None:
    of = indicator("started", unit, dimensions=dimension)
    facts = project(of, *(seen("started", 3, n=100, **{dimension: part}) for part in ("a", "b")))
    assert parts(facts, of, dimension) == public_figures.NOTHING


def test_about_and_ranges_are_not_told_by_part() -> None:
    facts = project(FINISHED, seen("finished", 30, approximate=True, next_step="course"))
    assert parts(facts, FINISHED, "next_step") == public_figures.NOTHING


def test_shares_of_what_became_of_people_are_folded_as_their_counts() -> None:
    after = indicator("after", "percent", dimensions="situation")
    reported = {"work": 40, "study": 30, "unemployed": 18, "care": 6, "trial": 3, "other": 3}
    facts = project(after, *(seen("after", percent, n=100, situation=one) for one, percent in reported.items()))
    found = parts(facts, after, "situation")
    assert {part.value: part.percent for part in found.parts} == {"study": 30, "unemployed": 18, "care": 6}
    assert found.others == 46  # 3 and 3 alone could only be 4 and 2, 3 and 3 or 2 and 4: the last larger part joins
    without_n = project(after, *(seen("after", percent, situation=one) for one, percent in reported.items()))
    assert parts(without_n, after, "situation") == public_figures.NOTHING


def test_those_of_whom_no_share_tells_are_a_part_too() -> None:
    """Of 100 people 27 care, 20 study and 50 work: the other 3 would be had by subtraction."""
    after = indicator("after", "percent", dimensions="situation")

    def told_of(n: int, **shares: int | str) -> tuple[set[str], int | None]:
        facts = project(after, *(seen("after", percent, n=n, situation=one) for one, percent in shares.items()))
        found = parts(facts, after, "situation")
        return {part.value for part in found.parts}, found.others

    assert told_of(100, care=27, study=20, work=50) == ({"care", "study"}, 53)
    assert told_of(100, care=27, study=20, work=48) == ({"care", "study", "work"}, None)  # 5 others
    assert told_of(30, study="33.4", work="66.7") == ({"study", "work"}, None)  # rounding leaves nobody


@pytest.mark.parametrize(("numerator", "may"), [(4, False), (5, True), (15, True), (16, False)])
def test_a_measures_own_rate_is_told_where_neither_side_of_it_is_small(numerator: int, may: bool) -> None:
    rate = indicator("rate", "percent", dimensions="measure")
    part = seen("rate", None, numerator=numerator, denominator=20, measure="nurse")
    found = parts(project(rate, part, seen("rate", 50, measure="coach")), rate, "measure")
    assert [one.value for one in found.parts] == (["nurse"] if may else [])
    assert found.folded


def test_a_grade_by_part_needs_enough_who_gave_it() -> None:
    grade = indicator("grade", "score", dimensions="measure")
    given_by = {"a": 4, "b": 5, "c": None}
    facts = project(grade, *(seen("grade", "4.1", n=n, measure=one) for one, n in given_by.items()))
    assert [one.value for one in parts(facts, grade, "measure").parts] == ["b"]


def test_things_by_part_are_told_as_they_are() -> None:
    checks = indicator("checks", "count", dimensions="measure")
    facts = project(checks, seen("checks", 1, measure="nurse"))
    assert parts(facts, checks, "measure") == PublicParts(
        breakdowns(checks, facts.observations)["measure"], None, False
    )


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6), st.integers(0, 12))
def test_no_part_that_is_told_is_small_and_all_of_it_went_through_the_one_folding(counts: list[int], rest: int) -> None:
    steps = {f"step_{number}": count for number, count in enumerate(counts)}
    whole = sum(counts) + rest
    facts = project(
        FINISHED._replace(counted_among=None, stage=None),
        *([seen("finished", whole)] if rest else []),
        *(seen("finished", count, next_step=step) for step, count in steps.items()),
    )
    found = parts(facts, facts.indicators[0], "next_step")
    if rest and whole < SMALL_COUNT:
        assert found == public_figures.NOTHING
        return
    folded = folded_counts(steps | ({"": rest} if rest else {}))
    assert shown(found) == {code: count for code, count in folded.shown if code}
    assert all(part.count is not None and part.count >= SMALL_COUNT for part in found.parts)
    assert found.others == folded.others
    assert found.others is None or found.others >= SMALL_COUNT


def test_a_share_is_never_of_more_people_than_there_are() -> None:
    rate = indicator("rate", "percent", counted_among="letters")
    assert told(project(LETTERS, rate, seen("rate", Decimal(120), n=50))) == []
