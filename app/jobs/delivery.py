"""Delivers what is queued: through SMTP, or into .eml files where no server is set."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from app.config import Settings
from app.jobs.stopping import Stopping, never
from app.services import delivery
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.services.delivery import Claimed, From, NotWorded
from app.services.mails import Addresses
from app.storage.session import Database
from notifications.envelope import build_email
from notifications.senders import (
    FileSender,
    PermanentSendError,
    RecipientPutOff,
    RecipientRefused,
    Sender,
    TemporarySendError,
)
from notifications.smtp import SmtpSender

log = structlog.get_logger(__name__)

FAILURES_IN_A_ROW = 10
"""After so many the server is taken to be away; the rest waits for the next round instead of waiting for it each."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the messages that were due."""

    sent: int = 0
    withdrawn: int = 0
    put_off: int = 0
    refused: int = 0

    def plus(self, outcome: str) -> "Counts":
        counts = {name: getattr(self, name) for name in self.__slots__}
        return Counts(**counts | {outcome: counts[outcome] + 1})


def make_sender(settings: Settings) -> Sender:
    return FileSender(settings.mail_dir) if settings.smtp is None else SmtpSender(settings.smtp)


def sender_of(settings: Settings) -> From:
    return From(settings.mail_from, Addresses(settings.base_url, settings.secret_key))


def deliver_all(
    database: Database,
    settings: Settings,
    sender: Sender,
    clock: Callable[[], datetime],
    stopping: Stopping = never,
) -> Counts:
    """Tries every message that is due, once each, until none is left or the mail server is plainly away. Where the
    process is told to stop, it ends after the message at hand: the rest is not held, and waits for another process."""
    counts, in_a_row = Counts(), 0
    while in_a_row < FAILURES_IN_A_ROW and not stopping():
        outcome = _deliver_next(database, settings, sender, clock)
        if outcome is None:
            break
        counts = counts.plus(outcome)
        in_a_row = in_a_row + 1 if outcome == "put_off" else 0
    return counts


def _deliver_next(database: Database, settings: Settings, sender: Sender, clock: Callable[[], datetime]) -> str | None:
    now = clock()
    act = Act(SYSTEM, now, _day(settings, now), BY_ITSELF)
    try:
        with database.writing() as session:
            claimed = delivery.claim_next(session, sender_of(settings), act)
    except NotWorded as error:  # one message that cannot be worded must not hold up the others
        log.exception("message_not_worded", message_id=error.message_id)
        with database.writing() as session:
            delivery.set_aside(session, error.message_id, "The message could not be put into words.", act)
        return "put_off"
    if claimed is None:
        return None
    if claimed.envelope is None:
        return "withdrawn"
    return _send(database, settings, claimed, sender, clock)


def _day(settings: Settings, now: datetime) -> date:
    return now.astimezone(settings.timezone).date()


def _send(
    database: Database, settings: Settings, claimed: Claimed, sender: Sender, clock: Callable[[], datetime]
) -> str:
    """Speaks to the mail server outside any transaction, then keeps what came of it."""
    assert claimed.envelope is not None  # noqa: S101 - asked before
    envelope = claimed.envelope
    try:
        done = sender.send(build_email(envelope), envelope.sender.email, envelope.recipients)
    except RecipientPutOff as error:
        now = clock()
        with database.writing() as session:
            delivery.put_off_by_mailbox(
                session, claimed, error.reason, Act(SYSTEM, now, _day(settings, now), BY_ITSELF)
            )
        return "put_off"
    except TemporarySendError as error:
        with database.writing() as session:
            delivery.put_off(session, claimed, error.reason, error.may_have_arrived, clock())
        return "put_off"
    except (PermanentSendError, ValueError) as error:
        now, unknown = clock(), isinstance(error, RecipientRefused)
        act = Act(SYSTEM, now, _day(settings, now), BY_ITSELF)
        with database.writing() as session:
            delivery.refuse(session, claimed, str(error), act, no_such_address=unknown)
        return "refused"
    except Exception:  # a defect: the mail waits and is shown, and the others are not held up
        log.exception("message_not_sent", message_id=claimed.message_id)
        with database.writing() as session:
            delivery.put_off(session, claimed, "The message could not be handed over.", True, clock())
        return "put_off"
    with database.writing() as session:
        copies = [f"{address}: {reason}" for address, reason in done.refused.items()]
        delivery.sent(session, claimed, copies, clock())
    return "sent"
