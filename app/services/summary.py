"""The portfolio in figures, today or as of any day, whole and by group."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.rules.judgement import Judgement, judge
from app.rules.positions import Chain
from app.rules.status import ChainState, Status, chain_state
from app.schemas.summary import GroupBy
from app.services.acting import Act, Actor
from app.storage import summary
from app.storage.facts import load_facts

OF_CONTRACTS = frozenset({GroupBy.UNIT, GroupBy.CLAUSE_TYPE, GroupBy.SUPPLIER, GroupBy.YEAR})
"""Ways to split that put a whole contract in one group; the others split its jobs."""


@dataclass
class Figures:
    """Sums over contracts; `promised_max` is None once a contract's most is unknown."""

    name: str = ""
    procurements: int = 0
    contracts: int = 0
    required: int = 0
    promised_min: int = 0
    promised_max: int | None = 0
    filled: int = 0
    completed: int = 0
    running: int = 0
    missing: int = 0
    by_status: Counter[Status] = field(default_factory=Counter)

    def add(self, row: Any) -> None:
        """Adds a row of sums over contracts of one status."""
        for column in ("contracts", "required", "promised_min", "filled", "completed", "running", "missing"):
            setattr(self, column, getattr(self, column) + getattr(row, column))
        if row.unknown_max or self.promised_max is None:
            self.promised_max = None
        else:
            self.promised_max += row.promised_max
        self.by_status[Status(row.status)] += row.contracts

    def add_judgement(self, judgement: Judgement) -> None:
        """Adds one contract, judged live."""
        standing, promised = judgement.standing, judgement.promised
        self.contracts += 1
        for column in ("required", "filled", "completed", "running", "missing"):
            setattr(self, column, getattr(self, column) + getattr(standing, column))
        self.promised_min += promised.least
        known = promised.most is not None and self.promised_max is not None
        self.promised_max = (self.promised_max or 0) + (promised.most or 0) if known else None
        self.by_status[standing.status] += 1

    def add_chain(self, chain: Chain, day: date) -> None:
        """Adds one job with those who went on with it."""
        state = chain_state(chain, day)
        self.filled += state is not ChainState.UPCOMING
        self.completed += state is ChainState.COMPLETED and chain.in_time
        self.running += state is ChainState.RUNNING


@dataclass
class Summary:
    whole: Figures
    groups: dict[str, Figures]


def _trees(actor: Actor) -> list[str]:
    return ["/"] if actor.everywhere else actor.trees()


def summarise(session: Session, as_of: date, group_by: GroupBy | None, act: Act) -> Summary:
    """The portfolio of the units the actor sees. Today's comes from the stored judgements, other days' and splits of
    jobs from the facts."""
    trees = _trees(act.actor)
    if as_of == act.today and (group_by is None or group_by in OF_CONTRACTS):
        found = _stored(session, trees, as_of, group_by)
    else:
        found = _live(session, trees, as_of, group_by)
    counts = summary.procurement_counts(session, trees, as_of, group_by)
    found.whole.procurements = counts.get("", 0)
    for key, figures in found.groups.items():
        figures.procurements = counts.get(key, 0)
    found.groups = dict(sorted(found.groups.items(), key=lambda item: (item[1].name, item[0])))
    return found


def _stored(session: Session, trees: list[str], today: date, group_by: GroupBy | None) -> Summary:
    found = Summary(Figures(), {})
    for row in summary.stored(session, trees, today, group_by):
        found.whole.add(row)
        if group_by is not None:
            found.groups.setdefault(str(row.key), Figures(str(row.name))).add(row)
    return found


def _live(session: Session, trees: list[str], as_of: date, group_by: GroupBy | None) -> Summary:
    found = Summary(Figures(), {})
    for key, name, judgement, channels in _judged(session, trees, as_of, group_by):
        found.whole.add_judgement(judgement)
        if group_by in OF_CONTRACTS:
            found.groups.setdefault(key, Figures(name)).add_judgement(judgement)
        elif group_by is not None:
            for chain in judgement.outlook.chains:
                code = _code(chain, group_by, channels)
                found.groups.setdefault(code, Figures(code)).add_chain(chain, as_of)
    return found


def _code(chain: Chain, group_by: GroupBy, channels: dict[str, str]) -> str:
    """The group of a job: that of whoever began it."""
    head = chain.members[0]
    return channels[head.id] if group_by is GroupBy.CHANNEL else str(getattr(head, group_by.value))


def _judged(
    session: Session, trees: list[str], as_of: date, group_by: GroupBy | None
) -> Iterator[tuple[str, str, Judgement, dict[str, str]]]:
    after = ""
    while rows := summary.contracts(session, trees, as_of, group_by, after):
        ids = [row.id for row in rows]
        facts = load_facts(session, ids)
        channels = summary.channels(session, ids) if group_by is GroupBy.CHANNEL else {}
        for row in rows:
            yield str(row.key), str(row.name), judge(facts[row.id], as_of), channels
        after = ids[-1]
