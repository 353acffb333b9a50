"""The portfolio in figures, today or as of any day, whole and by group, and over time."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.garbage import looking_for_no_cycles
from app.rules.clauses import PromisedRange, promised_range
from app.rules.codes import ERASED_JOBS
from app.rules.dates import ONE_DAY, add_months
from app.rules.facts import ContractFacts
from app.rules.judgement import Judgement, judge
from app.rules.outlook import outlook_on
from app.rules.positions import Chain
from app.rules.status import ChainState, Standing, Status, chain_state, standing_on
from app.schemas.summary import GroupBy
from app.services.acting import Act, Actor
from app.storage import summary
from app.storage.facts import load_facts

OF_CONTRACTS = frozenset({GroupBy.UNIT, GroupBy.CLAUSE_TYPE, GroupBy.SUPPLIER, GroupBy.YEAR})
"""Ways to split that put a whole contract in one group; the others split its jobs."""
SUMMED = ("contracts", "required", "promised_min", "filled", "completed", "running", "missing")
MAX_POINTS = 24
"""More points than these make a line no clearer and a page no faster."""
STEPS = (1, 3, 6, 12, 24, 60, 120)
"""Months between two points; the last reaches across all days a field takes."""


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
    erased_as_of: date | None = None
    """The end of a quarter as of which contracts are told whose jobs are erased, where that is another day."""

    @property
    def size(self) -> int:
        """What puts large groups before small ones."""
        return max(self.required, self.filled)

    def merge(self, other: "Figures") -> None:
        """Adds another group's figures."""
        for column in ("procurements", *SUMMED):
            setattr(self, column, getattr(self, column) + getattr(other, column))
        known = self.promised_max is not None and other.promised_max is not None
        self.promised_max = (self.promised_max or 0) + (other.promised_max or 0) if known else None
        self.by_status += other.by_status

    def add(self, row: Any) -> None:
        """Adds a row of sums over contracts of one status."""
        for column in SUMMED:
            setattr(self, column, getattr(self, column) + getattr(row, column))
        if row.unknown_max or self.promised_max is None:
            self.promised_max = None
        else:
            self.promised_max += row.promised_max
        self.by_status[Status(row.status)] += row.contracts

    def add_judgement(self, judgement: Judgement) -> None:
        """Adds one contract, judged live."""
        self.add_standing(judgement.standing, judgement.promised)
        self.note_erased(judgement.outlook.facts, judgement.as_of)

    def note_erased(self, facts: ContractFacts, day: date) -> None:
        """Of a contract whose jobs are erased only ends of quarters are kept."""
        if facts.kept is not None and (told := facts.kept.told_as_of(day)) != day:
            self.erased_as_of = told

    def add_standing(self, standing: Standing, promised: PromisedRange) -> None:
        self.contracts += 1
        for column in ("required", "filled", "completed", "running", "missing"):
            setattr(self, column, getattr(self, column) + getattr(standing, column))
        self.promised_min += promised.least
        known = promised.most is not None and self.promised_max is not None
        self.promised_max = (self.promised_max or 0) + (promised.most or 0) if known else None
        self.by_status[standing.status] += 1

    def add_jobs(self, standing: Standing) -> None:
        """Adds the jobs of one contract of which only their counts are kept."""
        for column in ("filled", "completed", "running"):
            setattr(self, column, getattr(self, column) + getattr(standing, column))

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
    found, after = Summary(Figures(), {}), ""
    while rows := summary.contracts(session, trees, as_of, group_by, after):
        with looking_for_no_cycles():
            _add_live(session, found, rows, as_of, group_by)
        after = rows[-1].id
    return found


def _add_live(session: Session, found: Summary, rows: Sequence[Any], as_of: date, group_by: GroupBy | None) -> None:
    """Adds contracts, judged from their facts."""
    ids = [row.id for row in rows]
    facts = load_facts(session, ids)
    channels = summary.channels(session, ids) if group_by is GroupBy.CHANNEL else {}
    for row in rows:
        judgement = judge(facts[row.id], as_of)
        found.whole.add_judgement(judgement)
        if group_by in OF_CONTRACTS:
            found.groups.setdefault(str(row.key), Figures(str(row.name))).add_judgement(judgement)
        elif group_by is not None:
            _add_jobs(found.groups, judgement, group_by, channels)


def _add_jobs(groups: dict[str, Figures], judgement: Judgement, group_by: GroupBy, channels: dict[str, str]) -> None:
    """Adds a contract's jobs, each to its group."""
    if judgement.outlook.facts.kept is not None:
        groups.setdefault(ERASED_JOBS, Figures(ERASED_JOBS)).add_jobs(judgement.standing)
    for chain in judgement.outlook.chains:
        code = _code(chain, group_by, channels)
        groups.setdefault(code, Figures(code)).add_chain(chain, judgement.as_of)


def _code(chain: Chain, group_by: GroupBy, channels: dict[str, str]) -> str:
    """The group of a job: that of whoever began it."""
    head = chain.members[0]
    return channels[head.id] if group_by is GroupBy.CHANNEL else str(getattr(head, group_by.value))


def folded(groups: dict[str, Figures], limit: int) -> tuple[dict[str, Figures], Figures | None]:
    """At most `limit` groups, the largest, in the order they had; the others added up, None where there are none.

    A procurement whose contracts lie in several groups counts once in each, and so more than once among the others.
    """
    if len(groups) <= limit:
        return groups, None
    largest = set(sorted(groups, key=lambda key: groups[key].size, reverse=True)[: limit - 1])
    others = Figures()
    for key, figures in groups.items():
        if key not in largest:
            others.merge(figures)
    return {key: figures for key, figures in groups.items() if key in largest}, others


def month_ends(first: date, last: date) -> list[date]:
    """Ends of months from `first` on, and `last` itself: of every month, quarter, half year, year or more, whichever
    makes at most MAX_POINTS days. Only `last` where it is not after `first`."""
    for step in STEPS:
        # Counted from a year's beginning: quarters end in March, June, September and December.
        begins = date(first.year, 1, 1)
        ends = (add_months(begins, months) - ONE_DAY for months in range(step, 12 * MAX_POINTS * step, step))
        days: list[date] = []
        for day in ends:
            if day >= last or len(days) == MAX_POINTS:
                break
            if day >= first:
                days.append(day)
        if len(days) < MAX_POINTS:
            break
    return [*days, last]


def over_time(session: Session, days: Sequence[date], act: Act) -> list[Figures]:
    """The portfolio of the units the actor sees as of each of the days, in their order: what today's knowledge says of
    them, judged from the facts.

    Facts are loaded once. A contract's outlook is made anew only for the first day and for days with facts dated since
    the one before, its standing on every day. Measured with three jobs and thirty purchases to a contract: half
    a second at most for a thousand contracts and 24 days.
    """
    days = sorted(days)
    figures = [Figures() for _ in days]
    trees, after = _trees(act.actor), ""
    while rows := summary.contracts(session, trees, days[-1], None, after):
        with looking_for_no_cycles():
            facts = load_facts(session, [row.id for row in rows])
            for row in rows:
                add_over_time(figures, days, bisect_left(days, row.signed_on), facts[row.id])
        after = rows[-1].id
    return figures


def add_over_time(figures: list[Figures], days: Sequence[date], first: int, facts: ContractFacts) -> None:
    """Adds a contract to the figures from its signing on."""
    known = _dates_of(facts)
    outlook, seen = None, 0
    for number in range(first, len(days)):
        day = days[number]
        while seen < len(known) and known[seen] <= day:
            seen, outlook = seen + 1, None
        if outlook is None:
            outlook = outlook_on(facts, day)
        standing = standing_on(outlook, day)
        figures[number].add_standing(standing, promised_range(facts, standing.required))
        figures[number].note_erased(facts, day)


def _dates_of(facts: ContractFacts) -> list[date]:
    """The days from which facts count, in order: between two of them the outlook stays as it is."""
    dates = {day for row in facts.positions for day in (row.agreed_on, row.ended_on)}
    dates |= {row.on_date for row in facts.purchases}
    dates |= {row.exercised_on for row in facts.options}
    dates |= {row.effective_on for row in facts.adjustments}
    dates.add(facts.termination.decided_on if facts.termination else None)
    dates.add(facts.closure.effective_on if facts.closure else None)
    return sorted(day for day in dates if day is not None)
