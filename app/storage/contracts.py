"""Contracts: one with the paths of its units, its clause, its options and parties; what lists show
of them (storage/contract_lists.py finds it)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import FromClause, Row, Select, bindparam, select
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
from app.storage.prepared import Prepared

SORTS = {
    "latest_start_on": keyset.Sort((StoredJudgement.sort_start_on, StoredJudgement.contract_id)),
    "reference": keyset.Sort((Contract.reference, Contract.id)),
    "starts_on": keyset.Sort((Contract.starts_on, Contract.id)),
    "ends_on": keyset.Sort((Contract.ends_on, Contract.id)),
}
_CONTRACT, _PROCUREMENT, _CLAUSE, _SUPPLIER, _OWNER, _JUDGEMENT = (
    model.__table__.c for model in (Contract, Procurement, Clause, Supplier, Owner, StoredJudgement)
)
COLUMNS = (
    _CONTRACT.id,
    _CONTRACT.reference,
    _CONTRACT.unit_id,
    _CONTRACT.procurement_id,
    _CONTRACT.supplier_id,
    _CONTRACT.owner_id,
    _CONTRACT.starts_on,
    _CONTRACT.ends_on,
    _CONTRACT.value_cents,
    _CONTRACT.terminated_on,
    _CONTRACT.decided_on,
    _CONTRACT.registered_on,
    _CONTRACT.last_recorded_on,
    _PROCUREMENT.reference.label("procurement_reference"),
    _PROCUREMENT.title.label("procurement_title"),
    _PROCUREMENT.signed_on,
    _CLAUSE.type.label("clause_type"),
    _SUPPLIER.name.label("supplier_name"),
    _SUPPLIER.scheme,
    _SUPPLIER.identifier,
    _OWNER.name.label("owner_name"),
    _OWNER.email.label("owner_email"),
    _OWNER.language.label("owner_language"),
    _JUDGEMENT.contract_id,
    _JUDGEMENT.sort_start_on,
    _JUDGEMENT.next_change_on,
    _JUDGEMENT.promised_min,
    _JUDGEMENT.promised_max,
    _JUDGEMENT.judged_on,
    _JUDGEMENT.acknowledged_at,
    _JUDGEMENT.snoozed_until,
    *(_JUDGEMENT[name] for name in Standing._fields),
)
"""What lists show of a contract: columns of tables, since attributes of entities take twice as long to read."""

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
    .execution_options(populate_existing=True)
)


def with_paths(session: Session, contract_id: str) -> Row[*tuple[Any, ...]] | None:
    """`Contract` as it is now, `unit_path`, `procurement_unit_path` and `owner_email` of a contract. What the session
    changed is written first."""
    return session.execute(_WITH_PATHS, {"contract_id": contract_id}).one_or_none()


def paths_of(session: Session, contract_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The paths of each contract's own unit and of its procurement's."""
    columns = (StoredJudgement.contract_id, StoredJudgement.unit_path, StoredJudgement.procurement_unit_path)
    rows = session.execute(select(*columns).where(StoredJudgement.contract_id.in_(contract_ids)))
    return {row.contract_id: (row.unit_path, row.procurement_unit_path) for row in rows}


_PATHS = Prepared(
    select(_JUDGEMENT.unit_path, _JUDGEMENT.procurement_unit_path).where(
        _JUDGEMENT.contract_id == bindparam("contract_id")
    )
)


def paths_row(session: Session, contract_id: str) -> Any:
    """`unit_path` and `procurement_unit_path` of a contract; None where there is no such contract."""
    return _PATHS.one_or_none(session, contract_id=contract_id)


def clause_of(session: Session, contract: Contract) -> Clause:
    """The clause of the contract's procurement; a contract has always one."""
    return session.get_one(Clause, contract.procurement_id)


def joined(contracts: FromClause) -> FromClause:
    """A source that has the contracts, joined with the tables that COLUMNS are of."""
    return (
        contracts.join(StoredJudgement.__table__, _JUDGEMENT.contract_id == _CONTRACT.id)
        .join(Procurement.__table__, _PROCUREMENT.id == _CONTRACT.procurement_id)
        .join(Clause.__table__, _CLAUSE.procurement_id == _CONTRACT.procurement_id)
        .join(Supplier.__table__, _SUPPLIER.id == _CONTRACT.supplier_id)
        .join(Owner.__table__, _OWNER.id == _CONTRACT.owner_id)
    )


def listed() -> Rows:
    """COLUMNS of contracts, still without a condition."""
    return select(*COLUMNS).select_from(joined(Contract.__table__))


def rows_of(session: Session, contract_ids: Sequence[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of some contracts as lists have them, by reference."""
    wanted = listed().where(Contract.id.in_(contract_ids))
    return session.execute(wanted.order_by(Contract.reference, Contract.id)).all()


_ONE = Prepared(
    select(
        *COLUMNS,
        _CONTRACT.counts_from,
        _CONTRACT.committed_positions,
        _CONTRACT.ledger_accounts,
        _CONTRACT.ledger_service_classes,
        _CONTRACT.ledger_buying_units,
        _CONTRACT.supplier_contact_name,
        _CONTRACT.supplier_contact_email,
        _CONTRACT.supplier_contact_phone,
        _CONTRACT.supplier_language,
        _CONTRACT.version,
        _JUDGEMENT.unit_path,
        _JUDGEMENT.procurement_unit_path,
    )
    .select_from(joined(Contract.__table__))
    .where(_CONTRACT.id == bindparam("contract_id"))
)


def row_of(session: Session, contract_id: str) -> Any:
    """A contract's row: what lists show of it, what only its own page does, and the paths of its units; None
    where there is no such contract."""
    return _ONE.one_or_none(session, contract_id=contract_id)


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


_PARTY = Party.__table__.c
_PARTIES = Prepared(
    select(_PARTY.id, _PARTY.role, _PARTY.supplier_id, _SUPPLIER.name, _SUPPLIER.scheme, _SUPPLIER.identifier)
    .join_from(Party.__table__, Supplier.__table__, _SUPPLIER.id == _PARTY.supplier_id)
    .where(_PARTY.contract_id == bindparam("contract_id"))
    .order_by(_PARTY.id)
)


def party_rows(session: Session, contract_id: str) -> Sequence[Any]:
    """Parties with their supplier, in the order they were added."""
    return _PARTIES.all(session, contract_id=contract_id)


def employs(session: Session, party_id: str) -> bool:
    """Whether any position, voided ones too, names the party as its employer."""
    wanted = select(Position.id).where(Position.employer_party_id == party_id).limit(1)
    return session.scalar(wanted) is not None


def options_of(session: Session, contract_id: str) -> Sequence[ContractOption]:
    """By last day."""
    wanted = select(ContractOption).where(ContractOption.contract_id == contract_id)
    return session.scalars(wanted.order_by(ContractOption.ends_on)).all()
