"""People wanted: the liaison's list of who needs someone by when, on the screen and on paper."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, next_cursor
from app.language.formats import months
from app.schemas.contract_lists import ContractListQuery
from app.services import contracts
from app.services.acting import Permission
from app.services.people_wanted import list_people_wanted
from app.storage.contracts import SORTS
from app.web.contract_lists import asked_of, unit_choices
from app.web.exports.listing import addresses
from app.web.visiting import Look

router = APIRouter(include_in_schema=False)


@router.get("/people-wanted")
def show(visit: Look, paging: Pages) -> Response:
    """A unit that does not fit is told beside the filter; the list is then of all units."""
    query, form = asked_of(visit, ContractListQuery, {"unit_id"})
    name, _, page = paging.sorted_by(SORTS, "latest_start_on")
    found = list_people_wanted(visit.session, query.unit_id, page, visit.act)
    cursor = next_cursor(name, found.found)
    paths = contracts.paths_of(visit.session, [one.row.id for one in found.openings])
    kept = {"unit_id": query.unit_id} if query.unit_id else {}
    variables: dict[str, Any] = {
        "found": found,
        "months": {one.row.id: months(one.detail.min_duration_months, visit.language) for one in found.openings},
        "units": unit_choices(visit),
        "narrowed": bool(query.unit_id),
        "files": addresses("/people-wanted", kept),
        "next": f"/people-wanted?{urlencode(kept | {'cursor': cursor})}" if cursor else None,
        "first": f"/people-wanted?{urlencode(kept)}" if paging.cursor is not None else None,
        "may_log": frozenset(one for one, units in paths.items() if visit.may(Permission.POSITIONS, units)),
    }
    return visit.page("people_wanted/list.html", form.status, form=form, **variables)
