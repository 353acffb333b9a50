"""Contracts: one with the paths of its units, its clause, its options and parties; what lists show
of them (storage/contract_lists.py finds it)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from app.rules.facts import ClauseType
from app.rules.status import Standing, Status
from app.storage import keyset
from app.storage.models import (
    Clause,
    Contract,
    ContractOption,
    Owner,
    Party,
    Position,
    Procurement,
    StoredJudgement,
    Supplier,
)

SORTS = {
    "latest_start_on": keyset.Sort((StoredJudgement.sort_start_on, StoredJudgement.contract_id)),
    "reference": keyset.Sort((Contract.reference, Contract.id)),
    "starts_on": keyset.Sort((Contract.starts_on, Contract.id)),
    "ends_on": keyset.Sort((Contract.ends_on, Contract.id)),
}
COLUMNS = (
    Contract.id,
    Contract.reference,
    Contract.unit_id,
    Contract.procurement_id,
    Contract.supplier_id,
    Contract.owner_id,
    Contract.starts_on,
    Contract.ends_on,
    Contract.value_cents,
    Contract.terminated_on,
    Contract.decided_on,
    Contract.registered_on,
    Contract.last_recorded_on,
    Procurement.reference.label("procurement_reference"),
    Procurement.title.label("procurement_title"),
    Procurement.signed_on,
    Clause.type.label("clause_type"),
    Supplier.name.label("supplier_name"),
    Supplier.scheme,
    Supplier.identifier,
    Owner.name.label("owner_name"),
    Owner.email.label("owner_email"),
    Owner.language.label("owner_language"),
    StoredJudgement.contract_id,
    StoredJudgement.sort_start_on,
    StoredJudgement.next_change_on,
    StoredJudgement.promised_min,
    StoredJudgement.promised_max,
    StoredJudgement.judged_on,
    StoredJudgement.acknowledged_at,
    StoredJudgement.snoozed_until,
    *(getattr(StoredJudgement, name) for name in Standing._fields),
)
"""What lists show of a contract."""

Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """What a list is narrowed down to; `unit_id` stands for its subtree, `latest_start_before` is not included."""

    statuses: Sequence[Status] = ()
    unit_id: str | None = None
    supplier_id: str | None = None
    clause_type: ClauseType | None = None
    owner_email: str | None = None
    latest_start_before: date | None = None
    q: str | None = None


_WITH_PATHS = (
    select(
        Contract,
        StoredJudgement.unit_path,
        StoredJudgement.procurement_unit_path,
        Owner.email.label("owner_email"),
    )
    .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
    .join(Owner, Owner.id == Contract.owner_id)
    .where(Contract.id == bindparam("contract_id"))
)
"""Asked for every single contract; to make a statement anew takes longer than to run it."""


def with_paths(session: Session, contract_id: str) -> Row[*tuple[Any, ...]] | None:
    """`Contract`, `unit_path`, `procurement_unit_path` and `owner_email` of a contract."""
    return session.execute(_WITH_PATHS, {"contract_id": contract_id}).one_or_none()


def paths_of(session: Session, contract_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The paths of each contract's own unit and of its procurement's."""
    columns = (StoredJudgement.contract_id, StoredJudgement.unit_path, StoredJudgement.procurement_unit_path)
    rows = session.execute(select(*columns).where(StoredJudgement.contract_id.in_(contract_ids)))
    return {row.contract_id: (row.unit_path, row.procurement_unit_path) for row in rows}


def clause_of(session: Session, contract: Contract) -> Clause:
    """The clause of the contract's procurement; a contract has always one."""
    return session.get_one(Clause, contract.procurement_id)


def joined(statement: Rows) -> Rows:
    """A statement over contracts with the tables that COLUMNS are of."""
    return (
        statement.join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
        .join(Procurement, Procurement.id == Contract.procurement_id)
        .join(Clause, Clause.procurement_id == Contract.procurement_id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .join(Owner, Owner.id == Contract.owner_id)
    )


def listed() -> Rows:
    """COLUMNS of contracts, still without a condition."""
    return joined(select(*COLUMNS))


def rows_of(session: Session, contract_ids: Sequence[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of some contracts as lists have them, by reference."""
    wanted = listed().where(Contract.id.in_(contract_ids))
    return session.execute(wanted.order_by(Contract.reference, Contract.id)).all()


_ONE_LISTED = listed().where(Contract.id == bindparam("contract_id"))


def row_of(session: Session, contract_id: str) -> Row[*tuple[Any, ...]]:
    """A contract's row as lists have it."""
    return session.execute(_ONE_LISTED, {"contract_id": contract_id}).one()


def reference_taken(session: Session, contract: Contract) -> bool:
    """Whether another contract of the same procurement and supplier has its reference."""
    same = (
        Contract.procurement_id == contract.procurement_id,
        Contract.supplier_id == contract.supplier_id,
        Contract.reference == contract.reference,
        Contract.id != contract.id,
    )
    return session.scalar(select(Contract.id).where(*same)) is not None


def parties_of(session: Session, contract_id: str) -> Sequence[Party]:
    wanted = select(Party).where(Party.contract_id == contract_id)
    return session.scalars(wanted.order_by(Party.id)).all()


def party_rows(session: Session, contract_id: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Parties with their supplier, in the order they were added."""
    columns = (Party.id, Party.role, Party.supplier_id, Supplier.name, Supplier.scheme, Supplier.identifier)
    statement = select(*columns).join(Supplier, Supplier.id == Party.supplier_id)
    return session.execute(statement.where(Party.contract_id == contract_id).order_by(Party.id)).all()


def employs(session: Session, party_id: str) -> bool:
    """Whether any position, voided ones too, names the party as its employer."""
    wanted = select(Position.id).where(Position.employer_party_id == party_id).limit(1)
    return session.scalar(wanted) is not None


def options_of(session: Session, contract_id: str) -> Sequence[ContractOption]:
    """By last day."""
    wanted = select(ContractOption).where(ContractOption.contract_id == contract_id)
    return session.scalars(wanted.order_by(ContractOption.ends_on)).all()
