"""Figures of a portfolio: from the stored judgements for today, contract ids for any other day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    case,
    cast,
    distinct,
    extract,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.storage.judgements import roots_of, within_organisations
from app.storage.models import Clause, Contract, Position, Procurement, StoredJudgement, Supplier, Unit

CHUNK = 2000
SIGNED_ON = func.coalesce(Procurement.signed_on, Contract.starts_on)
"""A procurement counts from its signing; where that is unknown from its contract's start."""

YEAR = cast(extract("year", SIGNED_ON), String)
GROUPS: dict[str, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    "unit": (Unit.id.expression, Unit.name.expression),
    "clause_type": (Clause.type.expression, Clause.type.expression),
    "supplier": (Supplier.id.expression, Supplier.name.expression),
    "year": (YEAR, YEAR),
}
"""Key and name of each way to split contracts."""
NO_GROUP: tuple[ColumnElement[Any], ColumnElement[Any]] = (literal_column("''"), literal_column("''"))
Rows = Select[*tuple[Any, ...]]


def _with_group(statement: Rows, group_by: str | None) -> Rows:
    """Joins to the judgement and its contract what the group's key and name are read from."""
    match group_by:
        case "unit":
            return statement.join(Unit, Unit.path == StoredJudgement.unit_path)
        case "clause_type":
            return statement.join(Clause, Clause.procurement_id == Contract.procurement_id)
        case "supplier":
            return statement.join(Supplier, Supplier.id == Contract.supplier_id)
        case "year":
            return statement.join(Procurement, Procurement.id == Contract.procurement_id)
    return statement


def _with_contract(statement: Rows) -> Rows:
    return statement.join(Contract, Contract.id == StoredJudgement.contract_id)


def _signed_later(trees: Sequence[str], as_of: date) -> CompoundSelect[str]:
    """Ids of the few contracts that do not count yet, of the organisations of the trees. Found by index, unit by unit,
    and left out: to look at the signing of each contract that counts would cost more than to sum all of them."""
    found = select(Contract.id).join(Procurement, Procurement.id == Contract.procurement_id)
    known = found.where(*_of_units(Procurement.unit_id, trees), Procurement.signed_on > as_of)
    # Asked by both days, so that it is looked up by the start, and not among all that have no day of signing.
    unknown = found.where(*_of_units(Contract.unit_id, trees), Contract.starts_on > as_of, as_of < SIGNED_ON)
    return known.union_all(unknown)


def _of_units(unit_id: InstrumentedAttribute[str], trees: Sequence[str]) -> list[ColumnElement[bool]]:
    roots = roots_of(trees)
    return [unit_id.in_(select(Unit.id).where(Unit.root_id.in_(roots)))] if roots else []


def _of_portfolio(trees: Sequence[str], as_of: date) -> tuple[ColumnElement[bool], ...]:
    """Whether a judgement is of a contract of the trees whose procurement was signed by the day."""
    # Every id lies behind "". Said so, the index by organisation and id is taken: rows that were made one after another
    # lie together, and half the time goes into looking them up in any other order.
    in_order = StoredJudgement.contract_id > ""
    return within_organisations(trees), in_order, StoredJudgement.contract_id.not_in(_signed_later(trees, as_of))


def stored(session: Session, trees: Sequence[str], today: date, group_by: str | None) -> Sequence[Any]:
    """Rows of group key, group name, status and sums over the contracts of that group and status; without a group the
    key is empty."""
    key, name = GROUPS.get(group_by or "", NO_GROUP)
    columns = ("required", "promised_min", "filled", "completed", "running", "missing")
    most = StoredJudgement.promised_max
    statement = select(
        key.label("key"),
        func.max(name).label("name"),
        StoredJudgement.status,
        func.count().label("contracts"),
        func.sum(func.coalesce(most, 0)).label("promised_max"),
        func.sum(case((most.is_(None), 1), else_=0)).label("unknown_max"),
        *(func.sum(getattr(StoredJudgement, column)).label(column) for column in columns),
    ).select_from(StoredJudgement)
    if group_by not in {None, "unit"}:
        statement = _with_contract(statement)
    statement = _with_group(statement, group_by).where(*_of_portfolio(trees, today))
    groups = () if key is NO_GROUP[0] else (key,)
    return session.execute(statement.group_by(*groups, StoredJudgement.status)).all()


def procurement_counts(session: Session, trees: Sequence[str], as_of: date, group_by: str | None) -> dict[str, int]:
    """Number of procurements by group key; under "" all of them."""
    counts: dict[str, int] = {}
    for group in {None, group_by if group_by in GROUPS else None}:
        key, _ = GROUPS.get(group or "", NO_GROUP)
        counted = select(key, func.count(distinct(Contract.procurement_id))).select_from(StoredJudgement)
        wanted = _with_group(_with_contract(counted), group).where(*_of_portfolio(trees, as_of))
        rows = session.execute(wanted if group is None else wanted.group_by(key))
        counts |= {str(row[0]): row[1] for row in rows}
    return counts


def contracts(session: Session, trees: Sequence[str], as_of: date, group_by: str | None, after: str) -> Sequence[Any]:
    """The next contracts of the portfolio as of a day: id, day of signing, group key and name, in the order of ids."""
    key, name = GROUPS.get(group_by or "", NO_GROUP)
    statement = select(Contract.id, SIGNED_ON.label("signed_on"), key.label("key"), name.label("name"))
    statement = _with_contract(statement.select_from(StoredJudgement))
    if group_by != "year":
        statement = statement.join(Procurement, Procurement.id == Contract.procurement_id)
    judged = (within_organisations(trees), StoredJudgement.contract_id > after)
    wanted = _with_group(statement, group_by).where(*judged, as_of >= SIGNED_ON)
    return session.execute(wanted.order_by(StoredJudgement.contract_id).limit(CHUNK)).all()


def channels(session: Session, contract_ids: Sequence[str]) -> dict[str, str]:
    """How the person was found, by position id."""
    rows = session.execute(select(Position.id, Position.channel).where(Position.contract_id.in_(contract_ids)))
    return {row.id: row.channel for row in rows}
