"""What is known of a project's outcomes already, for telling what a document brings that is new.

Figures are recognised by indicator, days, part and status, also by those they had before a correction. Money, steps
and risks have no key: they are recognised by their name in any language or, where that was changed, by all the rest.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.rules.codes import LANGUAGES
from app.rules.errors import NotFound
from app.schemas.indicators import IndicatorCreate
from app.schemas.observations import ObservationCreate
from app.services import outcomes, projects
from app.services.acting import Actor
from app.services.projects import ProjectFound
from app.storage import funding, indicators, milestones, observations, risks
from app.storage.models import Funding, Milestone, Risk

Row = TypeVar("Row", Funding, Milestone, Risk)
Figure = tuple[object, ...]
"""What a figure is recognised by."""


class Differing(NamedTuple):
    """How what is known differs from what is given: the fields, or that it was voided."""

    fields: tuple[str, ...] = ()
    voided: bool = False

    @property
    def same(self) -> bool:
        return not self.fields and not self.voided


def project_named(session: Session, slug: str, actor: Actor) -> ProjectFound | None:
    """The actor's project of this name, if there is one."""
    try:
        return projects.find_project(session, slug, actor)
    except NotFound:
        return None


def differing_fields(given: BaseModel, known: BaseModel) -> tuple[str, ...]:
    """Fields in which two bodies differ; 78 and 78.0 are not the same figure."""
    one, other = _written(given), _written(known)
    return tuple(name for name in one if one[name] != other.get(name))


def _written(body: BaseModel) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in body.model_dump().items()}


class KnownFigures:
    """A project's figures, voided ones too, by all that they are and were recognised by."""

    def __init__(self) -> None:
        self._rows: dict[Figure, list[tuple[ObservationCreate, bool]]] = defaultdict(list)

    def add(self, figure: ObservationCreate, voided: bool, earlier: Iterable[Mapping[str, Any]]) -> None:
        """Adds a figure with what its fields were before each correction, the newest first."""
        as_it_was = figure.model_dump(mode="json")
        recognised = {_figure(figure)}
        for before in earlier:
            as_it_was |= before
            recognised.add(_figure(ObservationCreate.model_validate(as_it_was)))
        for one in recognised:
            self._rows[one].append((figure, voided))

    def differing(self, given: ObservationCreate) -> Differing | None:
        """None where the figure is new."""
        found = self._rows.get(_figure(given))
        if not found:
            return None
        ways = [Differing(differing_fields(given, figure), voided) for figure, voided in found]
        return next((way for way in ways if way.same), ways[0])


def _figure(figure: ObservationCreate) -> Figure:
    part = observations.part_of({dimension.value: value for dimension, value in figure.breakdown.items()})
    return figure.indicator, figure.period_start, figure.period_end, part, figure.status


class KnownParts:
    """A project's money, steps or risks, voided ones too; each is found for one of those given at the most."""

    def __init__(self, rows: Iterable[tuple[BaseModel, bool]]) -> None:
        self._rows = list(rows)

    def differing(self, given: Sequence[BaseModel]) -> list[Differing | None]:
        """How each one known differs from what is given, None where that is new. First those that are the same find
        one another, then those of the same name, and last those that bear another one."""
        found: list[Differing | None] = [None] * len(given)
        left = list(self._rows)
        for alike in (_is_same, _has_its_name, _is_renamed):
            for place, one in enumerate(given):
                row = None if found[place] else next((row for row in left if alike(one, row[0])), None)
                if row is not None:
                    left.remove(row)
                    found[place] = Differing(differing_fields(one, row[0]), row[1])
        return found


def _is_same(given: BaseModel, known: BaseModel) -> bool:
    return not differing_fields(given, known)


def _has_its_name(given: BaseModel, known: BaseModel) -> bool:
    """The same kind of money or package of steps, and the same name in some language."""
    one, other = given.model_dump(), known.model_dump()
    beside = all(one.get(name) == other.get(name) for name in ("kind", "package"))
    return beside and any(one["name"].get(language) == other["name"].get(language, "") for language in LANGUAGES)


def _is_renamed(given: BaseModel, known: BaseModel) -> bool:
    return set(differing_fields(given, known)) <= {"name"}


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a project's outcomes."""

    indicators: dict[str, IndicatorCreate]
    figures: KnownFigures
    funding: KnownParts
    milestones: KnownParts
    risks: KnownParts


def of_project(session: Session, found: ProjectFound) -> Known:
    session.flush()
    return Known(
        {row.key: outcomes.indicator_fields(row) for row in indicators.of_project(session, found.id)},
        known_figures(session, found),
        _parts(funding.of_project(session, found.id), outcomes.funding_fields),
        _parts(milestones.of_project(session, found.id), outcomes.milestone_fields),
        _parts(risks.of_project(session, found.id), outcomes.risk_fields),
    )


def known_figures(session: Session, found: ProjectFound) -> KnownFigures:
    """A project's figures, for recognising them."""
    session.flush()
    known, earlier = KnownFigures(), observations.corrections_of_project(session, found.id)
    for row, indicator in observations.of_project(session, found.id):
        before = [correction.before for correction in earlier.get(row.id, ())]
        known.add(outcomes.observation_fields(row, indicator), row.voided_at is not None, before)
    return known


def _parts(rows: Iterable[Row], fields: Callable[[Row], BaseModel]) -> KnownParts:
    return KnownParts((fields(row), row.voided_at is not None) for row in rows)
