"""/contracts.csv and /contracts.xlsx: the contract list whole, with the filters and the order of its page."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.schemas.contract_lists import ContractListQuery
from app.storage.contracts import SORTS
from app.web.contract_exports import taken
from app.web.contract_lists import DEFAULT_SORT, FILTERS, asked_of, wanted_of
from app.web.spreadsheets import Kind
from app.web.visiting import Look, Visit

router = APIRouter(include_in_schema=False)


@router.get("/contracts.csv")
def csv_file(visit: Look) -> Response:
    return _file(visit, Kind.CSV)


@router.get("/contracts.xlsx")
def xlsx_file(visit: Look) -> Response:
    return _file(visit, Kind.XLSX)


def _file(visit: Visit, kind: Kind) -> Response:
    """A filter or an order that does not fit leads to the list, which says so: left out of a file it would go unseen,
    and the file would hold more than was asked for."""
    _, form = asked_of(visit, ContractListQuery, FILTERS)
    order = visit.request.query_params.get("sort", DEFAULT_SORT)
    if form.errors or order.removeprefix("-") not in SORTS:
        return RedirectResponse(f"/contracts?{visit.request.url.query}", 303)
    wanted, sort = wanted_of(visit)
    return taken(visit, wanted, sort, kind)
