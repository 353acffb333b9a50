"""Indicators of projects."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.rules.codes import CohortStage, Dimension, Direction, FigureUnit
from app.rules.outcomes import IndicatorFacts
from app.storage.models import Indicator


def of_project(session: Session, project_id: str) -> Sequence[Indicator]:
    """A project's indicators, in its order."""
    wanted = select(Indicator).where(Indicator.project_id == project_id)
    return session.scalars(wanted.order_by(Indicator.place, Indicator.id)).all()


def by_key(session: Session, project_id: str, key: str) -> Indicator | None:
    """As the database has it now."""
    wanted = select(Indicator).where(Indicator.project_id == project_id, Indicator.key == key)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def next_place(session: Session, project_id: str) -> int:
    """The place behind all others."""
    return (session.scalar(select(func.max(Indicator.place)).where(Indicator.project_id == project_id)) or 0) + 1


def to_facts(row: Indicator) -> IndicatorFacts:
    """One row as the rules see it."""
    return IndicatorFacts(
        key=row.key,
        unit=FigureUnit(row.unit),
        direction=Direction(row.direction) if row.direction else None,
        target_min=row.target_min,
        target_max=row.target_max,
        target_on=row.target_on,
        dimensions=frozenset(map(Dimension, row.dimensions)),
        scale_min=row.scale_min,
        scale_max=row.scale_max,
        table=row.table,
        counted_among=row.counted_among,
        stage=CohortStage(row.stage) if row.stage else None,
        accumulates=row.accumulates,
    )
