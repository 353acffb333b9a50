"""What a summary says of an indicator."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.codes import Dimension
from app.rules.indicators import Change, age_days, breakdowns, history, interval, latest, progress, so_far, trend
from app.rules.outcomes import IndicatorFacts, ObservationFacts
from tests.factories import d, d_or_none
from tests.rules.outcome_facts import PRELIMINARY, indicator, months, seen, share

PEOPLE = indicator("finished", dimensions="next_step age_group")
SHARE = indicator("agree", "percent", dimensions="situation age_group")
SCORE = indicator("grade", "score")


# --- The latest figure and the history


def test_the_latest_figure_is_of_the_period_that_ends_last() -> None:
    spring, autumn = seen(value=10, end="30.6.2019"), seen(value=21, start="1.8.2019", end="30.11.2019")
    assert latest(PEOPLE, [autumn, spring]) == autumn
    assert latest(PEOPLE, []) is None


@pytest.mark.parametrize(
    ("first", "last", "value"),
    [
        (None, "29.6.2019", None),
        (None, "30.6.2019", 10),
        ("30.6.2019", "29.11.2019", 10),
        ("1.7.2019", "29.11.2019", None),
        ("1.7.2019", "30.11.2019", 21),
        ("30.11.2019", None, 21),
        ("1.12.2019", None, None),
    ],
)
def test_a_figure_belongs_to_the_period_in_which_its_own_ends(
    first: str | None, last: str | None, value: int | None
) -> None:
    both = [seen(value=10, end="30.6.2019"), seen(value=21, start="1.8.2019", end="30.11.2019")]
    found = latest(PEOPLE, both, d_or_none(first), d_or_none(last))
    assert (found and found.value) == value


def test_final_stands_before_preliminary_of_the_same_period() -> None:
    final, preliminary = seen(value=21), seen(value=20, status=PRELIMINARY)
    assert latest(PEOPLE, [final, preliminary]) == final
    assert history(PEOPLE, [final, preliminary]) == (final,)


def test_on_one_day_final_stands_before_preliminary_and_then_the_longer_period() -> None:
    quarter, year = seen(value=5, start="1.8.2019"), seen(value=21)
    assert latest(PEOPLE, [year, quarter]) == year
    early_year = year._replace(status=PRELIMINARY)
    assert latest(PEOPLE, [early_year, quarter]) == quarter


def test_of_two_preliminary_figures_of_one_period_the_one_recorded_last_stands() -> None:
    first, second = seen(value=20, status=PRELIMINARY), seen(value=21, status=PRELIMINARY)
    assert history(PEOPLE, [second, first]) == (second,)


def test_words_are_the_latest_only_where_there_is_no_figure() -> None:
    figure, words = seen(value=28, end="30.6.2019"), seen(value=None)
    assert latest(PEOPLE, [figure, words]) == figure
    assert latest(PEOPLE, [words]) == words


def test_the_history_has_the_whole_only_oldest_first() -> None:
    figures = [seen(value=value, start=first, end=last) for value, (first, last) in enumerate(months("4.2019", 4))]
    part, other = seen(value=4, next_step="course"), seen("started", 27)
    assert history(PEOPLE, [part, other, *reversed(figures)]) == tuple(figures)
    assert history(PEOPLE, figures, d("31.5.2019"), d("30.6.2019")) == tuple(figures[1:3])


# --- Progress


def reached(of: IndicatorFacts, value: int | str | None, **changes: object) -> tuple[str, bool, str] | None:
    found = progress(of, seen(of.key, value, **changes))
    return None if found is None else (f"{found.reached:.3f}", found.met, f"{found.missing:f}")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, ("0.000", False, "250")),
        (21, ("0.084", False, "229")),
        (249, ("0.996", False, "1")),
        (250, ("1.000", True, "0")),
        (251, ("1.004", True, "0")),
        (None, None),
    ],
)
def test_what_is_to_grow_reaches_its_target(value: int | None, expected: tuple[str, bool, str] | None) -> None:
    assert reached(indicator(direction="up", target_min=250), value) == expected
    assert reached(indicator(target_min=250), value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(40, ("0.500", False, "20")), (21, ("0.952", False, "1")), (20, ("1.000", True, "0")), (0, ("1.000", True, "0"))],
)
def test_what_is_to_fall_reaches_its_target_from_above(value: int, expected: tuple[str, bool, str]) -> None:
    for target in ({"target_max": 20}, {"target_min": 20}, {"target_min": 10, "target_max": 20}):
        assert reached(indicator(direction="down", **target), value) == expected


@pytest.mark.parametrize(
    ("value", "up", "none"),
    [
        ("49.9", False, False),
        ("50", True, True),
        ("70", True, True),
        ("70.1", True, False),
    ],
)
def test_a_range_of_50_to_70_percent(value: str, up: bool, none: bool) -> None:
    goal = {"target_min": 50, "target_max": 70}
    assert reached(indicator("agree", "percent", direction="up", **goal), value)[1] is up  # type: ignore[index]
    assert reached(indicator("agree", "percent", **goal), value)[1] is none  # type: ignore[index]


def test_above_a_range_without_direction_it_is_the_way_back_that_is_missing() -> None:
    goal = indicator("agree", "percent", target_min=50, target_max=70)
    assert reached(goal, 80) == ("0.875", False, "10")


def test_only_an_upper_end_is_a_target_too() -> None:
    assert reached(indicator(direction="up", target_max=100), 50) == ("0.500", False, "50")
    assert reached(indicator(target_max=100), 50) == ("1.000", True, "0")


def test_yes_is_met_and_no_is_not() -> None:
    modelled = indicator("modelled", "yes_no", target_min=1)
    assert reached(modelled, 1) == ("1.000", True, "0")
    assert reached(modelled, 0) == ("0.000", False, "1")


def test_without_a_target_there_is_no_progress() -> None:
    assert reached(indicator(direction="up"), 21) is None


def test_of_a_range_the_less_favourable_end_counts() -> None:
    assert reached(indicator(direction="up", target_min=100), 160, value_max=280) == ("1.600", True, "0")
    assert reached(indicator(direction="up", target_min=200), 160, value_max=280) == ("0.800", False, "40")
    assert reached(indicator(direction="down", target_max=200), 160, value_max=280) == ("0.714", False, "80")


def test_a_target_of_nothing_has_no_share() -> None:
    assert reached(indicator(direction="down", target_max=0), 5) == ("0.000", False, "5")
    assert reached(indicator(direction="down", target_max=0), 0) == ("1.000", True, "0")
    assert reached(indicator(direction="up", target_min=0), 0) == ("0.000", True, "0")


def test_a_counted_share_is_measured_exactly() -> None:
    third = indicator("methods", "percent", direction="up", target_min="33.3")
    found = progress(third, share("methods", 1, 3))
    assert found is not None
    assert found.met


# --- Trend


def trended(of: IndicatorFacts, *observations: ObservationFacts, **period: str) -> tuple[str, int, bool | None] | None:
    days = {name: d(day) for name, day in period.items()}
    found = trend(of, observations, days.get("first"), days.get("last"))
    return None if found is None else (found.change.value, int(found.by), found.better)


def test_a_trend_needs_two_figures() -> None:
    assert trended(PEOPLE) is None
    assert trended(PEOPLE, seen(value=10)) is None
    assert trended(PEOPLE, seen(value=10, end="30.6.2019"), seen(value=21)) == ("up", 11, None)


def test_better_is_what_goes_the_indicators_way() -> None:
    for direction, better in (("up", True), ("down", False)):
        of = indicator(direction=direction)
        assert trended(of, seen(value=10, end="30.6.2019"), seen(value=12)) == ("up", 2, better)
        assert trended(of, seen(value=12, end="30.6.2019"), seen(value=10)) == ("down", -2, not better)
        assert trended(of, seen(value=10, end="30.6.2019"), seen(value=10)) == ("same", 0, None)
    assert Change("same") is Change.SAME


def test_counts_are_compared_between_periods_of_one_length_only() -> None:
    quarter = seen(value=10, start="1.1.2019", end="31.3.2019")
    assert trended(PEOPLE, quarter, seen(value=12, start="1.4.2019", end="30.6.2019")) == ("up", 2, None)
    assert trended(PEOPLE, quarter, seen(value=50, start="1.4.2019", end="31.12.2019")) is None
    # 90 of 100 days are a tenth less; 89 are more.
    for days, known in (("10.4.2020", True), ("11.4.2020", False)):
        assert (trended(PEOPLE, quarter, seen(value=12, start="2.1.2020", end=days)) is not None) is known


def test_shares_are_compared_whatever_the_period() -> None:
    before, now = seen("agree", 70, "1.1.2019", "31.3.2019"), seen("agree", 75, "1.4.2019", "31.12.2019")
    assert trended(SHARE, before, now) == ("up", 5, None)


def test_what_was_said_about_or_as_a_range_is_not_compared() -> None:
    now = seen(value=21)
    for vague in ({"approximate": True}, {"value_max": 12}):
        assert trended(PEOPLE, seen(value=10, end="30.6.2019", **vague), now) is None


def test_the_figure_before_may_be_older_than_the_period_looked_at() -> None:
    figures = [seen(value=10 + n, start=first, end=last) for n, (first, last) in enumerate(months("4.2019", 3))]
    assert trended(PEOPLE, *figures, first="1.6.2019") == ("up", 1, None)
    assert trended(PEOPLE, *figures, last="31.5.2019") == ("up", 1, None)
    assert trended(PEOPLE, *figures, first="1.7.2019") is None


# --- Age and interval


@pytest.mark.parametrize(
    ("today", "days"), [("30.10.2019", 0), ("31.10.2019", 0), ("1.11.2019", 1), ("31.10.2020", 366)]
)
def test_the_age_of_a_figure(today: str, days: int) -> None:
    assert age_days(seen(value=21), d(today)) == days


def test_a_share_has_an_interval_where_its_n_is_known() -> None:
    assert interval(SHARE, share("agree", 21, 27)) == (Decimal("59.2"), Decimal("89.4"))
    assert interval(SHARE, seen("agree", 78, n=62)) == (Decimal("66.2"), Decimal("86.5"))
    assert interval(SHARE, seen("agree", 78)) is None


def test_what_is_no_share_of_people_has_none() -> None:
    assert interval(PEOPLE, seen(value=21, n=27)) is None
    assert interval(SCORE, seen("grade", "4.3", n=83)) is None
    assert interval(SHARE, seen("agree", 101, n=62)) is None
    assert interval(SHARE, share("agree", 3, 2)) is None
    assert interval(SHARE, seen("agree", 20, n=62, approximate=True)) is None
    assert interval(SHARE, seen("agree", 50, n=62, value_max=70)) is None


# --- Breakdowns


def parts(of: IndicatorFacts, *observations: ObservationFacts) -> dict[str, list[tuple[str, str, str]]]:
    return {
        dimension.value: [(part.value, str(part.count), str(part.percent and f"{part.percent:.1f}")) for part in found]
        for dimension, found in breakdowns(of, observations).items()
    }


def test_counts_are_shares_of_the_whole() -> None:
    found = parts(PEOPLE, seen(value=20), seen(value=4, next_step="course"), seen(value=6, next_step="work"))
    assert found == {"next_step": [("work", "6", "30.0"), ("course", "4", "20.0")]}


def test_without_a_whole_or_with_a_smaller_one_they_are_shares_of_all_parts() -> None:
    both = (seen(value=4, next_step="course"), seen(value=6, next_step="work"))
    expected = {"next_step": [("work", "6", "60.0"), ("course", "4", "40.0")]}
    assert parts(PEOPLE, *both) == expected
    assert parts(PEOPLE, *both, seen(value=9)) == expected
    assert parts(PEOPLE, *both, seen(value=50, end="30.11.2019")) == expected


def test_percentages_are_their_own_shares() -> None:
    found = parts(SHARE, seen("agree", 80, situation="unemployed"), seen("agree", 7, situation="other"))
    assert found == {"situation": [("unemployed", "None", "80.0"), ("other", "None", "7.0")]}
    counted = seen("agree", numerator=3, denominator=12, age_group="35-44")
    assert parts(SHARE, counted) == {"age_group": [("35-44", "3", "25.0")]}


def test_scores_have_neither_count_nor_share() -> None:
    found = breakdowns(SCORE, [seen("grade", "4.3", language="russian")])[Dimension.LANGUAGE]
    assert [(part.value, part.count, part.percent, part.observation.value) for part in found] == [
        ("russian", None, None, Decimal("4.3"))
    ]


def test_each_dimension_has_the_parts_of_its_own_latest_period() -> None:
    found = parts(
        PEOPLE,
        seen(value=3, end="30.6.2019", next_step="course"),
        seen(value=4, next_step="work"),
        seen(value=5, end="30.6.2019", age_group="35-44"),
    )
    assert found == {"next_step": [("work", "4", "100.0")], "age_group": [("35-44", "5", "100.0")]}


def test_parts_by_two_dimensions_are_not_shown_as_parts_by_one() -> None:
    assert parts(PEOPLE, seen(value=3, next_step="course", age_group="35-44")) == {}


def test_a_part_in_words_has_no_count() -> None:
    assert parts(PEOPLE, seen(next_step="other"), seen(value=4, next_step="work")) == {
        "next_step": [("work", "4", "100.0"), ("other", "None", "None")]
    }


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8))
def test_the_shares_of_all_parts_add_up_and_their_order_of_entry_makes_no_difference(
    counts: list[int],
) -> None:
    observations = [seen(value=count, next_step=f"step-{place}") for place, count in enumerate(counts)]
    found = breakdowns(PEOPLE, observations)[Dimension.NEXT_STEP]
    assert [part.count for part in found] == sorted(counts, reverse=True)
    assert breakdowns(PEOPLE, reversed(observations)) == {Dimension.NEXT_STEP: found}
    if any(counts):
        assert sum(part.percent or 0 for part in found) == pytest.approx(100)


# --- Figures that accumulate

STARTED = indicator("started", direction="up", target_min=250, accumulates=True)
AUTUMN = seen("started", 27, "1.8.2019", "30.11.2019")
SPRING = seen("started", 12, "1.2.2020", "31.5.2020")


def test_figures_of_periods_that_do_not_overlap_are_held_against_the_target_together() -> None:
    held = so_far(STARTED, [SPRING, AUTUMN])
    assert held is not None
    assert (str(held.value), held.period_start, held.period_end) == ("39", d("1.8.2019"), d("31.5.2020"))
    reckoned = progress(STARTED, held)
    assert reckoned is not None
    assert (reckoned.reached, reckoned.missing) == (Decimal("0.156"), Decimal(211))


def test_a_running_count_is_not_added_to_itself() -> None:
    first, then = seen("started", 20, "1.8.2019", "30.9.2019"), AUTUMN
    after = seen("started", 5, "30.11.2019", "31.12.2019")  # shares a day with the second, not with the first
    held = [so_far(STARTED, some) for some in ([first, then], [first, then, after], [first, after])]
    assert [one and one.value for one in held] == [Decimal(27), Decimal(27), Decimal(25)]


def test_one_figure_stays_itself_and_what_does_not_accumulate_is_held_by_its_latest() -> None:
    assert so_far(STARTED, [SPRING]) is SPRING
    assert so_far(STARTED, [SPRING, AUTUMN], last=d("30.11.2019")) is AUTUMN
    assert so_far(indicator("started"), [SPRING, AUTUMN]) is SPRING
    assert so_far(STARTED, []) is None


def test_figures_that_are_told_as_about_so_many_are_not_added() -> None:
    assert so_far(STARTED, [SPRING, AUTUMN._replace(approximate=True)]) is SPRING


@given(st.lists(st.integers(0, 500), min_size=2, max_size=12))
def test_months_that_follow_one_another_add_up_to_their_sum(values: list[int]) -> None:
    periods = zip(months("1.2019", len(values)), values, strict=True)
    held = so_far(STARTED, [seen("started", value, start, end) for (start, end), value in periods])
    assert held is not None
    assert held.value == sum(values)
