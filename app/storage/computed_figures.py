"""Procurements and contracts that a project's computed figures come from."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from app.storage.models import Clause, Contract, Procurement, Unit

CHUNK = 2000
_FIRST_START = (
    select(func.min(Contract.starts_on)).where(Contract.procurement_id == Procurement.id).correlate(Procurement)
)
SIGNED_ON = func.coalesce(Procurement.signed_on, _FIRST_START.scalar_subquery())
"""A procurement counts from its signing; where that is unknown from its first contract's start."""


class Tenders(NamedTuple):
    """How many procurements with a clause, and how many of them with an innovative method."""

    with_clause: int
    innovative: int


def tenders(session: Session, paths: Sequence[str], programme: str, as_of: date) -> Tenders:
    """The procurements of a programme with a clause, signed by a day, in the subtrees with these paths."""
    counted = select(func.count(), func.count(Procurement.innovative_method))
    wanted = counted.select_from(Procurement).join(Unit, Unit.id == Procurement.unit_id)
    of_programme = (_within(paths), Procurement.programme == programme, as_of >= SIGNED_ON, _has_clause())
    return Tenders(*session.execute(wanted.where(*of_programme)).one())


def values_considered(session: Session, paths: Sequence[str], first: date, last: date) -> Sequence[int]:
    """Estimated values in cents of the procurements signed from `first` to `last` in the subtrees for which a clause
    was considered: each has one, or a reason why not."""
    wanted = select(Procurement.estimated_value_cents).join(Unit, Unit.id == Procurement.unit_id)
    known = (Procurement.estimated_value_cents.is_not(None), first <= SIGNED_ON, last >= SIGNED_ON)
    told = or_(_has_clause(), Procurement.no_clause_reason.is_not(None))
    return [value for value in session.scalars(wanted.where(_within(paths), *known, told)) if value is not None]


def contract_ids(session: Session, paths: Sequence[str], programmes: Sequence[str], as_of: date) -> Iterator[list[str]]:
    """Ids of the contracts under procurements of the programmes signed by a day, a chunk at a time, in order."""
    after = ""
    signed = func.coalesce(Procurement.signed_on, Contract.starts_on)
    wanted = select(Contract.id).join(Procurement, Procurement.id == Contract.procurement_id)
    wanted = wanted.join(Unit, Unit.id == Procurement.unit_id).order_by(Contract.id).limit(CHUNK)
    wanted = wanted.where(_within(paths), Procurement.programme.in_(programmes), as_of >= signed)
    while ids := list(session.scalars(wanted.where(Contract.id > after))):
        yield ids
        after = ids[-1]


def _within(paths: Sequence[str]) -> ColumnElement[bool]:
    return or_(False, *(Unit.path.startswith(path, autoescape=True) for path in paths))


def _has_clause() -> ColumnElement[bool]:
    return exists().where(Clause.procurement_id == Procurement.id)
