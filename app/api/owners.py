"""/owners/{id}: a contract owner's name, address and language, and who gets their mails when they cannot."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.http.reading import PathKey, Read, answer
from app.http.writing import Write
from app.schemas.owners import Deputy, OwnerChange, OwnerDetails, OwnerRead
from app.services import owners
from app.storage.models import Owner

router = APIRouter(prefix="/owners", tags=["owners"])


@router.get("/{owner_id}", response_model=OwnerDetails, summary="One contract owner")
def read_owner(owner_id: PathKey, read: Read) -> Response:
    owner = owners.find_owner(read.session, owner_id, read.act)
    return answer(_details(read.session, owner), owner.version)


@router.patch("/{owner_id}", response_model=OwnerDetails, summary="Mend a contract owner, or say that they have left")
def change_owner(owner_id: PathKey, command: OwnerChange, write: Write) -> Response:
    """Mails not yet sent go to the new address; a refused one may then be tried again. From `left_on` on, and while a
    mail server refuses the address, mails go to the deputy, or where there is none to the unit's administrators."""
    owner = owners.change_owner(write.session, owner_id, command, write.act, write.expected_version)
    write.session.flush()
    return write.answer(_details(write.session, owner), owner.version)


def _details(session: Session, owner: Owner) -> OwnerDetails:
    deputy = owners.deputy_of(session, owner)
    own = OwnerRead.model_validate(owner, from_attributes=True).model_dump()
    return OwnerDetails(
        **own,
        left_on=owner.left_on,
        undeliverable_since=owner.undeliverable_since,
        deputy=None if deputy is None else Deputy.model_validate(deputy, from_attributes=True),
    )
