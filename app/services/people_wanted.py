"""Who needs someone by when: the contracts on which a person can still start and complete in time, soonest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.rules.judgement import Judgement, judge
from app.rules.status import Status
from app.services.acting import Act
from app.storage import contract_lists, keyset, people_wanted
from app.storage.contracts import SORTS, ContractFilter
from app.storage.facts import load_facts

WANTING = (Status.OVERDUE, Status.AT_RISK, Status.OPEN, Status.NOT_STARTED, Status.CANNOT_BE_MET)
"""Where the obligation as a whole is lost, some of the missing positions may still be saved."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A contract that needs `count` people. `until` is the last day for the first of them who can still be in time;
    `late` where the clause's own time to start has passed, while `until` is the last chance. `detail` says whom to ask
    and who is accepted."""

    row: Any
    detail: Any
    judgement: Judgement
    count: int
    until: date
    late: bool


@dataclass(frozen=True, slots=True)
class PeopleWanted:
    openings: Sequence[Opening]
    people: int
    found: keyset.Slice


def list_people_wanted(session: Session, unit_id: str | None, page: keyset.Page, act: Act) -> PeopleWanted:
    """A page of the contracts in the actor's units, judged live."""
    trees = None if act.actor.everywhere else act.actor.trees()
    wanted = ContractFilter(WANTING, unit_id)
    found = contract_lists.page_of(session, trees, wanted, SORTS["latest_start_on"], page)
    ids = [row.id for row in found.rows]
    facts, details = load_facts(session, ids), people_wanted.details(session, ids)
    made = (_opening(row, details[row.id], judge(facts[row.id], act.today)) for row in found.rows)
    openings = sorted((one for one in made if one is not None), key=lambda one: (one.until, one.row.id))
    return PeopleWanted(openings, sum(one.count for one in openings), found)


def _opening(row: Any, detail: Any, judgement: Judgement) -> Opening | None:
    """None where nobody who starts now could be in time any more."""
    today = judgement.as_of
    ahead = [day for day in judgement.standing.missing_latest_starts if day >= today]
    last_chance = judgement.outlook.last_chance_on
    if judgement.status is Status.OVERDUE and last_chance is not None:
        return Opening(row, detail, judgement, judgement.standing.missing, last_chance, late=True)
    if judgement.status not in WANTING or not ahead:
        return None
    return Opening(row, detail, judgement, len(ahead), ahead[0], late=False)
