"""How a mail is taken from the queue, put off and done with: the same for mails to owners and for alerts."""

import random
from datetime import datetime, timedelta

from app.rules.codes import MessageStatus
from app.services.clocks import CLOCKS_APART
from app.storage.models.queued import Queued
from app.storage.queue import Waits

LEASE = timedelta(minutes=10)
"""Longer than the whole conversation with a mail server may take (notifications.smtp)."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
"""Pauses double from the first to the longest; a temporary failure is never given up."""
JITTER = 0.2
"""Pauses are stretched or shortened by up to a fifth, so that many messages do not come back at once."""
LONGEST = Waits(LEASE + CLOCKS_APART, LONGEST_PAUSE * (1 + JITTER) + CLOCKS_APART)
"""What waits for longer than anything does was put off by a clock that was wrong."""


def take(mail: Queued, now: datetime) -> None:
    """Held for one attempt."""
    mail.attempts += 1
    mail.leased_until = now + LEASE


def put_off(mail: Queued, reason: str, now: datetime) -> None:
    """Tried again after a pause that grows."""
    mail.last_error, mail.leased_until = reason, None
    mail.next_attempt_at = now + pause(mail.attempts)


def end(mail: Queued, status: MessageStatus) -> None:
    """Nothing more is to be done with it."""
    mail.status, mail.next_attempt_at, mail.leased_until = status, None, None


def is_held(mail: Queued, attempt: int) -> bool:
    """Whether it is still in the attempt, and not taken by another process since, because the lease ran out: what that
    one does then counts."""
    return mail.status == MessageStatus.QUEUED and mail.attempts == attempt


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    plain = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(attempts - 1, 20)))
    return plain * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load, keeps no secret
