"""Rows become rules.facts: Core rows by contract, many contracts at a time, never entities."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BindParameter, Select, Text, bindparam, cast, select
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
from app.storage.models import Adjustment, Clause, Closure, Contract, ContractOption, Position, Purchase, Unit
from app.storage.units import lead_days_of

IDS: BindParameter[Any] = bindparam("contract_ids", expanding=True)
"""The statements are made once: building one costs more than the database needs for a single contract. They name
tables, not entities: the daily check reads millions of rows, and the mapper's part in each is larger than ours."""
contract, clause, unit = Contract.__table__.c, Clause.__table__.c, Unit.__table__.c
position, purchase, option = Position.__table__.c, Purchase.__table__.c, ContractOption.__table__.c
adjustment, closure = Adjustment.__table__.c, Closure.__table__.c

_CLAUSE = (
    clause.type,
    clause.positions,
    clause.threshold_cents,
    clause.positions_per_threshold,
    clause.max_positions,
    clause.completion,
    clause.min_duration_months,
    clause.min_weekly_hours,
    cast(clause.employment_forms, Text).label("employment_forms"),
    cast(clause.target_groups, Text).label("target_groups"),
    clause.replacement_allowed,
    clause.start_within_months,
    clause.replacement_within_months,
)
"""In the order of `_clause_facts`; lists as their text, which many clauses share."""
_CONTRACTS = (
    select(
        contract.id,
        unit.path,
        contract.starts_on,
        contract.ends_on,
        contract.counts_from,
        contract.registered_on,
        contract.last_recorded_on,
        contract.value_cents,
        contract.terminated_on,
        contract.decided_on,
        contract.committed_positions,
        *_CLAUSE,
    )
    .join_from(Contract.__table__, Clause.__table__, clause.procurement_id == contract.procurement_id)
    .join(Unit.__table__, unit.id == contract.unit_id)
    .where(contract.id.in_(IDS))
)
_COMMITTED = 10
"""Where in such a row the clause's terms begin, with what this contract's supplier promised."""
_POSITIONS = select(
    position.contract_id,
    position.id,
    position.starts_on,
    position.agreed_on,
    position.employment_form,
    position.target_group,
    position.logged_on,
    position.planned_end_on,
    position.ended_on,
    position.end_recorded_on,
    position.weekly_hours,
    position.replaces_id,
).where(position.contract_id.in_(IDS), position.voided_at.is_(None))
"""Columns in the order of PositionFacts' fields."""
_PURCHASES = select(purchase.contract_id, purchase.on_date, purchase.amount_cents, purchase.recorded_on).where(
    purchase.contract_id.in_(IDS), purchase.voided_at.is_(None)
)
_OPTIONS = (
    select(option.contract_id, option.id, option.ends_on, option.exercised_on)
    .where(option.contract_id.in_(IDS))
    .order_by(option.ends_on)
)
_ADJUSTMENTS = select(adjustment.contract_id, adjustment.effective_on, adjustment.delta, adjustment.recorded_on).where(
    adjustment.contract_id.in_(IDS), adjustment.voided_at.is_(None)
)
_CLOSURES = select(closure.contract_id, closure.effective_on).where(
    closure.contract_id.in_(IDS), closure.voided_at.is_(None)
)


def load_facts(session: Session, contract_ids: Sequence[str]) -> dict[str, ContractFacts]:
    """The facts of contracts by id; voided rows are left out. A few thousand ids at a time keep memory small."""
    contracts = session.execute(_CONTRACTS, {"contract_ids": contract_ids}).all()
    lead_days = lead_days_of(session, {row.path for row in contracts})
    buying = [row.id for row in contracts if row.type == ClauseType.PURCHASE_THRESHOLD]
    parts = _Parts(session, contract_ids, buying)
    return {row.id: _contract_facts(row, lead_days[row.path], parts) for row in contracts}


class _Parts:
    """What hangs on contracts, by contract id; purchases only of those where they have an effect."""

    def __init__(self, session: Session, contract_ids: Sequence[str], buying: Sequence[str]) -> None:
        def grouped(
            statement: Select[*tuple[Any, ...]], make: Callable[[Sequence[Any]], Any], ids: Sequence[str]
        ) -> Mapping[str, tuple[Any, ...]]:
            groups: dict[str, list[Any]] = defaultdict(list)
            for row in session.execute(statement, {"contract_ids": ids}).all() if ids else ():
                groups[row[0]].append(make(row[1:]))
            return {contract_id: tuple(rows) for contract_id, rows in groups.items()}

        self.positions = grouped(_POSITIONS, PositionFacts._make, contract_ids)
        self.purchases = grouped(_PURCHASES, PurchaseFacts._make, buying)
        self.options = grouped(_OPTIONS, lambda row: OptionFacts(*row), contract_ids)
        self.adjustments = grouped(_ADJUSTMENTS, lambda row: AdjustmentFacts(*row), contract_ids)
        self.closures = grouped(_CLOSURES, lambda row: ClosureFacts(*row), contract_ids)


def _contract_facts(row: Any, lead_days: int, parts: _Parts) -> ContractFacts:
    closures = parts.closures.get(row.id, ())
    return ContractFacts(
        clause=_clause_of_row(row[_COMMITTED:]),
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
        closure=closures[0] if closures else None,
        positions=parts.positions.get(row.id, ()),
        purchases=parts.purchases.get(row.id, ()),
    )


@lru_cache(maxsize=4096)
def _clause_of_row(values: tuple[Any, ...]) -> ClauseFacts:
    """A contract's promise and its clause's columns. Many contracts have the same terms: they share the object."""
    committed_positions, *columns = values
    terms = dict(zip((column.name for column in _CLAUSE), columns, strict=True))
    lists = {name: terms[name] and json.loads(terms[name]) for name in ("employment_forms", "target_groups")}
    return clause_facts(SimpleNamespace(**terms | lists), committed_positions)


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
