"""/contracts.csv, /contracts.xlsx and the like: each list whole, with the filters and the order of its page."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.http.reading import PathKey
from app.services import exports
from app.web.exports.listing import Listing, Reader
from app.web.exports.lists import LISTS, OF_ONE_CONTRACT
from app.web.spreadsheets import Kind, closing_on_error
from app.web.visiting import Look, Visit

router = APIRouter(include_in_schema=False)


def taken(visit: Visit, listing: Listing[Any], kind: Kind) -> Response:
    """The whole list as a download. The trail says who took it before the first byte leaves.

    A filter or an order that does not fit leads to the list, which says so: left out of a file it would go unseen, and
    the file would hold more than was asked for.
    """
    asked = listing.asked(visit)
    if asked is None:
        return RedirectResponse(f"{listing.page}?{visit.request.url.query}", 303)
    reader = Reader(visit.language, visit.state.settings.timezone)
    file = listing.file(kind, asked, visit.session, visit.act, reader)
    with closing_on_error(file.file), visit.writing() as session:
        exports.record_taken(session, listing.subject, kind, file.rows, visit.act, asked.narrowed)
    return file.answer(listing.file_name(visit.language), visit.act.today)


def _route(listing: Listing[Any], kind: Kind) -> Callable[..., Response]:
    def download(visit: Look) -> Response:
        return taken(visit, listing, kind)

    return download


def _route_of_contract(listing: Listing[Any], kind: Kind) -> Callable[..., Response]:
    def download(contract_id: PathKey, visit: Look) -> Response:
        return taken(visit, listing, kind)

    return download


for kind in Kind:
    for path, listing in LISTS.items():
        router.add_api_route(f"{path}.{kind}", _route(listing, kind), methods=["GET"])
    for path, listing in OF_ONE_CONTRACT.items():
        router.add_api_route(f"{path}.{kind}", _route_of_contract(listing, kind), methods=["GET"])
