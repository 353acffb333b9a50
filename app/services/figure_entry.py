"""What someone who records a figure is shown and offered: what was recorded before, and what is likely to come next."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.rules.codes import FigureStatus
from app.rules.errors import NotFound, RuleBroken
from app.rules.periods import Period, next_period, whole_period
from app.services import projects
from app.services.acting import Act, Permission
from app.services.projects import ProjectFound
from app.storage import indicators, observations
from app.storage.models import Indicator, Observation

Parts = dict[str, tuple[str, ...]]
"""Values of dimensions, by dimension."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An indicator with its figures, the latest first; voided ones are left out. `parts` are the known values of
    its dimensions: those with a name, then others in use. `source` is that of the figure recorded last where
    it speaks of the same period: what is offered of another time would be saved unread, and be false."""

    found: ProjectFound
    indicator: Indicator
    figures: tuple[Observation, ...]
    parts: Parts
    period: Period
    source: str | None
    status: str


def entry_of(session: Session, slug: str, key: str, act: Act) -> Entry:
    """What to show and offer beside a new figure. Raises NotFound where the project has no such indicator, Forbidden
    where the actor may not write it, RuleBroken where its figures are computed."""
    found = projects.find_project(session, slug, act.actor)
    projects.require_project(session, found, act.actor, Permission.OUTCOMES)
    indicator = indicators.by_key(session, found.id, key)
    if indicator is None:
        raise NotFound("not_found")
    if indicator.computation is not None:
        raise RuleBroken("indicator_computed", "indicator")
    rows = [row for row, _ in observations.of_project(session, found.id) if row.voided_at is None]
    own = [row for row in rows if row.indicator_id == indicator.id]
    last = max(rows, key=lambda row: row.id, default=None)
    period = _offered_period(found, own, last, act)
    return Entry(
        found=found,
        indicator=indicator,
        figures=_newest_first(own),
        parts=known_parts(indicator, own),
        period=period,
        source=last.source if last is not None and (last.period_start, last.period_end) == period else None,
        status=last.status if last is not None else FigureStatus.PRELIMINARY,
    )


def known_parts(indicator: Indicator, figures: Sequence[Observation]) -> Parts:
    """The values of an indicator's dimensions that have a name, then those of its figures that have none."""
    found: Parts = {}
    for dimension in indicator.dimensions:
        named = list(indicator.category_names.get(dimension, {}))
        used = sorted({row.breakdown[dimension] for row in figures if dimension in row.breakdown})
        found[dimension] = (*named, *(value for value in used if value not in named))
    return found


def parts_of(session: Session, indicator: Indicator) -> Parts:
    """The same for an indicator alone; values of voided figures too, which may be asked for by name."""
    return known_parts(indicator, observations.of_indicator(session, indicator.id))


def _newest_first(figures: Sequence[Observation]) -> tuple[Observation, ...]:
    """By period, the latest first; of one period the whole before its parts."""
    by_part = sorted(figures, key=lambda row: (row.part, row.id))
    return tuple(sorted(by_part, key=lambda row: (row.period_end, row.period_start), reverse=True))


def _offered_period(found: ProjectFound, own: Sequence[Observation], last: Observation | None, act: Act) -> Period:
    """After the indicator's latest figure; else the period recorded last: a report is typed in one go."""
    if own:
        return next_period(Period(own[-1].period_start, own[-1].period_end), act.today)
    if last is not None:
        return Period(last.period_start, last.period_end)
    return whole_period(found.project.starts_on, found.project.ends_on, act.today)
