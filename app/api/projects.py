"""/projects/{slug}: one project, and whom it is given to."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, in_pages
from app.http.writing import Write
from app.schemas.fields import cents_to_money
from app.schemas.projects import (
    ContactRead,
    ProjectChange,
    ProjectCreate,
    ProjectRead,
    RelationRead,
    ReporterAdd,
    ReporterList,
    ReporterRead,
)
from app.services import projects
from app.storage.models import Project, User

router = APIRouter(tags=["projects"])
PLAIN = ("slug", "unit_id", "name", "summary", "starts_on", "ends_on", "may_continue_until", "programme")


def read_model(row: Project, further_unit_ids: list[str]) -> ProjectRead:
    """A project as the API gives it."""
    return ProjectRead(
        **{name: getattr(row, name) for name in PLAIN},
        further_unit_ids=further_unit_ids,
        budget_eur=None if row.budget_cents is None else cents_to_money(row.budget_cents),
        budget_source=row.budget_source,
        target_groups=row.target_groups,
        areas=row.areas,
        remarks=row.remarks,
        relations=[RelationRead.model_validate(one) for one in row.relations],
        contact=None
        if row.contact_name is None
        else ContactRead(name=row.contact_name, email=row.contact_email, phone=row.contact_phone),
    )


def _reporter(user: User) -> ReporterRead:
    return ReporterRead(user_id=user.id, name=user.name, email=user.email)


@router.post("/projects", status_code=201, response_model=ProjectRead, summary="Begin to follow a project")
def add_project(command: ProjectCreate, write: Write) -> Response:
    """For administrators of its unit."""
    found = projects.add_project(write.session, command, write.act)
    body = read_model(found.project, projects.further_unit_ids(write.session, found))
    return write.created(body, f"/api/v1/projects/{body.slug}", found.project.version)


@router.get("/projects/{slug}", response_model=ProjectRead, summary="One project")
def read_project(slug: str, read: Read) -> Response:
    found = projects.find_project(read.session, slug, read.act.actor)
    body = read_model(found.project, projects.further_unit_ids(read.session, found))
    return answer(body, found.project.version)


@router.patch("/projects/{slug}", response_model=ProjectRead, summary="Change a project")
def change_project(slug: str, command: ProjectChange, write: Write) -> Response:
    """Changes only the fields sent. For administrators of its unit."""
    found = projects.change_project(write.session, slug, command, write.act, write.expected_version)
    body = read_model(found.project, projects.further_unit_ids(write.session, found))
    return write.answer(body, found.project.version)


@router.get("/projects/{slug}/reporters", response_model=ReporterList, summary="Whom a project is given to")
def list_reporters(slug: str, read: Read, pages: Pages) -> Response:
    """For administrators. While it is given to nobody, every project reporter of its unit writes it."""
    page, cursor = in_pages(pages, projects.list_reporters(read.session, slug, read.act), lambda user: user.id)
    return answer(ReporterList(items=[_reporter(user) for user in page], next_cursor=cursor))


@router.post(
    "/projects/{slug}/reporters", status_code=201, response_model=ReporterRead, summary="Give a project to a reporter"
)
def give_to(slug: str, command: ReporterAdd, write: Write) -> Response:
    """From then on only those write it to whom it is given, and administrators."""
    user = projects.give_to(write.session, slug, command.email, write.act)
    return write.created(_reporter(user), f"/api/v1/projects/{slug}/reporters")


@router.delete(
    "/projects/{slug}/reporters/{user_id}", response_model=ReporterRead, summary="Take a project from a reporter"
)
def take_from(slug: str, user_id: PathKey, write: Write) -> Response:
    """Answers whose it was."""
    return write.answer(_reporter(projects.take_from(write.session, slug, user_id, write.act)))
