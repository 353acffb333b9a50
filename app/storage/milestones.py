"""The steps of projects' timetables."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage.models import Milestone


def get(session: Session, milestone_id: str) -> Milestone | None:
    return session.get(Milestone, milestone_id, populate_existing=True)


def of_project(session: Session, project_id: str) -> Sequence[Milestone]:
    """In the project's order, voided ones too."""
    wanted = select(Milestone).where(Milestone.project_id == project_id)
    return session.scalars(wanted.order_by(Milestone.place, Milestone.id)).all()


def next_place(session: Session, project_id: str) -> int:
    """The place behind all others."""
    return (session.scalar(select(func.max(Milestone.place)).where(Milestone.project_id == project_id)) or 0) + 1
