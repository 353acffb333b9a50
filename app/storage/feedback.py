"""Feedback: what came, by day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage import keyset
from app.storage.models import Feedback
from app.storage.upsert import insert_new

NEWEST_FIRST = keyset.Sort((Feedback.created_at, Feedback.id), descending=True)


def last_number(session: Session, day: date, signed_in: bool) -> int:
    """How much came on a day from those signed in, or from everyone else."""
    of_day = (Feedback.received_on == day, Feedback.signed_in.is_(signed_in))
    return session.scalar(select(func.coalesce(func.max(Feedback.number), 0)).where(*of_day)) or 0


def add(session: Session, values: Mapping[str, Any]) -> bool:
    """Keeps feedback. False where another one has taken its number of the day meanwhile."""
    return insert_new(session, Feedback, [values]) == 1


def get(session: Session, feedback_id: str) -> Feedback | None:
    return session.get(Feedback, feedback_id)


def received(session: Session, page: keyset.Page, handled: bool | None) -> keyset.Slice:
    """A page of what came, the newest first; all of it, or only what is handled or is not."""
    wanted: keyset.Rows = select(*Feedback.__table__.columns)
    if handled is not None:
        wanted = wanted.where(Feedback.handled_at.is_not(None) if handled else Feedback.handled_at.is_(None))
    return keyset.fetch(session, wanted, NEWEST_FIRST, page)
