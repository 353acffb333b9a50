"""Contracts that purchases of a ledger may belong to, and what was decided about rows like them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from app.rules.attachment import Remembered
from app.rules.codes import BUSINESS_ID_SCHEME
from app.rules.facts import ClauseType
from app.storage.judgements import within
from app.storage.models import AttachmentRule, Clause, Contract, Party, StoredJudgement, Supplier

CHUNK = 5000


def threshold_contracts(session: Session, trees: Sequence[str] | None) -> Iterator[Any]:
    """Contracts with a purchase threshold in these trees (None: all): what decides which purchases belong to them, and
    the paths of their units. `business_id` is None for a supplier from abroad."""
    foreign = Supplier.scheme != BUSINESS_ID_SCHEME
    statement = (
        select(
            Contract.id,
            Contract.reference,
            Supplier.identifier,
            foreign.label("foreign"),
            Contract.starts_on,
            StoredJudgement.effective_end_on,
            Contract.ledger_accounts,
            Contract.ledger_service_classes,
            Contract.ledger_buying_units,
            StoredJudgement.unit_path,
            StoredJudgement.procurement_unit_path,
        )
        .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
        .join(Clause, Clause.procurement_id == Contract.procurement_id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .where(Clause.type == ClauseType.PURCHASE_THRESHOLD, true() if trees is None else within(trees))
        .order_by(Contract.id)
    )
    yield from session.execute(statement.execution_options(yield_per=CHUNK))


def members(session: Session) -> dict[str, set[str]]:
    """Business IDs of the other parties of contracts with a purchase threshold, by contract."""
    statement = (
        select(Party.contract_id, Supplier.identifier)
        .join(Supplier, Supplier.id == Party.supplier_id)
        .join(Contract, Contract.id == Party.contract_id)
        .join(Clause, Clause.procurement_id == Contract.procurement_id)
        .where(Clause.type == ClauseType.PURCHASE_THRESHOLD, Supplier.scheme == BUSINESS_ID_SCHEME)
    )
    found: dict[str, set[str]] = {}
    for contract_id, business_id in session.execute(statement):
        found.setdefault(contract_id, set()).add(business_id)
    return found


def remembered(session: Session, root_ids: Sequence[str]) -> list[Remembered]:
    """The rules in force of these organisations."""
    columns = [getattr(AttachmentRule, name) for name in Remembered._fields]
    statement = select(*columns).where(AttachmentRule.root_id.in_(root_ids), AttachmentRule.revoked_at.is_(None))
    return [Remembered(*row) for row in session.execute(statement.order_by(AttachmentRule.id))]


def rules_in_force(session: Session, root_ids: Sequence[str] | None) -> Sequence[Any]:
    """Rules of these organisations (None: of all) with what names their contract, the newest first."""
    statement = (
        select(AttachmentRule, Contract.reference, Supplier.name.label("supplier_name"))
        .outerjoin(Contract, Contract.id == AttachmentRule.contract_id)
        .outerjoin(Supplier, Supplier.id == Contract.supplier_id)
        .where(AttachmentRule.revoked_at.is_(None))
        .order_by(AttachmentRule.id.desc())
    )
    if root_ids is not None:
        statement = statement.where(AttachmentRule.root_id.in_(root_ids))
    return session.execute(statement).all()


def path_of(session: Session, contract_id: str) -> str:
    """The path of a contract's own unit."""
    wanted = select(StoredJudgement.unit_path).where(StoredJudgement.contract_id == contract_id)
    return session.execute(wanted).scalar_one()
