"""Writing notes on contracts. A note is news of the contract: silence ends with it."""

from sqlalchemy.orm import Session

from app.schemas.notes import NoteCreate
from app.services import holding, trail
from app.services.acting import Act, Permission
from app.storage import keyset, notes
from app.storage.models import Note, new_id


def write_note(session: Session, contract_id: str, command: NoteCreate, act: Act) -> Note:
    """Keeps a note under the actor's name."""
    held = holding.hold(session, contract_id, act, Permission.NOTES)
    note = Note(
        id=new_id(),
        contract_id=held.id,
        author=act.actor.name,
        text=command.text,
        written_on=act.today,
        created_at=act.now,
    )
    session.add(note)
    trail.record_row(session, act, "written", note)
    holding.recorded(session, held, act)
    return note


def list_notes(session: Session, contract_id: str, sort: keyset.Sort, page: keyset.Page, act: Act) -> keyset.Slice:
    """A page of a contract's notes."""
    return notes.of_contract(session, holding.find(session, contract_id, act.actor).id, sort, page)
