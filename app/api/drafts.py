"""/drafts: procurements as notices and releases tell them, waiting for a person."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.language.draft_words import facts_told
from app.rules.codes import DraftStatus
from app.schemas.imported_drafts import (
    DraftItem,
    DraftList,
    DraftRead,
    DraftRegistered,
    DraftRegistration,
    FactRead,
    ImportedDraft,
)
from app.services import drafts
from app.services.drafts import DraftFound
from app.storage.drafts import SORTS

router = APIRouter(prefix="/drafts", tags=["drafts"])
Status = Annotated[DraftStatus, Query(description="Those that wait, were registered or left out.")]


def _item(row: Any) -> dict[str, Any]:
    told = ImportedDraft.model_validate(row.content)
    values = {name: getattr(row, name) for name in DraftItem.model_fields if hasattr(row, name)}
    return values | {"source": told.source, "missing": told.missing}


def _read(found: DraftFound, language: str) -> DraftRead:
    facts = [
        FactRead(
            code=one.fact.code, label=one.about, text=one.text, contract=one.fact.contract, values=dict(one.fact.values)
        )
        for one in facts_told(found.told.found, language)
    ]
    parts = {"procurement": found.told.procurement, "contracts": found.told.contracts, "found": facts}
    return DraftRead.model_validate(_item(found.draft) | parts)


@router.get("", response_model=DraftList, summary="Drafts that wait for someone to register them")
def list_drafts(read: Read, paging: Pages, status: Status = DraftStatus.WAITING) -> Response:
    """Of the units in which one may register, newest first; sorts: created."""
    name, sort, page = paging.sorted_by(SORTS, "-created")
    found = drafts.list_drafts(read.session, status, sort, page, read.act)
    items = [DraftItem.model_validate(_item(row)) for row in found.rows]
    return answer(DraftList(items=items, next_cursor=next_cursor(name, found)))


@router.get("/{draft_id}", response_model=DraftRead, summary="One draft, with what its source says")
def read_draft(draft_id: PathKey, read: Read) -> Response:
    found = drafts.read_draft(read.session, draft_id, read.act)
    return answer(_read(found, read.language), found.draft.version)


@router.post(
    "/{draft_id}/registration", status_code=201, response_model=DraftRegistered, summary="Register what a draft tells"
)
def register(draft_id: PathKey, command: DraftRegistration, write: Write) -> Response:
    """Takes the whole procurement and its contracts as a person has completed them, all or nothing. The draft then
    waits no longer."""
    found = drafts.register_draft(
        write.session, draft_id, command.procurement, command.contracts, write.act, write.expected_version
    )
    body = DraftRegistered(procurement_id=found.procurement_id, contract_ids=list(found.contract_ids))
    return write.created(body, f"/api/v1/procurements/{found.procurement_id}")


@router.post("/{draft_id}/leave-out", response_model=DraftRead, summary="Leave a draft out for good")
def leave_out(draft_id: PathKey, write: Write) -> Response:
    """Nobody is to register it; the same document does not bring it again."""
    found = drafts.leave_out(write.session, draft_id, write.act, write.expected_version)
    return write.answer(_read(found, write.language), found.draft.version)
