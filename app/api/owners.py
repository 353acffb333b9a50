"""/owners/{id}: a contract owner's name, address and language."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey, Read, answer
from app.http.writing import Write
from app.schemas.owners import OwnerChange, OwnerRead
from app.services import owners

router = APIRouter(prefix="/owners", tags=["owners"])


@router.get("/{owner_id}", response_model=OwnerRead, summary="One contract owner")
def read_owner(owner_id: PathKey, read: Read) -> Response:
    owner = owners.find_owner(read.session, owner_id, read.act)
    return answer(OwnerRead.model_validate(owner, from_attributes=True), owner.version)


@router.patch("/{owner_id}", response_model=OwnerRead, summary="Mend a contract owner's name, address or language")
def change_owner(owner_id: PathKey, command: OwnerChange, write: Write) -> Response:
    """Mails not yet sent go to the new address; a refused one may then be tried again."""
    owner = owners.change_owner(write.session, owner_id, command, write.act, write.expected_version)
    return write.answer(OwnerRead.model_validate(owner, from_attributes=True), owner.version)
