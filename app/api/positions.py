"""/contracts/{id}/positions and /positions/{id}: jobs filled under a contract."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, in_pages
from app.http.writing import Write
from app.language.positions import not_counted_sentence
from app.schemas.positions import NotCounted, PositionChange, PositionCreate, PositionList, PositionRead, VoidCommand
from app.services import positions
from app.services.positions import Accounted

router = APIRouter(tags=["positions"])


def read_model(found: Accounted, language: str) -> PositionRead:
    """A position as the API gives it."""
    row, account = found.position, found.account
    columns = {name: getattr(row, name) for name in PositionRead.model_fields if hasattr(row, name)}
    because = [NotCounted(code=code, text=not_counted_sentence(code, language)) for code in account.not_counted_because]
    return PositionRead(
        **columns,
        voided=row.voided_at is not None,
        counts=account.counts,
        not_counted_because=because,
        completes_on=account.completes_on,
    )


@router.get("/contracts/{contract_id}/positions", response_model=PositionList, summary="Positions of a contract")
def list_positions(contract_id: PathKey, read: Read, pages: Pages) -> Response:
    """By start, voided ones too."""
    found = positions.list_positions(read.session, contract_id, read.act)
    page, cursor = in_pages(pages, found, lambda one: one.position.id)
    return answer(PositionList(items=[read_model(one, read.language) for one in page], next_cursor=cursor))


@router.post(
    "/contracts/{contract_id}/positions", status_code=201, response_model=PositionRead, summary="Log a position"
)
def log_position(contract_id: PathKey, command: PositionCreate, write: Write) -> Response:
    """Answers at once whether it counts, why not, and until when it must last."""
    found = positions.log_position(write.session, contract_id, command, write.act)
    body = read_model(found, write.language)
    return write.created(body, f"/api/v1/positions/{body.id}", found.position.version)


@router.get("/positions/{position_id}", response_model=PositionRead, summary="One position")
def read_position(position_id: PathKey, read: Read) -> Response:
    found = positions.read_position(read.session, position_id, read.act)
    return answer(read_model(found, read.language), found.position.version)


@router.patch("/positions/{position_id}", response_model=PositionRead, summary="Change or end a position")
def change_position(position_id: PathKey, command: PositionChange, write: Write) -> Response:
    """Changes only the fields sent. An early end sets `ended_on` and `end_reason`."""
    found = positions.change_position(write.session, position_id, command, write.act, write.expected_version)
    return write.answer(read_model(found, write.language), found.position.version)


@router.post("/positions/{position_id}/void", response_model=PositionRead, summary="Void a position entered wrongly")
def void_position(position_id: PathKey, command: VoidCommand, write: Write) -> Response:
    """It then counts for nothing on any day; the trail keeps it."""
    found = positions.void_position(write.session, position_id, command.reason, write.act, write.expected_version)
    return write.answer(read_model(found, write.language), found.position.version)
