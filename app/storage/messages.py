"""Messages as people look at them: those about contracts of certain units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from app.rules.codes import MessageStatus
from app.storage import keyset
from app.storage.judgements import within
from app.storage.models import Contract, Message, OwnershipChange, Procurement, StoredJudgement, Supplier, Told
from app.storage.searching import has_part

NEWEST_FIRST = keyset.Sort((Message.created_at, Message.id), descending=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages: of a status, to someone (a part of the address or name), about a contract (its id, or a part of
    its reference or of its procurement's title), of a day."""

    status: str | None = None
    contract_id: str | None = None
    to: str | None = None
    contract: str | None = None
    on: date | None = None


def visible(session: Session, trees: Sequence[str] | None, page: keyset.Page, which: Wanted) -> keyset.Slice:
    """A page of the messages that tell anything of a contract in the trees (None: in any)."""
    columns = [column for column in Message.__table__.columns if column.key not in {"text", "html"}]
    wanted: keyset.Rows = select(*columns).where(_tells_of(trees, which))
    if which.status == MessageStatus.SENT:  # nearly all are: SQLite would gather and sort them, were they asked for so
        wanted = wanted.where(Message.status.not_in([one for one in MessageStatus if one != MessageStatus.SENT]))
    elif which.status is not None:
        wanted = wanted.where(Message.status == which.status)
    if which.contract_id is not None:
        wanted = wanted.where(Message.id.in_(select(Told.message_id).where(Told.contract_id == which.contract_id)))
    if which.to is not None:
        wanted = wanted.where(or_(has_part(Message.to_email, which.to), has_part(Message.to_name, which.to)))
    if which.on is not None:
        wanted = wanted.where(Message.for_on == which.on)
    return keyset.fetch(session, wanted, NEWEST_FIRST, page)


def _tells_of(trees: Sequence[str] | None, which: Wanted) -> ColumnElement[bool]:
    """Whether a message tells anything of a contract in the trees, and of the one asked for."""
    about = select(Told.id).join(StoredJudgement, StoredJudgement.contract_id == Told.contract_id)
    about = about.where(Told.message_id == Message.id)
    if trees is not None:
        about = about.where(within(trees))
    if which.contract_id is not None:
        about = about.where(Told.contract_id == which.contract_id)
    if which.contract is not None:
        about = about.join(Contract, Contract.id == Told.contract_id)
        about = about.join(Procurement, Procurement.id == Contract.procurement_id)
        part = which.contract
        about = about.where(or_(has_part(Contract.reference, part), has_part(Procurement.title, part)))
    return exists(about)


def told_with_paths(session: Session, message_ids: Sequence[str]) -> Sequence[Any]:
    """What messages tell, with each contract's names and the paths of its units, as it was queued."""
    return session.execute(
        select(
            Told.message_id,
            Told.kind,
            Told.contract_id,
            Told.key,
            Told.on_date,
            Told.count,
            Told.withdrawn_at,
            Contract.reference,
            Procurement.title,
            Supplier.name.label("supplier_name"),
            StoredJudgement.unit_path,
            StoredJudgement.procurement_unit_path,
        )
        .join(StoredJudgement, StoredJudgement.contract_id == Told.contract_id)
        .join(Contract, Contract.id == Told.contract_id)
        .join(Procurement, Procurement.id == Contract.procurement_id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .where(Told.message_id.in_(message_ids))
        .order_by(Told.id)
    ).all()


def owner_on(session: Session, contract_id: str, day: date) -> str:
    """Id of whoever owned a contract at the end of a day."""
    later = (OwnershipChange.contract_id == contract_id, OwnershipChange.changed_on > day)
    next_change = select(OwnershipChange.from_owner_id).where(*later).order_by(OwnershipChange.id).limit(1)
    return session.scalar(next_change) or session.get_one(Contract, contract_id).owner_id
