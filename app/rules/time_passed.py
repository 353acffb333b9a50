"""Whether the days that a computer's clock says have passed really have. What is erased is gone, and what is published
stays: a clock that is ahead must do neither early.

The daily checks bear witness. Each leaves a row on the day on which it is begun; a clock that was set ahead leaves out
many days at once. So does a service that stood still for long, and then this waits as well: that harms nobody. A pause
of some days, as over each weekend, is no reason to doubt; nor is the sum of many such pauses.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.rules import policy
from app.rules.dates import ONE_DAY

LOOKED_BACK = timedelta(days=policy.CLOCK_CHECKS * (policy.CLOCK_PAUSE_DAYS + 1))
"""So far back lies the first of the checks that are looked at, at the most, where none of the pauses is too long."""


@dataclass(frozen=True, slots=True)
class Witness:
    """On which days checks were begun, when the service was taken into use (None: nothing was ever written), and
    whether another clock, the database server's, says that this one is ahead."""

    checked: Set[date]
    begun: date | None
    is_ahead: bool = False


class Pause(NamedTuple):
    """So many days in a row without a check, and on how many days before today there has been one since."""

    days: int
    checks_since: int


def doubtful_pause(witness: Witness, today: date) -> Pause | None:
    """The last pause that may be days which never were; None where none lies among the last checks. The check of today
    shows only that the clock says so; the day on which the service was taken into use counts as one with a check."""
    begun = witness.begun or date.min
    shown = {day for day in {begun, *witness.checked} if begun <= day < today}
    later = today
    for number, day in enumerate(sorted(shown, reverse=True)[: policy.CLOCK_CHECKS]):
        if (days := (later - day).days - 1) > policy.CLOCK_PAUSE_DAYS:
            return Pause(days, number)
        later = day
    return None


def is_believed(witness: Witness, today: date) -> bool:
    """Whether something may be erased or published for good by this clock."""
    return not witness.is_ahead and doubtful_pause(witness, today) is None


def is_news(witness: Witness, today: date) -> bool:
    """Whether those who run the service are to hear that nothing is erased: as long as another clock says so; else on
    the day of the first check after the pause and of the second, and not every day until it is far enough behind."""
    pause = doubtful_pause(witness, today)
    lately = not witness.checked.isdisjoint((today, today - ONE_DAY))
    return witness.is_ahead or (pause is not None and pause.checks_since <= 1 and lately)
