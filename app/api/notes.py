"""/contracts/{id}/notes: what someone wrote on a contract."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.schemas.notes import NoteCreate, NoteList, NoteRead
from app.services import notes
from app.storage.notes import SORTS

router = APIRouter(tags=["notes"])


def read_model(row: Any) -> NoteRead:
    """A note as the API gives it."""
    return NoteRead(**{name: getattr(row, name) for name in NoteRead.model_fields})


@router.get("/contracts/{contract_id}/notes", response_model=NoteList, summary="Notes on a contract")
def list_notes(contract_id: PathKey, read: Read, paging: Pages) -> Response:
    """Newest first; sorts: created."""
    name, sort, page = paging.sorted_by(SORTS, "-created")
    found = notes.list_notes(read.session, contract_id, sort, page, read.act)
    return answer(NoteList(items=[read_model(row) for row in found.rows], next_cursor=next_cursor(name, found)))


@router.post("/contracts/{contract_id}/notes", status_code=201, response_model=NoteRead, summary="Write a note")
def write_note(contract_id: PathKey, command: NoteCreate, write: Write) -> Response:
    """Write nothing about the people employed: no names, no state of health, nothing that tells who they are. Owners
    may write on their own contracts. A note ends the silence that would be reminded of."""
    note = notes.write_note(write.session, contract_id, command, write.act)
    return write.created(read_model(note), f"/api/v1/contracts/{note.contract_id}/notes")
