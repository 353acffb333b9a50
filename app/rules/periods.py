"""Periods that figures speak of, both ends inclusive: which one is likely to be recorded next."""

from datetime import date
from typing import NamedTuple

from app.rules.dates import ONE_DAY, completes_on


class Period(NamedTuple):
    """From the first day to the last, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def period_after(period: Period) -> Period:
    """The period of the same length that follows at once: as many full months, else as many days."""
    first = period.last + ONE_DAY
    months = _full_months(period)
    if months:
        return Period(first, completes_on(first, months))
    return Period(first, first + (period.last - period.first))


def next_period(period: Period, today: date) -> Period:
    """What to offer after a figure of a period: the following one once it has begun, else the same again."""
    following = period_after(period)
    return following if following.first <= today else period


def whole_period(starts_on: date, ends_on: date | None, today: date) -> Period:
    """A project's time up to today, for its first figure."""
    last = min(today, ends_on or today)
    return Period(min(starts_on, last), last)


def _full_months(period: Period) -> int:
    """How many full months the period is; 0 where it is no full months."""
    first, last = period
    about = 12 * (last.year - first.year) + last.month - first.month
    return next((months for months in (about, about + 1) if months > 0 and completes_on(first, months) == last), 0)
