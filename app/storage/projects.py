"""Projects, the units that carry them and the users to whom they are given."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from app.storage.models import Project, ProjectReporter, ProjectUnit, Unit, User


def named(session: Session, slug: str) -> Sequence[Project]:
    """The projects of this name: at most one in each organisation. As the database has them now."""
    wanted = select(Project).where(Project.slug == slug).order_by(Project.id)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def get(session: Session, project_id: str) -> Project | None:
    """As the database has it now."""
    return session.get(Project, project_id, populate_existing=True)


def all_in_order(session: Session) -> Sequence[Project]:
    """Every project, in the order in which they were added."""
    return session.scalars(select(Project).order_by(Project.id)).all()


def lock(session: Session, project_id: str) -> None:
    """Keeps a project and all that hangs on it as it is until the transaction ends."""
    session.execute(select(Project.id).where(Project.id == project_id).with_for_update())


def paths_of(session: Session, project_ids: Iterable[str]) -> dict[str, list[str]]:
    """Paths of the units that carry each project, its own first."""
    ids = list(project_ids)
    own = select(Project.id, Unit.path).join(Unit, Unit.id == Project.unit_id).where(Project.id.in_(ids))
    further = select(ProjectUnit.project_id, Unit.path).join(Unit, Unit.id == ProjectUnit.unit_id)
    found: dict[str, list[str]] = {}
    for project_id, path in session.execute(own):
        found[project_id] = [path]
    for project_id, path in session.execute(further.where(ProjectUnit.project_id.in_(ids)).order_by(Unit.path)):
        found[project_id].append(path)
    return found


def further_unit_ids(session: Session, project_id: str) -> list[str]:
    wanted = select(ProjectUnit.unit_id).where(ProjectUnit.project_id == project_id).order_by(ProjectUnit.unit_id)
    return list(session.scalars(wanted))


def unit_names(session: Session, project: Project) -> Sequence[str]:
    """The names of the units that carry a project, its own first."""
    further = select(ProjectUnit.unit_id).where(ProjectUnit.project_id == project.id)
    wanted = select(Unit.name).where(or_(Unit.id == project.unit_id, Unit.id.in_(further)))
    return session.scalars(wanted.order_by(Unit.id != project.unit_id, Unit.name)).all()


def put_further_units(session: Session, project_id: str, unit_ids: Iterable[str]) -> None:
    """Replaces the further units that carry a project."""
    session.execute(delete(ProjectUnit).where(ProjectUnit.project_id == project_id))
    rows = [{"project_id": project_id, "unit_id": unit_id} for unit_id in dict.fromkeys(unit_ids)]
    if rows:
        session.execute(insert(ProjectUnit), rows)


def reporters(session: Session, project_id: str) -> Sequence[User]:
    """The users to whom a project is given, by name."""
    wanted = select(User).join(ProjectReporter, ProjectReporter.user_id == User.id)
    return session.scalars(wanted.where(ProjectReporter.project_id == project_id).order_by(User.name, User.id)).all()


def reporter_ids(session: Session, project_id: str) -> set[str]:
    return set(session.scalars(select(ProjectReporter.user_id).where(ProjectReporter.project_id == project_id)))


def take_from(session: Session, project_id: str, user_id: str) -> None:
    """The project is given to this user no more."""
    given = (ProjectReporter.project_id == project_id, ProjectReporter.user_id == user_id)
    session.execute(delete(ProjectReporter).where(*given))
