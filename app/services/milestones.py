"""A project's timetable: steps added, done, moved, entered wrongly."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.rules.errors import RuleBroken
from app.schemas.milestones import MilestoneChange, MilestoneCreate
from app.services import project_parts, projects, trail
from app.services.acting import Act
from app.storage import milestones
from app.storage.models import Milestone, new_id


def add_milestone(session: Session, slug: str, command: MilestoneCreate, act: Act) -> Milestone:
    """Adds a step. Raises RuleBroken where its days do not fit."""
    found = projects.hold_project(session, slug, act)
    place = milestones.next_place(session, found.id)
    milestone = Milestone(id=new_id(), project_id=found.id, place=place, created_at=act.now, **command.model_dump())
    _check(milestone, act)
    return project_parts.keep(session, milestone, act)


def change_milestone(
    session: Session, milestone_id: str, command: MilestoneChange, act: Act, expected_version: int | None = None
) -> Milestone:
    """Changes what was sent."""
    _, milestone = project_parts.hold_part(session, milestones.get, milestone_id, act, expected_version)
    project_parts.fill(milestone, command.model_dump(exclude_unset=True))
    with session.no_autoflush:
        _check(milestone, act)
    trail.record_row(session, act, "changed", milestone)
    return milestone


def void_milestone(
    session: Session, milestone_id: str, reason: str, act: Act, expected_version: int | None = None
) -> Milestone:
    """Voids a step entered wrongly."""
    _, milestone = project_parts.hold_part(session, milestones.get, milestone_id, act, expected_version)
    return project_parts.void(session, milestone, reason, act)


def read_milestone(session: Session, milestone_id: str, act: Act) -> Milestone:
    return project_parts.find_part(session, milestones.get, milestone_id, act)[1]


def list_milestones(session: Session, slug: str, act: Act) -> Sequence[Milestone]:
    """A project's timetable, voided steps too."""
    return milestones.of_project(session, projects.find_project(session, slug, act.actor).id)


def _check(milestone: Milestone, act: Act) -> None:
    if milestone.ends_on < milestone.starts_on:
        raise RuleBroken("period_reversed", "ends_on")
    if milestone.done_on is not None and milestone.done_on > act.today:
        raise RuleBroken("done_after_today", "done_on")
