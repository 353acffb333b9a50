"""/projects/{slug}/milestones and /milestones/{id}: a project's timetable."""

from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, in_pages
from app.http.writing import Write
from app.rules.milestones import milestone_state
from app.schemas.milestones import MilestoneChange, MilestoneCreate, MilestoneList, MilestoneRead
from app.schemas.positions import VoidCommand
from app.services import milestones
from app.storage.models import Milestone

router = APIRouter(tags=["projects"])
PLAIN = ("id", "name", "package", "starts_on", "ends_on", "done_on", "note")


def read_model(row: Milestone, today: date) -> MilestoneRead:
    """A step as the API gives it."""
    return MilestoneRead(
        **{name: getattr(row, name) for name in PLAIN},
        state=milestone_state(row.starts_on, row.ends_on, row.done_on, today),
        voided=row.voided_at is not None,
    )


@router.get("/projects/{slug}/milestones", response_model=MilestoneList, summary="Timetable of a project")
def list_milestones(slug: str, read: Read, pages: Pages) -> Response:
    page, cursor = in_pages(pages, milestones.list_milestones(read.session, slug, read.act), lambda row: row.id)
    return answer(MilestoneList(items=[read_model(row, read.act.today) for row in page], next_cursor=cursor))


@router.post("/projects/{slug}/milestones", status_code=201, response_model=MilestoneRead, summary="Add a step")
def add_milestone(slug: str, command: MilestoneCreate, write: Write) -> Response:
    row = milestones.add_milestone(write.session, slug, command, write.act)
    return write.created(read_model(row, write.act.today), f"/api/v1/milestones/{row.id}", row.version)


@router.get("/milestones/{milestone_id}", response_model=MilestoneRead, summary="One step")
def read_milestone(milestone_id: PathKey, read: Read) -> Response:
    row = milestones.read_milestone(read.session, milestone_id, read.act)
    return answer(read_model(row, read.act.today), row.version)


@router.patch("/milestones/{milestone_id}", response_model=MilestoneRead, summary="Change a step, or say it is done")
def change_milestone(milestone_id: PathKey, command: MilestoneChange, write: Write) -> Response:
    """Changes only the fields sent."""
    row = milestones.change_milestone(write.session, milestone_id, command, write.act, write.expected_version)
    return write.answer(read_model(row, write.act.today), row.version)


@router.post("/milestones/{milestone_id}/void", response_model=MilestoneRead, summary="Void a step entered wrongly")
def void_milestone(milestone_id: PathKey, command: VoidCommand, write: Write) -> Response:
    row = milestones.void_milestone(write.session, milestone_id, command.reason, write.act, write.expected_version)
    return write.answer(read_model(row, write.act.today), row.version)
