"""A second, deliberately naive reading of the domain rules, to compare the engine with.

It follows the text sentence by sentence, walks days where the engine computes, shares nothing with it but the input
types and makes no attempt to be quick. Where the two differ, one of them misread the rules.
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from app.rules.facts import (
    AwardCriterion,
    ClauseFacts,
    Completion,
    ContractFacts,
    FixedCount,
    PositionFacts,
    PurchaseThreshold,
)

DAY = timedelta(days=1)

FIELDS = (
    "status",
    "required",
    "completed",
    "late",
    "running",
    "upcoming",
    "interrupted",
    "filled",
    "covered",
    "missing",
    "effective_end_on",
    "latest_start_on",
    "missing_latest_starts",
)

Member = tuple[date, date | None]
"""When one job of a chain starts and, as far as is known, ends (None: open)."""


# --- Dates


@lru_cache(maxsize=20_000)
def add_months(day: date, months: int) -> date:
    """Month arithmetic clips to the end of the month."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def completes_on(start: date, months: int) -> date:
    """completes_on(start, m) = start + m months − 1 day."""
    return add_months(start, months) - DAY


@lru_cache(maxsize=20_000)
def latest_start(deadline: date, months: int) -> date:
    """The latest day `s` with completes_on(s, m) ≤ deadline, found by walking back day by day."""
    day = deadline + 40 * DAY
    while completes_on(day, months) > deadline:
        day -= DAY
    return day


# --- Contract period


def effective_end(facts: ContractFacts, as_of: date) -> date:
    """The latest end among the base period and the options exercised, or the termination's day where earlier."""
    ends = [facts.ends_on]
    for option in facts.options:
        if option.exercised_on is not None and option.exercised_on <= as_of:
            ends.append(option.ends_on)
    end = max(ends)
    if facts.termination is not None and facts.termination.decided_on <= as_of:
        end = min(end, facts.termination.terminated_on)
    return end


# --- Required positions


@lru_cache(maxsize=20_000)
def total_by_day(purchases: tuple[tuple[date, int], ...], first: date, last: date) -> tuple[int, ...]:
    """What has been bought up to every day from `first` to `last`."""
    totals = []
    day = first
    while day <= last:
        totals.append(sum(cents for on_date, cents in purchases if on_date <= day))
        day += DAY
    return tuple(totals)


def accrued_on(purchases: tuple[tuple[date, int], ...], start: date, as_of: date, cents: int) -> date:
    """The earliest day from which the purchases up to every day through `as_of` have reached `cents`."""
    last = min(as_of, max(day for day, _ in purchases))  # after the last purchase nothing changes
    totals = total_by_day(purchases, start, last)
    for offset in range(len(totals)):
        if all(total >= cents for total in totals[offset:]):
            return start + offset * DAY
    raise AssertionError("a required unit must have accrued")


def unit_bases(facts: ContractFacts, as_of: date) -> list[date]:
    """One base per required unit: the contract's start, the accrual date or the day of the adjustment that added it."""
    terms = facts.clause.terms
    bases: list[date] = []
    if isinstance(terms, FixedCount):
        bases = [facts.starts_on] * terms.positions
    elif isinstance(terms, AwardCriterion):
        bases = [facts.starts_on] * terms.committed_positions
    elif isinstance(terms, PurchaseThreshold):
        end = effective_end(facts, as_of)
        purchases = tuple(
            (purchase.on_date, purchase.amount_cents)
            for purchase in facts.purchases
            if purchase.on_date <= as_of and facts.starts_on <= purchase.on_date <= end
        )
        bought = sum(cents for _, cents in purchases)
        times = max(bought, 0) // terms.threshold_cents
        for time in range(1, times + 1):
            base = accrued_on(purchases, facts.starts_on, as_of, time * terms.threshold_cents)
            bases.extend([base] * terms.positions_per_threshold)
        if terms.max_positions is not None:
            bases = bases[: terms.max_positions]

    effective = [adjustment for adjustment in facts.adjustments if adjustment.effective_on <= as_of]
    for day in sorted({adjustment.effective_on for adjustment in effective}):
        of_the_day = [adjustment.delta for adjustment in effective if adjustment.effective_on == day]
        for delta in [delta for delta in of_the_day if delta < 0] + [delta for delta in of_the_day if delta > 0]:
            for _ in range(abs(delta)):
                if delta > 0:
                    bases.append(day)
                elif bases:
                    bases.remove(max(bases))
    return bases


def unit_latest_starts(facts: ContractFacts, as_of: date, *, limited: bool) -> list[date]:
    """Each required unit's own latest start, sorted; `limited` tells whether `start_within_months` is heeded."""
    clause = facts.clause
    end = effective_end(facts, as_of)
    within = clause.completion is Completion.WITHIN_CONTRACT
    common = latest_start(end, clause.min_duration_months) if within else end
    starts = []
    for base in unit_bases(facts, as_of):
        start = common
        if limited and clause.start_within_months is not None:
            start = min(start, add_months(base, clause.start_within_months) - DAY)
        starts.append(start)
    return sorted(starts)


# --- Positions and chains


@dataclass(frozen=True)
class Course:
    """How a chain goes: when it reaches completion, or where it stays short; the jobs it was followed through."""

    reaches_on: date | None
    short_at: date | None
    remaining_days: int
    followed: tuple[Member, ...]


@lru_cache(maxsize=20_000)
def follow(members: tuple[Member, ...], months: int) -> Course:
    """Follow a chain from member to member, counting the days served one by one."""
    first_start = members[0][0]
    needed = 0
    day = first_start
    while day < add_months(first_start, months):
        needed += 1
        day += DAY

    served = 0
    for index, (start, end) in enumerate(members):
        served_here = 0
        day = start
        while end is None or day <= end:
            served_here += 1
            if served + served_here == needed or day == completes_on(start, months):
                return Course(day, None, 0, members[: index + 1])
            day += DAY
        served += served_here
    return Course(None, members[-1][1], needed - served, members)


def counts(clause: ClauseFacts, position: PositionFacts) -> bool:
    """By form, group and hours."""
    if position.employment_form not in clause.employment_forms:
        return False
    if clause.target_groups is not None and position.target_group not in clause.target_groups:
        return False
    if clause.min_weekly_hours is not None:
        return position.weekly_hours is not None and position.weekly_hours >= clause.min_weekly_hours
    return True


def known_chains(facts: ContractFacts, as_of: date) -> list[tuple[Member, ...]]:
    """The chains as known: every one a row of jobs, whose first start lies within the period."""
    clause = facts.clause
    known = {
        position.id: position
        for position in facts.positions
        if position.agreed_on <= as_of and counts(clause, position)
    }
    replacement_of: dict[str, PositionFacts] = {}
    if clause.replacement_allowed:
        for position in known.values():
            if position.replaces_id is not None and position.replaces_id in known:
                replacement_of[position.replaces_id] = position
    replacements = {position.id for position in replacement_of.values()}

    chains = []
    for position in known.values():
        if position.id in replacements:
            continue
        members: list[Member] = []
        member: PositionFacts | None = position
        while member is not None:
            replacement = replacement_of.get(member.id)
            if member.ended_on is not None and member.ended_on <= as_of:
                end: date | None = member.ended_on
            elif member.planned_end_on is not None:
                end = member.planned_end_on
                if replacement is not None and replacement.starts_on <= end:
                    end = replacement.starts_on - DAY
            else:
                end = None
            members.append((member.starts_on, end))
            member = replacement if end is not None else None
        if facts.counts_from <= position.starts_on <= effective_end(facts, as_of):
            chains.append(tuple(members))
    return chains


def replaced_in_time(course: Course, clause: ClauseFacts, end: date) -> bool:
    """Every replacement starts no later than the effective end or the months allowed after the predecessor's end."""
    for (_, ended), (started, _) in zip(course.followed, course.followed[1:], strict=False):
        assert ended is not None
        if started > max(end, add_months(ended, clause.replacement_within_months)):
            return False
    return True


# --- The judgement


def oracle_standing(facts: ContractFacts, as_of: date) -> dict[str, object]:
    """Everything a judgement says as of a day, but the next change."""
    clause = facts.clause
    end = effective_end(facts, as_of)
    within = clause.completion is Completion.WITHIN_CONTRACT
    own = unit_latest_starts(facts, as_of, limited=True)
    unlimited = unit_latest_starts(facts, as_of, limited=False)
    required = len(own)

    completed = late = running = upcoming = interrupted = filled = covered = 0
    continuations: list[date] = []
    for chain in known_chains(facts, as_of):
        course = follow(chain, clause.min_duration_months)
        first_start = chain[0][0]
        if course.reaches_on is None:
            in_time = False
        elif within:
            in_time = course.reaches_on <= end
        else:
            in_time = replaced_in_time(course, clause, end)

        if course.reaches_on is not None and course.reaches_on <= as_of:
            if in_time:
                completed += 1
            else:
                late += 1
        elif course.short_at is not None and course.short_at <= as_of:
            interrupted += 1
        elif first_start > as_of:
            upcoming += 1
        else:
            running += 1
        if first_start <= as_of:
            filled += 1
        if in_time:
            covered += 1

        if course.short_at is not None and clause.replacement_allowed:
            if within:
                continuation = end - course.remaining_days * DAY + DAY
                if continuation > course.short_at:
                    continuations.append(continuation)
            elif replaced_in_time(course, clause, end):
                continuations.append(max(end, add_months(course.short_at, clause.replacement_within_months)))

    missing = max(0, required - covered)

    def paired(latest_starts: list[date]) -> list[date]:
        """The days of the missing units, the earliest paired with the chain that can be continued the latest."""
        days = latest_starts[covered:]
        for index, continuation in enumerate(sorted(continuations, reverse=True)):
            if index < len(days):
                days[index] = max(days[index], continuation)
        return sorted(days)

    missing_latest_starts = paired(own)
    day_l = missing_latest_starts[0] if missing else None
    day_c = paired(unlimited)[0] if missing else None

    if facts.closure is not None and facts.closure.effective_on <= as_of:
        status = "closed"
    elif as_of < facts.starts_on:
        status = "not_started"
    elif required == 0:
        status = "no_obligation"
    elif completed >= required:
        status = "fulfilled"
    elif day_l is None or day_c is None:
        status = "on_track"
    elif as_of > max(end, day_c):
        status = "breached"
    elif as_of > day_c:
        status = "cannot_be_met"
    elif as_of > day_l:
        status = "overdue"
    elif as_of >= day_l - facts.lead_days * DAY:
        status = "at_risk"
    else:
        status = "open"

    return {
        "status": status,
        "required": required,
        "completed": completed,
        "late": late,
        "running": running,
        "upcoming": upcoming,
        "interrupted": interrupted,
        "filled": filled,
        "covered": covered,
        "missing": missing,
        "effective_end_on": end,
        "latest_start_on": day_l,
        "missing_latest_starts": tuple(missing_latest_starts),
    }


# --- The next change


def frozen(facts: ContractFacts, as_of: date) -> ContractFacts:
    """The facts dated on or before a day: what would remain were no new fact recorded or dated after it."""
    positions = []
    for position in facts.positions:
        if position.agreed_on > as_of:
            continue
        if position.ended_on is not None and position.ended_on > as_of:
            position = position._replace(ended_on=None, end_recorded_on=None)
        positions.append(position)
    termination, closure = facts.termination, facts.closure
    return replace(
        facts,
        options=tuple(
            option for option in facts.options if option.exercised_on is not None and option.exercised_on <= as_of
        ),
        termination=termination if termination is not None and termination.decided_on <= as_of else None,
        adjustments=tuple(adjustment for adjustment in facts.adjustments if adjustment.effective_on <= as_of),
        closure=closure if closure is not None and closure.effective_on <= as_of else None,
        positions=tuple(positions),
        purchases=tuple(purchase for purchase in facts.purchases if purchase.on_date <= as_of),
    )


def last_day(facts: ContractFacts) -> date:
    """The last day written anywhere in the facts."""
    days = [facts.starts_on, facts.ends_on, facts.counts_from]
    for position in facts.positions:
        days += [position.starts_on, position.agreed_on]
        days += [day for day in (position.planned_end_on, position.ended_on) if day is not None]
    for option in facts.options:
        days += [option.ends_on] + ([option.exercised_on] if option.exercised_on is not None else [])
    days += [purchase.on_date for purchase in facts.purchases]
    days += [adjustment.effective_on for adjustment in facts.adjustments]
    if facts.termination is not None:
        days += [facts.termination.terminated_on, facts.termination.decided_on]
    if facts.closure is not None:
        days.append(facts.closure.effective_on)
    return max(days)


def horizon_of(facts: ContractFacts) -> date:
    """A day after which nothing can change any more: every term after every fact, and more than a year on top."""
    clause = facts.clause
    months = clause.min_duration_months + clause.replacement_within_months + (clause.start_within_months or 0)
    return add_months(last_day(facts), months) + 400 * DAY


def oracle_next_change_on(facts: ContractFacts, as_of: date, horizon: date) -> date | None:
    """The next day on which any field would differ, found by judging every day until `horizon`."""
    remaining = frozen(facts, as_of)
    today = oracle_standing(remaining, as_of)
    day = as_of + DAY
    while day <= horizon:
        if oracle_standing(remaining, day) != today:
            return day
        day += DAY
    return None
