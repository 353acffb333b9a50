"""/units: the organisation's tree."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.schemas.units import LiaisonRead, UnitChange, UnitCreate, UnitList, UnitRead
from app.services import units
from app.services.units import Described
from app.storage.units import SORTS, Liaison, own_liaison

router = APIRouter(tags=["units"])


def read_model(found: Described) -> UnitRead:
    """A unit as the API gives it."""
    return UnitRead(
        id=found.unit.id,
        name=found.unit.name,
        parent_id=found.unit.parent_id,
        lead_days=found.unit.lead_days,
        effective_lead_days=found.inherited.lead_days,
        retention_months=found.unit.retention_months,
        liaison=_liaison(own_liaison(found.unit)),
        effective_liaison=_liaison(found.inherited.liaison),
    )


def _liaison(liaison: Liaison | None) -> LiaisonRead | None:
    return None if liaison is None else LiaisonRead(**liaison._asdict())


@router.get("/units", response_model=UnitList, summary="Units in one's trees")
def list_units(paging: Pages, read: Read) -> Response:
    """Each unit before those below it (`sort=path`, the only order)."""
    name, sort, page = paging.sorted_by(SORTS, "path")
    listed = units.list_units(read.session, sort, page, read.act)
    items = [read_model(one) for one in listed.items]
    return answer(UnitList(items=items, next_cursor=next_cursor(name, listed.found)))


@router.post("/units", status_code=201, response_model=UnitRead, summary="Add a unit below another")
def add_unit(command: UnitCreate, write: Write) -> Response:
    """For administrators of the unit above. A root is made with `siepp unit add`."""
    found = units.add_unit(write.session, command, write.act)
    return write.created(read_model(found), f"/api/v1/units/{found.unit.id}", found.unit.version)


@router.get("/units/{unit_id}", response_model=UnitRead, summary="One unit")
def read_unit(unit_id: PathKey, read: Read) -> Response:
    found = units.read_unit(read.session, unit_id, read.act)
    return answer(read_model(found), found.unit.version)


@router.patch("/units/{unit_id}", response_model=UnitRead, summary="Change or move a unit")
def change_unit(unit_id: PathKey, command: UnitChange, write: Write) -> Response:
    """Changes only the fields sent. A move takes along all below; new lead days make the judgements of all contracts
    there anew."""
    found = units.change_unit(write.session, unit_id, command, write.act, write.expected_version)
    return write.answer(read_model(found), found.unit.version)
