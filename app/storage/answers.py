"""Answers remembered for repeated requests."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.storage.models import RememberedAnswer, new_id
from app.storage.upsert import insert_new


def insert_if_new(session: Session, user_id: str, key: str, request_hash: str, at: datetime) -> str | None:
    """The new row's id, or None where the user has used the key before."""
    row = {"id": new_id(), "user_id": user_id, "key": key, "request_hash": request_hash, "created_at": at}
    return row["id"] if insert_new(session, RememberedAnswer, [row]) else None  # type: ignore[return-value]


def find(session: Session, user_id: str, key: str) -> RememberedAnswer:
    wanted = (RememberedAnswer.user_id == user_id, RememberedAnswer.key == key)
    return session.scalars(select(RememberedAnswer).where(*wanted)).one()


def is_known(session: Session, user_id: str, key: str) -> bool:
    """Whether the user has used the key before."""
    wanted = select(RememberedAnswer.id).where(RememberedAnswer.user_id == user_id, RememberedAnswer.key == key)
    return session.execute(wanted).first() is not None


def fill(session: Session, row_id: str, status_code: int, headers: dict[str, str], body: str) -> None:
    values = {"status_code": status_code, "headers": headers, "body": body}
    session.execute(update(RememberedAnswer).where(RememberedAnswer.id == row_id).values(values))
