"""When the content of a contract is to be erased: the clock runs from the day on which nothing can change any more.

Over is a contract once its last day has passed (options taken included; one not taken can be taken only until then),
everybody's job is over or has lasted long enough, nobody can take up a broken job or start for a missing one, no
recorded fact lies ahead, and no dispute keeps it. Whoever lifts what kept it begins the time anew.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.rules import policy
from app.rules.contracts import effective_end_on
from app.rules.dates import ONE_DAY, add_months, completes_on
from app.rules.facts import ClauseFacts, ContractFacts, PositionFacts
from app.rules.outlook import Outlook, outlook_on
from app.rules.recheck import next_fact_on

CLIPPED = timedelta(days=3)
"""So many days at the most are lost at a month's end where months are counted there and back."""


class NotYet(StrEnum):
    """Why no clock runs, in the order in which it is asked."""

    KEPT_FOR_DISPUTE = "kept_for_dispute"
    CONTRACT_RUNS = "contract_runs"
    FACT_AHEAD = "fact_ahead"
    JOB_RUNS = "job_runs"
    OBLIGATION_OPEN = "obligation_open"


class Stay(NamedTuple):
    """A dispute: nothing is erased while it is not lifted."""

    set_on: date
    lifted_on: date | None = None


class Running(NamedTuple):
    """No clock runs: why, and the last day known on which that holds; None where nobody can say."""

    reason: NotYet
    until: date | None


class Clock(NamedTuple):
    """`over_on` is the last day on which anything could change. From the day after, the months run; from `notice_on`
    the owner is to hear of it, and on `erase_on` the content may go."""

    over_on: date
    notice_on: date
    erase_on: date


def clock_of(facts: ContractFacts, stays: Sequence[Stay], months: int, as_of: date) -> Clock | Running:
    """The clock of a contract as of a day, or why none runs; `months` is what its organisation keeps."""
    if any(stay.lifted_on is None for stay in stays):
        return Running(NotYet.KEPT_FOR_DISPUTE, None)
    outlook = outlook_on(facts, as_of)
    lasting = {
        NotYet.CONTRACT_RUNS: effective_end_on(facts, as_of),
        NotYet.FACT_AHEAD: next_fact_on(facts, as_of) or date.min,
        NotYet.JOB_RUNS: max((_job_over_on(one, facts.clause) for one in facts.positions), default=date.min),
        NotYet.OBLIGATION_OPEN: max(_obligation_days(outlook), default=date.min),
    }
    for reason, until in lasting.items():
        if until >= as_of:
            return Running(reason, until)
    over_on = max([*lasting.values(), *_decided(facts), *(stay.lifted_on for stay in stays if stay.lifted_on)])
    return Running(NotYet.FACT_AHEAD, over_on) if over_on > as_of else clock_from(over_on, months)


def months_kept(own: int | None) -> int:
    """What an organisation keeps: its own months where it has set some."""
    return policy.RETENTION_MONTHS if own is None else own


def clock_from(over_on: date, months: int) -> Clock:
    """Full months after the last day, and the owner's time before them."""
    erase_on = add_months(over_on + ONE_DAY, months)
    return Clock(over_on, erase_on - timedelta(days=policy.ERASURE_NOTICE_DAYS), erase_on)


def may_be_due_on(today: date, months: int) -> date:
    """A day by which every contract has ended of which the owner is to hear by today: it selects whom to ask at all."""
    return add_months(today + timedelta(days=policy.ERASURE_NOTICE_DAYS), -months) + CLIPPED


def _job_over_on(position: PositionFacts, clause: ClauseFacts) -> date:
    """A job's last day; an open one, or one planned for longer, is over for us with its full months."""
    if position.ended_on is not None:
        return position.ended_on
    full = completes_on(position.starts_on, clause.min_duration_months)
    return full if position.planned_end_on is None else min(full, position.planned_end_on)


def _obligation_days(outlook: Outlook) -> Iterator[date]:
    """Days until which someone can still start or go on, and the limit after which what is missing is breached."""
    if outlook.closed:
        return
    if outlook.over_on is not None:
        yield outlook.over_on
    yield from (until for until, _ in outlook.continuations)
    yield from (chain.completes_on for chain in outlook.chains if chain.completes_on is not None)


def _decided(facts: ContractFacts) -> Iterator[date]:
    """Days of the decisions: who adjusts or closes an obligation long after the contract still deals with it."""
    yield from (one.effective_on for one in facts.adjustments)
    if facts.closure is not None:
        yield facts.closure.effective_on
    if facts.termination is not None:
        yield facts.termination.decided_on
