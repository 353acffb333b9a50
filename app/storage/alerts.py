"""Alerts to those who run the service: who gets them, which were made. The queue itself is in storage/queue.py."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rules.codes import MessageStatus, Role
from app.storage.models import Alert, Grant, Message, StoredJudgement, Told, Unit, User
from app.storage.units import ids_on_path
from app.storage.upsert import insert_new


class Reader(NamedTuple):
    """Who gets an alert; `root_id` where they administer one organisation."""

    email: str
    name: str
    language: str
    root_id: str | None


def admins_of_roots(session: Session) -> list[Reader]:
    """The active administrators of each organisation as a whole."""
    columns = (User.email, User.name, User.language, Unit.id)
    wanted = select(*columns).join(Grant, Grant.user_id == User.id).join(Unit, Unit.id == Grant.unit_id)
    whole = (Unit.parent_id.is_(None), Grant.role == Role.ADMIN, User.active.is_(True))
    return [Reader(*row) for row in session.execute(wanted.where(*whole).order_by(Unit.id, User.email))]


def language_of(session: Session, email: str) -> str | None:
    """The language of the user with this address, if there is one."""
    return session.scalar(select(User.language).where(User.email == email))


def refused_by_root(session: Session, since: date) -> Mapping[str, int]:
    """Mails for a day or later that reached nobody and that nobody has dealt with, by organisation."""
    wanted = (
        select(Message.id, StoredJudgement.unit_path)
        .join(Told, Told.message_id == Message.id)
        .join(StoredJudgement, StoredJudgement.contract_id == Told.contract_id)
        .where(Message.status == MessageStatus.REFUSED, Message.for_on >= since)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for message_id, path in session.execute(wanted):
        found[ids_on_path(path)[0]].add(message_id)
    return {root: len(ids) for root, ids in found.items()}


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Queues alerts; those that a reader has of that day already are left out. How many were new."""
    return insert_new(session, Alert, rows)
