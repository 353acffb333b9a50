"""Mail to send and what was told: the reminder keys, who has had a mail. The queue itself is in storage/queue.py."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.rules.codes import MessageKind, MessageStatus
from app.rules.reminders import ReminderKey, ReminderKind
from app.storage.lists import listed
from app.storage.models import Message, Told
from app.storage.upsert import insert_new

_IDS, _ROW = listed("contract_ids"), Told.__table__.c
_TOLD = (
    select(_ROW.contract_id, _ROW.kind, _ROW.key)
    .join_from(_IDS, Told.__table__, _ROW.contract_id == _IDS.c.value)
    .where(_ROW.withdrawn_at.is_(None))
)


def told_keys(session: Session, contract_ids: Sequence[str]) -> Mapping[str, set[ReminderKey]]:
    """Keys of the reminders told on each contract, those withdrawn left out."""
    keys: dict[str, set[ReminderKey]] = defaultdict(set)
    for contract_id, kind, key in session.execute(_TOLD, {"contract_ids": contract_ids}).all():
        keys[contract_id].add((ReminderKind(kind), key))
    return keys


def add_message(session: Session, values: Mapping[str, Any]) -> bool:
    """Queues a message. False where the owner has one of that day already, whatever became of it."""
    return insert_new(session, Message, [values]) == 1


def add_told(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Keeps what a message tells. Keys told already are left out; the number says how many were new."""
    return insert_new(session, Told, rows)


def owners_mailed(session: Session, day: date) -> set[str]:
    """Owners who have their mail of reminders for a day; one withdrawn was none."""
    of_day = (Message.for_on == day, Message.kind == MessageKind.REMINDERS)
    wanted = select(Message.owner_id).where(*of_day, Message.status != MessageStatus.WITHDRAWN)
    return set(session.scalars(wanted))


def told_in(session: Session, message_ids: Sequence[str]) -> Mapping[str, list[Told]]:
    """What each message tells, what it has withdrawn too, most urgent first as it was queued."""
    wanted = select(Told).where(Told.message_id.in_(message_ids)).order_by(Told.id)
    found: dict[str, list[Told]] = defaultdict(list)
    for told in session.scalars(wanted):
        found[told.message_id].append(told)
    return found


def waiting_for(session: Session, owner_id: str) -> tuple[bool, Message | None]:
    """Whether a mail of reminders to the owner still waits to be sent, and that mail where it can take more: not held
    by a delivery, and nothing of it can have arrived."""
    queued = (
        Message.owner_id == owner_id,
        Message.kind == MessageKind.REMINDERS,
        Message.status == MessageStatus.QUEUED,
    )
    open_to_more = (Message.leased_until.is_(None), Message.may_have_arrived.is_(False))
    waits = session.scalar(select(Message.id).where(*queued).limit(1)) is not None
    free = select(Message).where(*queued, *open_to_more).order_by(Message.id.desc()).limit(1)
    return waits, session.scalar(free.with_for_update(skip_locked=True)) if waits else None


def get(session: Session, message_id: str) -> Message | None:
    return session.get(Message, message_id)


def withdraw(session: Session, told_ids: Sequence[str], at: datetime) -> None:
    """Takes back what was to be told: its keys are free again."""
    session.execute(update(Told).where(Told.id.in_(told_ids)).values(withdrawn_at=at))
