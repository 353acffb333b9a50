"""Suppliers of root units."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.storage import keyset
from app.storage.models import Supplier
from app.storage.searching import has_part
from app.storage.upsert import insert_new

SORTS = {
    "name": keyset.Sort((Supplier.name, Supplier.id)),
    "identifier": keyset.Sort((Supplier.identifier, Supplier.id)),
    "created": keyset.Sort((Supplier.id,)),
}


def get(session: Session, supplier_id: str) -> Supplier | None:
    return session.get(Supplier, supplier_id)


def by_identifier(session: Session, root_id: str, scheme: str, identifier: str) -> Supplier | None:
    wanted = (Supplier.root_id == root_id, Supplier.scheme == scheme, Supplier.identifier == identifier)
    return session.scalar(select(Supplier).where(*wanted))


def insert_if_new(session: Session, values: Mapping[str, Any]) -> None:
    """Adds the supplier unless there is one; one that another transaction is adding is waited for."""
    insert_new(session, Supplier, [{**values, "version": 1}])


def are_more_than(session: Session, root_ids: Collection[str] | None, number: int) -> bool:
    """Whether some roots (None: all) have more suppliers: it looks at no more than one more."""
    wanted = select(Supplier.id)
    if root_ids is not None:
        wanted = wanted.where(Supplier.root_id.in_(root_ids))
    return session.scalar(wanted.offset(number).limit(1)) is not None


def of_roots(
    session: Session, root_ids: Collection[str] | None, q: str | None, sort: keyset.Sort, page: keyset.Page
) -> keyset.Slice:
    """A page of the suppliers of some roots (None: of all), those matching `q` by name or identifier."""
    columns = (Supplier.id, Supplier.root_id, Supplier.scheme, Supplier.identifier, Supplier.name)
    statement = select(*columns)
    if root_ids is not None:
        statement = statement.where(Supplier.root_id.in_(root_ids))
    if q:
        statement = statement.where(or_(has_part(Supplier.name, q), has_part(Supplier.identifier, q)))
    return keyset.fetch(session, statement, sort, page)
