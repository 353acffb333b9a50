"""What is told of erased jobs: counts of a year, small ones folded as in everything that leaves the city."""

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.rules.codes import ArchivedBy, Channel
from app.rules.facts import EmploymentForm, TargetGroup
from app.rules.folding import Folded, folded_counts
from app.services.acting import Act
from app.storage import erased_contracts, units

CATEGORIES: dict[ArchivedBy, tuple[str, ...]] = {
    ArchivedBy.TARGET_GROUP: tuple(TargetGroup),
    ArchivedBy.EMPLOYMENT_FORM: tuple(EmploymentForm),
    ArchivedBy.CHANNEL: tuple(Channel),
}
"""In an order that does not depend on the counts: what is least asked for stands last."""


class Archived(NamedTuple):
    """The erased jobs of an organisation that began in a year."""

    root_id: str
    year: int
    dimension: ArchivedBy
    folded: Folded


def list_archived(session: Session, act: Act) -> list[Archived]:
    """Of the organisations whose whole tree the actor reads, by year and by what jobs are counted."""
    found: list[Archived] = []
    for root_id in units.roots(session):
        if not act.actor.sees(units.path_of(session, root_id)):
            continue
        counts: dict[tuple[int, ArchivedBy], dict[str, int]] = defaultdict(dict)
        for year, dimension, code, jobs in erased_contracts.counts(session, root_id):
            counts[int(year), ArchivedBy(dimension)][code] = int(jobs)
        for (year, dimension), by_code in sorted(counts.items()):
            whole = {code: by_code.get(code, 0) for code in CATEGORIES[dimension]}
            found.append(Archived(root_id, year, dimension, folded_counts(whole)))
    return found
