"""Figures of projects taken out of the service as a whole, and the trail of who took which list."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.rules.figures import oldest_first
from app.services import project_summaries, projects, trail
from app.services.acting import Act
from app.services.project_summaries import Figure, IndicatorSummary
from app.storage.fingerprints import fingerprint
from app.storage.models import Project
from app.storage.models.personal import is_about_person


class ExportedFigure(NamedTuple):
    """A figure of a project with its indicator; `doubtful` is whether someone is to answer a question about it."""

    project: Project
    indicator: IndicatorSummary
    figure: Figure
    doubtful: bool


def project_figures(session: Session, act: Act) -> list[ExportedFigure]:
    """Every figure of the projects that the actor sees that is not voided, computed ones too; by project and indicator,
    the earliest period first."""
    listed = projects.list_projects(session, act.actor)
    return [
        ExportedFigure(summary.found.project, one, figure, _doubtful(one, figure))
        for summary in project_summaries.summaries(session, listed, act)
        for one in summary.indicators
        for figure in sorted(_figures(one), key=lambda figure: oldest_first(figure.facts))
    ]


def _figures(one: IndicatorSummary) -> Iterator[Figure]:
    yield from one.history
    yield from one.others
    for parts in one.parts.values():
        yield from map(one.figure_of, parts)


def _doubtful(one: IndicatorSummary, figure: Figure) -> bool:
    return any(asked.open and figure.facts.id in asked.question.observation_ids for asked in one.asked)


def record_taken(
    session: Session, subject: str, kind: str, rows: int | None, act: Act, wanted: Mapping[str, Any] | None = None
) -> None:
    """Leaves in the trail who took how many rows (None: not known yet) of which list, narrowed down to what, and as
    what kind of file. Whom someone looked for stands there as a fingerprint."""
    narrowed = {name: _told(value) for name, value in (wanted or {}).items() if value}
    narrowed |= {
        name: fingerprint(session, value) for name, value in narrowed.items() if is_about_person(subject, name)
    }
    told = {} if wanted is None else {"wanted": narrowed}
    trail.record(session, act, "exported", subject, "list", {"kind": kind, "rows": rows, **told})


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
