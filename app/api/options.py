"""/contracts/{id}/options: extensions that count only once taken."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, in_pages
from app.http.writing import Write
from app.schemas.options import ExerciseCommand, OptionCreate, OptionList, OptionRead
from app.services import options
from app.storage.models import ContractOption

router = APIRouter(prefix="/contracts/{contract_id}/options", tags=["options"])


def read_model(option: ContractOption) -> OptionRead:
    """An option as the API gives it."""
    return OptionRead(id=option.id, ends_on=option.ends_on, exercised_on=option.exercised_on)


@router.get("", response_model=OptionList, summary="Options of a contract")
def list_options(contract_id: PathKey, read: Read, pages: Pages) -> Response:
    """By last day."""
    found = options.list_options(read.session, contract_id, read.act)
    page, cursor = in_pages(pages, found, lambda option: option.id)
    return answer(OptionList(items=[read_model(option) for option in page], next_cursor=cursor))


@router.post("", status_code=201, response_model=OptionRead, summary="Add an option")
def add_option(contract_id: PathKey, command: OptionCreate, write: Write) -> Response:
    """Any agreed extension of a contract is an option, taken on the day it was agreed."""
    option = options.add_option(write.session, contract_id, command, write.act, write.expected_version)
    return write.created(read_model(option), f"/api/v1/contracts/{contract_id}/options")


@router.post("/{option_id}/exercise", response_model=OptionRead, summary="Take an option")
def exercise_option(contract_id: PathKey, option_id: PathKey, command: ExerciseCommand, write: Write) -> Response:
    """From that day on the contract lasts until the option's end, and the obligation is judged by it."""
    option = options.exercise_option(write.session, contract_id, option_id, command, write.act, write.expected_version)
    return write.answer(read_model(option))
