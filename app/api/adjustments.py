"""/contracts/{id}/adjustments and /adjustments/{id}: decisions on how many positions are required."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, in_pages
from app.http.writing import Write
from app.schemas.adjustments import AdjustmentCreate, AdjustmentList, AdjustmentRead
from app.schemas.positions import VoidCommand
from app.services import adjustments
from app.storage.models import Adjustment

router = APIRouter(tags=["adjustments"])


def read_model(row: Adjustment) -> AdjustmentRead:
    """An adjustment as the API gives it."""
    columns = {name: getattr(row, name) for name in AdjustmentRead.model_fields if hasattr(row, name)}
    return AdjustmentRead(**columns, voided=row.voided_at is not None)


@router.get("/contracts/{contract_id}/adjustments", response_model=AdjustmentList, summary="Adjustments of a contract")
def list_adjustments(contract_id: PathKey, read: Read, pages: Pages) -> Response:
    """In the order in which they take effect, voided ones too."""
    found = adjustments.list_adjustments(read.session, contract_id, read.act)
    page, cursor = in_pages(pages, found, lambda row: row.id)
    return answer(AdjustmentList(items=[read_model(row) for row in page], next_cursor=cursor))


@router.post(
    "/contracts/{contract_id}/adjustments",
    status_code=201,
    response_model=AdjustmentRead,
    summary="Adjust the obligation",
)
def record_adjustment(contract_id: PathKey, command: AdjustmentCreate, write: Write) -> Response:
    """Changes the number of positions required from `effective_on` on; the obligation is judged anew at once."""
    row = adjustments.record_adjustment(write.session, contract_id, command, write.act)
    return write.created(read_model(row), f"/api/v1/adjustments/{row.id}", row.version)


@router.get("/adjustments/{adjustment_id}", response_model=AdjustmentRead, summary="One adjustment")
def read_adjustment(adjustment_id: PathKey, read: Read) -> Response:
    row = adjustments.read_adjustment(read.session, adjustment_id, read.act)
    return answer(read_model(row), row.version)


@router.post(
    "/adjustments/{adjustment_id}/void", response_model=AdjustmentRead, summary="Void an adjustment entered wrongly"
)
def void_adjustment(adjustment_id: PathKey, command: VoidCommand, write: Write) -> Response:
    """It then counts for nothing on any day; the trail keeps it."""
    row = adjustments.void_adjustment(write.session, adjustment_id, command.reason, write.act, write.expected_version)
    return write.answer(read_model(row), row.version)
