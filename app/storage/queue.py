"""The queue of mails, of whichever kind (storage/models/queued.py): which is due, which is the next."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.rules.codes import MessageStatus
from app.storage.models.queued import Queued

Row = TypeVar("Row", bound=Queued)


class Waits(NamedTuple):
    """How long a mail may be held by one process, and put off until the next attempt, at the most."""

    lease: timedelta
    pause: timedelta


def _due(kind: type[Queued], now: datetime, longest: Waits) -> Sequence[ColumnElement[bool]]:
    """One that is to wait, or held, for longer than anything is, was put off while the clock was ahead: it is due."""
    attempt, leased = kind.next_attempt_at, kind.leased_until
    return (
        kind.status == MessageStatus.QUEUED,
        or_(attempt <= now, attempt > now + longest.pause),
        or_(leased.is_(None), leased <= now, leased > now + longest.lease),
    )


def next_to_send(session: Session, kind: type[Row], now: datetime, longest: Waits) -> Row | None:
    """The mail that waits the longest and that no other process holds, locked until the transaction ends."""
    wanted = select(kind).where(*_due(kind, now, longest)).order_by(kind.next_attempt_at, kind.id).limit(1)
    return session.scalars(wanted.with_for_update(skip_locked=True)).first()


def any_due(session: Session, kind: type[Queued], now: datetime, longest: Waits) -> bool:
    """What `next_to_send` asks, without a lock."""
    return session.scalar(select(kind.id).where(*_due(kind, now, longest)).limit(1)) is not None


def is_due(mail: Queued, now: datetime, longest: Waits) -> bool:
    """The same of a mail that is held."""
    attempt, leased = mail.next_attempt_at, mail.leased_until
    return (
        mail.status == MessageStatus.QUEUED
        and attempt is not None
        and not now < attempt <= now + longest.pause
        and (leased is None or not now < leased <= now + longest.lease)
    )


def locked(session: Session, kind: type[Row], mail_id: str) -> Row:
    """The mail, held against other processes until the transaction ends."""
    wanted = select(kind).where(kind.id == mail_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()
