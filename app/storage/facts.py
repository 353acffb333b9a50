"""Rows become rules.facts: one statement for many contracts with all their parts, never entities."""

import json
from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    ScalarSelect,
    Select,
    Text,
    bindparam,
    case,
    cast,
    null,
    select,
)
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
from app.storage.erased_contracts import kept_of
from app.storage.ledger_rows import counting
from app.storage.lists import day, day_or_none, listed, rows_of
from app.storage.models import (
    Adjustment,
    Clause,
    Closure,
    Contract,
    ContractOption,
    ErasedContract,
    Position,
    Purchase,
    Unit,
)
from app.storage.prepared import Prepared
from app.storage.types import hundredths
from app.storage.units import lead_days_of

IDS = listed("contract_ids")
contract, clause, unit = Contract.__table__.c, Clause.__table__.c, Unit.__table__.c
erased = ErasedContract.__table__.c


def _rows(
    table: FromClause, *names: str, counting: ColumnElement[bool] | None = None
) -> ScalarSelect[Sequence[Sequence[Any]]]:
    """Columns of the rows that hang on the contract and count (are not voided, if nothing else), as one value."""
    rows = select(rows_of(*(table.c[name] for name in names))).where(table.c.contract_id == contract.id)
    if counting is not None:
        rows = rows.where(counting)
    elif "voided_at" in table.c:
        rows = rows.where(table.c.voided_at.is_(None))
    return rows.correlate(Contract.__table__).scalar_subquery()


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
"""Lists as their text, which many clauses share."""


def _purchases(counts: ColumnElement[bool]) -> ColumnElement[Any]:
    """Of threshold contracts only: on others they have no effect."""
    rows = _rows(Purchase.__table__, *PurchaseFacts._fields, counting=counts)
    return case((clause.type == ClauseType.PURCHASE_THRESHOLD, rows))


_OTHER_PARTS = (
    _rows(ContractOption.__table__, "id", "ends_on", "exercised_on").label("option_rows"),
    _rows(Adjustment.__table__, "effective_on", "delta", "recorded_on").label("adjustment_rows"),
    _rows(Closure.__table__, "effective_on").label("closure_rows"),
)


def _facts(purchases: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    columns = (
        contract.id,
        unit.path,
        cast(erased.kept, Text).label("kept"),
        contract.starts_on,
        contract.ends_on,
        contract.counts_from,
        contract.registered_on,
        contract.last_recorded_on,
        contract.value_cents,
        contract.terminated_on,
        contract.decided_on,
        _rows(Position.__table__, *PositionFacts._fields).label("position_rows"),
        purchases.label("purchase_rows"),
        *_OTHER_PARTS,
        contract.committed_positions,
        *_CLAUSE,
    )
    return (
        select(*columns)
        .join_from(IDS, Contract.__table__, contract.id == IDS.c.value)
        .join(Clause.__table__, clause.procurement_id == contract.procurement_id)
        .join(Unit.__table__, unit.id == contract.unit_id)
        .outerjoin(ErasedContract.__table__, erased.contract_id == contract.id)
    )


_SUPPOSED, _UNDONE = (bindparam(name, type_=Integer) for name in ("supposed", "undone"))
_FACTS, _FACTS_BUT_PURCHASES = Prepared(_facts(_purchases(counting(_SUPPOSED)))), Prepared(_facts(null()))
_FACTS_WITHOUT = Prepared(_facts(_purchases(counting(undone=_UNDONE))))
"""Made once, and of tables instead of entities: building a statement costs more than the database needs for a single
contract, and the mapper's part in the millions of rows of the daily check is larger than ours."""


def load_facts(session: Session, contract_ids: Sequence[str], supposed: int = 0) -> dict[str, ContractFacts]:
    """The facts of contracts by id; what does not count is left out, and what the session has not flushed is not seen.
    A few thousand ids at a time keep memory small. `supposed` is the number of an import that is looked at as if it
    were active already."""
    return _loaded(session, _FACTS, {"contract_ids": contract_ids, "supposed": supposed})


def load_facts_without(session: Session, contract_ids: Sequence[str], number: int) -> dict[str, ContractFacts]:
    """The same as if the active import of this number were undone, what it corrected counting again."""
    return _loaded(session, _FACTS_WITHOUT, {"contract_ids": contract_ids, "undone": number})


def load_facts_but_purchases(session: Session, contract_ids: Sequence[str]) -> dict[str, ContractFacts]:
    """The same without purchases, of which one contract may have very many: for what does not depend on them, such as
    whether a position counts. Not for judging."""
    return _loaded(session, _FACTS_BUT_PURCHASES, {"contract_ids": contract_ids})


def _loaded(session: Session, statement: Prepared, values: dict[str, Any]) -> dict[str, ContractFacts]:
    rows = statement.all(session, **values)
    lead_days = lead_days_of(session, {row.path for row in rows})
    return {row.id: _contract_facts(row, lead_days[row.path]) for row in rows}


def _contract_facts(row: Sequence[Any], lead_days: int) -> ContractFacts:
    _, _, kept, starts_on, ends_on, counts_from, registered_on, last_recorded_on, value_cents, *others = row
    terminated_on, decided_on, positions, purchases, options, adjustments, closures, *terms = others
    return ContractFacts(
        clause=_clause_of_row(tuple(terms)),
        starts_on=starts_on,
        ends_on=ends_on,
        counts_from=counts_from or starts_on,
        registered_on=registered_on,
        last_recorded_on=last_recorded_on,
        lead_days=lead_days,
        value_cents=value_cents,
        options=tuple(sorted(map(_option, options), key=attrgetter("ends_on"))),
        termination=TerminationFacts(terminated_on, decided_on) if terminated_on else None,
        adjustments=tuple(AdjustmentFacts(day(since), delta, day(by)) for since, delta, by in adjustments),
        closure=ClosureFacts(day(closures[0][0])) if closures else None,
        positions=tuple(map(_position, positions)),
        purchases=tuple(PurchaseFacts(day(on), cents, day(by)) for on, cents, by in purchases or ()),
        kept=None if kept is None else kept_of(kept),
    )


def _position(row: Sequence[Any]) -> PositionFacts:
    key, starts_on, agreed_on, form, group, logged_on, planned_end_on, ended_on, recorded_on, hours, replaces = row
    return PositionFacts(
        *(key, day(starts_on), day(agreed_on), form, group, day(logged_on)),
        *(day_or_none(planned_end_on), day_or_none(ended_on), day_or_none(recorded_on)),
        *(hundredths(hours), replaces),
    )


def _option(row: Sequence[Any]) -> OptionFacts:
    key, ends_on, exercised_on = row
    return OptionFacts(key, day(ends_on), day_or_none(exercised_on))


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
