"""Procurements with the unit that buys and their clause."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.rules.codes import ProcurementKind
from app.storage import keyset, units
from app.storage.models import Clause, Contract, Procurement, Unit
from app.storage.searching import has_part

SORTS = {
    "created": keyset.Sort((Procurement.id,)),
    "reference": keyset.Sort((Procurement.reference, Procurement.id)),
    "title": keyset.Sort((Procurement.title, Procurement.id)),
    "signed_on": keyset.Sort((Procurement.signed_on, Procurement.id)),
}


@dataclass(frozen=True, slots=True)
class ProcurementFilter:
    """What a list is narrowed down to; `unit_id` stands for its subtree."""

    unit_id: str | None = None
    kind: ProcurementKind | None = None
    programme: str | None = None
    q: str | None = None


def with_unit(session: Session, procurement_id: str) -> Row[Procurement, Unit] | None:
    """A procurement and the unit that buys, as the database has them now."""
    statement = select(Procurement, Unit).join(Unit, Unit.id == Procurement.unit_id)
    statement = statement.where(Procurement.id == procurement_id)
    return session.execute(statement.execution_options(populate_existing=True)).one_or_none()


def lock(session: Session, procurement_id: str, *, shared: bool = False) -> None:
    """Keeps a procurement and its clause as they are until the transaction ends. Whoever changes them takes it alone;
    whoever registers a contract under it takes it `shared`. Before the locks of judgements.

    Not so strictly that a contract's reference to it, checked while its judgement is locked, would have to wait.
    """
    wanted = select(Procurement.id).where(Procurement.id == procurement_id)
    session.execute(wanted.with_for_update(read=shared, key_share=not shared))


def clause_of(session: Session, procurement_id: str) -> Clause | None:
    return session.get(Clause, procurement_id, populate_existing=True)


def contract_ids(session: Session, procurement_id: str) -> Sequence[str]:
    """Ids of its contracts, in order."""
    wanted = select(Contract.id).where(Contract.procurement_id == procurement_id)
    return session.scalars(wanted.order_by(Contract.id)).all()


def page_of(
    session: Session, trees: Sequence[str] | None, wanted: ProcurementFilter, sort: keyset.Sort, page: keyset.Page
) -> keyset.Slice:
    """Rows with the columns of procurement and clause; the clause's are empty where there is none."""
    statement = (
        select(*Procurement.__table__.columns, *Clause.__table__.columns)
        .join(Unit, Unit.id == Procurement.unit_id)
        .outerjoin(Clause, Clause.procurement_id == Procurement.id)
        .where(*units.in_trees(trees))
    )
    if wanted.unit_id is not None:
        statement = statement.where(Unit.path.contains(f"/{wanted.unit_id}/", autoescape=True))
    if wanted.kind is not None:
        statement = statement.where(Procurement.kind == wanted.kind)
    if wanted.programme is not None:
        statement = statement.where(Procurement.programme == wanted.programme)
    if wanted.q:
        statement = statement.where(has_part(Procurement.reference, wanted.q) | has_part(Procurement.title, wanted.q))
    return keyset.fetch(session, statement, sort, page)
