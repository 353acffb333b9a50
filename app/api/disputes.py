"""/contracts/{id}/retention and /contracts/{id}/dispute: when a contract's jobs are erased, and what keeps them."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey, Read, answer
from app.http.writing import Write
from app.schemas.disputes import DisputeCreate, DisputeRead, RetentionRead
from app.services import disputes, retention
from app.storage.models import Dispute

router = APIRouter(tags=["retention"])


def read_model(row: Dispute) -> DisputeRead:
    """A dispute as the API gives it."""
    return DisputeRead(**{name: getattr(row, name) for name in DisputeRead.model_fields})


@router.get(
    "/contracts/{contract_id}/retention", response_model=RetentionRead, summary="When a contract's jobs are erased"
)
def read_retention(contract_id: PathKey, read: Read) -> Response:
    """Until when the single jobs of a contract are kept, or why no clock runs yet."""
    found = retention.read_plan(read.session, contract_id, read.act)
    dispute = None if found.dispute is None else read_model(found.dispute)
    return answer(RetentionRead(contract_id=contract_id, dispute=dispute, **found.days()))


@router.post(
    "/contracts/{contract_id}/dispute",
    status_code=201,
    response_model=DisputeRead,
    summary="Keep a contract's jobs because of a dispute",
)
def set_dispute(contract_id: PathKey, command: DisputeCreate, write: Write) -> Response:
    """Nothing of the contract is erased until it is lifted. 409 where a dispute keeps it already."""
    row = disputes.set_dispute(write.session, contract_id, command, write.act, write.expected_version)
    return write.created(read_model(row), f"/api/v1/contracts/{contract_id}/retention", row.version)


@router.post("/contracts/{contract_id}/dispute/lift", response_model=DisputeRead, summary="Say that a dispute is over")
def lift_dispute(contract_id: PathKey, write: Write) -> Response:
    """From today on the jobs are kept for the whole time again. 409 where no dispute keeps the contract."""
    row = disputes.lift_dispute(write.session, contract_id, write.act, write.expected_version)
    return write.answer(read_model(row), row.version)
