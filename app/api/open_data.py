"""/ocds/releases: procurements as open data."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app.http.open_data import ADDRESS, publication_of
from app.http.reading import Pages, Read, next_cursor
from app.schemas.open_data import ReleasePackage
from app.services import ocds_exports
from app.storage.open_data import OLDEST_FIRST

router = APIRouter(tags=["open data"])
SORT = "created"


@router.get(
    "/ocds/releases",
    response_model=ReleasePackage,
    response_model_exclude_none=True,
    summary="Procurements as open data (OCDS 1.1.5)",
)
def list_releases(read: Read, pages: Pages) -> Response:
    """A release package of the procurements of one's units, the oldest first; `links.next` leads to the next ones. One
    sort: created. What is published, and what never is: docs/open-data.md. The audit trail says who took it."""
    name, _, page = pages.sorted_by({SORT: OLDEST_FIRST}, SORT)
    base_url, asked = read.state.settings.base_url, {"limit": pages.limit}
    query = urlencode(asked | ({"cursor": pages.cursor} if pages.cursor else {}))
    publication = publication_of(read.state.settings, query)
    found = ocds_exports.page_of_releases(read.session, publication, page, read.act)
    cursor = next_cursor(name, found.found)
    after = None if cursor is None else f"{base_url}{ADDRESS}?{urlencode(asked | {'cursor': cursor})}"
    text = "".join(ocds_exports.package(read.session, found.releases, publication, read.act, after))
    read.session.rollback()  # lets its connection go before another is taken
    with read.state.database.writing() as session:
        ocds_exports.record_releases_taken(session, len(found.releases), read.act)
    return Response(text, media_type="application/json")
