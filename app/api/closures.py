"""/contracts/{id}/closure: the decision that nothing more is owed."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey, Read, answer
from app.http.writing import Write
from app.schemas.closures import ClosureCreate, ClosureRead
from app.schemas.positions import VoidCommand
from app.services import closures
from app.storage.models import Closure

router = APIRouter(tags=["closure"])


def read_model(row: Closure) -> ClosureRead:
    """A closure as the API gives it."""
    columns = {name: getattr(row, name) for name in ClosureRead.model_fields if hasattr(row, name)}
    return ClosureRead(**columns, voided=row.voided_at is not None)


@router.get("/contracts/{contract_id}/closure", response_model=ClosureRead, summary="The closure of an obligation")
def read_closure(contract_id: PathKey, read: Read) -> Response:
    """404 where the obligation is not closed."""
    row = closures.read_closure(read.session, contract_id, read.act)
    return answer(read_model(row), row.version)


@router.post(
    "/contracts/{contract_id}/closure", status_code=201, response_model=ClosureRead, summary="Close the obligation"
)
def close_obligation(contract_id: PathKey, command: ClosureCreate, write: Write) -> Response:
    """409 where it is closed already."""
    row = closures.close_obligation(write.session, contract_id, command, write.act, write.expected_version)
    return write.created(read_model(row), f"/api/v1/contracts/{row.contract_id}/closure", row.version)


@router.post(
    "/contracts/{contract_id}/closure/void", response_model=ClosureRead, summary="Void a closure entered wrongly"
)
def void_closure(contract_id: PathKey, command: VoidCommand, write: Write) -> Response:
    """The obligation then was never closed; the trail keeps the mistake. 409 where it is not closed."""
    row = closures.void_closure(write.session, contract_id, command.reason, write.act, write.expected_version)
    return write.answer(read_model(row), row.version)
