"""When a clock is believed so far that something may be erased: at the limit, just before it, just after."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import policy
from app.rules.time_passed import WITNESSED, Witness, is_news, may_erase, missed_days

TODAY = date(2026, 11, 22)
LONG_AGO = date(2020, 1, 1)
MOST = policy.ERASURE_MISSED_DAYS


def days_back(first: int, last: int) -> frozenset[date]:
    """From so many days ago to so many days ago."""
    return frozenset(TODAY - timedelta(days=back) for back in range(last, first + 1))


@pytest.mark.parametrize(("missed", "may"), [(0, True), (MOST - 1, True), (MOST, True), (MOST + 1, False)])
def test_a_service_may_have_stood_still_for_some_days_of_the_notice(missed: int, may: bool) -> None:
    witness = Witness(days_back(WITNESSED.days, 1 + missed), LONG_AGO)
    assert (missed_days(witness, TODAY), may_erase(witness, TODAY)) == (missed, may)


@pytest.mark.parametrize("left_out", [MOST + 1, 30, 31, 366, 3660])
def test_a_clock_that_was_set_ahead_erases_nothing_until_it_has_gone_on_for_weeks(left_out: int) -> None:
    before = frozenset(TODAY - timedelta(days=left_out + back) for back in range(1, 400))
    after = [TODAY + timedelta(days=number) for number in range(WITNESSED.days)]
    may = [may_erase(Witness(before | set(after[:number]), LONG_AGO), day) for number, day in enumerate(after)]
    waits = WITNESSED.days - MOST
    assert may == [False] * waits + [True] * (WITNESSED.days - waits)


def test_the_check_of_today_bears_no_witness_and_that_of_the_first_day_does() -> None:
    enough = days_back(WITNESSED.days, 1 + MOST)
    assert may_erase(Witness(enough, LONG_AGO), TODAY)
    assert not may_erase(Witness(enough - days_back(WITNESSED.days, WITNESSED.days) | {TODAY}, LONG_AGO), TODAY)


def test_a_service_is_asked_for_no_day_before_it_was_there() -> None:
    assert may_erase(Witness(frozenset(), TODAY), TODAY)
    assert may_erase(Witness(frozenset(), TODAY - timedelta(days=MOST)), TODAY)
    assert not may_erase(Witness(frozenset(), TODAY - timedelta(days=MOST + 1)), TODAY)
    assert not may_erase(Witness(frozenset(), None), TODAY)


def test_another_clock_that_says_otherwise_is_believed() -> None:
    ahead = Witness(days_back(40, 0), LONG_AGO, is_ahead=True)
    assert not may_erase(ahead, TODAY)
    assert is_news(ahead, TODAY)


def test_those_who_run_the_service_hear_of_it_on_two_days_and_not_for_weeks() -> None:
    before = days_back(400, 40)
    told = [is_news(Witness(before | days_back(back, 0), LONG_AGO), TODAY) for back in range(WITNESSED.days)]
    assert told == [True, True] + [False] * (WITNESSED.days - 2)
    assert not is_news(Witness(days_back(40, 0), LONG_AGO), TODAY)


@given(st.sets(st.integers(1, 40)), st.integers(1, 40))
def test_one_more_check_never_makes_a_clock_less_believed(backs: set[int], more: int) -> None:
    checked = frozenset(TODAY - timedelta(days=back) for back in backs)
    with_more = checked | {TODAY - timedelta(days=more)}
    assert may_erase(Witness(with_more, LONG_AGO), TODAY) >= may_erase(Witness(checked, LONG_AGO), TODAY)
