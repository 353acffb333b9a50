"""What is kept of a project's figures and money, read once, and the same as the rules see it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.rules.outcomes import ObservationFacts, ProjectFacts
from app.services.projects import ProjectFound
from app.storage import funding, indicators, observations
from app.storage.models import Funding, Indicator
from app.storage.observations import OfIndicator


class Rows(NamedTuple):
    """In the project's order, voided ones too."""

    indicators: Sequence[Indicator]
    observations: Sequence[OfIndicator]
    funding: Sequence[Funding]


def rows_of(session: Session, found: ProjectFound) -> Rows:
    """A project's rows, also those that the session has not written yet."""
    session.flush()
    return Rows(
        indicators.of_project(session, found.id),
        observations.of_project(session, found.id),
        funding.of_project(session, found.id),
    )


def facts_of(found: ProjectFound, rows: Rows, drafts: Iterable[ObservationFacts] = ()) -> ProjectFacts:
    """A project as the rules see it, with its figures and `drafts` that are not kept yet; computed figures apart."""
    kept = [observations.to_facts(*row) for row in rows.observations if row.observation.voided_at is None]
    return ProjectFacts(
        starts_on=found.project.starts_on,
        ends_on=found.project.may_continue_until or found.project.ends_on,
        indicators=tuple(map(indicators.to_facts, rows.indicators)),
        observations=(*kept, *drafts),
        funding=funding.to_facts(found.project, rows.funding),
    )


def load_facts(session: Session, found: ProjectFound, drafts: Iterable[ObservationFacts] = ()) -> ProjectFacts:
    """The same, for who has no need of the rows."""
    return facts_of(found, rows_of(session, found), drafts)
