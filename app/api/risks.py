"""/projects/{slug}/risks and /risks/{id}: a project's risk register."""

from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, in_pages
from app.http.writing import Write
from app.rules.risks import review_due, risk_level
from app.schemas.positions import VoidCommand
from app.schemas.risks import RiskChange, RiskCreate, RiskList, RiskRead
from app.services import risks
from app.storage.models import Risk
from app.storage.risks import to_facts

router = APIRouter(tags=["projects"])
PLAIN = ("id", "name", "likelihood", "impact", "measures", "review_on", "reviewed_on")


def read_model(row: Risk, today: date) -> RiskRead:
    """A risk as the API gives it."""
    return RiskRead(
        **{name: getattr(row, name) for name in PLAIN},
        level=risk_level(row.likelihood, row.impact),
        review_due=review_due(to_facts(row), today),
        voided=row.voided_at is not None,
    )


@router.get("/projects/{slug}/risks", response_model=RiskList, summary="Risk register of a project")
def list_risks(slug: str, read: Read, pages: Pages) -> Response:
    page, cursor = in_pages(pages, risks.list_risks(read.session, slug, read.act), lambda row: row.id)
    return answer(RiskList(items=[read_model(row, read.act.today) for row in page], next_cursor=cursor))


@router.post("/projects/{slug}/risks", status_code=201, response_model=RiskRead, summary="Add a risk")
def add_risk(slug: str, command: RiskCreate, write: Write) -> Response:
    row = risks.add_risk(write.session, slug, command, write.act)
    return write.created(read_model(row, write.act.today), f"/api/v1/risks/{row.id}", row.version)


@router.get("/risks/{risk_id}", response_model=RiskRead, summary="One risk")
def read_risk(risk_id: PathKey, read: Read) -> Response:
    row = risks.read_risk(read.session, risk_id, read.act)
    return answer(read_model(row, read.act.today), row.version)


@router.patch("/risks/{risk_id}", response_model=RiskRead, summary="Change a risk, or say it was looked at")
def change_risk(risk_id: PathKey, command: RiskChange, write: Write) -> Response:
    """Changes only the fields sent."""
    row = risks.change_risk(write.session, risk_id, command, write.act, write.expected_version)
    return write.answer(read_model(row, write.act.today), row.version)


@router.post("/risks/{risk_id}/void", response_model=RiskRead, summary="Void a risk entered wrongly")
def void_risk(risk_id: PathKey, command: VoidCommand, write: Write) -> Response:
    row = risks.void_risk(write.session, risk_id, command.reason, write.act, write.expected_version)
    return write.answer(read_model(row, write.act.today), row.version)
