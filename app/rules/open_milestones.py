"""What open data tells of an obligation: what is due by when, and whether it was done. Never by whom, or when.

Whoever keeps every release that was ever published could tell by the difference on which day a job began or its months
were full. So the due days are those that the clause, the contract and its purchases give, and not those of an
obligation with its jobs (a job that broke off moves them); and whether something was done is told as it stood at the
end of a quarter, once the reports of that quarter are in. It is the day for which the public tables are made, too.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.rules import policy
from app.rules.clauses import PromisedRange
from app.rules.dates import ONE_DAY, completes_on
from app.rules.facts import ClauseFacts, Completion, ContractFacts
from app.rules.judgement import Judgement, judge
from app.rules.public_tables import quarter_of
from app.rules.status import ChainState, chain_state


class Step(StrEnum):
    """Of an obligation: people start, and their months are full."""

    START = "start"
    COMPLETE = "complete"


class MilestoneStatus(StrEnum):
    """As OCDS writes it."""

    SCHEDULED = "scheduled"
    MET = "met"
    NOT_MET = "notMet"
    PARTIALLY_MET = "partiallyMet"


class OpenMilestone(NamedTuple):
    """So many people must have started, or completed, by a day."""

    step: Step
    due_on: date
    positions: int
    status: MilestoneStatus


class OpenObligation(NamedTuple):
    """What is told of an obligation on a day; `told_on` is the day as of which the milestones' status holds."""

    effective_end_on: date
    required: int
    promised: PromisedRange
    told_on: date
    milestones: tuple[OpenMilestone, ...]


def told_on(today: date) -> date:
    """The last day of the latest quarter whose reports are in."""
    latest = today - timedelta(days=policy.PUBLISHED_AFTER_DAYS)
    return quarter_of(latest + ONE_DAY).first - ONE_DAY


def open_obligation(facts: ContractFacts, today: date) -> OpenObligation:
    """What may be told of a contract's obligation. Once it is closed by a decision, only what was met before."""
    owed = judge(replace(facts, positions=()), today)
    on = told_on(today)
    told = tuple(_milestones(owed, judge(facts, on), on))
    if owed.outlook.closed:
        told = tuple(one for one in told if one.status is MilestoneStatus.MET)
    return OpenObligation(owed.standing.effective_end_on, owed.standing.required, owed.promised, on, told)


def _milestones(owed: Judgement, was: Judgement, on: date) -> Iterator[OpenMilestone]:
    """One for each day by which somebody must have started, then one for each by which months must be full."""
    started, completed = _done(was, on)
    starts, clause = owed.outlook.unit_latest_starts, owed.outlook.facts.clause
    full_by = Counter(_full_by(day, clause, owed.standing.effective_end_on) for day in starts)
    yield from _step(Step.START, Counter(starts), started, on)
    yield from _step(Step.COMPLETE, full_by, completed, on)


def _done(was: Judgement, on: date) -> tuple[int, int]:
    """How many have started in time, and completed in time. Jobs are erased long after the last of them was over."""
    if was.outlook.facts.kept is not None:
        return was.standing.covered, was.standing.completed
    done = [chain for chain in was.outlook.chains if chain.in_time]
    started = sum(chain.first_start <= on for chain in done)
    return started, sum(chain_state(chain, on) is ChainState.COMPLETED for chain in done)


def _full_by(latest_start: date, clause: ClauseFacts, effective_end: date) -> date:
    """By when the months of someone who starts on the last day must be full."""
    if clause.completion is Completion.WITHIN_CONTRACT:
        return effective_end
    return completes_on(latest_start, clause.min_duration_months)


def _step(step: Step, due: Counter[date], done: int, on: date) -> Iterator[OpenMilestone]:
    """Who has done it counts towards what was due first."""
    for day in sorted(due):
        yield OpenMilestone(step, day, due[day], _status(day, due[day], done, on))
        done = max(0, done - due[day])


def _status(due_on: date, positions: int, done: int, on: date) -> MilestoneStatus:
    if done >= positions:
        return MilestoneStatus.MET
    if done:
        return MilestoneStatus.PARTIALLY_MET
    return MilestoneStatus.NOT_MET if on >= due_on else MilestoneStatus.SCHEDULED
