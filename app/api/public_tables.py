"""/public-tables: what was published at quarter-ends."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.http.public_tables import read_model
from app.http.reading import Pages, Read, answer, in_pages
from app.schemas.fields import Day
from app.schemas.public_tables import PublicTableList
from app.services import public_tables

router = APIRouter(tags=["public tables"])


@router.get("/public-tables", response_model=PublicTableList, summary="Tables published at quarter-ends")
def list_public_tables(
    read: Read,
    pages: Pages,
    quarter: Annotated[Day | None, Query(description="Last day of a quarter; all of them by default.")] = None,
) -> Response:
    """For everyone with a role in the organisation, and fit to be given to anyone: counts of people under the limit are
    folded so that they cannot be worked out. A table never changes. The latest quarter first."""
    found = public_tables.list_tables(read.session, quarter, read.act.actor)
    page, cursor = in_pages(pages, found, lambda one: one.table.id)
    return answer(PublicTableList(items=[read_model(one, read.language) for one in page], next_cursor=cursor))
