"""/projects/export: the outcomes of projects as one document, as `siepp import outcomes` reads it back."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from app.http.writing import Write
from app.schemas.outcomes import OutcomesDocument
from app.services import outcomes

router = APIRouter(tags=["projects"])


@router.get("/projects/export", response_model=OutcomesDocument, summary="Outcomes as one document")
def export_outcomes(write: Write) -> Response:
    """All projects with their indicators, figures, timetable, risks, money and answers; empty fields are left out. The
    audit trail says who took it."""
    return JSONResponse(outcomes.export_outcomes(write.session, write.act).as_json())
