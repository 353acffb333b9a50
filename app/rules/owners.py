"""Whether an owner can be reached at all."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from app.rules import policy


class OutOfReach(StrEnum):
    """Why mails to an owner are of no use."""

    LEFT = "left"
    """They no longer answer for contracts."""
    UNDELIVERABLE = "undeliverable"
    """A mail server refused their address for good, or for days."""


def out_of_reach(left_on: date | None, undeliverable_since: datetime | None, today: date) -> OutOfReach | None:
    """Why someone else has to be told instead; `left_on` is the first day without them."""
    if left_on is not None and left_on <= today:
        return OutOfReach.LEFT
    return OutOfReach.UNDELIVERABLE if undeliverable_since is not None else None


def is_closed_for_long(since: datetime, now: datetime) -> bool:
    """Whether a mailbox that has taken nothing since a moment counts as one that does not exist."""
    return now - since >= timedelta(days=policy.MAILBOX_CLOSED_DAYS)
