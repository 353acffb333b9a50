"""/suppliers: the companies of an organisation, each once."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.rules.codes import BUSINESS_ID_SCHEME
from app.schemas.suppliers import SupplierChange, SupplierCreate, SupplierList, SupplierRead
from app.services import suppliers
from app.storage.suppliers import SORTS

router = APIRouter(tags=["suppliers"])
Part = Annotated[
    str | None, Query(max_length=200, description="Part of the name or identifier, whatever the case of its letters.")
]


def read_model(row: Any) -> SupplierRead:
    """A supplier, or a row of its columns, as the API gives it."""
    return SupplierRead(
        id=row.id,
        root_id=row.root_id,
        business_id=row.identifier if row.scheme == BUSINESS_ID_SCHEME else None,
        identifier_scheme=row.scheme,
        identifier=row.identifier,
        name=row.name,
    )


@router.get("/suppliers", response_model=SupplierList, summary="Suppliers of one's organisations")
def list_suppliers(paging: Pages, read: Read, q: Part = None) -> Response:
    """Sorted by `name` (default), `identifier` or `created`."""
    name, sort, page = paging.sorted_by(SORTS, "name")
    found = suppliers.list_suppliers(read.session, q, sort, page, read.act)
    return answer(SupplierList(items=[read_model(row) for row in found.rows], next_cursor=next_cursor(name, found)))


@router.post("/suppliers", status_code=201, response_model=SupplierRead, summary="Add a supplier")
def add_supplier(command: SupplierCreate, write: Write) -> Response:
    """409 where the organisation has one by this identifier already; `q` finds it. Contracts add theirs by
    themselves."""
    supplier = suppliers.add_supplier(write.session, command, write.act)
    return write.created(read_model(supplier), f"/api/v1/suppliers/{supplier.id}", supplier.version)


@router.get("/suppliers/{supplier_id}", response_model=SupplierRead, summary="One supplier")
def read_supplier(supplier_id: PathKey, read: Read) -> Response:
    supplier = suppliers.read_supplier(read.session, supplier_id, read.act)
    return answer(read_model(supplier), supplier.version)


@router.patch("/suppliers/{supplier_id}", response_model=SupplierRead, summary="Change a supplier's name")
def change_supplier(supplier_id: PathKey, command: SupplierChange, write: Write) -> Response:
    supplier = suppliers.change_supplier(write.session, supplier_id, command, write.act, write.expected_version)
    return write.answer(read_model(supplier), supplier.version)
