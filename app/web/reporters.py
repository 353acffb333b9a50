"""Whom a project is given to, for administrators: listed, given by e-mail address, taken."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.schemas.projects import ReporterAdd
from app.services import projects
from app.services.acting import Permission
from app.web import project_notices
from app.web.forms import FormView
from app.web.project_beside import beside
from app.web.visiting import Look, Submit, Visit

router = APIRouter(prefix="/projects/{slug}/reporters", include_in_schema=False)


@router.get("")
def list_reporters(slug: str, visit: Look) -> Response:
    return _page(visit, slug, FormView())


@router.post("")
def give(slug: str, submission: Submit) -> Response:
    def write() -> str:
        email = submission.form.command(ReporterAdd).email
        projects.give_to(submission.session, slug, email, submission.act)
        return project_notices.address(f"/projects/{slug}/reporters", "reporter_given")

    return submission.save(write, lambda view: _page(submission, slug, view))


@router.post("/{user_id}/take")
def take(slug: str, user_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        projects.take_from(submission.session, slug, user_id, submission.act)
        return project_notices.address(f"/projects/{slug}/reporters", "reporter_taken")

    return submission.save(write, lambda view: _page(submission, slug, view))


def _page(visit: Visit, slug: str, view: FormView) -> Response:
    shown = beside(visit, slug, Permission.PROJECTS)
    return visit.page(
        "reporters/page.html",
        view=view,
        reporters=projects.list_reporters(visit.session, slug, visit.act),
        notice=project_notices.notice(visit, visit.request.query_params),
        **shown,
    )
