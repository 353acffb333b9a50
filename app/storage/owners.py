"""Contract owners: one row per lower-cased e-mail address."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.models import Owner, new_id
from app.storage.upsert import insert_new


def by_email(session: Session, email: str) -> Owner | None:
    """The owner, who stays as they are until the transaction ends; contracts may still refer to them."""
    return session.scalar(select(Owner).where(Owner.email == email).with_for_update(key_share=True))


def insert_if_new(session: Session, email: str, name: str, language: str, at: datetime) -> bool:
    """Whether the owner was added; one that another transaction is adding is waited for."""
    values = {"id": new_id(), "email": email, "name": name, "language": language, "created_at": at, "version": 1}
    return insert_new(session, Owner, [values]) == 1
