"""What the page of one contract shows beside its facts: each part in one statement, columns and never entities."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from app.rules.status import Standing
from app.storage import keyset
from app.storage.judgements import standing_of
from app.storage.ledger_rows import known, replaced
from app.storage.models import (
    Adjustment,
    Clause,
    Closure,
    Contract,
    JudgementChange,
    Message,
    Note,
    Owner,
    OwnershipChange,
    Party,
    Position,
    Procurement,
    Purchase,
    StoredJudgement,
    Supplier,
    Told,
    Unit,
)
from app.storage.prepared import Prepared

Rows = Sequence[Any]
OF_CONTRACT: BindParameter[str] = bindparam("contract_id")
PURCHASES_NEWEST_FIRST = keyset.Sort((Purchase.on_date, Purchase.id), descending=True)

_procurement_unit = aliased(Unit)
_HEAD = Prepared(
    select(
        *(column for column in Contract.__table__.columns if column.key not in {"unit_id", "created_at"}),
        Contract.unit_id,
        Procurement.reference.label("procurement_reference"),
        Procurement.title,
        Procurement.signed_on,
        *(column for column in Clause.__table__.columns if column.key != "procurement_id"),
        Supplier.name.label("supplier_name"),
        Supplier.identifier.label("supplier_identifier"),
        Owner.name.label("owner_name"),
        Owner.email.label("owner_email"),
        Unit.name.label("unit_name"),
        _procurement_unit.name.label("procurement_unit_name"),
        _procurement_unit.id.label("procurement_unit_id"),
        StoredJudgement.acknowledged_at,
        StoredJudgement.snoozed_until,
        StoredJudgement.snoozed_on,
        StoredJudgement.unit_path,
        StoredJudgement.procurement_unit_path,
    )
    .join(Procurement, Procurement.id == Contract.procurement_id)
    .join(Clause, Clause.procurement_id == Contract.procurement_id)
    .join(Supplier, Supplier.id == Contract.supplier_id)
    .join(Owner, Owner.id == Contract.owner_id)
    .join(Unit, Unit.id == Contract.unit_id)
    .join(_procurement_unit, _procurement_unit.id == Procurement.unit_id)
    .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
    .where(Contract.id == OF_CONTRACT)
)
_POSITIONS = Prepared(
    select(*Position.__table__.columns, Supplier.name.label("employer_name"))
    .outerjoin(Party, Party.id == Position.employer_party_id)
    .outerjoin(Supplier, Supplier.id == Party.supplier_id)
    .where(Position.contract_id == OF_CONTRACT)
    .order_by(Position.starts_on, Position.id)
)
_DECIDED = ("id", "effective_on", "reason", "decision_reference", "recorded_on", "voided_at", "void_reason")
_DECISIONS = Prepared(
    union_all(
        select(
            *(getattr(Adjustment, name) for name in _DECIDED), Adjustment.delta, literal("adjustment").label("kind")
        ).where(Adjustment.contract_id == OF_CONTRACT),
        select(
            *(getattr(Closure, name) for name in _DECIDED), null().label("delta"), literal("closure").label("kind")
        ).where(Closure.contract_id == OF_CONTRACT, Closure.voided_at.is_(None)),
    ).order_by("effective_on", "id")
)
_TOLD = Prepared(
    select(
        Told.kind,
        Told.key,
        Told.on_date,
        Told.count,
        Message.id.label("message_id"),
        Message.status,
        Message.for_on,
        Message.to_name,
    )
    .join(Message, Message.id == Told.message_id)
    .where(Told.contract_id == OF_CONTRACT, Told.withdrawn_at.is_(None))
    .order_by(Message.for_on.desc(), Told.id.desc())
)
_NOTES = Prepared(
    select(Note.id, Note.author, Note.text, Note.written_on)
    .where(Note.contract_id == OF_CONTRACT, Note.written_on <= bindparam("as_of"))
    .order_by(Note.id.desc())
    .limit(bindparam("count"))
)
_PARTIES = Prepared(
    select(Party.id, Party.role, Party.supplier_id, Supplier.name, Supplier.identifier)
    .join(Supplier, Supplier.id == Party.supplier_id)
    .where(Party.contract_id == OF_CONTRACT)
    .order_by(Party.id)
)
_former, _new = aliased(Owner), aliased(Owner)
_HANDOVERS = Prepared(
    select(
        OwnershipChange.changed_on,
        OwnershipChange.note,
        _former.name.label("from_name"),
        _new.name.label("to_name"),
    )
    .join(_former, _former.id == OwnershipChange.from_owner_id)
    .join(_new, _new.id == OwnershipChange.to_owner_id)
    .where(OwnershipChange.contract_id == OF_CONTRACT, OwnershipChange.changed_on <= bindparam("as_of"))
    .order_by(OwnershipChange.id.desc())
    .limit(bindparam("count"))
)
_PURCHASES = select(
    Purchase.id,
    Purchase.on_date,
    Purchase.amount_cents,
    Purchase.reference,
    Purchase.recorded_on,
    Purchase.voided_at,
    Purchase.void_reason,
    replaced().label("replaced"),
    Purchase.import_number,
).where(Purchase.contract_id == OF_CONTRACT, Purchase.on_date <= bindparam("as_of"), known())
_SAID = Prepared(
    select(JudgementChange.judged_on, JudgementChange.status, JudgementChange.standing)
    .where(JudgementChange.contract_id == OF_CONTRACT, JudgementChange.judged_on <= bindparam("as_of"))
    .order_by(JudgementChange.seq.desc())
    .limit(bindparam("count"))
)


def head(session: Session, contract_id: str) -> Any:
    """The contract with its clause, procurement, supplier, owner and units, and what its owner asked of reminders."""
    return _HEAD.one_or_none(session, contract_id=contract_id)


def positions(session: Session, contract_id: str) -> Rows:
    """All positions by start, voided ones too, with the name of the party that employs where one is named."""
    return _POSITIONS.all(session, contract_id=contract_id)


def purchases(session: Session, contract_id: str, as_of: date, page: keyset.Page) -> keyset.Slice:
    """A page of the purchases dated by a day, voided ones too, the newest first."""
    wanted = _PURCHASES.params(contract_id=contract_id, as_of=as_of)
    return keyset.fetch(session, wanted, PURCHASES_NEWEST_FIRST, page)


def parties(session: Session, contract_id: str) -> Rows:
    """The parties beside the supplier, in the order they were added."""
    return _PARTIES.all(session, contract_id=contract_id)


def handovers(session: Session, contract_id: str, as_of: date, count: int) -> Rows:
    """The last changes of owner by a day, the newest first."""
    return _HANDOVERS.all(session, contract_id=contract_id, as_of=as_of, count=count)


def decisions(session: Session, contract_id: str) -> Rows:
    """Adjustments, voided ones too, and the closure in force, in the order in which they take effect; a closure has no
    `delta`."""
    return _DECISIONS.all(session, contract_id=contract_id)


def told(session: Session, contract_id: str) -> Rows:
    """The reminders that messages told of the contract, each with its message, the newest first."""
    return _TOLD.all(session, contract_id=contract_id)


def notes(session: Session, contract_id: str, as_of: date, count: int) -> Rows:
    """The last notes written by a day, the newest first."""
    return _NOTES.all(session, contract_id=contract_id, as_of=as_of, count=count)


def said(session: Session, contract_id: str, as_of: date, count: int) -> Rows:
    """The last changes of what the service said by a day, the newest first."""
    return _SAID.all(session, contract_id=contract_id, as_of=as_of, count=count)


def standing(kept: Mapping[str, Any]) -> Standing:
    """What the service said, from the JSON that the history keeps."""
    days = {name: kept[name] and date.fromisoformat(kept[name]) for name in ("effective_end_on", "latest_start_on")}
    return standing_of({**kept, **days})
