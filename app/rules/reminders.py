"""Which reminders are due on a contract, decided from facts and what was told; reminders_due, still_holds, next day.

Two families. *Limits* follow the judgement of the day: a window that closes, a limit that has passed, silence. *Events*
are things that happened: they are told once, when they were recorded at most `EVENT_TOLD_WITHIN_DAYS` ago, and never
when they were already so before the contract came into the service.

Two kinds are decided elsewhere, since the judgement does not know of them: `handover` where a contract is handed over,
`erasure_ahead` by rules/retention.py.
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from app.rules import policy
from app.rules.clauses import adjusted_units
from app.rules.dates import ONE_DAY
from app.rules.facts import ContractFacts, PurchaseThreshold
from app.rules.judgement import Judgement, judge
from app.rules.status import ChainState, Status, chain_state


class ReminderKind(StrEnum):
    """Most urgent first: what can still be saved, what is lost, what is news, what is good."""

    OVERDUE = "overdue"
    WINDOW_CLOSING = "window_closing"
    POSITION_INTERRUPTED = "position_interrupted"
    CANNOT_BE_MET = "cannot_be_met"
    BREACHED = "breached"
    THRESHOLD_REACHED = "threshold_reached"
    NO_NEWS = "no_news"
    FULFILLED = "fulfilled"
    NINE_MONTHS_REACHED = "nine_months_reached"
    ERASURE_AHEAD = "erasure_ahead"
    HANDOVER = "handover"


LIMIT_KINDS = {
    Status.OVERDUE: ReminderKind.OVERDUE,
    Status.CANNOT_BE_MET: ReminderKind.CANNOT_BE_MET,
    Status.BREACHED: ReminderKind.BREACHED,
}
SILENT = frozenset({Status.CLOSED, Status.NOT_STARTED})
"""Only a handover is told of these."""
NOBODY_MUST_START = frozenset({Status.FULFILLED, Status.NO_OBLIGATION})
REPEATING = frozenset({ReminderKind.OVERDUE, ReminderKind.CANNOT_BE_MET, ReminderKind.BREACHED, ReminderKind.NO_NEWS})
"""What repeats until the facts change. The steps of a closing window are no repeats: each is nearer."""

ReminderKey = tuple[ReminderKind, str]
"""Unique beside the contract: a reminder with a key once told is never told again."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to tell. `on` is the day it is about (the last day to start, the limit, the event's own day), `count`
    the number it is about (positions now required or completed, days of silence)."""

    kind: ReminderKind
    key: str
    on: date
    count: int = 0

    @property
    def reminder_key(self) -> ReminderKey:
        return (self.kind, self.key)

    @property
    def urgency(self) -> tuple[int, date]:
        return urgency(self.kind, self.on)


def urgency(kind: ReminderKind, on: date) -> tuple[int, date]:
    """Sorts what is most urgent first: by kind in the order of ReminderKind, then by day."""
    return (list(ReminderKind).index(kind), on)


@dataclass(frozen=True, slots=True)
class Muting:
    """What the owner asked for: `acknowledged` stops the repeats, `snoozed_until` mutes all before that day, as asked
    on `snoozed_on`."""

    acknowledged: bool = False
    snoozed_until: date | None = None
    snoozed_on: date | None = None


def window_closing(judgement: Judgement) -> Reminder | None:
    """The step nearest to the earliest last day to start that is still ahead, today included."""
    today = judgement.as_of
    ahead = [day for day in judgement.standing.missing_latest_starts if day >= today]
    if judgement.status in NOBODY_MUST_START or not ahead:
        return None
    left = (ahead[0] - today).days
    step = next((step for step in policy.WINDOW_STEPS_DAYS if left <= step), None)
    if step is None:
        return None
    return Reminder(ReminderKind.WINDOW_CLOSING, f"{ahead[0]}/{step}", ahead[0], ahead.count(ahead[0]))


def limit_on(judgement: Judgement) -> date | None:
    """The day that has passed where the status is overdue, cannot_be_met or breached: L, C, or the end of all."""
    outlook = judgement.outlook
    match judgement.status:
        case Status.OVERDUE:
            return outlook.latest_start_on
        case Status.CANNOT_BE_MET:
            return outlook.last_chance_on
        case Status.BREACHED:
            return outlook.over_on
    return None


def limit_passed(judgement: Judgement, told: AbstractSet[ReminderKey]) -> Reminder | None:
    """The status that holds, on entering it and every 30 days; a breach three times for one limit."""
    kind, limit = LIMIT_KINDS.get(judgement.status), limit_on(judgement)
    if kind is None or limit is None:
        return None
    if kind is ReminderKind.BREACHED:
        times = sum(1 for other, key in told if other is kind and key.startswith(f"{limit}/"))
        if times >= policy.BREACHED_TOLD_AT_MOST:
            return None
    period = (judgement.as_of - limit).days // policy.REPEAT_DAYS
    return Reminder(kind, f"{limit}/{period}", limit, judgement.standing.missing)


def no_news(judgement: Judgement) -> Reminder | None:
    """Nothing was recorded on the contract for 180 days, and again every 180 days."""
    last = judgement.outlook.facts.last_recorded_on
    silence = (judgement.as_of - last).days
    periods = silence // policy.NO_NEWS_DAYS
    if periods < 1 or judgement.status in NOBODY_MUST_START:
        return None
    return Reminder(ReminderKind.NO_NEWS, f"{last}/{periods}", last, silence)


def events(judgement: Judgement) -> Iterator[Reminder]:
    """Everything that has happened on the contract as the day knows it, told or not."""
    facts, standing, outlook = judgement.outlook.facts, judgement.standing, judgement.outlook
    if isinstance(facts.clause.terms, PurchaseThreshold):
        yield from _growth(facts, list(outlook.base_units), judgement.as_of)
    completed_on: list[date] = []
    for chain in outlook.chains:
        state = chain_state(chain, judgement.as_of)
        if state is ChainState.INTERRUPTED and chain.short_since is not None:
            yield Reminder(ReminderKind.POSITION_INTERRUPTED, chain.last.id, chain.short_since)
        if state is ChainState.COMPLETED and chain.completes_on is not None:
            yield Reminder(ReminderKind.NINE_MONTHS_REACHED, chain.members[0].id, chain.completes_on)
            if chain.in_time:
                completed_on.append(chain.completes_on)
    if judgement.status is Status.FULFILLED:
        on = sorted(completed_on)[standing.required - 1]
        yield Reminder(ReminderKind.FULFILLED, str(standing.required), on, standing.required)


def _growth(facts: ContractFacts, units: list[date], as_of: date) -> Iterator[Reminder]:
    """One event per unit with which purchases made the number required grow; a unit that an adjustment has taken away
    in advance makes none."""
    if not facts.adjustments:
        yield from (Reminder(ReminderKind.THRESHOLD_REACHED, str(n), day, n) for n, day in enumerate(units, start=1))
        return
    before = len(adjusted_units([], facts.adjustments, as_of))
    for number, day in enumerate(units, start=1):
        required = len(adjusted_units(units[:number], facts.adjustments, as_of))
        if required > before:
            yield Reminder(ReminderKind.THRESHOLD_REACHED, str(number), day, required)
        before = required


def recorded_by(facts: ContractFacts, day: date) -> ContractFacts:
    """The facts that had been written down by the end of a day (its decisions and terms are taken as known)."""
    positions = tuple(
        position._replace(ended_on=None, end_recorded_on=None)
        if position.end_recorded_on is not None and position.end_recorded_on > day
        else position
        for position in facts.positions
        if position.logged_on <= day
    )
    return replace(
        facts,
        positions=positions,
        purchases=tuple(purchase for purchase in facts.purchases if purchase.recorded_on <= day),
        adjustments=tuple(adjustment for adjustment in facts.adjustments if adjustment.recorded_on <= day),
    )


def _events_by(facts: ContractFacts, as_of: date) -> set[tuple[ReminderKey, date]]:
    """Events with the day they are about: one that ceased to be true and came again on another day is another."""
    return {(event.reminder_key, event.on) for event in events(judge(facts, as_of))}


def events_due(judgement: Judgement, told: AbstractSet[ReminderKey], muting: Muting) -> list[Reminder]:
    """Events not yet told that are news: neither true before the contract was registered, nor already true and
    written down more than `EVENT_TOLD_WITHIN_DAYS` ago. What a snooze kept back is news when it ends."""
    facts, today = judgement.outlook.facts, judgement.as_of
    fresh = [event for event in events(judgement) if event.reminder_key not in told]
    before = min(today, muting.snoozed_on or today) - timedelta(days=policy.EVENT_TOLD_WITHIN_DAYS + 1)
    fresh = _not_among(fresh, facts.registered_on - ONE_DAY, lambda day: _events_by(facts, day))
    return _not_among(fresh, before, lambda day: _events_by(recorded_by(facts, day), day))


def _not_among(
    found: list[Reminder], day: date, events_by: Callable[[date], set[tuple[ReminderKey, date]]]
) -> list[Reminder]:
    """Those events that were not so by a day. What is about a later day was not: mostly nothing need be judged."""
    if not any(event.on <= day for event in found):
        return found
    past = events_by(day)
    return [event for event in found if (event.reminder_key, event.on) not in past]


def candidates(judgement: Judgement, told: AbstractSet[ReminderKey], muting: Muting) -> list[Reminder]:
    """What is to be said of the contract today, repeats that the owner acknowledged too, most urgent first."""
    if is_silent(judgement):
        return []
    limits = (window_closing(judgement), limit_passed(judgement, told), no_news(judgement))
    due = [reminder for reminder in limits if reminder is not None and reminder.reminder_key not in told]
    due += events_due(judgement, told, muting)
    return sorted(due, key=lambda reminder: reminder.urgency)


def is_repeat(kind: ReminderKind, key: str, told: AbstractSet[ReminderKey]) -> bool:
    """Whether the same limit or the same silence was told before, in another period."""
    return kind in REPEATING and any(other is kind and _same_limit(one, key) for other, one in told)


def reminders_due(judgement: Judgement, told: AbstractSet[ReminderKey], muting: Muting) -> list[Reminder]:
    """The reminders due on the judgement's day, most urgent first. A snooze mutes the days before `snoozed_until`; an
    acknowledgement stops repeats, not what is new."""
    if is_snoozed(judgement, muting):
        return []
    due = candidates(judgement, told, muting)
    return [reminder for reminder in due if not (muting.acknowledged and is_repeat(*reminder.reminder_key, told))]


def is_silent(judgement: Judgement) -> bool:
    """Whether nothing is told but a handover; of a contract whose jobs are erased, no reason is left."""
    return judgement.status in SILENT or judgement.outlook.facts.kept is not None


def is_snoozed(judgement: Judgement, muting: Muting) -> bool:
    return muting.snoozed_until is not None and judgement.as_of < muting.snoozed_until


def still_holds(judgement: Judgement, kind: ReminderKind, key: str) -> bool:
    """Whether a queued reminder is still true at sending: its limit, silence or event is still what the facts say.

    A step or period that has moved on since the mail was queued still holds; a limit day that has changed does not,
    nor does what was decided for a later day than this one. Of an erasure the caller asks retention.
    """
    if kind is ReminderKind.HANDOVER:
        return True
    if kind is ReminderKind.ERASURE_AHEAD or is_silent(judgement):
        return False
    match kind:
        case ReminderKind.WINDOW_CLOSING:
            closing = window_closing(judgement)
            return closing is not None and _same_limit(closing.key, key) and _part(key) >= _part(closing.key)
        case ReminderKind.OVERDUE | ReminderKind.CANNOT_BE_MET | ReminderKind.BREACHED:
            passed = limit_passed(judgement, frozenset())
            return passed is not None and passed.kind is kind and _has_come(key, passed.key)
        case ReminderKind.NO_NEWS:
            silence = no_news(judgement)
            return silence is not None and _has_come(key, silence.key)
        case _:
            return any(event.reminder_key == (kind, key) for event in events(judgement))


def _has_come(key: str, now: str) -> bool:
    """Whether a key is of the same limit and of this period or an earlier one."""
    return _same_limit(key, now) and _part(key) <= _part(now)


def _part(key: str) -> int:
    """The step or period of a key."""
    return int(key.partition("/")[2])


def _same_limit(one: str, other: str) -> bool:
    return one.partition("/")[0] == other.partition("/")[0]


def next_reminder_on(judgement: Judgement, muting: Muting) -> date | None:
    """The next day after the judgement's on which a reminder or its repeat may fall due while no fact is added and
    the status stays (a change of status has its own day, `next_change_on`)."""
    days = [*_next_window_steps(judgement), *_next_repeats(judgement)]
    if muting.snoozed_until is not None:
        days.append(muting.snoozed_until)
    return min((day for day in days if day > judgement.as_of), default=None)


def _next_window_steps(judgement: Judgement) -> Iterator[date]:
    """Days on which a step to a last day to start is reached, and the day after one passes."""
    if judgement.status in NOBODY_MUST_START or is_silent(judgement):
        return
    for day in judgement.standing.missing_latest_starts:
        yield day + ONE_DAY
        for step in policy.WINDOW_STEPS_DAYS:
            yield day - timedelta(days=step)


def _next_repeats(judgement: Judgement) -> Iterator[date]:
    if is_silent(judgement):
        return
    limit = limit_on(judgement)
    if limit is not None:
        periods = (judgement.as_of - limit).days // policy.REPEAT_DAYS
        yield limit + timedelta(days=(periods + 1) * policy.REPEAT_DAYS)
    if judgement.status not in NOBODY_MUST_START:
        last = judgement.outlook.facts.last_recorded_on
        periods = (judgement.as_of - last).days // policy.NO_NEWS_DAYS
        yield last + timedelta(days=(max(periods, 0) + 1) * policy.NO_NEWS_DAYS)
