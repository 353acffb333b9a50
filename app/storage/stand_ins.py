"""Who may be told in an owner's stead, and of whom someone has to be."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.storage.judgements import within
from app.storage.models import Contract, Grant, Owner, StoredJudgement, User


def admins_at(session: Session, unit_id: str) -> Sequence[Any]:
    """`name`, `email` and `language` of the active administrators of the unit itself, the longest in office first."""
    wanted = select(User.name, User.email, User.language).join(Grant, Grant.user_id == User.id)
    here = (Grant.role == Role.ADMIN, Grant.unit_id == unit_id, User.active.is_(True))
    return session.execute(wanted.where(*here).order_by(Grant.id)).all()


def out_of_reach(session: Session, trees: Sequence[str], today: date, limit: int) -> Sequence[Owner]:
    """Owners of contracts in the trees who have left or whose address was refused, by name."""
    here = select(Contract.id).join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
    gone = or_(Owner.left_on <= today, Owner.undeliverable_since.is_not(None))
    wanted = select(Owner).where(gone, here.where(Contract.owner_id == Owner.id, within(trees)).exists())
    return session.scalars(wanted.order_by(Owner.name, Owner.id).limit(limit)).all()
