"""The next day to look at a contract: checking only on those days tells what checking every day would.

Also what a pause of the daily check leaves behind: no flood, and nothing owed from before it. `ORACLE_EXAMPLES=50` runs
fifty times as many random contracts as usual.
"""

import os
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rules.facts import Completion, ContractFacts
from app.rules.judgement import judge
from app.rules.recheck import next_fact_on, recheck_on
from app.rules.reminders import Muting, Reminder, ReminderKey, ReminderKind, recorded_by, reminders_due
from tests.factories import (
    Fact,
    adjustment,
    closure,
    contract,
    d,
    fixed,
    option,
    position,
    promise,
    purchase,
    termination,
    threshold,
)
from tests.rules.strategies import contract_facts

TIMES = int(os.environ.get("ORACLE_EXAMPLES", "1"))
LOUD = Muting()
FactsOn = Callable[[date], ContractFacts]
Told = dict[date, list[ReminderKey]]
LIMIT_KINDS = {
    ReminderKind.WINDOW_CLOSING,
    ReminderKind.OVERDUE,
    ReminderKind.CANNOT_BE_MET,
    ReminderKind.BREACHED,
    ReminderKind.NO_NEWS,
}


# --- The day itself


@pytest.mark.parametrize(
    ("fact", "day"),
    [
        (purchase("1.8.2018"), "1.8.2018"),
        (position("1.9.2018", agreed="1.8.2018"), "1.8.2018"),
        (position("1.4.2018", ended="1.8.2018"), "1.8.2018"),
        (option("28.2.2021", exercised="1.8.2018"), "1.8.2018"),
        (adjustment("1.8.2018", 1), "1.8.2018"),
        (termination("31.12.2018", decided="1.8.2018"), "1.8.2018"),
        (closure("1.8.2018"), "1.8.2018"),
        (option("28.2.2021"), None),
        (position("1.4.2018", planned_end="1.8.2018"), None),  # not a fact of its own: the next change says so
    ],
)
def test_a_contract_is_looked_at_when_a_fact_recorded_for_later_comes(fact: Fact, day: str | None) -> None:
    facts = contract(fact)
    assert next_fact_on(facts, d("31.7.2018")) == (d(day) if day else None)
    assert next_fact_on(facts, d("1.8.2018")) is None


def test_the_earliest_of_several_later_facts_comes_first() -> None:
    facts = contract(purchase("1.10.2018"), purchase("1.8.2018"), adjustment("1.9.2018", 1))
    assert [next_fact_on(facts, d(day)) for day in ("1.3.2018", "1.8.2018", "1.9.2018", "1.10.2018")] == [
        d("1.8.2018"),
        d("1.9.2018"),
        d("1.10.2018"),
        None,
    ]


@pytest.mark.parametrize(
    ("facts", "as_of", "muting", "day"),
    [
        (contract(lead=91, last_recorded="2.12.2018"), "2.12.2018", LOUD, "1.3.2019"),  # the next change
        (contract(purchase("1.1.2019"), last_recorded="2.12.2018"), "2.12.2018", LOUD, "1.1.2019"),  # a later fact
        (contract(last_recorded="2.12.2018"), "2.12.2018", LOUD, "2.3.2019"),  # the next step
        (contract(last_recorded="2.12.2018"), "2.12.2018", Muting(snoozed_until=d("1.2.2019")), "1.2.2019"),
        (contract(position("1.4.2018")), "31.12.2018", LOUD, None),
        (contract(closure("1.6.2018")), "1.6.2018", LOUD, None),
        (contract(clause=promise(0)), "1.6.2018", LOUD, None),
        (contract(), "1.2.2018", LOUD, "1.3.2018"),
    ],
)
def test_a_contract_is_looked_at_on_the_earliest_of_change_fact_and_reminder(
    facts: ContractFacts, as_of: str, muting: Muting, day: str | None
) -> None:
    assert recheck_on(judge(facts, d(as_of)), muting) == (d(day) if day else None)


# --- Walking day by day


def check(
    facts: ContractFacts, day: date, told: set[ReminderKey], muting: Muting
) -> tuple[list[Reminder], date | None]:
    """One daily check: what is due, added to what was told, and when to look again."""
    judgement = judge(facts, day)
    found = reminders_due(judgement, told, muting)
    told |= {reminder.reminder_key for reminder in found}
    return found, recheck_on(judgement, muting)


def every_day(facts_on: FactsOn, first: date, days: int, muting: Muting = LOUD) -> Told:
    """What is told by checking every day."""
    told: set[ReminderKey] = set()
    by_day: Told = {}
    for offset in range(days):
        day = first + timedelta(days=offset)
        found, _ = check(facts_on(day), day, told, muting)
        if found:
            by_day[day] = [reminder.reminder_key for reminder in found]
    return by_day


def when_asked(
    facts_on: FactsOn,
    first: date,
    days: int,
    muting: Muting = LOUD,
    told_before: AbstractSet[ReminderKey] = frozenset(),
) -> tuple[Told, int]:
    """What is told by checking only when the last check asked for it or something was recorded since; and how many
    checks that took."""
    told = set(told_before)
    by_day: Told = {}
    known: ContractFacts | None = None
    again: date | None = first
    checks = 0
    for offset in range(days):
        day = first + timedelta(days=offset)
        facts = facts_on(day)
        if facts is known and (again is None or day < again):
            continue
        known = facts
        checks += 1
        found, again = check(facts, day, told, muting)
        assert again is None or again > day
        if found:
            by_day[day] = [reminder.reminder_key for reminder in found]
    return by_day, checks


def fixed_facts(facts: ContractFacts) -> FactsOn:
    """All facts written down when the contract was registered, those dated later too."""
    on = facts.registered_on
    known = replace(
        facts,
        positions=tuple(
            each._replace(logged_on=on, end_recorded_on=None if each.ended_on is None else on)
            for each in facts.positions
        ),
        purchases=tuple(each._replace(recorded_on=on) for each in facts.purchases),
        adjustments=tuple(replace(each, recorded_on=on) for each in facts.adjustments),
    )
    return lambda day: known


def as_recorded(facts: ContractFacts) -> FactsOn:
    """The facts as they are written down day by day, the day of the last record with them."""
    days = {facts.registered_on}
    days |= {position.logged_on for position in facts.positions}
    days |= {position.end_recorded_on for position in facts.positions if position.end_recorded_on is not None}
    days |= {row.recorded_on for row in facts.purchases} | {row.recorded_on for row in facts.adjustments}
    days = {day for day in days if day >= facts.registered_on}
    made: dict[date, ContractFacts] = {}

    def on(day: date) -> ContractFacts:
        last = max((each for each in days if each <= day), default=facts.registered_on)
        if last not in made:
            made[last] = replace(recorded_by(facts, last), last_recorded_on=last)
        return made[last]

    return on


MAY_FOLLOW = Completion.MAY_FOLLOW_CONTRACT

SCENARIOS: dict[str, ContractFacts] = {
    "nobody": contract(),
    "nobody, with a time to start": contract(clause=fixed(3, start_within=6)),
    "not registered before the end": contract(registered="1.7.2020"),
    "registered long before the start": contract(registered="1.6.2017"),
    "fulfilled": contract(position("15.1.2019", agreed="20.12.2018")),
    "late": contract(position("15.6.2019")),
    "broken, replaced, broken again": contract(
        position("7.1.2019", "a", ended="6.4.2019", end_recorded="20.4.2019"),
        position("1.6.2019", "b", agreed="20.5.2019", planned_end="31.7.2019", replaces="a"),
        position("1.9.2019", "c", agreed="1.9.2019", replaces="b"),
    ),
    "several missing, some saved": contract(
        position("1.3.2018", "a", ended="31.5.2018"),
        position("1.3.2018", "b", ended="31.8.2018", end_recorded="25.10.2018"),
        position("1.5.2019", "c", planned_end="31.12.2019"),
        clause=fixed(4),
    ),
    "an option taken late": contract(option("28.2.2021", exercised="15.1.2020"), clause=fixed(2)),
    "terminated": contract(position("1.2.2019"), termination("31.8.2019", decided="15.5.2019"), clause=fixed(2)),
    "adjusted down and up": contract(
        position("1.4.2018"), adjustment("1.9.2018", -1), adjustment("1.6.2019", 2), clause=fixed(2, start_within=9)
    ),
    "closed": contract(closure("15.9.2019"), position("1.4.2018", ended="31.5.2018")),
    "purchases with credit notes": contract(
        purchase("1.6.2018", 1500),
        purchase("1.9.2018", -600),
        purchase("1.11.2018", 200, recorded="20.12.2018"),
        purchase("1.6.2019", 2000, recorded="15.8.2019"),
        purchase("31.1.2020", 500, recorded="15.3.2020"),
        position("1.9.2018", "a", logged="15.11.2018"),
        position("1.10.2019", "b", ended="31.1.2020"),
        clause=threshold(1000, 1, 4, start_within=6),
    ),
    "a threshold reached in the last months": contract(
        purchase("15.2.2020", recorded="10.4.2020"),
        position("20.2.2020", "a", logged="10.4.2020", ended="31.5.2020", end_recorded="20.6.2020"),
        clause=threshold(),
    ),
    "may follow, continued": contract(
        position("1.1.2020", "a", ended="31.1.2020"),
        position("15.4.2020", "b", ended="15.6.2020", replaces="a"),
        clause=fixed(completion=MAY_FOLLOW),
    ),
    "fulfilled and open again": contract(
        purchase("1.4.2018"), position("1.4.2018"), purchase("1.2.2019"), clause=threshold()
    ),
    "nothing promised": contract(clause=promise(0)),
}
LATE_RECORDS = (
    "broken, replaced, broken again",
    "several missing, some saved",
    "purchases with credit notes",
    "a threshold reached in the last months",
)
MUTINGS = {
    "acknowledged": Muting(acknowledged=True),
    "snoozed": Muting(snoozed_until=d("15.4.2019")),
}
THREE_YEARS = 1100


@cache
def told_every_day(name: str) -> Told:
    """What is told of a scenario where everything is recorded in its time and checked every day."""
    facts = SCENARIOS[name]
    return every_day(as_recorded(facts), facts.registered_on, THREE_YEARS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_checking_only_when_asked_or_recorded_tells_the_same_on_the_same_days(name: str) -> None:
    facts = SCENARIOS[name]
    told, checks = when_asked(as_recorded(facts), facts.registered_on, THREE_YEARS)
    assert told == told_every_day(name)
    assert checks < THREE_YEARS / 10


@pytest.mark.parametrize("name", LATE_RECORDS)
def test_facts_known_before_their_days_are_told_on_their_days_all_the_same(name: str) -> None:
    facts_on = fixed_facts(SCENARIOS[name])
    told, checks = when_asked(facts_on, d("1.3.2018"), THREE_YEARS)
    assert told == every_day(facts_on, d("1.3.2018"), THREE_YEARS)
    assert checks < THREE_YEARS / 10


@pytest.mark.parametrize("muting", MUTINGS.values(), ids=MUTINGS)
@pytest.mark.parametrize("name", ["nobody, with a time to start", *LATE_RECORDS[1:3]])
def test_checking_only_when_asked_tells_the_same_where_the_owner_muted(name: str, muting: Muting) -> None:
    facts_on = as_recorded(SCENARIOS[name])
    told, _ = when_asked(facts_on, d("1.3.2018"), THREE_YEARS, muting)
    assert told == every_day(facts_on, d("1.3.2018"), THREE_YEARS, muting)


def test_the_walks_tell_something_of_every_kind() -> None:
    kinds = {kind for name in SCENARIOS for keys in told_every_day(name).values() for kind, _ in keys}
    # A handover is told when it happens, what will be erased by a clock of its own (rules/retention.py).
    assert kinds == set(ReminderKind) - {ReminderKind.HANDOVER, ReminderKind.ERASURE_AHEAD}


def test_a_year_of_nobody_is_told_step_by_step() -> None:
    told = every_day(fixed_facts(contract(last_recorded="1.1.2030")), d("1.3.2018"), 1000)
    assert [(day, key) for day, keys in told.items() for _, key in keys] == [
        (d("2.12.2018"), "2019-05-31/180"),
        (d("2.3.2019"), "2019-05-31/90"),
        (d("1.5.2019"), "2019-05-31/30"),
        (d("24.5.2019"), "2019-05-31/7"),
        (d("1.6.2019"), "2019-05-31/0"),
        (d("30.6.2019"), "2019-05-31/1"),
        (d("30.7.2019"), "2019-05-31/2"),
        (d("29.8.2019"), "2019-05-31/3"),
        (d("28.9.2019"), "2019-05-31/4"),
        (d("28.10.2019"), "2019-05-31/5"),
        (d("27.11.2019"), "2019-05-31/6"),
        (d("27.12.2019"), "2019-05-31/7"),
        (d("26.1.2020"), "2019-05-31/8"),
        (d("25.2.2020"), "2019-05-31/9"),
        (d("29.2.2020"), "2020-02-28/0"),
        (d("29.3.2020"), "2020-02-28/1"),
        (d("28.4.2020"), "2020-02-28/2"),
    ]


@settings(max_examples=40 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), facts=contract_facts())
def test_checking_only_when_asked_tells_the_same_of_any_contract(data: st.DataObject, facts: ContractFacts) -> None:
    registered = facts.starts_on + timedelta(days=data.draw(st.sampled_from([-60, 0, 0, 0, 100, 400]), "registered"))
    recorded = registered + timedelta(days=data.draw(st.sampled_from([0, 0, 50, 400]), "last recorded"))
    snoozed = data.draw(st.sampled_from([None, None, None, 40, 200]), "snoozed")
    muting = Muting(
        acknowledged=data.draw(st.booleans(), "acknowledged"),
        snoozed_until=None if snoozed is None else registered + timedelta(days=snoozed),
    )
    facts = replace(facts, registered_on=registered, last_recorded_on=recorded)
    arriving = data.draw(st.booleans(), "facts arrive day by day")
    facts_on = as_recorded(facts) if arriving else fixed_facts(facts)
    days = min(1500, max(400, (facts.ends_on - registered).days + 300))
    told, _ = when_asked(facts_on, registered, days, muting)
    assert told == every_day(facts_on, registered, days, muting)


# --- A pause of the daily check


def limits_of(told: Told, after: date) -> Told:
    """What is told later than a day but for events, and for breaches, which are counted and so end later too."""
    kinds = LIMIT_KINDS - {ReminderKind.BREACHED}
    kept = {day: [key for key in keys if key[0] in kinds] for day, keys in told.items() if day > after}
    return {day: keys for day, keys in kept.items() if keys}


def resumed(name: str, pause: date, length: int, days: int = 60) -> tuple[set[ReminderKey], Told]:
    """What had been told before no check ran for `length` days from `pause`, and what is told from its end on."""
    before = {key for day, keys in told_every_day(name).items() if day < pause for key in keys}
    told, _ = when_asked(as_recorded(SCENARIOS[name]), pause + timedelta(days=length), days, LOUD, before)
    return before, told


@pytest.mark.parametrize("length", [10, 40, 100])
@pytest.mark.parametrize("pause", ["20.4.2019", "25.5.2019", "20.2.2020"])
@pytest.mark.parametrize("name", [name for name, facts in SCENARIOS.items() if facts.registered_on <= d("1.3.2018")])
def test_after_a_pause_nobody_is_flooded(name: str, pause: str, length: int) -> None:
    back = d(pause) + timedelta(days=length)
    steady = told_every_day(name)
    before, after = resumed(name, d(pause), length)

    # One of each limit kind at most, and one passed limit: what a steady check tells that day or told last.
    kinds = [kind for kind, _ in after.get(back, [])]
    assert all(kinds.count(kind) <= 1 for kind in LIMIT_KINDS)
    assert len({ReminderKind.OVERDUE, ReminderKind.CANNOT_BE_MET, ReminderKind.BREACHED} & set(kinds)) <= 1

    # Events of the pause are made up where a steady check would have told them in the last thirty days.
    steadily = {key: day for day, keys in steady.items() for key in keys if key[0] not in LIMIT_KINDS}
    made_up = {key for key in after.get(back, []) if key[0] not in LIMIT_KINDS}
    assert made_up <= {key for key, day in steadily.items() if day <= back} - before
    assert all(back - timedelta(days=30) <= steadily[key] for key in made_up)

    # Afterwards everything goes on as if there had been no pause.
    assert limits_of(after, back) == {
        day: keys for day, keys in limits_of(steady, back).items() if day < back + timedelta(days=60)
    }


@pytest.mark.parametrize(("length", "told"), [(10, True), (30, True), (31, False), (40, False), (100, False)])
def test_events_of_a_pause_are_made_up_for_thirty_days(length: int, told: bool) -> None:
    # The first job of the scenario ended on 31.5.2018.
    _, after = resumed("several missing, some saved", d("31.5.2018"), length)
    keys = {key for keys in after.values() for key in keys}
    assert ((ReminderKind.POSITION_INTERRUPTED, "a") in keys) is told


def test_three_months_without_checks_leave_one_step_of_the_window() -> None:
    _, after = resumed("nobody", d("1.3.2019"), 85, days=8)
    assert {day: [key for key in keys if key[0] is ReminderKind.WINDOW_CLOSING] for day, keys in after.items()} == {
        d("25.5.2019"): [(ReminderKind.WINDOW_CLOSING, "2019-05-31/7")],
        d("1.6.2019"): [],
    }
