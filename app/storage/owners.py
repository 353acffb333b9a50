"""Contract owners: one row per lower-cased e-mail address."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import not_, select
from sqlalchemy.orm import Session

from app.storage.judgements import within
from app.storage.models import Contract, Owner, OwnershipChange, StoredJudgement, new_id
from app.storage.units import ids_on_path
from app.storage.upsert import insert_new


def by_email(session: Session, email: str) -> Owner | None:
    """The owner, who stays as they are until the transaction ends; contracts may still refer to them. They are read
    anew: what the session read of them before may be older than the lock."""
    wanted = select(Owner).where(Owner.email == email).with_for_update(key_share=True)
    return session.scalar(wanted.execution_options(populate_existing=True))


def find(session: Session, email: str) -> Owner | None:
    """The owner as they are, whoever else may be changing them."""
    return session.scalar(select(Owner).where(Owner.email == email.lower()))


def roots_of_contracts(session: Session, owner_id: str) -> set[str]:
    """Ids of the organisations in which the owner has contracts."""
    path = select(StoredJudgement.unit_path).join(Contract, Contract.id == StoredJudgement.contract_id)
    return {ids_on_path(one)[0] for one in session.scalars(path.where(Contract.owner_id == owner_id).distinct())}


def has_contract(session: Session, owner_id: str, trees: Sequence[str], *, outside: bool = False) -> bool:
    """Whether the owner has a contract in one of the trees, or with `outside` one in none of them."""
    there = within(trees)
    wanted = (
        select(Contract.id)
        .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
        .where(Contract.owner_id == owner_id, not_(there) if outside else there)
    )
    return session.scalar(wanted.limit(1)) is not None


def deputises_outside(session: Session, owner_id: str, roots: Sequence[str]) -> bool:
    """Whether someone whose contracts are another organisation's has the owner as their deputy there."""
    named = select(Owner.id).where(Owner.deputy_id == owner_id, Owner.deputy_root_id.not_in(roots))
    return session.scalar(named.limit(1)) is not None


def had_contract(session: Session, owner_id: str, trees: Sequence[str]) -> bool:
    """Whether a contract in one of the trees was handed over from the owner to someone else."""
    wanted = (
        select(OwnershipChange.id)
        .join(StoredJudgement, StoredJudgement.contract_id == OwnershipChange.contract_id)
        .where(OwnershipChange.from_owner_id == owner_id, within(trees))
    )
    return session.scalar(wanted.limit(1)) is not None


def insert_if_new(session: Session, email: str, name: str, language: str, at: datetime) -> bool:
    """Whether the owner was added; one that another transaction is adding is waited for."""
    values = {"id": new_id(), "email": email, "name": name, "language": language, "created_at": at, "version": 1}
    return insert_new(session, Owner, [values]) == 1


def in_trees(session: Session, trees: Sequence[str], limit: int) -> Sequence[Owner]:
    """Owners of contracts in the trees, by name."""
    here = select(Contract.id).join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
    wanted = select(Owner).where(here.where(Contract.owner_id == Owner.id, within(trees)).exists())
    return session.scalars(wanted.order_by(Owner.name, Owner.id).limit(limit)).all()
