"""What becomes of an obligation when its supplier is in trouble."""

from datetime import date
from typing import Protocol

from app.rules.status import Status

OVER = frozenset({Status.FULFILLED, Status.NO_OBLIGATION, Status.BREACHED})
"""Once the contract has ended nothing is still to be done under these."""


class Stands(Protocol):
    """What is asked of a standing, or of its stored copy."""

    @property
    def status(self) -> str: ...

    @property
    def effective_end_on(self) -> date: ...


def is_at_stake(standing: Stands, day: date) -> bool:
    """Whether a supplier's bankruptcy, liquidation or restructuring matters on a day: the contract still runs, or has
    ended while something of its obligation is still to come. Nothing of a closed obligation is."""
    if standing.status == Status.CLOSED:
        return False
    return day <= standing.effective_end_on or standing.status not in OVER
