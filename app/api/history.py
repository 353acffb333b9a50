"""/contracts/{id}/history: what the service itself said of a contract."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.schemas.history import HistoryItem, HistoryList
from app.services import history
from app.storage.history import SORTS

router = APIRouter(tags=["history"])


@router.get("/contracts/{contract_id}/history", response_model=HistoryList, summary="What was said of an obligation")
def list_history(contract_id: PathKey, read: Read, paging: Pages) -> Response:
    """Newest first; one item for each change of the judgement, never altered afterwards. What today's knowledge says
    of a past day is the obligation's `as_of`; this is what was known and said then. Sorts: seq."""
    name, sort, page = paging.sorted_by(SORTS, "-seq")
    found = history.list_history(read.session, contract_id, sort, page, read.act)
    items = [HistoryItem.model_validate(row, from_attributes=True) for row in found.rows]
    return answer(HistoryList(items=items, next_cursor=next_cursor(name, found)))
