"""Calendar arithmetic of the clause: months clip to the month's end, both ends of a period count."""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=65536)
def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or the month's last day: 31 May + 9 months is 28 or 29 February."""
    return day + relativedelta(months=months)


@lru_cache(maxsize=65536)
def completes_on(start: date, months: int) -> date:
    """The last day of full `months` begun on `start`: 15.1.2019 completes nine months on 14.10.2019."""
    return add_months(start, months) - ONE_DAY


@lru_cache(maxsize=65536)
def latest_start(deadline: date, months: int) -> date:
    """The latest day from which full `months` end by `deadline`.

    Because of the clipping it is not always deadline + 1 day − months: several starts at a month's end complete on
    the same day (29., 30. and 31.5.2019 all on 28.2.2020), and the last of them is meant.
    """
    start = add_months(deadline + ONE_DAY, -months)
    while completes_on(start + ONE_DAY, months) <= deadline:
        start += ONE_DAY
    return start


def days_needed(first_start: date, months: int) -> int:
    """How many days of work make up `months` for a job begun on `first_start` (N of the chain rule)."""
    return (add_months(first_start, months) - first_start).days
