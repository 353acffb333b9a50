"""Which period is likely to be recorded next."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.periods import Period, next_period, period_after, whole_period
from tests.factories import d

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
LENGTHS = st.integers(0, 1500)


def period(first: str, last: str) -> Period:
    return Period(d(first), d(last))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("1.8.2019", "30.11.2019"), ("1.12.2019", "31.3.2020")),
        (("1.1.2019", "31.1.2019"), ("1.2.2019", "28.2.2019")),
        (("1.2.2020", "29.2.2020"), ("1.3.2020", "31.3.2020")),
        (("1.1.2019", "31.12.2019"), ("1.1.2020", "31.12.2020")),
        (("11.2.2019", "10.3.2019"), ("11.3.2019", "10.4.2019")),
        (("1.4.2019", "29.4.2019"), ("30.4.2019", "28.5.2019")),
        (("5.11.2019", "5.11.2019"), ("6.11.2019", "6.11.2019")),
    ],
)
def test_months_are_followed_by_as_many_months_and_days_by_as_many_days(
    before: tuple[str, str], after: tuple[str, str]
) -> None:
    assert period_after(period(*before)) == period(*after)


@given(DAYS, LENGTHS)
def test_a_period_is_followed_at_once_by_one_of_about_its_length(first: date, days: int) -> None:
    before = Period(first, first + timedelta(days))
    after = period_after(before)
    assert after.first - before.last == timedelta(1)
    assert after.first <= after.last
    # As many months differ by the 28 and 31 days of one, and by a leap day.
    assert abs((after.last - after.first) - (before.last - before.first)) <= timedelta(4)


@pytest.mark.parametrize(
    ("today", "offered"),
    [
        ("30.11.2019", ("1.8.2019", "30.11.2019")),
        ("1.12.2019", ("1.12.2019", "31.3.2020")),
        ("2.12.2019", ("1.12.2019", "31.3.2020")),
    ],
)
def test_a_period_that_has_not_begun_is_not_offered(today: str, offered: tuple[str, str]) -> None:
    assert next_period(period("1.8.2019", "30.11.2019"), d(today)) == period(*offered)


@pytest.mark.parametrize(
    ("today", "last"),
    [("27.2.2021", "27.2.2021"), ("28.2.2021", "28.2.2021"), ("1.3.2021", "28.2.2021")],
)
def test_a_first_figure_is_offered_the_projects_time_so_far(today: str, last: str) -> None:
    assert whole_period(d("1.3.2019"), d("28.2.2021"), d(today)) == period("1.3.2019", last)


def test_a_project_without_an_end_lasts_until_today_and_one_to_come_is_offered_today() -> None:
    assert whole_period(d("1.4.2019"), None, d("31.10.2019")) == period("1.4.2019", "31.10.2019")
    assert whole_period(d("1.4.2019"), None, d("31.3.2019")) == period("31.3.2019", "31.3.2019")
