"""Contracts handed over from one owner to another."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.storage import keyset
from app.storage.models import Owner, OwnershipChange

SORTS = {"changed": keyset.Sort((OwnershipChange.id,))}
"""An id tells when its row was made."""


def of_contract(session: Session, contract_id: str, sort: keyset.Sort, page: keyset.Page) -> keyset.Slice:
    """A page of a contract's handovers, the owners' columns under `from_…` and `to_…`."""
    former, new = aliased(Owner), aliased(Owner)
    statement = (
        select(
            OwnershipChange.id,
            OwnershipChange.contract_id,
            OwnershipChange.note,
            OwnershipChange.changed_on,
            OwnershipChange.created_at,
            *(getattr(former, name).label(f"from_{name}") for name in ("id", "name", "email", "language")),
            *(getattr(new, name).label(f"to_{name}") for name in ("id", "name", "email", "language")),
        )
        .join(former, former.id == OwnershipChange.from_owner_id)
        .join(new, new.id == OwnershipChange.to_owner_id)
        .where(OwnershipChange.contract_id == contract_id)
    )
    return keyset.fetch(session, statement, sort, page)
