"""What exported lists show beside their own rows."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.storage.lists import listed
from app.storage.models import Party, Position, Purchase, Supplier, Unit

IDS = listed("contract_ids")
_replaced = aliased(Position)
_POSITIONS = (
    select(
        *Position.__table__.columns,
        Supplier.name.label("employer_name"),
        _replaced.starts_on.label("continues_on"),
    )
    .join_from(IDS, Position.__table__, Position.contract_id == IDS.c.value)
    .outerjoin(Party, Party.id == Position.employer_party_id)
    .outerjoin(Supplier, Supplier.id == Party.supplier_id)
    .outerjoin(_replaced, _replaced.id == Position.replaces_id)
    .order_by(Position.contract_id, Position.starts_on, Position.id)
)
_WITH_PURCHASES = select(IDS.c.value).where(
    select(Purchase.id).where(Purchase.contract_id == IDS.c.value).correlate(IDS).exists()
)


def unit_names(session: Session, unit_ids: Iterable[str]) -> dict[str, str]:
    """Names by id."""
    rows = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(sorted(set(unit_ids)))))
    return {row.id: row.name for row in rows}


def positions_of(session: Session, contract_ids: Sequence[str]) -> dict[str, Sequence[Any]]:
    """The positions of those of the contracts that have any, by start, voided ones too: their columns, the name of the
    party that employs where one is named, and the first day of the one that each continues."""
    rows = session.execute(_POSITIONS, {"contract_ids": contract_ids}).all()
    return {contract_id: list(found) for contract_id, found in groupby(rows, key=attrgetter("contract_id"))}


def with_purchases(session: Session, contract_ids: Sequence[str]) -> set[str]:
    """Those of the contracts that have any purchase."""
    return set(session.scalars(_WITH_PURCHASES, {"contract_ids": contract_ids}))
