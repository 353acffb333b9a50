"""What hangs on a project and is added, changed and voided alike: its money, its timetable, its risks."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, NotFound
from app.services import holding, projects, trail
from app.services.acting import Act
from app.services.projects import ProjectFound
from app.storage.models import Funding, Milestone, Risk

Part = TypeVar("Part", Funding, Milestone, Risk)
Find = Callable[[Session, str], Part | None]
"""A part by its id, as the database has it now."""


def keep(session: Session, part: Part, act: Act) -> Part:
    """Keeps a new part, which has been checked."""
    session.add(part)
    trail.record_row(session, act, "created", part)
    return part


def find_part(session: Session, find: Find[Part], part_id: str, act: Act) -> tuple[ProjectFound, Part]:
    """A part and its project, for reading. Raises NotFound where the actor does not see the project."""
    part = find(session, part_id)
    if part is None:
        raise NotFound("not_found")
    return projects.find_by_id(session, part.project_id, act.actor), part


def hold_part(
    session: Session, find: Find[Part], part_id: str, act: Act, expected_version: int | None
) -> tuple[ProjectFound, Part]:
    """A part and its project, for writing. Raises Conflict on a voided part, Stale where the caller expects another
    version."""
    found, part = find_part(session, find, part_id, act)
    projects.hold_found(session, found, act)
    session.refresh(part)
    holding.check_version(part, expected_version)
    if part.voided_at is not None:
        raise Conflict("already_voided")
    return found, part


def fill(part: Part, sent: Mapping[str, Any]) -> None:
    """Changes what was sent."""
    for name, value in sent.items():
        setattr(part, name, value)


def void(session: Session, part: Part, reason: str, act: Act) -> Part:
    """Voids a part entered wrongly: it then counts for nothing, and stays in the trail."""
    part.voided_at, part.void_reason = act.now, reason
    trail.record_row(session, act, "voided", part)
    return part
