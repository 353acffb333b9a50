"""Projects' risk registers."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.rules.risks import RiskFacts
from app.storage.models import Risk


def get(session: Session, risk_id: str) -> Risk | None:
    return session.get(Risk, risk_id, populate_existing=True)


def of_project(session: Session, project_id: str) -> Sequence[Risk]:
    """In the order of entry, voided ones too."""
    return session.scalars(select(Risk).where(Risk.project_id == project_id).order_by(Risk.place, Risk.id)).all()


def next_place(session: Session, project_id: str) -> int:
    """The place behind all others."""
    return (session.scalar(select(func.max(Risk.place)).where(Risk.project_id == project_id)) or 0) + 1


def to_facts(row: Risk) -> RiskFacts:
    """One row as the rules see it."""
    return RiskFacts(row.id, row.likelihood, row.impact, row.review_on, row.reviewed_on)
