"""Closures of obligations."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.models import Closure


def in_force(session: Session, contract_id: str) -> Closure | None:
    """The closure that is not voided, where there is one; it may take effect only later."""
    wanted = (Closure.contract_id == contract_id, Closure.voided_at.is_(None))
    return session.scalars(select(Closure).where(*wanted)).one_or_none()
