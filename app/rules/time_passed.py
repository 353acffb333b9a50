"""Whether the days that a computer's clock says have passed really have. What is erased is gone: a clock that is ahead
must not erase anything early.

The daily checks bear witness. Each leaves a row on the day on which it is begun; a clock that was set ahead has no such
rows for the days it left out. Neither has a service that stood still, so then erasing waits as well: that harms nobody.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from app.rules import policy
from app.rules.dates import ONE_DAY

WITNESSED = timedelta(days=policy.ERASURE_NOTICE_DAYS)
"""A notice runs at least so long before anything is erased by it: so the whole of its time is looked at."""


@dataclass(frozen=True, slots=True)
class Witness:
    """On which days checks were begun, when the service was taken into use (None: not yet), and whether another clock,
    the database server's, says that this one is ahead."""

    checked: Set[date]
    begun: date | None
    is_ahead: bool = False


def missed_days(witness: Witness, today: date) -> int:
    """Of how many days before today nothing shows that they have been."""
    first = today - WITNESSED
    if witness.begun is not None:
        first = max(first, witness.begun)
    return sum(first + ONE_DAY * number not in witness.checked for number in range((today - first).days))


def may_erase(witness: Witness, today: date) -> bool:
    """Whether the clock is to be believed so far."""
    return not witness.is_ahead and missed_days(witness, today) <= policy.ERASURE_MISSED_DAYS


def is_news(witness: Witness, today: date) -> bool:
    """Whether those who run the service are to hear that nothing is erased: as long as another clock says so; else on
    the day of the first check after the gap and the day after it, and not every day until it is far enough behind."""
    if may_erase(witness, today):
        return False
    checked, yesterday = witness.checked, today - ONE_DAY
    first = today in checked and yesterday not in checked
    second = yesterday in checked and yesterday - ONE_DAY not in checked
    return witness.is_ahead or first or second
