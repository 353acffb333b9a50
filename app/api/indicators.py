"""/projects/{slug}/indicators: what the figures of a project mean."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, Read, answer, in_pages
from app.http.writing import Write
from app.schemas.indicators import IndicatorChange, IndicatorCreate, IndicatorList, IndicatorRead
from app.services import indicators
from app.storage.models import Indicator

router = APIRouter(tags=["projects"])


def read_model(row: Indicator) -> IndicatorRead:
    """An indicator as the API gives it."""
    return IndicatorRead(**{name: getattr(row, name) for name in IndicatorRead.model_fields})


@router.get("/projects/{slug}/indicators", response_model=IndicatorList, summary="Indicators of a project")
def list_indicators(slug: str, read: Read, pages: Pages) -> Response:
    page, cursor = in_pages(pages, indicators.list_indicators(read.session, slug, read.act), lambda row: row.id)
    return answer(IndicatorList(items=[read_model(row) for row in page], next_cursor=cursor))


@router.post(
    "/projects/{slug}/indicators", status_code=201, response_model=IndicatorRead, summary="Define an indicator"
)
def define_indicator(slug: str, command: IndicatorCreate, write: Write) -> Response:
    """Before its first figure: what exactly is counted, in which unit, with which target."""
    row = indicators.define_indicator(write.session, slug, command, write.act)
    return write.created(read_model(row), f"/api/v1/projects/{slug}/indicators/{row.key}", row.version)


@router.get("/projects/{slug}/indicators/{key}", response_model=IndicatorRead, summary="One indicator")
def read_indicator(slug: str, key: str, read: Read) -> Response:
    _, row = indicators.find_indicator(read.session, slug, key, read.act)
    return answer(read_model(row), row.version)


@router.patch("/projects/{slug}/indicators/{key}", response_model=IndicatorRead, summary="Change an indicator")
def change_indicator(slug: str, key: str, command: IndicatorChange, write: Write) -> Response:
    """Changes only the fields sent. Its key and its unit stay."""
    row = indicators.change_indicator(write.session, slug, key, command, write.act, write.expected_version)
    return write.answer(read_model(row), row.version)
