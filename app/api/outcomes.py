"""/projects/export: the outcomes of projects as one document, as `siepp import outcomes` reads it back."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from app.http.reading import Read
from app.schemas.outcomes import OutcomesDocument
from app.services import outcomes

router = APIRouter(tags=["projects"])


@router.get("/projects/export", response_model=OutcomesDocument, summary="Outcomes as one document")
def export_outcomes(read: Read) -> Response:
    """All projects with their indicators, figures, timetable, risks, money and answers; empty fields are left out. The
    audit trail says who took it."""
    document = outcomes.export_outcomes(read.session, read.act)
    answer = JSONResponse(document.as_json())
    read.session.rollback()  # lets its connection go before another is taken
    with read.state.database.writing() as session:
        outcomes.record_taken(session, document, read.act)
    return answer
