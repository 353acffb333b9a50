"""Figures that come from the contracts of a project's programme, as of any day; nobody types them.

They count what the units that carry the project bought, whoever looks at them. Positions of a predecessor's programme
are counted in where the project says so.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.rules.clauses import consideration_due, promised_range
from app.rules.codes import Computation, FigureStatus, RelationKind
from app.rules.outcomes import ObservationFacts
from app.rules.outlook import outlook_on
from app.rules.status import standing_on
from app.services.projects import ProjectFound
from app.services.summary import Figures
from app.storage import computed_figures
from app.storage.facts import load_facts
from app.storage.models import Indicator, Project

COMPUTED = "computed:"
"""Begins the ids of computed figures, which are kept nowhere."""


class Computed(NamedTuple):
    """A figure's value in its indicator's unit, or the parts of a share."""

    value: int | None = None
    value_max: int | None = None
    numerator: int | None = None
    denominator: int | None = None


def computed(
    session: Session, found: ProjectFound, indicators: Mapping[Computation, Indicator], as_of: date
) -> list[ObservationFacts]:
    """The figures of a project's computed indicators as of a day; none before the project began."""
    if found.project.programme is None or as_of < found.project.starts_on:
        return []
    source = _Source(session, found, found.project.programme, as_of)
    return [
        _observation(indicator.key, found.project, as_of, FIGURES[computation](source))
        for computation, indicator in indicators.items()
    ]


class _Source:
    """What the figures of one project are computed from; each thing is asked once."""

    def __init__(self, session: Session, found: ProjectFound, programme: str, as_of: date) -> None:
        self.session, self.found, self.as_of = session, found, as_of
        self.tenders = computed_figures.tenders(session, found.paths, programme, as_of)
        earlier = (one for one in found.project.relations if one["kind"] == RelationKind.PREDECESSOR)
        self.programmes = [programme, *(str(one["programme"]) for one in earlier if one.get("programme"))]
        self._positions: Figures | None = None

    def considered(self) -> int:
        first = self.found.project.starts_on
        values = computed_figures.values_considered(self.session, self.found.paths, first, self.as_of)
        return sum(map(consideration_due, values))

    def positions(self) -> Figures:
        if self._positions is None:
            self._positions = Figures()
            for ids in computed_figures.contract_ids(self.session, self.found.paths, self.programmes, self.as_of):
                for facts in load_facts(self.session, ids).values():
                    standing = standing_on(outlook_on(facts, self.as_of), self.as_of)
                    self._positions.add_standing(standing, promised_range(facts, standing.required))
        return self._positions


def _promised(source: _Source) -> Computed:
    """A range where purchases decide; without its upper end where nobody can say."""
    least, most = source.positions().promised_min, source.positions().promised_max
    return Computed(least, most if most != least else None)


FIGURES: dict[Computation, Callable[[_Source], Computed]] = {
    Computation.TENDERS_WITH_CLAUSE: lambda source: Computed(source.tenders.with_clause),
    Computation.POSITIONS_PROMISED: _promised,
    Computation.POSITIONS_FILLED: lambda source: Computed(source.positions().filled),
    Computation.INNOVATIVE_SHARE: lambda source: Computed(
        numerator=source.tenders.innovative, denominator=source.tenders.with_clause
    ),
    Computation.CLAUSE_CONSIDERED: lambda source: Computed(source.considered()),
}


def _observation(key: str, project: Project, as_of: date, figure: Computed) -> ObservationFacts:
    return ObservationFacts(
        id=COMPUTED + key,
        indicator=key,
        period_start=project.starts_on,
        period_end=as_of,
        value=None if figure.value is None else Decimal(figure.value),
        value_max=None if figure.value_max is None else Decimal(figure.value_max),
        numerator=figure.numerator,
        denominator=figure.denominator,
        status=FigureStatus.PRELIMINARY if project.ends_on is None or as_of <= project.ends_on else FigureStatus.FINAL,
    )
