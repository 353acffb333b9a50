"""/contracts/{id}/handover: a contract passes from one owner to another."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.schemas.handovers import HandoverCreate, HandoverList, HandoverRead
from app.schemas.owners import OwnerRead
from app.services import handovers
from app.services.handovers import Handover
from app.storage.handovers import SORTS

router = APIRouter(tags=["handover"])
COLUMNS = ("id", "contract_id", "note", "changed_on", "created_at")


def read_model(made: Handover) -> HandoverRead:
    """A handover as the API gives it."""
    return HandoverRead(
        **{name: getattr(made.change, name) for name in COLUMNS},
        from_owner=OwnerRead.model_validate(made.former, from_attributes=True),
        to_owner=OwnerRead.model_validate(made.new, from_attributes=True),
    )


def _listed(row: Any) -> HandoverRead:
    def owner(side: str) -> OwnerRead:
        return OwnerRead(**{name: getattr(row, f"{side}_{name}") for name in OwnerRead.model_fields})

    columns = {name: getattr(row, name) for name in COLUMNS}
    return HandoverRead(**columns, from_owner=owner("from"), to_owner=owner("to"))


@router.get("/contracts/{contract_id}/handover", response_model=HandoverList, summary="Handovers of a contract")
def list_handovers(contract_id: PathKey, read: Read, paging: Pages) -> Response:
    """Newest first; registering a contract with its owner is no handover. Sorts: changed."""
    name, sort, page = paging.sorted_by(SORTS, "-changed")
    found = handovers.list_handovers(read.session, contract_id, sort, page, read.act)
    return answer(HandoverList(items=[_listed(row) for row in found.rows], next_cursor=next_cursor(name, found)))


@router.post(
    "/contracts/{contract_id}/handover", status_code=201, response_model=HandoverRead, summary="Hand a contract over"
)
def hand_over(contract_id: PathKey, command: HandoverCreate, write: Write) -> Response:
    """The new owner is sent the whole state and history at once, the former one in copy. A snooze and an
    acknowledgement end. 409 where the new owner is the present one."""
    made = handovers.hand_over(write.session, contract_id, command, write.act, write.expected_version)
    return write.created(read_model(made), f"/api/v1/contracts/{contract_id}/handover")
