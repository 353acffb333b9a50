"""The engine against a second, naive reading of the rules, and properties that every judgement has.

`ORACLE_EXAMPLES=50` runs fifty times as many examples as usual (about fifteen thousand of the first property).
"""

import os
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from app.rules.facts import (
    ClauseFacts,
    Completion,
    ContractFacts,
    EmploymentForm,
    FixedCount,
    PositionFacts,
    PurchaseFacts,
    TargetGroup,
)
from app.rules.judgement import judge
from app.rules.reminders import events
from tests.rules.oracle import DAY, FIELDS, frozen, horizon_of, oracle_next_change_on, oracle_standing
from tests.rules.strategies import as_of_days, contract_facts, days_near, facts_and_day, job_ends, turning_days

TIMES = int(os.environ.get("ORACLE_EXAMPLES", "1"))

WORSE_AND_WORSE = ("fulfilled", "on_track", "open", "at_risk", "overdue", "cannot_be_met", "breached")


def examples(count: int) -> settings:
    """So many examples, more where the environment asks for it; a slow machine is no finding."""
    return settings(
        max_examples=count * TIMES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


def standing_of(facts: ContractFacts, as_of: date) -> dict[str, object]:
    """What the engine says, in the oracle's shape."""
    judged = judge(facts, as_of).standing
    standing: dict[str, object] = {field: getattr(judged, field) for field in FIELDS}
    standing["status"] = str(standing["status"])
    return standing


def everything_of(facts: ContractFacts, as_of: date) -> dict[str, object]:
    """What the engine says, the next change included."""
    return standing_of(facts, as_of) | {"next_change_on": judge(facts, as_of).next_change_on}


# --- The engine against the oracle


@examples(300)
@given(facts_and_day())
def test_the_engine_judges_as_the_rules_read_sentence_by_sentence(case: tuple[ContractFacts, date]) -> None:
    facts, as_of = case
    assert standing_of(facts, as_of) == oracle_standing(facts, as_of)


@examples(60)
@given(contract_facts())
def test_the_engine_judges_every_turning_day_as_the_rules_read(facts: ContractFacts) -> None:
    for day in turning_days(facts):
        note(f"as of {day}")
        assert standing_of(facts, day) == oracle_standing(facts, day)


@examples(80)
@given(facts_and_day())
def test_the_engine_foresees_the_next_change_that_judging_every_day_finds(case: tuple[ContractFacts, date]) -> None:
    facts, as_of = case
    assert judge(facts, as_of).next_change_on == oracle_next_change_on(facts, as_of, horizon_of(facts))


# --- Properties of every judgement


@st.composite
def cases_with_one_more_position(draw: st.DrawFn) -> tuple[ContractFacts, date, PositionFacts]:
    """A case, and a position the clause accepts that replaces none and is known on the day."""
    facts, as_of = draw(facts_and_day())
    clause = facts.clause
    turning = turning_days(facts)
    start = draw(days_near(turning, turning[0], turning[-1]))
    ends = st.none() | job_ends(start, clause, needed=clause.min_duration_months * 30)
    groups = clause.target_groups or {TargetGroup.YOUTH.value}
    agreed_on = min(start, as_of - draw(st.sampled_from([0, 1, 30])) * DAY)
    position = PositionFacts(
        id="one more",
        starts_on=start,
        agreed_on=agreed_on,
        employment_form=sorted(clause.employment_forms)[0],
        target_group=sorted(groups)[0],
        logged_on=agreed_on,
        weekly_hours=clause.min_weekly_hours,
    )
    planned_end_on, ended_on = draw(ends), draw(ends)
    if planned_end_on is not None and ended_on is not None:
        ended_on = min(planned_end_on, ended_on)
    return facts, as_of, position._replace(planned_end_on=planned_end_on, ended_on=ended_on, end_recorded_on=ended_on)


@examples(100)
@given(cases_with_one_more_position())
def test_one_more_accepted_position_never_makes_the_judgement_worse(
    case: tuple[ContractFacts, date, PositionFacts],
) -> None:
    facts, as_of, position = case
    before = judge(facts, as_of).standing
    after = judge(replace(facts, positions=(*facts.positions, position)), as_of).standing
    assert after.missing <= before.missing
    assert after.required == before.required
    if str(before.status) in WORSE_AND_WORSE:
        assert WORSE_AND_WORSE.index(str(after.status)) <= WORSE_AND_WORSE.index(str(before.status))
    else:
        assert after.status == before.status
    if before.latest_start_on is not None and after.latest_start_on is not None:
        assert after.latest_start_on >= before.latest_start_on


@examples(50)
@given(facts_and_day(), st.data())
def test_a_purchase_split_in_two_on_one_day_changes_nothing(
    case: tuple[ContractFacts, date], data: st.DataObject
) -> None:
    facts, as_of = case
    assume(facts.purchases)
    chosen = data.draw(st.integers(0, len(facts.purchases) - 1))
    purchase = facts.purchases[chosen]
    part = data.draw(st.integers(-300_000, 300_000))
    split = (
        purchase._replace(amount_cents=part),
        PurchaseFacts(purchase.on_date, purchase.amount_cents - part, purchase.recorded_on),
    )
    others = facts.purchases[:chosen] + facts.purchases[chosen + 1 :]
    order = data.draw(st.permutations([*others, *split]))
    assert everything_of(replace(facts, purchases=tuple(order)), as_of) == everything_of(facts, as_of)


@examples(100)
@given(facts_and_day(), st.data())
def test_the_order_in_which_facts_were_written_down_changes_nothing(
    case: tuple[ContractFacts, date], data: st.DataObject
) -> None:
    facts, as_of = case
    shuffled = replace(
        facts,
        positions=tuple(data.draw(st.permutations(facts.positions))),
        purchases=tuple(data.draw(st.permutations(facts.purchases))),
        adjustments=tuple(data.draw(st.permutations(facts.adjustments))),
        options=tuple(data.draw(st.permutations(facts.options))),
    )
    assert everything_of(shuffled, as_of) == everything_of(facts, as_of)


@examples(100)
@given(facts_and_day())
def test_an_early_day_knows_nothing_of_later_facts(case: tuple[ContractFacts, date]) -> None:
    facts, as_of = case
    assert everything_of(frozen(facts, as_of), as_of) == everything_of(facts, as_of)


@examples(100)
@given(facts_and_day(), st.data())
def test_a_judgement_holds_until_its_next_change_and_differs_on_it(
    case: tuple[ContractFacts, date], data: st.DataObject
) -> None:
    facts, as_of = case
    remaining = frozen(facts, as_of)
    today = judge(remaining, as_of)
    standing = standing_of(remaining, as_of)
    change = today.next_change_on
    if change is not None:
        assert change > as_of
        assert standing_of(remaining, change) != standing
    last = (change or max(horizon_of(facts), as_of + DAY)) - DAY
    for _ in range(5):
        day = as_of + data.draw(st.integers(0, (last - as_of).days)) * DAY
        assert standing_of(remaining, day) == standing
        assert judge(remaining, day).next_change_on == change


@examples(30)
@given(contract_facts(), st.data())
def test_following_the_next_changes_one_by_one_skips_no_day_that_differs(
    facts: ContractFacts, data: st.DataObject
) -> None:
    first = data.draw(as_of_days(facts))
    remaining = frozen(facts, first)
    day: date | None = first
    changes = 0
    while day is not None:
        standing = standing_of(remaining, day)
        assert standing == oracle_standing(remaining, day)
        following = judge(remaining, day).next_change_on
        if following is not None:
            assert following > day
            assert standing_of(remaining, following - DAY) == standing
        day = following
        changes += 1
        assert changes < 200


# --- The oracle itself against the worked examples

WORKED_CLAUSE = ClauseFacts(FixedCount(1), Completion.WITHIN_CONTRACT)


def job(position_id: str, start: date, ended: date | None = None, planned: date | None = None) -> PositionFacts:
    """An ordinary job, agreed on the day it starts."""
    return PositionFacts(
        id=position_id,
        starts_on=start,
        agreed_on=start,
        employment_form=EmploymentForm.EMPLOYMENT.value,
        target_group=TargetGroup.YOUTH.value,
        logged_on=start,
        planned_end_on=planned,
        ended_on=ended,
        end_recorded_on=ended,
    )


LATE_MAY = job("a", date(2019, 5, 31))
CUT_SHORT = job("a", date(2019, 5, 31), ended=date(2019, 10, 31))
PLANNED_SHORT = job("a", date(2019, 3, 1), planned=date(2019, 8, 31))
REPLACED = (
    job("a", date(2019, 1, 7), ended=date(2019, 4, 6)),
    job("b", date(2019, 6, 1))._replace(replaces_id="a"),
)
ONE_DAY = (
    job("a", date(2019, 5, 1), ended=date(2019, 5, 1)),
    job("b", date(2019, 5, 31))._replace(replaces_id="a"),
)
TOO_LATE = job("a", date(2019, 6, 15))


@pytest.mark.parametrize(
    ("positions", "as_of", "status", "latest_start_on", "next_change_on"),
    [
        ((), date(2018, 2, 1), "not_started", date(2019, 5, 31), date(2018, 3, 1)),
        ((), date(2018, 3, 1), "open", date(2019, 5, 31), date(2019, 3, 2)),
        ((), date(2019, 3, 2), "at_risk", date(2019, 5, 31), date(2019, 6, 1)),
        ((), date(2019, 6, 1), "cannot_be_met", date(2019, 5, 31), date(2020, 2, 29)),
        ((), date(2020, 2, 29), "breached", date(2019, 5, 31), None),
        ((LATE_MAY,), date(2019, 6, 1), "on_track", None, date(2020, 2, 28)),
        ((LATE_MAY,), date(2020, 2, 28), "fulfilled", None, None),
        ((CUT_SHORT,), date(2019, 11, 1), "at_risk", date(2019, 11, 1), date(2019, 11, 2)),
        ((CUT_SHORT,), date(2019, 11, 2), "cannot_be_met", date(2019, 11, 1), date(2020, 2, 29)),
        ((PLANNED_SHORT,), date(2019, 6, 1), "open", date(2019, 11, 30), date(2019, 8, 31)),
        (REPLACED, date(2019, 6, 1), "on_track", None, date(2019, 11, 30)),
        (REPLACED, date(2019, 11, 30), "fulfilled", None, None),
        (ONE_DAY, date(2020, 2, 28), "fulfilled", None, None),
        ((TOO_LATE,), date(2020, 3, 20), "breached", date(2019, 5, 31), None),
    ],
)
def test_the_oracle_agrees_with_the_worked_examples(
    positions: tuple[PositionFacts, ...],
    as_of: date,
    status: str,
    latest_start_on: date | None,
    next_change_on: date | None,
) -> None:
    start = date(2018, 3, 1)
    facts = ContractFacts(WORKED_CLAUSE, start, date(2020, 2, 28), start, start, start, positions=positions)
    standing = oracle_standing(facts, as_of)
    assert (standing["status"], standing["latest_start_on"]) == (status, latest_start_on)
    assert oracle_next_change_on(facts, as_of, horizon_of(facts)) == next_change_on
    assert everything_of(facts, as_of) == standing | {"next_change_on": next_change_on}


# --- Events


@examples(120)
@given(facts_and_day())
def test_no_event_is_about_a_day_after_the_one_that_knows_it(case: tuple[ContractFacts, date]) -> None:
    """So what is about a later day than a past one need not be looked for there (`reminders.events_due`)."""
    facts, as_of = case
    assert all(event.on <= as_of for event in events(judge(facts, as_of)))
