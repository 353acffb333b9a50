"""What is known of a contract as of a day, and stays so until a new fact: units, chains, last days to start."""

from datetime import date
from operator import itemgetter
from typing import NamedTuple

from app.rules.clauses import base_units, required_units, unit_latest_start, unlimited_latest_start
from app.rules.contracts import effective_end_on
from app.rules.facts import ClauseFacts, ContractFacts
from app.rules.positions import Chain, chains, continuation_latest_start


class Outlook(NamedTuple):
    """The part of a judgement that does not change with the day while no fact is added.

    `units` holds the base day, `unit_latest_starts` the last day to start of every required position, both sorted;
    `base_units` are the base days before adjustments.
    `continuations` are the short chains that can be taken up again, with their last day, the latest first.
    `last_chance_on` (C) is the last day on which someone can still start and complete every missing unit in time;
    None, as L, where nothing is missing.
    """

    facts: ContractFacts
    as_of: date
    effective_end_on: date
    base_units: tuple[date, ...]
    units: tuple[date, ...]
    unit_latest_starts: tuple[date, ...]
    chains: tuple[Chain, ...]
    continuations: tuple[tuple[date, Chain], ...]
    covered: int
    missing_latest_starts: tuple[date, ...]
    last_chance_on: date | None
    closed: bool

    @property
    def required(self) -> int:
        return len(self.units)

    @property
    def missing(self) -> int:
        return len(self.missing_latest_starts)

    @property
    def latest_start_on(self) -> date | None:
        return self.missing_latest_starts[0] if self.missing_latest_starts else None

    @property
    def over_on(self) -> date | None:
        """The day after which what is missing is breached: the later of the effective end and C."""
        return None if self.last_chance_on is None else max(self.effective_end_on, self.last_chance_on)


def outlook_on(facts: ContractFacts, as_of: date) -> Outlook:
    """Gathers what is known of the contract on a day; of one whose jobs are erased, what was kept of them."""
    outlook = _outlook_on(facts, as_of)
    if facts.kept is None:
        return outlook
    kept = facts.kept.at(as_of)
    starts = kept.missing_latest_starts
    last_chance = max(starts, default=None)
    return outlook._replace(covered=kept.covered, missing_latest_starts=starts, last_chance_on=last_chance)


def _outlook_on(facts: ContractFacts, as_of: date) -> Outlook:
    clause = facts.clause
    end = effective_end_on(facts, as_of)
    unlimited = unlimited_latest_start(clause, end)
    base = base_units(facts, end, as_of)
    units = required_units(facts, base, as_of)
    starts = sorted([unit_latest_start(clause, day, unlimited) for day in units])
    walked = chains(facts, end, as_of)
    covered = sum([chain.in_time for chain in walked])
    missing = starts[covered:]
    continuations = _continuations(walked, clause, end) if missing else []
    days = [day for day, _ in continuations]
    return Outlook(
        facts=facts,
        as_of=as_of,
        effective_end_on=end,
        base_units=tuple(base),
        units=tuple(units),
        unit_latest_starts=tuple(starts),
        chains=tuple(walked),
        continuations=tuple(continuations),
        covered=covered,
        missing_latest_starts=tuple(sorted(_paired(missing, days))),
        last_chance_on=min(_paired([unlimited] * len(missing), days)) if missing else None,
        closed=facts.closure is not None and facts.closure.effective_on <= as_of,
    )


def _continuations(walked: list[Chain], clause: ClauseFacts, end: date) -> list[tuple[date, Chain]]:
    """The short chains that can be taken up again, with their last day, the latest first."""
    found = [(continuation_latest_start(chain, clause, end), chain) for chain in walked]
    return sorted([(day, chain) for day, chain in found if day is not None], key=itemgetter(0), reverse=True)


def _paired(missing: list[date], continuations: list[date]) -> list[date]:
    """The missing units' last days, earliest first, each paired with the chain that can be continued the latest: the
    later of the two days holds."""
    paired = [max(own, day) for own, day in zip(missing, continuations, strict=False)]
    return paired + missing[len(paired) :]
