"""When a clock is believed so far that something may be erased: at the limit, just before it, just after."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import policy
from app.rules.time_passed import LOOKED_BACK, Pause, Witness, doubtful_pause, is_believed, is_news

TODAY = date(2026, 11, 22)
LONG_AGO = date(2020, 1, 1)
LONGEST, ENOUGH = policy.CLOCK_PAUSE_DAYS, policy.CLOCK_CHECKS


def days_back(first: int, last: int) -> frozenset[date]:
    """From so many days ago to so many days ago."""
    return frozenset(TODAY - timedelta(days=back) for back in range(last, first + 1))


@pytest.mark.parametrize(("days", "believed"), [(0, True), (LONGEST - 1, True), (LONGEST, True), (LONGEST + 1, False)])
@pytest.mark.parametrize("ended", [0, 1, ENOUGH - 1])
def test_a_service_may_have_stood_still_for_some_days_in_a_row(days: int, believed: bool, ended: int) -> None:
    """Until now, until yesterday, until the first of the last checks."""
    witness = Witness(days_back(400, ended + 1 + days) | days_back(ended, 1), LONG_AGO)
    assert doubtful_pause(witness, TODAY) == (None if believed else Pause(days, ended))
    assert is_believed(witness, TODAY) is believed


@pytest.mark.parametrize("left_out", [LONGEST + 1, 30, 31, 366, 3660])
def test_a_clock_that_was_set_ahead_is_not_believed_until_it_has_gone_on_for_a_month(left_out: int) -> None:
    before = frozenset(TODAY - timedelta(days=left_out + back) for back in range(1, 400))
    after = [TODAY + timedelta(days=number) for number in range(ENOUGH + 5)]
    found = [is_believed(Witness(before | set(after[: number + 1]), LONG_AGO), day) for number, day in enumerate(after)]
    assert found == [False] * ENOUGH + [True] * 5


@pytest.mark.parametrize("weekdays", [{0, 1, 2, 3, 4}, {0, 1, 2, 3}, {1, 3}, {2}])
def test_a_service_that_is_off_on_the_same_days_of_each_week_is_believed_all_along(weekdays: set[int]) -> None:
    checked = frozenset(day for day in days_back(800, 0) if day.weekday() in weekdays)
    assert all(is_believed(Witness(checked, LONG_AGO), TODAY - timedelta(days=back)) for back in range(60))


@pytest.mark.parametrize(("weekdays", "days"), [(set(range(7)), 30), ({0, 1, 2, 3, 4}, 40)])
def test_after_a_long_pause_days_without_a_check_do_not_count(weekdays: set[int], days: int) -> None:
    monday = date(2026, 11, 23)
    after = [monday + timedelta(days=number) for number in range(60)]
    checked = frozenset(day for day in after if day.weekday() in weekdays) | {monday - timedelta(days=40)}
    assert [is_believed(Witness(checked, LONG_AGO), day) for day in after].index(True) == days


def test_the_check_of_today_bears_no_witness() -> None:
    before = days_back(400, LONGEST + 2)
    assert doubtful_pause(Witness(before | {TODAY}, LONG_AGO), TODAY) == Pause(LONGEST + 1, 0)


def test_a_service_is_asked_for_no_day_before_it_was_there() -> None:
    assert is_believed(Witness(frozenset(), TODAY), TODAY)
    assert is_believed(Witness(days_back(3, 0), TODAY - timedelta(days=4)), TODAY)
    assert is_believed(Witness(days_back(30, 20), TODAY - timedelta(days=LONGEST + 1)), TODAY)
    assert not is_believed(Witness(days_back(30, 20), TODAY - timedelta(days=LONGEST + 2)), TODAY)


def test_where_nothing_says_when_it_was_taken_into_use_checks_must_show_it_all() -> None:
    assert is_believed(Witness(days_back(ENOUGH, 1), None), TODAY)
    assert not is_believed(Witness(days_back(ENOUGH - 1, 0), None), TODAY)
    assert not is_believed(Witness(frozenset(), None), TODAY)


def test_another_clock_that_says_otherwise_is_believed() -> None:
    ahead = Witness(days_back(40, 0), LONG_AGO, is_ahead=True)
    assert not is_believed(ahead, TODAY)
    assert is_news(ahead, TODAY)


def test_those_who_run_the_service_hear_of_it_on_two_days_and_not_for_weeks() -> None:
    before = days_back(400, 60)
    told = [is_news(Witness(before | days_back(back, 0), LONG_AGO), TODAY) for back in range(ENOUGH + 1)]
    assert told == [True, True] + [False] * (ENOUGH - 1)
    in_the_morning = [is_news(Witness(before | days_back(back, 1), LONG_AGO), TODAY) for back in range(ENOUGH + 1)]
    assert in_the_morning == [False, True] + [False] * (ENOUGH - 1)  # before the check of the day


def test_weekends_after_a_long_pause_are_no_news() -> None:
    monday = date(2026, 11, 23)
    days = [monday + timedelta(days=number) for number in range(42)]
    checked = frozenset(day for day in days if day.weekday() < 5)
    news = [day for day in days if is_news(Witness(frozenset(d for d in checked if d <= day), LONG_AGO), day)]
    assert news == days[:2]


@given(st.sets(st.integers(1, 400)))
def test_all_that_decides_lies_within_the_time_looked_back(backs: set[int]) -> None:
    checked = frozenset(TODAY - timedelta(days=back) for back in backs)
    near = frozenset(day for day in checked if TODAY - day <= LOOKED_BACK)
    assert is_believed(Witness(near, LONG_AGO), TODAY) is is_believed(Witness(checked, LONG_AGO), TODAY)


@given(st.sets(st.integers(1, 40)), st.integers(1, 40))
def test_one_more_check_never_makes_a_clock_less_believed(backs: set[int], more: int) -> None:
    checked = frozenset(TODAY - timedelta(days=back) for back in backs)
    with_more = checked | {TODAY - timedelta(days=more)}
    assert is_believed(Witness(with_more, LONG_AGO), TODAY) >= is_believed(Witness(checked, LONG_AGO), TODAY)
