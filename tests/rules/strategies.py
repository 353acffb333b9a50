"""Hypothesis strategies that make valid facts of one contract, and days to judge it on.

Valid means what the domain rules ask of what is recorded: ends not before starts nor after planned ends, agreements
not after starts, replacements after the end of what they replace. Days cluster around those where a judgement turns:
the contract's ends, the last days to start, the days on which jobs and chains complete, month ends; each ± 1 day.
"""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from app.rules.facts import (
    AdjustmentFacts,
    AwardCriterion,
    ClauseFacts,
    ClosureFacts,
    Completion,
    ContractFacts,
    EmploymentForm,
    FixedCount,
    OptionFacts,
    PositionFacts,
    PurchaseFacts,
    PurchaseThreshold,
    TargetGroup,
    TerminationFacts,
    Terms,
)
from tests.rules.oracle import DAY, add_months, completes_on, effective_end, follow, known_chains, latest_start

THRESHOLD_CENTS = 1_000_00
ACCEPTED_FORM = EmploymentForm.EMPLOYMENT.value
ACCEPTED_GROUP = TargetGroup.IMMIGRANT.value

NEAR = st.sampled_from([0, 0, 0, 1, -1, 1, -1, 2, -2, 5, -7])


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return add_months(day.replace(day=1), 1) - DAY


@st.composite
def days_near(draw: st.DrawFn, anchors: list[date], first: date, last: date) -> date:
    """A day from `first` to `last`: mostly an anchor or its neighbour, else any day, often a month's end."""
    if last <= first:
        return first
    kind = draw(st.integers(0, 9))
    if kind < 6 and anchors:
        day = draw(st.sampled_from(anchors)) + draw(NEAR) * DAY
    else:
        day = first + draw(st.integers(0, (last - first).days)) * DAY
        if kind >= 8:
            day = month_end(day)
    return min(max(day, first), last)


@st.composite
def terms_of_any_type(draw: st.DrawFn) -> Terms:
    """A fixed count, a purchase threshold or a supplier's promise, all small."""
    kind = draw(st.integers(0, 2))
    if kind == 0:
        return FixedCount(draw(st.sampled_from([1, 2, 1, 2, 3, 4])))
    if kind == 1:
        return PurchaseThreshold(
            THRESHOLD_CENTS,
            draw(st.sampled_from([1, 1, 1, 2, 3])),
            draw(st.sampled_from([None, None, 1, 2, 3, 5])),
        )
    return AwardCriterion(draw(st.sampled_from([1, 2, 1, 2, 3, 0])))


@st.composite
def clauses(draw: st.DrawFn) -> ClauseFacts:
    """A clause of any type and with any of the common terms."""
    return ClauseFacts(
        terms=draw(terms_of_any_type()),
        completion=draw(st.sampled_from(Completion)),
        min_duration_months=draw(st.sampled_from([9, 9, 9, *range(1, 15)])),
        min_weekly_hours=draw(st.sampled_from([None, None, None, Decimal("18"), Decimal("20.5")])),
        target_groups=draw(
            st.sampled_from([None, None, None, frozenset({ACCEPTED_GROUP, TargetGroup.YOUTH.value})]),
        ),
        replacement_allowed=draw(st.sampled_from([True, True, True, True, False])),
        start_within_months=draw(st.sampled_from([None, None, None, 1, 2, 3, 6, 9, 12])),
        replacement_within_months=draw(st.sampled_from([3, 3, 1, 2, 6])),
    )


@st.composite
def job_details(draw: st.DrawFn) -> tuple[str, str, Decimal | None]:
    """Form, group and hours, which most clauses accept most of the time."""
    if draw(st.integers(0, 9)) < 8:
        return ACCEPTED_FORM, ACCEPTED_GROUP, Decimal("37.5")
    return (
        draw(st.sampled_from([form.value for form in EmploymentForm])),
        draw(st.sampled_from([group.value for group in TargetGroup])),
        draw(st.sampled_from([None, Decimal("17.99"), Decimal("18"), Decimal("20.5"), Decimal("37.5")])),
    )


@st.composite
def job_ends(draw: st.DrawFn, start: date, clause: ClauseFacts, needed: int) -> date:
    """A last day of a job: around what completes it, around what its chain still needs, or any short stay."""
    months = clause.min_duration_months
    kind = draw(st.integers(0, 5))
    if kind == 0:
        end = completes_on(start, months) + draw(NEAR) * DAY
    elif kind == 1:
        end = start + (needed - 1) * DAY + draw(NEAR) * DAY
    elif kind == 2:
        end = start + draw(st.sampled_from([0, 0, 1, 2, 30])) * DAY
    elif kind == 3:
        end = month_end(start + draw(st.integers(0, months * 31)) * DAY)
    else:
        end = start + draw(st.integers(0, months * 31 + 60)) * DAY
    return max(end, start)


@st.composite
def contract_positions(
    draw: st.DrawFn, clause: ClauseFacts, anchors: list[date], first: date, last: date
) -> tuple[PositionFacts, ...]:
    """Up to seven jobs, some of which replace an earlier one."""
    months = clause.min_duration_months
    positions: list[PositionFacts] = []
    needed_after: dict[str, int] = {}
    replaceable: list[PositionFacts] = []
    for number in range(draw(st.sampled_from([3, 2, 4, 5, 1, 6, 8, 0]))):
        position_id = f"p{number}"
        replaces_id: str | None = None
        agreed_before: list[date] = []
        if replaceable and draw(st.integers(0, 9)) < 7:
            replaced = replaceable.pop(draw(st.integers(0, len(replaceable) - 1)))
            replaces_id = replaced.id
            known_end = replaced.ended_on or replaced.planned_end_on
            assert known_end is not None
            limits = [
                known_end + DAY,
                add_months(known_end, clause.replacement_within_months),
                *([replaced.planned_end_on] if replaced.planned_end_on is not None else []),
            ]
            if draw(st.integers(0, 2)) == 0:
                limits += anchors
            start = draw(days_near(limits, known_end + DAY, known_end + 250 * DAY))
            needed = needed_after[replaced.id]
            agreed_before = [replaced.agreed_on, replaced.starts_on, known_end - DAY, known_end]
        else:
            start = draw(days_near(anchors, first, last))
            needed = (add_months(start, months) - start).days
            if draw(st.integers(0, 19)) == 0:
                replaces_id = "voided"  # what replaces one that counts for nothing begins a chain of its own

        form, group, hours = draw(job_details())
        planned_end = draw(job_ends(start, clause, needed)) if draw(st.booleans()) else None
        ended_on: date | None = None
        if draw(st.booleans()):
            ended_on = draw(job_ends(start, clause, needed))
            if planned_end is not None:
                ended_on = min(ended_on, planned_end)
        agreed_on = start - draw(st.sampled_from([0, 0, 0, 1, 10, 45, 120, 300])) * DAY
        if len(agreed_before) > 0 and draw(st.booleans()):
            agreed_on = min(start, draw(st.sampled_from(agreed_before)))  # while the one replaced still works
        logged_on = agreed_on + draw(st.sampled_from([0, 0, 1, 30, 200])) * DAY
        position = PositionFacts(
            id=position_id,
            starts_on=start,
            agreed_on=agreed_on,
            employment_form=form,
            target_group=group,
            logged_on=logged_on,
            planned_end_on=planned_end,
            ended_on=ended_on,
            end_recorded_on=None if ended_on is None else ended_on + draw(st.sampled_from([0, 0, 3, 60])) * DAY,
            weekly_hours=hours,
            replaces_id=replaces_id,
        )
        positions.append(position)
        end = ended_on or planned_end
        if end is not None:
            replaceable.append(position)
            left = needed - ((end - start).days + 1)
            needed_after[position.id] = left if left > 0 else 30
    return tuple(draw(st.permutations(positions))) if draw(st.booleans()) else tuple(positions)


@st.composite
def contract_purchases(draw: st.DrawFn, anchors: list[date], first: date, last: date) -> tuple[PurchaseFacts, ...]:
    """Up to eight purchases and credit notes around whole, half and just missed thresholds."""
    purchases = []
    for _ in range(draw(st.sampled_from([3, 2, 4, 5, 1, 6, 8, 0]))):
        share = draw(st.sampled_from([100, 100, 50, 50, 200, 150, 33, -50, -100, -200]))
        cents = THRESHOLD_CENTS * share // 100 + draw(st.sampled_from([0, 0, 0, 1, -1]))
        day = draw(days_near(anchors, first, last))
        purchases.append(PurchaseFacts(day, cents, day + draw(st.sampled_from([0, 0, 20])) * DAY))
    return tuple(purchases)


@st.composite
def contract_facts(draw: st.DrawFn) -> ContractFacts:
    """All valid facts of one contract."""
    clause = draw(clauses())
    months = clause.min_duration_months
    starts_on = draw(days_near([date(2019, 5, 31), date(2018, 3, 1)], date(2017, 1, 1), date(2020, 12, 31)))
    length = draw(st.sampled_from([months, months + 1, months + 3, max(1, months - 1), 12, 24, 24]))
    ends_on = completes_on(starts_on, length) + draw(NEAR) * DAY
    if draw(st.integers(0, 3)) == 0:
        ends_on = month_end(ends_on)
    ends_on = max(ends_on, starts_on)
    counts_from = starts_on - draw(st.sampled_from([0, 0, 0, 1, 31, 90])) * DAY

    first, last = starts_on - 120 * DAY, ends_on + 300 * DAY
    anchors = [starts_on, counts_from, ends_on, ends_on + DAY, latest_start(ends_on, months)]

    options: list[OptionFacts] = []
    option_end = ends_on
    for number in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2]))):
        option_end = completes_on(option_end + DAY, draw(st.sampled_from([1, 3, 6, 12]))) + abs(draw(NEAR)) * DAY
        exercised_on = draw(st.none() | days_near(anchors, first, option_end))
        options.append(OptionFacts(f"o{number}", option_end, exercised_on))
        anchors += [option_end, latest_start(option_end, months)]
    last = max(last, option_end + 60 * DAY)

    termination = None
    if draw(st.integers(0, 4)) == 0:
        terminated_on = draw(days_near(anchors, starts_on, option_end))
        decided_on = terminated_on - draw(st.sampled_from([0, 0, 1, 30, 90, 200, -1, -30])) * DAY
        termination = TerminationFacts(terminated_on, decided_on)
        anchors += [terminated_on, decided_on, latest_start(terminated_on, months)]

    if clause.start_within_months is not None:
        anchors.append(completes_on(starts_on, clause.start_within_months))
    purchases: tuple[PurchaseFacts, ...] = ()
    if isinstance(clause.terms, PurchaseThreshold) or draw(st.integers(0, 9)) == 0:
        purchases = draw(contract_purchases(anchors, first, last))
    adjustments = tuple(
        AdjustmentFacts(day, draw(st.sampled_from([-3, -2, -1, -1, 1, 1, 2])), day)
        for day in draw(st.lists(days_near(anchors, first, last), max_size=3))
        if draw(st.booleans())
    )
    closure = ClosureFacts(draw(days_near(anchors, first, last))) if draw(st.integers(0, 14)) == 0 else None
    return ContractFacts(
        clause=clause,
        starts_on=starts_on,
        ends_on=ends_on,
        counts_from=counts_from,
        registered_on=counts_from,
        last_recorded_on=last,
        lead_days=draw(st.sampled_from([90, 90, 90, 0, 30, 180])),
        value_cents=draw(st.sampled_from([None, 5 * THRESHOLD_CENTS])),
        options=tuple(options),
        termination=termination,
        adjustments=adjustments,
        closure=closure,
        positions=draw(contract_positions(clause, anchors, first, last)),
        purchases=purchases,
    )


def turning_days(facts: ContractFacts) -> list[date]:
    """Every day on which a judgement of these facts may turn."""
    clause = facts.clause
    months = clause.min_duration_months
    days = {facts.starts_on, facts.counts_from, facts.ends_on}
    for option in facts.options:
        days |= {option.ends_on} | ({option.exercised_on} if option.exercised_on is not None else set())
    if facts.termination is not None:
        days |= {facts.termination.terminated_on, facts.termination.decided_on}
    if facts.closure is not None:
        days.add(facts.closure.effective_on)
    days |= {adjustment.effective_on for adjustment in facts.adjustments}
    days |= {purchase.on_date for purchase in facts.purchases}
    for position in facts.positions:
        days |= {position.agreed_on, position.starts_on, completes_on(position.starts_on, months)}
        days |= {day for day in (position.planned_end_on, position.ended_on) if day is not None}
    end = effective_end(facts, date.max)
    limits = {latest_start(end, months), end}
    if clause.start_within_months is not None:
        limits |= {completes_on(day, clause.start_within_months) for day in list(days)}
    for chain in known_chains(facts, date.max):
        course = follow(chain, months)
        if course.reaches_on is not None:
            days.add(course.reaches_on)
        elif course.short_at is not None:
            limits |= {
                end - course.remaining_days * DAY + DAY,
                add_months(course.short_at, clause.replacement_within_months),
            }
    limits |= {day - facts.lead_days * DAY for day in limits}
    return sorted(days | limits)


@st.composite
def as_of_days(draw: st.DrawFn, facts: ContractFacts) -> date:
    """A day to judge on: mostly one where the judgement may turn, the day before or the day after."""
    turning = turning_days(facts)
    first = turning[0] - 40 * DAY
    if draw(st.integers(0, 7)) > 0:  # before the contract's start there is little to see
        first = facts.starts_on
        turning = [day for day in turning if day >= first]
    return draw(days_near(turning, first, turning[-1] + 120 * DAY))


@st.composite
def facts_and_day(draw: st.DrawFn) -> tuple[ContractFacts, date]:
    """A contract's facts and the day to judge them on."""
    facts = draw(contract_facts())
    return facts, draw(as_of_days(facts))
