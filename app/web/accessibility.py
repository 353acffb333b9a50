"""/accessibility: the accessibility statement that the Act on digital services (306/2019) asks for."""

from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from app.web.visiting import Anyone

router = APIRouter(include_in_schema=False)

ASSESSED_ON = date(2026, 11, 22)
"""The day of our own assessment; to be renewed whenever the pages change."""
ANSWER_WITHIN_DAYS = 14
"""Within which feedback on accessibility must be answered by the Act."""


@router.get("/accessibility")
def statement(visit: Anyone) -> Response:
    return visit.page(
        "accessibility/statement.html",
        address=visit.state.settings.base_url,
        assessed_on=ASSESSED_ON,
        answer_within_days=ANSWER_WITHIN_DAYS,
    )
