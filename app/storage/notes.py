"""Notes on contracts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage import keyset
from app.storage.models import Note

SORTS = {"created": keyset.Sort((Note.id,))}
"""An id tells when its row was made."""


def of_contract(session: Session, contract_id: str, sort: keyset.Sort, page: keyset.Page) -> keyset.Slice:
    """A page of a contract's notes."""
    statement = select(Note.id, Note.contract_id, Note.author, Note.text, Note.created_at)
    return keyset.fetch(session, statement.where(Note.contract_id == contract_id), sort, page)
