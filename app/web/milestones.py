"""Steps of a project's timetable by form: added, changed, done, and voided where they were entered wrongly."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.language.own_words import own_words
from app.schemas.milestones import MilestoneChange, MilestoneCreate
from app.schemas.positions import VoidCommand
from app.services import milestones, projects
from app.storage.models import Milestone
from app.web.contract_forms import renewed
from app.web.forms import VERSION, Form, FormView
from app.web.project_beside import beside, by_language, of_project
from app.web.project_notices import address
from app.web.stale import compared, differences
from app.web.visiting import Look, Submit, Visit

router = APIRouter(include_in_schema=False)
PART = "timetable"
"""Where on the project's page the steps stand."""
PLAIN = ("starts_on", "ends_on", "done_on", "note")


@router.get("/projects/{slug}/milestones/new")
def new(slug: str, visit: Look) -> Response:
    return _new_page(visit, slug, FormView())


@router.post("/projects/{slug}/milestones/new")
def add(slug: str, submission: Submit) -> Response:
    def write() -> str:
        command = submission.form.command(MilestoneCreate)
        milestones.add_milestone(submission.session, slug, command, submission.act)
        return address(f"/projects/{slug}", "milestone_added", PART)

    return submission.save(write, lambda view: _new_page(submission, slug, view))


@router.get("/milestones/{milestone_id}/change")
def change(milestone_id: PathKey, visit: Look) -> Response:
    milestone = milestones.read_milestone(visit.session, milestone_id, visit.act)
    return _change_page(visit, milestone, FormView.of(_stored(milestone)))


@router.post("/milestones/{milestone_id}/change")
def save(milestone_id: PathKey, submission: Submit) -> Response:
    form = submission.form

    def write() -> str:
        milestones.change_milestone(
            submission.session, milestone_id, _change(form), submission.act, form.expected_version
        )
        return _done(submission, milestone_id, "milestone_changed")

    def again(view: FormView) -> Response:
        return _change_page(submission, _found(submission, milestone_id), view)

    return submission.save(write, again)


@router.get("/milestones/{milestone_id}/void")
def ask_void(milestone_id: PathKey, visit: Look) -> Response:
    milestone = _found(visit, milestone_id)
    return _void_page(visit, milestone, FormView.of({VERSION: milestone.version}))


@router.post("/milestones/{milestone_id}/void")
def void(milestone_id: PathKey, submission: Submit) -> Response:
    form = submission.form

    def write() -> str:
        reason = form.command(VoidCommand).reason
        milestones.void_milestone(submission.session, milestone_id, reason, submission.act, form.expected_version)
        return _done(submission, milestone_id, "milestone_voided")

    return submission.save(write, lambda view: _void_page(submission, _found(submission, milestone_id), view))


def _change(form: Form) -> MilestoneChange:
    return form.change(MilestoneChange, name=form.body("name"), package=form.body("package") or None)


def _found(visit: Visit, milestone_id: str) -> Milestone:
    return milestones.read_milestone(visit.session, milestone_id, visit.act)


def _done(visit: Visit, milestone_id: str, code: str) -> str:
    found = projects.find_by_id(visit.session, _found(visit, milestone_id).project_id, visit.act.actor)
    return address(f"/projects/{found.project.slug}", code, PART)


def _stored(row: Milestone) -> dict[str, object]:
    """A step as its form shows it."""
    values = {name: getattr(row, name) for name in PLAIN}
    return {**by_language("name", row.name), **by_language("package", row.package), **values, VERSION: row.version}


def _new_page(visit: Visit, slug: str, view: FormView) -> Response:
    shown = beside(visit, slug)
    return visit.page("milestones/new.html", view=view, packages=_packages(visit, slug), **shown)


def _packages(visit: Visit, slug: str) -> list[str]:
    """The parts of the project that its steps name, to choose from while typing."""
    rows = milestones.list_milestones(visit.session, slug, visit.act)
    return sorted({own_words(row.package, "fi") for row in rows if row.package})


def _change_page(visit: Visit, row: Milestone, view: FormView) -> Response:
    shown = of_project(visit, projects.find_by_id(visit.session, row.project_id, visit.act.actor))
    return visit.page(
        "milestones/change.html",
        view=compared(view, row.version),
        both=differences(view, FormView.of(_stored(row)), {}, visit.language),
        milestone=row,
        packages=_packages(visit, shown["project"].slug),
        **shown,
    )


def _void_page(visit: Visit, row: Milestone, view: FormView) -> Response:
    shown = of_project(visit, projects.find_by_id(visit.session, row.project_id, visit.act.actor))
    view = renewed(view, row.version, visit.language)
    what = own_words(row.name, visit.language)
    return visit.page("milestones/void.html", view=view, milestone=row, what=what, **shown)
