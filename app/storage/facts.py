"""Rows become rules.facts: Core rows by contract, many contracts at a time, never entities."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session

from app.rules.facts import (
    AdjustmentFacts,
    AwardCriterion,
    ClauseFacts,
    ClauseType,
    ClosureFacts,
    Completion,
    ContractFacts,
    FixedCount,
    OptionFacts,
    PositionFacts,
    PurchaseFacts,
    PurchaseThreshold,
    TerminationFacts,
    Terms,
)
from app.storage.models import Adjustment, Clause, Closure, Contract, ContractOption, Position, Purchase
from app.storage.units import lead_days_of

Rows = Select[*tuple[Any, ...]]
IDS: BindParameter[Any] = bindparam("contract_ids", expanding=True)
"""The statements are made once: building one costs more than the database needs for a single contract."""


_CONTRACTS = (
    select(
        Contract.id,
        Contract.unit_id,
        Contract.starts_on,
        Contract.ends_on,
        Contract.counts_from,
        Contract.registered_on,
        Contract.last_recorded_on,
        Contract.value_cents,
        Contract.committed_positions,
        Contract.terminated_on,
        Contract.decided_on,
        *Clause.__table__.columns,
    )
    .join(Clause, Clause.procurement_id == Contract.procurement_id)
    .where(Contract.id.in_(IDS))
)
_POSITIONS = select(
    Position.contract_id,
    Position.id,
    Position.starts_on,
    Position.agreed_on,
    Position.employment_form,
    Position.target_group,
    Position.logged_on,
    Position.planned_end_on,
    Position.ended_on,
    Position.end_recorded_on,
    Position.weekly_hours,
    Position.replaces_id,
).where(Position.contract_id.in_(IDS), Position.voided_at.is_(None))
"""Columns in the order of PositionFacts' fields."""
_PURCHASES = (
    select(Purchase.contract_id, Purchase.on_date, Purchase.amount_cents, Purchase.recorded_on)
    .join(Contract, Contract.id == Purchase.contract_id)
    .join(Clause, Clause.procurement_id == Contract.procurement_id)
    .where(
        Purchase.contract_id.in_(IDS),
        Purchase.voided_at.is_(None),
        Clause.type == ClauseType.PURCHASE_THRESHOLD,
    )
)
"""Of threshold contracts only: on others purchases have no effect."""
_OPTIONS = (
    select(ContractOption.contract_id, ContractOption.id, ContractOption.ends_on, ContractOption.exercised_on)
    .where(ContractOption.contract_id.in_(IDS))
    .order_by(ContractOption.ends_on)
)
_ADJUSTMENTS = select(Adjustment.contract_id, Adjustment.effective_on, Adjustment.delta, Adjustment.recorded_on).where(
    Adjustment.contract_id.in_(IDS), Adjustment.voided_at.is_(None)
)
_CLOSURES = select(Closure.contract_id, Closure.effective_on).where(
    Closure.contract_id.in_(IDS), Closure.voided_at.is_(None)
)


def load_facts(session: Session, contract_ids: Sequence[str]) -> dict[str, ContractFacts]:
    """The facts of contracts by id; voided rows are left out. A few thousand ids at a time keep memory small."""
    contracts = session.execute(_CONTRACTS, {"contract_ids": contract_ids}).all()
    lead_days = lead_days_of(session, {row.unit_id for row in contracts})
    parts = _Parts(session, contract_ids)
    return {row.id: _contract_facts(row, lead_days[row.unit_id], parts) for row in contracts}


class _Parts:
    """What hangs on contracts, by contract id."""

    def __init__(self, session: Session, contract_ids: Sequence[str]) -> None:
        def grouped(statement: Rows, make: Any) -> Mapping[str, tuple[Any, ...]]:
            groups: dict[str, list[Any]] = defaultdict(list)
            for contract_id, *values in session.execute(statement, {"contract_ids": contract_ids}):
                groups[contract_id].append(make(*values))
            return {contract_id: tuple(rows) for contract_id, rows in groups.items()}

        self.positions = grouped(_POSITIONS, PositionFacts)
        self.purchases = grouped(_PURCHASES, PurchaseFacts)
        self.options = grouped(_OPTIONS, OptionFacts)
        self.adjustments = grouped(_ADJUSTMENTS, AdjustmentFacts)
        self.closures = grouped(_CLOSURES, ClosureFacts)


def _contract_facts(row: Any, lead_days: int, parts: _Parts) -> ContractFacts:
    closure = parts.closures.get(row.id, ())
    return ContractFacts(
        clause=clause_facts(row, row.committed_positions),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        counts_from=row.counts_from or row.starts_on,
        registered_on=row.registered_on,
        last_recorded_on=row.last_recorded_on,
        lead_days=lead_days,
        value_cents=row.value_cents,
        options=parts.options.get(row.id, ()),
        termination=TerminationFacts(row.terminated_on, row.decided_on) if row.terminated_on else None,
        adjustments=parts.adjustments.get(row.id, ()),
        closure=closure[0] if closure else None,
        positions=parts.positions.get(row.id, ()),
        purchases=parts.purchases.get(row.id, ()),
    )


def clause_facts(row: Any, committed_positions: int | None) -> ClauseFacts:
    """A clause's row, or an object with its fields, and what this contract's supplier promised."""
    return ClauseFacts(
        terms=_terms(row, committed_positions),
        completion=Completion(row.completion),
        min_duration_months=row.min_duration_months,
        min_weekly_hours=row.min_weekly_hours,
        employment_forms=frozenset(row.employment_forms),
        target_groups=None if row.target_groups is None else frozenset(row.target_groups),
        replacement_allowed=row.replacement_allowed,
        start_within_months=row.start_within_months,
        replacement_within_months=row.replacement_within_months,
    )


def _terms(row: Any, committed_positions: int | None) -> Terms:
    match ClauseType(row.type):
        case ClauseType.FIXED_COUNT:
            return FixedCount(row.positions)
        case ClauseType.PURCHASE_THRESHOLD:
            return PurchaseThreshold(row.threshold_cents, row.positions_per_threshold, row.max_positions)
        case ClauseType.AWARD_CRITERION:
            return AwardCriterion(committed_positions or 0)
