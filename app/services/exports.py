"""Lists taken out of the service as a whole: their rows, and the trail of who took them."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.rules.figures import oldest_first
from app.services import contracts, project_summaries, projects, trail
from app.services.acting import Act
from app.services.project_summaries import Figure, IndicatorSummary
from app.storage import exports, keyset
from app.storage.contracts import ContractFilter
from app.storage.models import Project

CHUNK = 1000


class ExportedContract(NamedTuple):
    """A row of the contract list with the name of the unit that owns the contract."""

    row: Any
    unit_name: str


def contract_rows(session: Session, wanted: ContractFilter, sort: keyset.Sort, act: Act) -> Iterator[ExportedContract]:
    """Every contract of the list that the actor sees, in its order; one chunk is in memory at a time."""
    after: tuple[Any, ...] | None = None
    while True:
        found = contracts.list_contracts(session, wanted, sort, keyset.Page(CHUNK, after), act)
        names = exports.unit_names(session, (row.unit_id for row in found.rows))
        for row in found.rows:
            yield ExportedContract(row, names[row.unit_id])
        if found.next_after is None:
            return
        after = found.next_after


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


def record_figures_taken(session: Session, kind: str, rows: int, act: Act) -> None:
    """Leaves in the trail who took how many figures of projects, and as what kind of file."""
    trail.record(session, act, "exported", "observation", "list", {"kind": kind, "rows": rows})


def record_contracts_taken(session: Session, kind: str, rows: int, wanted: ContractFilter, act: Act) -> None:
    """Leaves in the trail who took how many rows of which list, and as what kind of file."""
    narrowed = {name: value for name, value in asdict(wanted).items() if value}
    trail.record(session, act, "exported", "contract", "list", {"kind": kind, "rows": rows, "wanted": narrowed})
