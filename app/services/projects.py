"""Projects whose outcomes are followed: administrators begin and change them, reporters write their figures.

Every role sees the projects of its units. Whoever has the role of project reporter in a project's unit writes its
outcomes; where a project is given to certain users, only they do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.rules.errors import Conflict, Forbidden, NotFound, RuleBroken
from app.schemas.projects import ProjectChange, ProjectCreate
from app.services import holding, trail
from app.services.acting import Act, Actor, Permission, require
from app.storage import people, projects, units
from app.storage.models import Project, ProjectReporter, Unit, User, new_id
from app.storage.upsert import insert_new

PLAIN = ("summary", "starts_on", "ends_on", "may_continue_until", "programme", "budget_source")
RESERVED = frozenset({"new", "sum", "report", "export"})
"""Parts of addresses that no project can be named by."""
LISTS = ("target_groups", "areas", "relations", "remarks")


@dataclass(frozen=True, slots=True)
class ProjectFound:
    """A project with the paths of the units that carry it, its own first."""

    project: Project
    paths: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.project.id


def add_project(session: Session, command: ProjectCreate, act: Act) -> ProjectFound:
    """Begins to follow a project. Raises Conflict where the organisation has one of that name."""
    unit = _unit(session, command.unit_id, act.actor, "unit_id")
    require(act.actor, Permission.PROJECTS, [unit.path])
    units.hold_tree(session, unit.root_id, shared=True)
    taken = any(project.root_id == unit.root_id for project in projects.named(session, command.slug))
    if taken or command.slug in RESERVED:
        raise Conflict("slug_taken", "slug")
    values = _values(command.model_dump())
    project = Project(
        id=new_id(), slug=command.slug, root_id=unit.root_id, unit_id=unit.id, created_at=act.now, **values
    )
    _check_days(project)
    session.add(project)
    trail.record_row(session, act, "created", project)
    _put_further_units(session, project, command.further_unit_ids, act)
    return _found(session, project)


def change_project(
    session: Session, slug: str, command: ProjectChange, act: Act, expected_version: int | None = None
) -> ProjectFound:
    """Changes what was sent. A new unit is one of the same organisation, of which the actor is administrator too."""
    found = hold_project(session, slug, act, Permission.PROJECTS)
    project = found.project
    holding.check_version(project, expected_version)
    sent = command.model_dump(include=command.model_fields_set)  # whole: a relation's parts left out are empty
    if "unit_id" in sent:
        unit = _unit(session, sent["unit_id"], act.actor, "unit_id", project.root_id)
        require(act.actor, Permission.PROJECTS, [unit.path])
        project.unit_id = unit.id
    for name, value in _values(sent).items():
        setattr(project, name, value)
    _check_days(project)
    if "further_unit_ids" in sent:
        _put_further_units(session, project, sent["further_unit_ids"], act)
    trail.record_row(session, act, "changed", project)
    return _found(session, project)


def find_project(session: Session, slug: str, actor: Actor) -> ProjectFound:
    """Raises NotFound where none of that name is carried by a unit of the actor's."""
    for project in projects.named(session, slug):
        found = _found(session, project)
        if actor.sees_project(*found.paths):
            return found
    raise NotFound("not_found")


def find_by_id(session: Session, project_id: str, actor: Actor) -> ProjectFound:
    """The same by its id."""
    project = projects.get(session, project_id)
    found = None if project is None else _found(session, project)
    if found is None or not actor.sees_project(*found.paths):
        raise NotFound("not_found")
    return found


def hold_project(session: Session, slug: str, act: Act, permission: Permission = Permission.OUTCOMES) -> ProjectFound:
    """The project, for writing: no one else writes to it until the transaction ends.

    Raises NotFound as `find_project` does, Forbidden where no role allows it or it is given to others.
    """
    return hold_found(session, find_project(session, slug, act.actor), act, permission)


def hold_found(
    session: Session, found: ProjectFound, act: Act, permission: Permission = Permission.OUTCOMES
) -> ProjectFound:
    """The same for a project that is known: two organisations may each have one of its name."""
    projects.lock(session, found.id)
    found = find_by_id(session, found.id, act.actor)
    require_project(session, found, act.actor, permission)
    return found


def require_project(session: Session, found: ProjectFound, actor: Actor, permission: Permission) -> None:
    """Raises Forbidden unless a role over the project allows it and, for outcomes, it is given to nobody else."""
    require(actor, permission, found.paths)
    if permission is Permission.OUTCOMES and not actor.has_role((), *found.paths):
        given_to = projects.reporter_ids(session, found.id)
        if given_to and actor.id not in given_to:
            raise Forbidden("forbidden")


def may_write(session: Session, found: ProjectFound, actor: Actor, permission: Permission) -> bool:
    """Whether `require_project` would let the actor; for showing what someone can do."""
    try:
        require_project(session, found, actor, permission)
    except Forbidden:
        return False
    return True


def list_projects(session: Session, actor: Actor) -> list[ProjectFound]:
    """The projects of the actor's units, in the order in which they were added."""
    rows = projects.all_in_order(session)
    paths = projects.paths_of(session, (row.id for row in rows))
    return [ProjectFound(row, tuple(paths[row.id])) for row in rows if actor.sees_project(*paths[row.id])]


def further_unit_ids(session: Session, found: ProjectFound) -> list[str]:
    """The further units that carry the project."""
    return projects.further_unit_ids(session, found.id)


def unit_names(session: Session, found: ProjectFound) -> Sequence[str]:
    """The units that carry the project, its own first."""
    return projects.unit_names(session, found.project)


# --- Whom a project is given to


def list_reporters(session: Session, slug: str, act: Act) -> Sequence[User]:
    """The users to whom the project is given, by name. For administrators."""
    found = find_project(session, slug, act.actor)
    require(act.actor, Permission.PROJECTS, found.paths)
    return projects.reporters(session, found.id)


def give_to(session: Session, slug: str, email: str, act: Act) -> User:
    """Gives the project to a user to write. Raises RuleBroken unless the user is a project reporter of its unit."""
    found = hold_project(session, slug, act, Permission.PROJECTS)
    user = people.user_by_email(session, email)
    grants = people.grants_of(session, user.id) if user is not None else ()
    allowed = any(
        role == Role.PROJECT_REPORTER and path.startswith(tree) for role, tree in grants for path in found.paths
    )
    if user is None or not allowed:
        raise RuleBroken("reporter_unknown", "email")
    insert_new(session, ProjectReporter, [{"project_id": found.id, "user_id": user.id}])
    trail.record(session, act, "given", "project", found.id, {"reporter": user.id})
    return user


def take_from(session: Session, slug: str, user_id: str, act: Act) -> User:
    """The project is given to the user no more."""
    found = hold_project(session, slug, act, Permission.PROJECTS)
    user = next((one for one in projects.reporters(session, found.id) if one.id == user_id), None)
    if user is None:
        raise NotFound("not_found")
    projects.take_from(session, found.id, user_id)
    trail.record(session, act, "taken", "project", found.id, {"reporter": user_id})
    return user


def _unit(session: Session, unit_id: str, actor: Actor, field: str, root_id: str | None = None) -> Unit:
    unit = units.get(session, unit_id)
    if unit is None or not actor.sees(unit.path) or root_id not in {None, unit.root_id}:
        raise RuleBroken("unit_unknown", field)
    return unit


def _values(sent: dict[str, Any]) -> dict[str, Any]:
    """Columns of a project from the fields sent."""
    values = {name: sent[name] for name in ("name", *PLAIN, *LISTS) if name in sent}
    if "budget_eur" in sent:
        values["budget_cents"] = sent["budget_eur"]
    if "contact" in sent:
        contact = sent["contact"] or {}
        values |= {f"contact_{part}": contact.get(part) for part in ("name", "email", "phone")}
    return values


def _check_days(project: Project) -> None:
    if project.ends_on is not None and project.ends_on < project.starts_on:
        raise RuleBroken("project_ends_before_start", "ends_on")
    if project.may_continue_until is not None and (
        project.ends_on is None or project.may_continue_until <= project.ends_on
    ):
        raise RuleBroken("continues_before_end", "may_continue_until")


def _put_further_units(session: Session, project: Project, unit_ids: Sequence[str], act: Act) -> None:
    for place, unit_id in enumerate(unit_ids):
        _unit(session, unit_id, act.actor, f"further_unit_ids.{place}", project.root_id)
    session.flush()
    projects.put_further_units(session, project.id, (one for one in unit_ids if one != project.unit_id))


def _found(session: Session, project: Project) -> ProjectFound:
    session.flush()
    return ProjectFound(project, tuple(projects.paths_of(session, [project.id])[project.id]))
