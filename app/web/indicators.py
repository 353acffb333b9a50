"""The page of one indicator: what it means, every figure of it, what was corrected, and what is doubtful."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.indicator_pages import show_indicator
from app.web import project_notices
from app.web.indicator_words import IndicatorWords
from app.web.visiting import Look

router = APIRouter(include_in_schema=False)


@router.get("/projects/{slug}/indicators/{key}")
def show(slug: str, key: str, visit: Look) -> Response:
    view = show_indicator(visit.session, slug, key, visit.act)
    return visit.page(
        "indicators/page.html",
        view=view,
        words=IndicatorWords(view, visit.language),
        notice=project_notices.notice(visit, visit.request.query_params),
        timezone=visit.state.settings.timezone,
    )
