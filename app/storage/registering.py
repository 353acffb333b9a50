"""What the form of a registration offers: suppliers already known; and the contracts under a procurement."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.storage.contracts import listed
from app.storage.models import Contract, Supplier
from app.storage.searching import has_part


def suppliers_like(session: Session, roots: Collection[str] | None, q: str, limit: int) -> Sequence[Any]:
    """`name`, `scheme` and `identifier` of suppliers of some roots (None: of all), by name."""
    wanted = select(Supplier.name, Supplier.scheme, Supplier.identifier)
    if roots is not None:
        wanted = wanted.where(Supplier.root_id.in_(roots))
    if q:
        wanted = wanted.where(or_(has_part(Supplier.name, q), has_part(Supplier.identifier, q)))
    return session.execute(wanted.order_by(Supplier.name, Supplier.id).limit(limit)).all()


def contracts_under(session: Session, procurement_id: str) -> Sequence[Any]:
    """The contracts' rows as lists have them, by reference."""
    wanted = listed().where(Contract.procurement_id == procurement_id)
    return session.execute(wanted.order_by(Contract.reference, Contract.id)).all()
