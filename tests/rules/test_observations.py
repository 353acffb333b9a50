"""What a figure must be to be recorded at all."""

from decimal import Decimal

import pytest

from app.rules.errors import RuleBroken
from app.rules.observations import check_observation
from app.rules.outcomes import IndicatorFacts, ObservationFacts
from tests.factories import d
from tests.rules.outcome_facts import PRELIMINARY, indicator, seen

TODAY = d("31.10.2019")
PEOPLE = indicator("finished", dimensions="next_step")
SHARE = indicator("agree", "percent")
SCORE = indicator("grade", "score")
ANSWER = indicator("modelled", "yes_no")
EUROS = indicator("saved", "euros")


def check(
    of: IndicatorFacts, observation: ObservationFacts, *others: ObservationFacts, has_note: bool = False
) -> tuple[str, str] | None:
    """Code and field of what is wrong, None where nothing is."""
    try:
        check_observation(of, observation, others, TODAY, has_note=has_note)
    except RuleBroken as broken:
        return broken.code, broken.field
    return None


def people(
    value: int | str | None = 21, start: str = "1.4.2019", end: str = "31.10.2019", **changes: object
) -> ObservationFacts:
    return seen("finished", value, start, end, **changes)


def agree(value: int | str | None = None, **changes: object) -> ObservationFacts:
    return seen("agree", value, **changes)


# --- What is given


def test_a_figure_is_enough_and_so_is_a_share_or_a_note() -> None:
    assert check(PEOPLE, people()) is None
    assert check(SHARE, agree(numerator=3, denominator=4)) is None
    assert check(PEOPLE, people(None), has_note=True) is None


def test_without_any_of_them_a_value_is_required() -> None:
    assert check(PEOPLE, people(None)) == ("value_required", "value")
    assert check(SHARE, agree(n=62)) == ("value_required", "value")
    assert check(PEOPLE, people(None, value_max=30), has_note=True) == ("value_required", "value")


@pytest.mark.parametrize(
    ("numerator", "denominator", "wrong"),
    [
        (0, 1, None),
        (1, 1, None),
        (2, 1, None),  # more than all: a question, no block
        (1, 0, ("denominator_zero", "denominator")),
        (0, 0, ("denominator_zero", "denominator")),
        (None, 0, ("denominator_zero", "denominator")),
        (1, None, ("numerator_without_denominator", "denominator")),
        (None, 1, ("denominator_without_numerator", "numerator")),
        (-1, 2, ("out_of_range", "numerator")),
        (1, -2, ("out_of_range", "denominator")),
    ],
)
def test_a_share_has_a_numerator_and_a_denominator(
    numerator: int | None, denominator: int | None, wrong: tuple[str, str] | None
) -> None:
    assert check(SHARE, agree(numerator=numerator, denominator=denominator)) == wrong


def test_only_shares_have_them() -> None:
    assert check(PEOPLE, people(numerator=1, denominator=2)) == ("numerator_not_percent", "numerator")
    assert check(PEOPLE, people(denominator=2)) == ("numerator_not_percent", "denominator")
    assert check(SCORE, seen("grade", 4, numerator=1, denominator=2)) == ("numerator_not_percent", "numerator")


@pytest.mark.parametrize(
    ("value", "wrong"),
    [("33", None), ("33.3", None), ("33.33", None), ("34", True), ("33.4", True), ("33.0", True)],
)
def test_a_percentage_beside_a_counted_share_is_the_one_it_gives(value: str, wrong: bool | None) -> None:
    found = check(SHARE, agree(value, numerator=1, denominator=3))
    assert found == (("value_contradicts_numerator", "value") if wrong else None)


@pytest.mark.parametrize(("n", "wrong"), [(-1, True), (0, True), (1, False)])
def test_a_figure_speaks_of_somebody(n: int, wrong: bool) -> None:
    assert check(SHARE, agree(50, n=n)) == (("out_of_range", "n") if wrong else None)


# --- The value and its unit


@pytest.mark.parametrize(
    ("value", "wrong"), [("-1", True), ("-0.5", True), ("0", False), ("21", False), ("21.0", False), ("21.5", True)]
)
def test_people_are_whole(value: str, wrong: bool) -> None:
    assert check(PEOPLE, people(value)) == (("not_whole", "value") if wrong else None)
    assert check(indicator("finished", "count"), people(value)) == (("not_whole", "value") if wrong else None)


def test_so_are_both_ends_of_a_range() -> None:
    assert check(PEOPLE, people(160, value_max="280.5")) == ("not_whole", "value_max")


@pytest.mark.parametrize(
    ("low", "high", "wrong"), [(160, 280, None), (160, 160, None), (160, 159, ("range_reversed", "value_max"))]
)
def test_a_range_goes_upwards(low: int, high: int, wrong: tuple[str, str] | None) -> None:
    assert check(PEOPLE, people(low, value_max=high)) == wrong


@pytest.mark.parametrize(("value", "wrong"), [("0.9", True), ("1", False), ("4.3", False), ("5", False), ("5.1", True)])
def test_a_score_lies_on_its_scale(value: str, wrong: bool) -> None:
    assert check(SCORE, seen("grade", value)) == (("out_of_range", "value") if wrong else None)


def test_the_error_names_the_ends_of_the_scale() -> None:
    with pytest.raises(RuleBroken) as caught:
        check_observation(SCORE, seen("grade", 6), (), TODAY)
    assert caught.value.values == {"minimum": Decimal(1), "maximum": Decimal(5)}


@pytest.mark.parametrize(("value", "wrong"), [("-1", True), ("0", False), ("0.5", True), ("1", False), ("2", True)])
def test_yes_is_1_and_no_is_0(value: str, wrong: bool) -> None:
    assert check(ANSWER, seen("modelled", value)) == (("out_of_range", "value") if wrong else None)


@pytest.mark.parametrize(("value", "wrong"), [("-0.1", True), ("0", False), ("100", False), ("101", False)])
def test_a_percentage_is_not_negative_but_may_be_too_large(value: str, wrong: bool) -> None:
    assert check(SHARE, agree(value)) == (("out_of_range", "value") if wrong else None)


def test_euros_may_be_negative() -> None:
    assert check(EUROS, seen("saved", "-1200.50")) is None


# --- Breakdown and period


def test_an_indicator_is_broken_down_by_what_it_names_only() -> None:
    assert check(PEOPLE, people(4, next_step="language_course")) is None
    assert check(PEOPLE, people(4, age_group="55-64")) == ("breakdown_not_allowed", "breakdown.age_group")
    both = people(4, age_group="55-64", next_step="language_course")
    assert check(PEOPLE, both) == ("breakdown_not_allowed", "breakdown.age_group")


@pytest.mark.parametrize(
    ("start", "end", "preliminary", "wrong"),
    [
        ("31.10.2019", "31.10.2019", False, None),
        ("31.10.2019", "30.10.2019", False, ("period_reversed", "period_end")),
        ("1.10.2019", "1.11.2019", False, ("period_in_future", "period_end")),
        ("1.10.2019", "1.11.2019", True, None),
        ("31.10.2019", "30.11.2019", True, None),
        ("1.11.2019", "30.11.2019", True, ("period_in_future", "period_start")),
    ],
)
def test_a_period_has_begun_and_of_a_final_figure_has_ended(
    start: str, end: str, preliminary: bool, wrong: tuple[str, str] | None
) -> None:
    status = {"status": PRELIMINARY} if preliminary else {}
    assert check(PEOPLE, people(21, start, end, **status)) == wrong


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("1.3.2019", "31.3.2019", False),
        ("1.3.2019", "1.4.2019", True),
        ("1.5.2019", "31.5.2019", True),
        ("1.3.2019", "31.8.2019", True),
        ("30.6.2019", "31.7.2019", True),
        ("1.7.2019", "31.7.2019", False),
    ],
)
def test_two_final_figures_do_not_speak_of_one_day(start: str, end: str, wrong: bool) -> None:
    quarter = people(10, "1.4.2019", "30.6.2019")
    expected = ("observation_overlaps", "period_start") if wrong else None
    assert check(PEOPLE, people(5, start, end), quarter) == expected


def test_the_error_names_the_period_that_is_taken() -> None:
    taken = people(10, "1.4.2019", "30.6.2019")
    with pytest.raises(RuleBroken) as caught:
        check_observation(PEOPLE, people(5), (taken,), TODAY)
    assert caught.value.values == {"first": d("1.4.2019"), "last": d("30.6.2019")}


def test_preliminary_figures_other_parts_and_the_figure_itself_stand_in_nobodys_way() -> None:
    figure = people(21)
    assert check(PEOPLE, figure, people(20)) == ("observation_overlaps", "period_start")
    assert check(PEOPLE, figure, people(20, status=PRELIMINARY)) is None
    assert check(PEOPLE, people(21, status=PRELIMINARY), people(20)) is None
    assert check(PEOPLE, figure, people(4, next_step="language_course")) is None
    assert check(PEOPLE, figure, seen("started", 27)) is None
    assert check(PEOPLE, figure._replace(value=Decimal(22)), figure) is None
    part = people(4, next_step="language_course")
    assert check(PEOPLE, part, people(5, next_step="language_course")) == ("observation_overlaps", "period_start")
