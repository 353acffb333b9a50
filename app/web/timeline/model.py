"""What there is to see of one contract on a day, as plain data: the period, jobs, what is missing, purchases.

Nothing here is decided anew: everything is read from a judgement's outlook with the functions of the rules.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from app.rules.clauses import accruals, next_threshold, purchases_within, unlimited_latest_start
from app.rules.dates import ONE_DAY, completes_on
from app.rules.facts import AdjustmentFacts, ContractFacts, PositionFacts, PurchaseThreshold
from app.rules.judgement import Judgement
from app.rules.outlook import Outlook
from app.rules.positions import Chain, account, counted_ids, known_end
from app.rules.progress import JobState, Progress, progress_of
from app.rules.status import Status


class Kind(StrEnum):
    """How a job stands on the day; `CONTINUED` broke off, or will, and somebody else goes on."""

    COMPLETED = "completed"
    LATE = "late"
    RUNNING = "running"
    UPCOMING = "upcoming"
    INTERRUPTED = "interrupted"
    CONTINUED = "continued"
    NOT_COUNTED = "not_counted"


class Trouble(StrEnum):
    """What is wrong with a job that runs or is to start: it ends too early, or is complete too late."""

    NONE = ""
    SHORT = "short"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Job:
    """One position. `full_on` is the day on which it fills its unit, after `needed` days; `served` of them by the day
    looked at. `ends_on` is None where it goes on as far as is known. `reasons` say why it does not count."""

    id: str
    form: str
    group: str
    starts_on: date
    ends_on: date | None
    kind: Kind
    trouble: Trouble = Trouble.NONE
    full_on: date | None = None
    served: int = 0
    needed: int = 0
    continues: bool = False
    reasons: tuple[str, ...] = ()

    @property
    def lasts(self) -> int:
        """Days from the first to the last known day; the days served where it goes on."""
        return self.served if self.ends_on is None else (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True, slots=True)
class Unit:
    """Jobs that follow each other as one; `number` counts those that cover a required position."""

    number: int | None
    jobs: tuple[Job, ...]

    @property
    def kind(self) -> Kind:
        return self.jobs[-1].kind


class Prospect(StrEnum):
    """Whether a missing unit can be started in time, only later than the clause wants, no more, or is past."""

    OPEN = "open"
    OVERDUE = "overdue"
    LOST = "cannot_be_met"
    PAST = "breached"


@dataclass(frozen=True, slots=True)
class Missing:
    """Required positions without anybody, alike in everything. Started on `latest_start_on`, the work is complete on
    `full_on`; until `chance_on` (complete on `chance_full_on`) it can still be started at all. `days_left` is set
    where someone would go on with a job that broke off; `limit` says what sets the day."""

    first_number: int
    count: int
    prospect: Prospect
    latest_start_on: date
    full_on: date
    chance_on: date
    chance_full_on: date
    limit: str
    days_left: int | None

    @property
    def until(self) -> tuple[date, date]:
        """The day that matters now and when the work begun on it is complete."""
        if self.prospect is Prospect.OVERDUE:
            return self.chance_on, self.chance_full_on
        return self.latest_start_on, self.full_on


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the contract's period: the base period or an option, which is taken where `taken_on` is set."""

    starts_on: date
    ends_on: date
    option: bool = False
    taken_on: date | None = None


@dataclass(frozen=True, slots=True)
class Accrual:
    """Positions that fell due on a day, when purchases had reached `reached_cents`."""

    on: date
    units: int
    reached_cents: int


@dataclass(frozen=True, slots=True)
class Purchases:
    """Cumulative purchases against the threshold; `next_at_cents` is None where no more positions can fall due."""

    threshold_cents: int
    per_threshold: int
    totals: tuple[tuple[date, int], ...]
    accruals: tuple[Accrual, ...]
    next_at_cents: int | None

    @property
    def total_cents(self) -> int:
        return self.totals[-1][1] if self.totals else 0

    @property
    def left_cents(self) -> int:
        return (self.next_at_cents or 0) - self.total_cents


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything the picture, the list and the table show."""

    as_of: date
    facts: ContractFacts
    effective_end_on: date
    stretches: tuple[Stretch, ...]
    terminated_on: date | None
    closed_on: date | None
    adjustments: tuple[AdjustmentFacts, ...]
    units: tuple[Unit, ...]
    not_counted: tuple[Job, ...]
    missing: tuple[Missing, ...]
    option_start_on: date | None
    purchases: Purchases | None


def seen(judgement: Judgement) -> Seen:
    """What there is to see of a judgement."""
    outlook, facts = judgement.outlook, judgement.outlook.facts
    closed = facts.closure is not None and outlook.closed
    termination = facts.termination
    known = termination is not None and termination.decided_on <= judgement.as_of
    early = known and termination is not None and termination.terminated_on == outlook.effective_end_on
    return Seen(
        as_of=judgement.as_of,
        facts=facts,
        effective_end_on=outlook.effective_end_on,
        stretches=tuple(_stretches(outlook, known)),
        terminated_on=termination.terminated_on if termination is not None and early else None,
        closed_on=facts.closure.effective_on if facts.closure is not None and closed else None,
        adjustments=tuple(change for change in facts.adjustments if change.effective_on <= judgement.as_of),
        units=tuple(_units(outlook)),
        not_counted=tuple(_not_counted(outlook)),
        missing=() if closed else tuple(_missing(outlook, judgement.status)),
        option_start_on=_option_start(judgement),
        purchases=_purchases(outlook),
    )


def _stretches(outlook: Outlook, terminated: bool) -> Iterator[Stretch]:
    """Base period and options in the order of their ends; once terminated, only what was in force before."""
    facts = outlook.facts
    yield Stretch(facts.starts_on, facts.ends_on)
    reached = facts.ends_on
    for option in sorted(facts.options, key=lambda option: option.ends_on):
        taken = option.exercised_on is not None and option.exercised_on <= outlook.as_of
        if option.ends_on > reached and (taken or not terminated):
            yield Stretch(reached + ONE_DAY, option.ends_on, True, option.exercised_on if taken else None)
            reached = option.ends_on


# --- Jobs


STANDINGS = {
    JobState.COMPLETED: (Kind.COMPLETED, Trouble.NONE),
    JobState.COMPLETED_LATE: (Kind.LATE, Trouble.NONE),
    JobState.RUNNING: (Kind.RUNNING, Trouble.NONE),
    JobState.RUNNING_LATE: (Kind.RUNNING, Trouble.LATE),
    JobState.UPCOMING: (Kind.UPCOMING, Trouble.NONE),
    JobState.UPCOMING_LATE: (Kind.UPCOMING, Trouble.LATE),
    JobState.CONTINUED: (Kind.CONTINUED, Trouble.NONE),
    JobState.WILL_BE_CONTINUED: (Kind.CONTINUED, Trouble.NONE),
    JobState.BROKEN_OFF: (Kind.INTERRUPTED, Trouble.NONE),
    JobState.TOO_SHORT: (Kind.RUNNING, Trouble.SHORT),
}
"""How the picture shows what the rules say has become of a job; one too short may still be to start."""


def _units(outlook: Outlook) -> Iterator[Unit]:
    number = 0
    progress = {one.position_id: one for one in progress_of(outlook)}
    for chain in outlook.chains:
        number += chain.in_time
        yield Unit(number if chain.in_time else None, tuple(_jobs(chain, progress, outlook.as_of)))


def _jobs(chain: Chain, progress: Mapping[str, Progress], as_of: date) -> Iterator[Job]:
    """The members of a chain, each with the days it has to fill."""
    for member, following in zip(chain.members, [*chain.members[1:], None], strict=True):
        found = progress[member.id]
        kind, trouble = STANDINGS[found.state]
        if found.state is JobState.TOO_SHORT and member.starts_on > as_of:
            kind = Kind.UPCOMING
        yield Job(
            id=member.id,
            form=member.employment_form,
            group=member.target_group,
            starts_on=member.starts_on,
            ends_on=known_end(member, following, as_of),
            kind=kind,
            trouble=trouble,
            full_on=found.completes_on,
            served=found.served,
            needed=found.needed,
            continues=found.continues,
        )


def _not_counted(outlook: Outlook) -> Iterator[Job]:
    """Positions known on the day that are in no chain, with the reasons, in the order of their starts."""
    counted = counted_ids(outlook.chains)
    known = [row for row in outlook.facts.positions if row.agreed_on <= outlook.as_of and row.id not in counted]
    for position in sorted(known, key=lambda row: (row.starts_on, row.id)):
        yield _left_out(position, outlook)


def _left_out(position: PositionFacts, outlook: Outlook) -> Job:
    reasons = account(position, outlook.facts, outlook.effective_end_on, outlook.as_of).not_counted_because
    end = known_end(position, None, outlook.as_of)
    return Job(
        id=position.id,
        form=position.employment_form,
        group=position.target_group,
        starts_on=position.starts_on,
        ends_on=end,
        kind=Kind.NOT_COUNTED,
        served=max(0, (min(end or outlook.as_of, outlook.as_of) - position.starts_on).days + 1),
        reasons=reasons,
    )


# --- What is missing


def _missing(outlook: Outlook, status: Status) -> list[Missing]:
    """The missing units, those with the earliest day first, alike ones together."""
    own = outlook.unit_latest_starts[outlook.covered :]
    ones = [_one_missing(outlook, status, place, day) for place, day in enumerate(own)]
    ones.sort(key=lambda one: (one.latest_start_on, one.full_on))
    found: list[Missing] = []
    for number, one in enumerate(ones, outlook.covered + 1):
        if found and _alike(found[-1], one):
            found[-1] = replace(found[-1], count=found[-1].count + 1)
        else:
            found.append(replace(one, first_number=number))
    return found


def _one_missing(outlook: Outlook, status: Status, place: int, own: date) -> Missing:
    """A missing unit by its place among them, paired with the chain that can be continued the latest."""
    clause = outlook.facts.clause
    unlimited = unlimited_latest_start(clause, outlook.effective_end_on)
    day, chain = outlook.continuations[place] if place < len(outlook.continuations) else (date.min, None)
    left = chain.days_needed - chain.days_served if chain is not None else 0

    def complete(start: date, anew: date) -> date:
        if start > anew:  # only someone who goes on with the broken job can begin so late
            return start + timedelta(days=left - 1)
        return completes_on(start, clause.min_duration_months)

    latest, chance = max(own, day), max(unlimited, day)
    limit = clause.completion.value if own == unlimited else "start_within"
    if day > own:
        limit = "continuation"
    return Missing(
        first_number=0,
        count=1,
        prospect=_prospect(outlook.as_of, latest, chance, status),
        latest_start_on=latest,
        full_on=complete(latest, own),
        chance_on=chance,
        chance_full_on=complete(chance, unlimited),
        limit=limit,
        days_left=left if day > own or (day > unlimited and latest < outlook.as_of) else None,
    )


def _prospect(as_of: date, latest: date, chance: date, status: Status) -> Prospect:
    if as_of <= latest:
        return Prospect.OPEN
    if as_of <= chance:
        return Prospect.OVERDUE
    return Prospect.PAST if status is Status.BREACHED else Prospect.LOST


def _alike(one: Missing, other: Missing) -> bool:
    return one == replace(other, first_number=one.first_number, count=one.count)


def _option_start(judgement: Judgement) -> date | None:
    """The last day to start if the next option were taken."""
    if not judgement.standing.missing:
        return None
    for reason in judgement.reasons:
        if reason.code == "option_would_extend":
            day = reason.values["latest_start_on"]
            return day if isinstance(day, date) else None
    return None


# --- Purchases


def _purchases(outlook: Outlook) -> Purchases | None:
    terms = outlook.facts.clause.terms
    if not isinstance(terms, PurchaseThreshold):
        return None
    bought = purchases_within(outlook.facts, outlook.effective_end_on, outlook.as_of)
    by_day: dict[date, int] = {}
    for purchase in sorted(bought, key=lambda purchase: purchase.on_date):
        by_day[purchase.on_date] = by_day.get(purchase.on_date, 0) + purchase.amount_cents
    totals, total = [], 0
    for day, cents in by_day.items():
        total += cents
        totals.append((day, total))
    days = accruals(terms, bought)
    due: dict[date, int] = {}
    for day in days:
        due[day] = due.get(day, 0) + 1
    reached, found = 0, []
    for day, count in due.items():
        reached += count
        found.append(Accrual(day, count, -(-reached // terms.positions_per_threshold) * terms.threshold_cents))
    ahead = None if outlook.closed else next_threshold(outlook.facts, outlook.effective_end_on, outlook.as_of)
    next_at = None if ahead is None else ahead.next_at_cents
    return Purchases(terms.threshold_cents, terms.positions_per_threshold, tuple(totals), tuple(found), next_at)
