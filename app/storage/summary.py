"""Figures of a portfolio: from the stored judgements for today, contract ids for any other day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, distinct, extract, func, literal_column, select
from sqlalchemy.orm import Session

from app.storage.judgements import within
from app.storage.models import Clause, Contract, Position, Procurement, StoredJudgement, Supplier, Unit

CHUNK = 2000
SIGNED_ON = func.coalesce(Procurement.signed_on, Contract.starts_on)
"""A procurement counts from its signing; where that is unknown from its contract's start."""

GROUPS: dict[str, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    "unit": (Contract.unit_id.expression, Unit.name.expression),
    "clause_type": (Clause.type.expression, Clause.type.expression),
    "supplier": (Contract.supplier_id.expression, Supplier.name.expression),
    "year": (cast(extract("year", SIGNED_ON), String), cast(extract("year", SIGNED_ON), String)),
}
"""Key and name of each way to split contracts."""
NO_GROUP: tuple[ColumnElement[Any], ColumnElement[Any]] = (literal_column("''"), literal_column("''"))


def _portfolio(statement: Select[*tuple[Any, ...]], trees: Sequence[str], as_of: date) -> Select[*tuple[Any, ...]]:
    """The contracts of the trees whose procurement was signed by the day."""
    return (
        statement.join(Contract, Contract.id == StoredJudgement.contract_id)
        .join(Procurement, Procurement.id == Contract.procurement_id)
        .join(Clause, Clause.procurement_id == Procurement.id)
        .join(Unit, Unit.id == Contract.unit_id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .where(and_(within(trees), as_of >= SIGNED_ON))
    )


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
    groups = () if key is NO_GROUP[0] else (key,)
    return session.execute(_portfolio(statement, trees, today).group_by(*groups, StoredJudgement.status)).all()


def procurement_counts(session: Session, trees: Sequence[str], as_of: date, group_by: str | None) -> dict[str, int]:
    """Number of procurements by group key; under "" all of them."""
    counts: dict[str, int] = {}
    for key, _ in {NO_GROUP, GROUPS.get(group_by or "", NO_GROUP)}:
        counted = select(key, func.count(distinct(Procurement.id))).select_from(StoredJudgement)
        wanted = _portfolio(counted, trees, as_of)
        rows = session.execute(wanted if key is NO_GROUP[0] else wanted.group_by(key))
        counts |= {str(row[0]): row[1] for row in rows}
    return counts


def contracts(session: Session, trees: Sequence[str], as_of: date, group_by: str | None, after: str) -> Sequence[Any]:
    """The next contracts of the portfolio as of a day: id, day of signing, group key and name, in the order of ids."""
    key, name = GROUPS.get(group_by or "", NO_GROUP)
    statement = select(Contract.id, SIGNED_ON.label("signed_on"), key.label("key"), name.label("name"))
    statement = statement.select_from(StoredJudgement)
    wanted = _portfolio(statement, trees, as_of).where(Contract.id > after)
    return session.execute(wanted.order_by(Contract.id).limit(CHUNK)).all()


def channels(session: Session, contract_ids: Sequence[str]) -> dict[str, str]:
    """How the person was found, by position id."""
    rows = session.execute(select(Position.id, Position.channel).where(Position.contract_id.in_(contract_ids)))
    return {row.id: row.channel for row in rows}
