"""Observations of a project's indicators, and their corrections."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rules.codes import Dimension, FigureStatus
from app.rules.outcomes import Breakdown, ObservationFacts
from app.storage.models import AnsweredQuestion, Correction, Indicator, Observation


class OfIndicator(NamedTuple):
    """An observation with the key of its indicator."""

    observation: Observation
    indicator: str


def get(session: Session, observation_id: str) -> tuple[Observation, Indicator] | None:
    """An observation and its indicator, as the database has them now."""
    wanted = select(Observation, Indicator).join(Indicator, Indicator.id == Observation.indicator_id)
    wanted = wanted.where(Observation.id == observation_id).execution_options(populate_existing=True)
    row = session.execute(wanted).one_or_none()
    return None if row is None else (row[0], row[1])


def of_project(session: Session, project_id: str) -> list[OfIndicator]:
    """A project's observations, voided ones too, by indicator, period and part."""
    wanted = select(Observation, Indicator.key).join(Indicator, Indicator.id == Observation.indicator_id)
    wanted = wanted.where(Indicator.project_id == project_id)
    order = (Indicator.place, Observation.period_end, Observation.period_start, Observation.part, Observation.id)
    return [OfIndicator(*row) for row in session.execute(wanted.order_by(*order))]


def of_indicator(session: Session, indicator_id: str) -> Sequence[Observation]:
    """All observations of one indicator, voided ones too."""
    return session.scalars(select(Observation).where(Observation.indicator_id == indicator_id)).all()


def beside(session: Session, observation: Observation) -> Sequence[Observation]:
    """The observations of the same part whose periods have a day in common with this one, voided ones too."""
    same_part = (Observation.indicator_id == observation.indicator_id, Observation.part == observation.part)
    same_days = (
        Observation.period_start <= observation.period_end,
        Observation.period_end >= observation.period_start,
    )
    return session.scalars(select(Observation).where(*same_part, *same_days)).all()


def corrections(session: Session, observation_id: str) -> Sequence[Correction]:
    """The newest first."""
    wanted = select(Correction).where(Correction.observation_id == observation_id)
    return session.scalars(wanted.order_by(Correction.id.desc())).all()


def corrections_of_project(session: Session, project_id: str) -> dict[str, list[Correction]]:
    """By observation, the newest first."""
    wanted = select(Correction).join(Observation, Observation.id == Correction.observation_id)
    wanted = wanted.join(Indicator, Indicator.id == Observation.indicator_id)
    found: dict[str, list[Correction]] = defaultdict(list)
    for row in session.scalars(wanted.where(Indicator.project_id == project_id).order_by(Correction.id.desc())):
        found[row.observation_id].append(row)
    return found


def answered(session: Session, project_id: str) -> dict[str, AnsweredQuestion]:
    """The questions of a project that were answered, by key."""
    rows = session.scalars(select(AnsweredQuestion).where(AnsweredQuestion.project_id == project_id))
    return {row.key: row for row in rows}


def part_of(breakdown: Mapping[str, str]) -> str:
    """A breakdown as one text, the same for the same part."""
    return "&".join(f"{dimension}={value}" for dimension, value in sorted(breakdown.items()))


def breakdown_of(row: Observation) -> Breakdown:
    return tuple((Dimension(dimension), value) for dimension, value in sorted(row.breakdown.items()))


def to_facts(row: Observation, indicator: str) -> ObservationFacts:
    """One row as the rules see it."""
    return ObservationFacts(
        id=row.id,
        indicator=indicator,
        period_start=row.period_start,
        period_end=row.period_end,
        value=row.value,
        value_max=row.value_max,
        numerator=row.numerator,
        denominator=row.denominator,
        n=row.n,
        breakdown=breakdown_of(row),
        status=FigureStatus(row.status),
        approximate=row.approximate,
    )
