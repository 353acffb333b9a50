"""Adjustments of contracts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.models import Adjustment


def get(session: Session, adjustment_id: str) -> Adjustment | None:
    return session.get(Adjustment, adjustment_id)


def of_contract(session: Session, contract_id: str) -> Sequence[Adjustment]:
    """All of a contract's adjustments, voided ones too, in the order in which they take effect."""
    wanted = select(Adjustment).where(Adjustment.contract_id == contract_id)
    return session.scalars(wanted.order_by(Adjustment.effective_on, Adjustment.delta, Adjustment.id)).all()
