"""/procurements: what was put out to tender, with its employment clause."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.rules.codes import ProcurementKind
from app.schemas.fields import cents_to_money
from app.schemas.procurements import ProcurementChange, ProcurementCreate, ProcurementList, ProcurementRead
from app.services import procurements
from app.services.clauses import terms_of
from app.storage.procurements import SORTS, ProcurementFilter

router = APIRouter(prefix="/procurements", tags=["procurements"])


def read_model(row: Any, clause: Any | None) -> ProcurementRead:
    """A procurement as the API gives it, from its row and that of its clause."""
    values = {name: getattr(row, name) for name in ProcurementRead.model_fields if hasattr(row, name)}
    cents = row.estimated_value_cents
    values["estimated_value_eur"] = None if cents is None else cents_to_money(cents)
    values["clause"] = None if clause is None else terms_of(clause)
    return ProcurementRead.model_validate(values)


async def filters(
    unit_id: Annotated[str | None, Query(max_length=32, description="Unit; those below it count too.")] = None,
    kind: Annotated[ProcurementKind | None, Query(description="What kind of purchase it is.")] = None,
    programme: Annotated[str | None, Query(max_length=200, description="Programme, exactly.")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Part of the reference or the title.")] = None,
) -> ProcurementFilter:
    return ProcurementFilter(unit_id, kind, programme, q)


@router.get("", response_model=ProcurementList, summary="Procurements of one's units")
def list_procurements(read: Read, paging: Pages, wanted: Annotated[ProcurementFilter, Depends(filters)]) -> Response:
    """Newest first; sorts: created, reference, title, signed_on."""
    name, sort, page = paging.sorted_by(SORTS, "-created")
    found = procurements.list_procurements(read.session, wanted, sort, page, read.act)
    items = [read_model(row, None if row.type is None else row) for row in found.rows]
    return answer(ProcurementList(items=items, next_cursor=next_cursor(name, found)))


@router.post("", status_code=201, response_model=ProcurementRead, summary="Register a procurement")
def register_procurement(command: ProcurementCreate, write: Write) -> Response:
    """With its employment clause, or with the reason why suitability was considered and none was used."""
    found = procurements.register_procurement(write.session, command, write.act)
    body = read_model(found.procurement, found.clause)
    return write.created(body, f"/api/v1/procurements/{body.id}", found.procurement.version)


@router.get("/{procurement_id}", response_model=ProcurementRead, summary="One procurement")
def read_procurement(procurement_id: PathKey, read: Read) -> Response:
    found = procurements.read_procurement(read.session, procurement_id, read.act)
    return answer(read_model(found.procurement, found.clause), found.procurement.version)


@router.patch("/{procurement_id}", response_model=ProcurementRead, summary="Change a procurement or its clause")
def change_procurement(procurement_id: PathKey, command: ProcurementChange, write: Write) -> Response:
    """Changes only the fields sent. Where the clause changes, all its contracts are judged anew at once."""
    found = procurements.change_procurement(write.session, procurement_id, command, write.act, write.expected_version)
    return write.answer(read_model(found.procurement, found.clause), found.procurement.version)
