"""The page of an indicator: every figure of it, with what it was before corrections and what is doubtful about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.rules.errors import NotFound
from app.services import project_summaries, projects
from app.services.acting import Act, Permission
from app.services.project_summaries import Figure, IndicatorSummary, ProjectSummary
from app.storage import observations
from app.storage.models import Correction


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator as its page shows it. `figures` are all that stand, the latest first, parts after their whole;
    `voided` were entered wrongly. `corrections` are by observation, the newest first."""

    project: ProjectSummary
    summary: IndicatorSummary
    figures: tuple[Figure, ...]
    voided: tuple[Figure, ...]
    corrections: Mapping[str, Sequence[Correction]]
    may_write: bool


def show_indicator(session: Session, slug: str, key: str, act: Act) -> IndicatorView:
    """Raises NotFound where the actor does not see the project, or it has no such indicator."""
    project = project_summaries.summarise_project(session, slug, act)
    summary = next((one for one in project.indicators if one.row.key == key), None)
    if summary is None:
        raise NotFound("not_found")
    rows = [row for row in summary.rows.values() if row.indicator_id == summary.row.id]
    kept = [Figure(observations.to_facts(row, key), row) for row in rows]
    computed = [one for one in summary.history if one.row is None]
    standing = [*computed, *(one for one in kept if one.row is None or one.row.voided_at is None)]
    return IndicatorView(
        project=project,
        summary=summary,
        figures=tuple(sorted(standing, key=_latest_first)),
        voided=tuple(one for one in kept if one.row is not None and one.row.voided_at is not None),
        corrections=observations.corrections_of_project(session, project.found.id),
        may_write=projects.may_write(session, project.found, act.actor, Permission.OUTCOMES),
    )


def _latest_first(figure: Figure) -> tuple[int, int, int, str]:
    facts = figure.facts
    days = (facts.period_end - facts.period_start).days
    return -facts.period_end.toordinal(), -days, len(facts.breakdown), facts.id
