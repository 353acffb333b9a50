"""Which reminders are due: every kind at its limits, never twice, muted, still true at sending."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.rules.facts import Completion, ContractFacts
from app.rules.judgement import judge
from app.rules.reminders import (
    REPEATING,
    Muting,
    Reminder,
    ReminderKey,
    ReminderKind,
    candidates,
    is_repeat,
    is_snoozed,
    limit_on,
    next_reminder_on,
    recorded_by,
    reminders_due,
    still_holds,
)
from tests.factories import (
    Day,
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

NOTHING: frozenset[ReminderKey] = frozenset()
MAY_FOLLOW = fixed(completion=Completion.MAY_FOLLOW_CONTRACT)
START_WITHIN_SIX = fixed(start_within=6)
L = d("31.5.2019")


def plus(day: Day, days: int) -> date:
    return d(day) + timedelta(days=days)


def reminders(
    facts: ContractFacts,
    as_of: Day,
    told: AbstractSet[ReminderKey] = NOTHING,
    muting: Muting = Muting(),  # noqa: B008 - frozen
    *,
    silent: bool = False,
) -> list[Reminder]:
    """What is due on a day. Unless the test is about silence, something was recorded that day."""
    facts = facts if silent else replace(facts, last_recorded_on=d(as_of))
    return reminders_due(judge(facts, d(as_of)), told, muting)


def due(
    facts: ContractFacts,
    as_of: Day,
    told: AbstractSet[ReminderKey] = NOTHING,
    muting: Muting = Muting(),  # noqa: B008 - frozen
    *,
    silent: bool = False,
) -> list[str]:
    """The same as words: kind and key."""
    return [f"{each.kind} {each.key}" for each in reminders(facts, as_of, told, muting, silent=silent)]


def keys(*words: str) -> frozenset[ReminderKey]:
    """Reminders told, written as `due` gives them."""
    return frozenset((ReminderKind(word.split()[0]), word.split()[1]) for word in words)


# --- window_closing


@pytest.mark.parametrize(
    ("left", "step"),
    [
        (181, None),
        (180, 180),
        (179, 180),
        (91, 180),
        (90, 90),
        (89, 90),
        (31, 90),
        (30, 30),
        (29, 30),
        (8, 30),
        (7, 7),
        (6, 7),
        (1, 7),
        (0, 7),
    ],
)
def test_a_closing_window_is_told_at_each_step(left: int, step: int | None) -> None:
    expected = [] if step is None else [f"window_closing 2019-05-31/{step}"]
    assert due(contract(), plus(L, -left)) == expected


def test_no_window_is_closing_the_day_after() -> None:
    assert due(contract(), plus(L, 1)) == ["cannot_be_met 2019-05-31/0"]


@pytest.mark.parametrize("left", [179, 150, 91])
def test_a_step_once_told_is_not_told_again(left: int) -> None:
    assert due(contract(), plus(L, -left), keys("window_closing 2019-05-31/180")) == []


def test_where_several_steps_passed_untold_only_the_nearest_is_told() -> None:
    told = keys("window_closing 2019-05-31/180")
    assert due(contract(), plus(L, -29), told) == ["window_closing 2019-05-31/30"]
    told |= keys("window_closing 2019-05-31/30")
    assert due(contract(), plus(L, -29), told) == []
    assert due(contract(), plus(L, -8), told) == []
    assert due(contract(), plus(L, -7), told) == ["window_closing 2019-05-31/7"]


def test_the_steps_to_a_last_day_that_has_moved_are_new() -> None:
    facts = contract(option("28.2.2021", exercised="1.6.2019"))
    told = keys(*(f"window_closing 2019-05-31/{step}" for step in (180, 90, 30, 7)))
    new = d("1.6.2020")
    assert due(facts, plus(new, -181), told) == []
    assert due(facts, plus(new, -180), told) == ["window_closing 2020-06-01/180"]


def test_the_window_of_the_next_unit_is_told_after_that_of_the_first_has_closed() -> None:
    facts = contract(position("1.3.2018", ended="31.5.2018"), clause=fixed(2))
    # 31.5.2019 for a first hire, 30.8.2019 for who continues.
    told = keys("window_closing 2019-05-31/7")
    assert due(facts, "31.5.2019", told) == []
    assert due(facts, "1.6.2019", told) == ["window_closing 2019-08-30/90", "cannot_be_met 2019-05-31/0"]


def test_a_closing_window_says_for_how_many_positions_it_closes() -> None:
    facts = contract(position("1.4.2018"), clause=fixed(3))
    (reminder,) = reminders(facts, plus(L, -90))
    assert (reminder.on, reminder.count) == (L, 2)


def test_no_window_is_closing_where_nothing_is_missing() -> None:
    assert due(contract(position("1.3.2019")), plus(L, -7)) == []


# --- overdue, cannot_be_met, breached


@pytest.mark.parametrize(
    ("facts", "kind", "limit"),
    [
        (contract(clause=START_WITHIN_SIX), "overdue", "31.8.2018"),
        (contract(), "cannot_be_met", "31.5.2019"),
        (contract(), "breached", "28.2.2020"),
    ],
    ids=["overdue", "cannot_be_met", "breached"],
)
def test_a_limit_that_has_passed_is_told_on_entering_and_every_thirty_days(
    facts: ContractFacts, kind: str, limit: str
) -> None:
    first, second = f"{kind} {d(limit)}/0", f"{kind} {d(limit)}/1"
    assert first not in due(facts, limit)
    assert due(facts, plus(limit, 1)) == [first]
    assert due(facts, plus(limit, 2), keys(first)) == []
    assert due(facts, plus(limit, 29), keys(first)) == []
    assert due(facts, plus(limit, 30), keys(first)) == [second]
    assert due(facts, plus(limit, 31), keys(first)) == [second]  # a missed day is made up
    assert due(facts, plus(limit, 31), keys(first, second)) == []
    assert due(facts, plus(limit, 60), keys(first, second)) == [f"{kind} {d(limit)}/2"]


def test_a_limit_entered_late_is_told_once_for_the_present_period() -> None:
    assert due(contract(), plus("28.2.2020", 95)) == ["breached 2020-02-28/3"]


def test_a_breach_is_told_three_times_and_then_no_more() -> None:
    told = keys("breached 2020-02-28/0", "breached 2020-02-28/1")
    assert due(contract(), plus("28.2.2020", 60), told) == ["breached 2020-02-28/2"]
    told |= keys("breached 2020-02-28/2")
    for days in (89, 90, 91, 120, 1000):
        assert due(contract(), plus("28.2.2020", days), told) == []


def test_other_kinds_and_other_limits_do_not_use_up_the_three_times() -> None:
    told = keys("cannot_be_met 2020-02-28/0", "breached 2019-05-31/0", "breached 2019-05-31/1", "breached 2019-05-31/2")
    assert due(contract(), "29.2.2020", told) == ["breached 2020-02-28/0"]


def test_what_is_not_a_breach_is_repeated_without_an_end() -> None:
    told = keys(*(f"cannot_be_met 2019-05-31/{period}" for period in range(8)))
    assert due(contract(), plus(L, 240), told) == ["cannot_be_met 2019-05-31/8"]


def test_the_limit_of_a_breach_is_the_later_of_end_and_last_chance() -> None:
    facts = contract(position("1.10.2019", ended="31.1.2020"), clause=MAY_FOLLOW)
    assert limit_on(judge(facts, d("30.4.2020"))) is None
    assert limit_on(judge(facts, d("1.5.2020"))) == d("30.4.2020")
    assert due(facts, "1.5.2020") == ["breached 2020-04-30/0"]


@pytest.mark.parametrize(
    ("facts", "as_of", "limit"),
    [
        (contract(), "31.5.2019", None),
        (contract(clause=START_WITHIN_SIX), "1.9.2018", "31.8.2018"),
        (contract(clause=START_WITHIN_SIX), "1.6.2019", "31.5.2019"),
        (contract(clause=START_WITHIN_SIX), "29.2.2020", "28.2.2020"),
        (contract(position("1.4.2018")), "29.2.2020", None),
    ],
)
def test_the_limit_is_the_day_that_has_passed(facts: ContractFacts, as_of: str, limit: str | None) -> None:
    assert limit_on(judge(facts, d(as_of))) == (d(limit) if limit else None)


def test_a_passed_limit_says_how_many_positions_are_missing() -> None:
    (reminder,) = reminders(contract(position("1.4.2018"), clause=fixed(3)), "29.2.2020")
    assert (reminder.kind, reminder.on, reminder.count) == (ReminderKind.BREACHED, d("28.2.2020"), 2)


# --- no_news


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (179, []),
        (180, ["no_news 2018-03-01/1"]),
        (181, ["no_news 2018-03-01/1"]),
        (359, ["no_news 2018-03-01/1"]),
        (360, ["no_news 2018-03-01/2"]),
        (361, ["no_news 2018-03-01/2"]),
    ],
)
def test_silence_is_told_every_hundred_and_eighty_days(days: int, expected: list[str]) -> None:
    facts = contract(position("28.2.2019", agreed="1.3.2018"), last_recorded="1.3.2018")
    assert due(facts, plus("1.3.2018", days), silent=True) == expected


def test_silence_once_told_waits_for_the_next_half_year() -> None:
    facts = contract(position("28.2.2019", agreed="1.3.2018"), last_recorded="1.3.2018")
    told = keys("no_news 2018-03-01/1")
    assert due(facts, plus("1.3.2018", 359), told, silent=True) == []
    assert due(facts, plus("1.3.2018", 360), told, silent=True) == ["no_news 2018-03-01/2"]


def test_a_new_record_begins_a_new_silence() -> None:
    facts = contract(position("28.2.2019", agreed="1.3.2018"), last_recorded="1.6.2018")
    told = keys("no_news 2018-03-01/1")
    assert due(facts, plus("1.6.2018", 179), told, silent=True) == []
    assert due(facts, plus("1.6.2018", 180), told, silent=True) == ["no_news 2018-06-01/1"]


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (contract(position("1.3.2018"), registered="1.1.2019"), "fulfilled"),
        (contract(clause=promise(0)), "no_obligation"),
        (contract(closure("1.4.2018")), "closed"),
        (contract(starts="1.3.2020", ends="28.2.2022", registered="1.3.2018"), "not_started"),
    ],
    ids=["fulfilled", "no_obligation", "closed", "not_started"],
)
def test_silence_is_no_news_where_nothing_is_awaited(facts: ContractFacts, status: str) -> None:
    assert judge(facts, d("1.8.2019")).status == status
    assert due(facts, "1.8.2019", silent=True) == []


def test_silence_says_how_many_days_it_has_lasted() -> None:
    (reminder,) = reminders(contract(clause=MAY_FOLLOW), plus("1.3.2018", 200), silent=True)
    assert (reminder.on, reminder.count) == (d("1.3.2018"), 200)


# --- Events


def test_every_unit_that_purchases_bring_is_told_once() -> None:
    facts = contract(purchase("1.6.2018"), purchase("1.7.2018"), clause=threshold(per=2))
    first = ["threshold_reached 1", "threshold_reached 2"]
    assert due(facts, "31.5.2018") == []
    assert due(facts, "1.6.2018") == first
    assert due(facts, "2.6.2018", keys(*first)) == []
    assert due(facts, "1.7.2018", keys(*first)) == ["threshold_reached 3", "threshold_reached 4"]


def test_a_unit_taken_away_by_a_credit_note_and_back_is_not_told_again() -> None:
    facts = contract(
        purchase("1.6.2018", 1000), purchase("1.9.2018", "-0.01"), purchase("1.10.2018", "0.01"), clause=threshold()
    )
    told = keys("threshold_reached 1")
    assert due(facts, "15.9.2018", told) == []
    assert due(facts, "1.10.2018", told) == []


def test_units_above_the_cap_are_not_told() -> None:
    facts = contract(purchase("1.6.2018", 5000), clause=threshold(cap=1))
    assert due(facts, "1.6.2018") == ["threshold_reached 1"]


def test_units_that_an_adjustment_brings_are_not_purchases() -> None:
    facts = contract(adjustment("1.6.2018", 1), clause=threshold())
    assert judge(facts, d("1.6.2018")).standing.required == 1
    assert due(facts, "1.6.2018") == []


def test_where_an_adjustment_took_units_away_only_growth_is_told() -> None:
    facts = contract(adjustment("1.4.2018", -1), purchase("1.6.2018"), purchase("1.9.2018"), clause=threshold())
    assert judge(facts, d("1.6.2018")).standing.required == 0
    assert due(facts, "1.6.2018") == []
    assert judge(facts, d("1.9.2018")).standing.required == 1
    assert len(due(facts, "1.9.2018")) == 1


@pytest.mark.parametrize("recorded", [True, False])
def test_a_job_that_ended_early_is_told_once(recorded: bool) -> None:
    end = "31.5.2018"
    job = position("1.4.2018", "a", ended=end) if recorded else position("1.4.2018", "a", planned_end=end)
    assert due(contract(job), "30.5.2018") == []
    assert due(contract(job), end) == ["position_interrupted a"]
    assert due(contract(job), plus(end, 1), keys("position_interrupted a")) == []


def test_a_job_that_is_replaced_is_not_told() -> None:
    facts = contract(
        position("1.4.2018", "a", ended="31.5.2018"), position("1.8.2018", "b", agreed="31.5.2018", replaces="a")
    )
    assert due(facts, "31.5.2018") == []


def test_the_end_of_a_replacement_is_told_as_its_own() -> None:
    facts = contract(
        position("1.4.2018", "a", ended="31.5.2018"),
        position("1.6.2018", "b", agreed="31.5.2018", ended="30.6.2018", replaces="a"),
    )
    assert due(facts, "30.6.2018", keys("position_interrupted a")) == ["position_interrupted b"]


def test_a_position_that_does_not_count_is_no_event() -> None:
    facts = contract(position("1.4.2018", ended="31.5.2018", form="work_trial"))
    assert due(facts, "31.5.2018") == []


def test_a_chain_that_completes_and_an_obligation_fulfilled_are_told_once() -> None:
    facts = contract(position("1.4.2018", "a"))
    both = ["fulfilled 1", "nine_months_reached a"]
    assert due(facts, "30.12.2018") == []
    assert due(facts, "31.12.2018") == both
    assert due(facts, "1.1.2019", keys(*both)) == []


def test_one_of_two_chains_completed_fulfils_nothing_yet() -> None:
    facts = contract(position("1.4.2018", "a"), position("1.5.2018", "b"), clause=fixed(2))
    assert due(facts, "31.12.2018") == ["nine_months_reached a"]
    assert due(facts, "31.1.2019", keys("nine_months_reached a")) == ["fulfilled 2", "nine_months_reached b"]


def test_a_chain_is_told_by_its_first_member() -> None:
    facts = contract(position("1.4.2018", "a", ended="30.6.2018"), position("1.7.2018", "b", replaces="a"))
    assert due(facts, "31.12.2018") == ["fulfilled 1", "nine_months_reached a"]


def test_a_chain_completed_late_is_told_but_fulfils_nothing() -> None:
    told = keys("breached 2020-02-28/0")
    assert due(contract(position("15.6.2019", "a")), "14.3.2020", told) == ["nine_months_reached a"]


def test_an_obligation_fulfilled_again_after_more_purchases_is_told_again() -> None:
    facts = contract(
        purchase("1.4.2018"),
        position("1.4.2018", "a"),
        purchase("1.2.2019"),
        position("1.2.2019", "b"),
        clause=threshold(),
    )
    told = keys("threshold_reached 1", "threshold_reached 2", "nine_months_reached a", "fulfilled 1")
    assert due(facts, "31.10.2019", told) == ["fulfilled 2", "nine_months_reached b"]


def test_an_event_says_its_own_day_and_number() -> None:
    bought = contract(purchase("1.6.2018"), purchase("15.6.2018"), clause=threshold())
    assert [(each.on, each.count) for each in reminders(bought, "20.6.2018")] == [
        (d("1.6.2018"), 1),
        (d("15.6.2018"), 2),
    ]
    broken = contract(position("1.4.2018", "a", ended="31.5.2018"))
    assert [each.on for each in reminders(broken, "10.6.2018")] == [d("31.5.2018")]
    done = contract(position("1.4.2018", "a"))
    assert [(each.on, each.count) for each in reminders(done, "10.1.2019")] == [
        (d("31.12.2018"), 1),
        (d("31.12.2018"), 0),
    ]


LATE_LEDGER = contract(purchase("1.6.2018", recorded="1.12.2018"), clause=threshold())
LATE_END = contract(position("1.4.2018", "a", ended="31.5.2018", end_recorded="1.12.2018"))
LATE_LOG = contract(position("1.3.2018", "a", logged="1.12.2018"), clause=fixed(2))


@pytest.mark.parametrize(
    ("facts", "word"),
    [(LATE_LEDGER, "threshold_reached 1"), (LATE_END, "position_interrupted a"), (LATE_LOG, "nine_months_reached a")],
    ids=["ledger", "end", "position"],
)
@pytest.mark.parametrize(("days", "told"), [(0, True), (29, True), (30, True), (31, False), (400, False)])
def test_an_event_of_an_old_day_is_told_when_it_was_recorded_at_most_thirty_days_ago(
    facts: ContractFacts, word: str, days: int, told: bool
) -> None:
    assert (word in due(facts, plus("1.12.2018", days))) is told


@pytest.mark.parametrize(
    ("facts", "on", "word"),
    [
        (contract(purchase("1.6.2018"), clause=threshold()), "1.6.2018", "threshold_reached 1"),
        (contract(position("1.4.2018", "a", ended="31.5.2018")), "31.5.2018", "position_interrupted a"),
        (contract(position("1.4.2018", "a", planned_end="31.5.2018")), "31.5.2018", "position_interrupted a"),
        (contract(position("1.4.2018", "a")), "31.12.2018", "nine_months_reached a"),
        (contract(position("1.4.2018", "a")), "31.12.2018", "fulfilled 1"),
        (contract(position("1.4.2018"), adjustment("1.6.2019", -1), clause=fixed(2)), "1.6.2019", "fulfilled 1"),
    ],
    ids=["threshold", "end", "planned end", "nine months", "fulfilled", "fulfilled by a reduction"],
)
@pytest.mark.parametrize(("days", "told"), [(-1, False), (0, True), (30, True), (31, False)])
def test_an_event_untold_is_made_up_for_thirty_days(
    facts: ContractFacts, on: str, word: str, days: int, told: bool
) -> None:
    assert (word in due(facts, plus(on, days))) is told


@pytest.mark.parametrize(("registered", "told"), [("31.5.2018", True), ("1.6.2018", True), ("2.6.2018", False)])
@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (contract(purchase("1.6.2018", recorded="10.6.2018"), clause=threshold()), "threshold_reached 1"),
        (
            contract(position("1.4.2018", "a", ended="1.6.2018", end_recorded="10.6.2018", logged="10.6.2018")),
            "position_interrupted a",
        ),
        (contract(position("2.9.2017", "a", logged="10.6.2018"), counts_from="2.9.2017"), "nine_months_reached a"),
        (contract(position("2.9.2017", "a", logged="10.6.2018"), counts_from="2.9.2017"), "fulfilled 1"),
    ],
    ids=["threshold", "interrupted", "nine months", "fulfilled"],
)
def test_events_before_the_contract_was_registered_flood_nobody(
    facts: ContractFacts, word: str, registered: str, told: bool
) -> None:
    assert (word in due(replace(facts, registered_on=d(registered)), "10.6.2018")) is told


def test_a_unit_regained_after_the_registration_is_an_event_of_that_day() -> None:
    facts = contract(
        purchase("1.6.2018", 1000),
        purchase("1.10.2018", "-0.01"),
        purchase("1.11.2018", "0.01"),
        clause=threshold(),
        registered="1.9.2018",
    )
    assert due(facts, "1.9.2018") == []
    assert due(facts, "1.11.2018") == ["threshold_reached 1"]


def test_a_completion_believed_too_early_and_untold_is_told_when_it_is_true() -> None:
    # A day short of nine months, which was written down only on 20.2.2019; until then it looked complete since
    # 31.12.2018, but the owner had snoozed the contract. The replacement completes the chain on 1.3.2019.
    facts = contract(
        position("1.4.2018", "a", ended="30.12.2018", end_recorded="20.2.2019"),
        position("1.3.2019", "b", agreed="25.2.2019", replaces="a"),
    )
    assert judge(facts, d("1.3.2019")).status == "fulfilled"
    assert due(facts, "1.3.2019", keys("position_interrupted a")) == ["fulfilled 1", "nine_months_reached a"]


def test_the_facts_recorded_by_a_day_leave_out_what_was_written_down_later() -> None:
    facts = contract(
        position("1.4.2018", "a", logged="2.4.2018", ended="31.5.2018", end_recorded="10.6.2018"),
        position("1.4.2018", "b", logged="11.6.2018"),
        purchase("1.6.2018", recorded="10.6.2018"),
        adjustment("1.6.2018", 1, recorded="10.6.2018"),
    )
    before, on = recorded_by(facts, d("9.6.2018")), recorded_by(facts, d("10.6.2018"))
    assert [(each.id, each.ended_on) for each in before.positions] == [("a", None)]
    assert [(each.id, each.ended_on) for each in on.positions] == [("a", d("31.5.2018"))]
    assert (before.purchases, before.adjustments) == ((), ())
    assert (on.purchases, on.adjustments) == (facts.purchases, facts.adjustments)


# --- Silent, acknowledged, snoozed


@pytest.mark.parametrize(
    "facts",
    [
        contract(closure("1.1.2019"), position("1.4.2018", ended="1.6.2018")),
        contract(closure("1.1.2019"), purchase("1.6.2018"), clause=threshold()),
        contract(closure("1.1.2019")),
    ],
)
@pytest.mark.parametrize("as_of", ["1.1.2019", "31.5.2019", "1.6.2019", "29.2.2020", "1.1.2021"])
def test_nothing_is_told_of_a_closed_obligation(facts: ContractFacts, as_of: str) -> None:
    assert due(facts, as_of, silent=True) == []


def test_nothing_is_told_before_the_contract_starts() -> None:
    facts = contract(
        position("1.4.2017", "a", ended="1.2.2018"), counts_from="1.4.2017", registered="1.4.2017", clause=fixed(2)
    )
    assert due(facts, "28.2.2018", silent=True) == []
    assert due(facts, "1.3.2018", silent=True) == ["no_news 2017-04-01/1"]


ACKNOWLEDGED = Muting(acknowledged=True)


@pytest.mark.parametrize(
    ("facts", "first", "limit"),
    [
        (contract(clause=START_WITHIN_SIX), "overdue 2018-08-31/0", "31.8.2018"),
        (contract(), "cannot_be_met 2019-05-31/0", "31.5.2019"),
        (contract(), "breached 2020-02-28/0", "28.2.2020"),
    ],
    ids=["overdue", "cannot_be_met", "breached"],
)
def test_an_acknowledgement_stops_the_repeats(facts: ContractFacts, first: str, limit: str) -> None:
    for days in (30, 31, 60):
        assert len(due(facts, plus(limit, days), keys(first))) == 1
        assert due(facts, plus(limit, days), keys(first), ACKNOWLEDGED) == []


def test_an_acknowledgement_stops_the_repeats_of_silence() -> None:
    facts = contract(position("28.2.2019", agreed="1.3.2018"))
    told = keys("no_news 2018-03-01/1")
    assert due(facts, plus("1.3.2018", 360), told, ACKNOWLEDGED, silent=True) == []


@pytest.mark.parametrize(
    ("facts", "as_of", "word"),
    [
        (contract(), "24.5.2019", "window_closing 2019-05-31/7"),
        (contract(purchase("1.6.2018"), clause=threshold()), "1.6.2018", "threshold_reached 1"),
        (contract(position("1.4.2018", "a", ended="31.5.2018")), "31.5.2018", "position_interrupted a"),
        (contract(position("1.4.2018", "a")), "31.12.2018", "nine_months_reached a"),
        (contract(position("1.4.2018", "a")), "31.12.2018", "fulfilled 1"),
    ],
)
def test_an_acknowledgement_stops_nothing_but_repeats(facts: ContractFacts, as_of: str, word: str) -> None:
    assert word in due(facts, as_of, NOTHING, ACKNOWLEDGED)


@pytest.mark.parametrize(
    ("facts", "as_of", "told", "word"),
    [
        # The owner acknowledged a closing window, then the day passed.
        (contract(clause=START_WITHIN_SIX), "1.9.2018", "window_closing 2018-08-31/7", "overdue 2018-08-31/0"),
        # The owner acknowledged that the start is late, then all was lost, without any new fact.
        (contract(clause=START_WITHIN_SIX), "1.6.2019", "overdue 2018-08-31/0", "cannot_be_met 2019-05-31/0"),
        (contract(), "29.2.2020", "cannot_be_met 2019-05-31/0", "breached 2020-02-28/0"),
    ],
    ids=["overdue", "cannot_be_met", "breached"],
)
def test_entering_a_status_is_no_repeat_and_told_though_something_else_was_acknowledged(
    facts: ContractFacts, as_of: str, told: str, word: str
) -> None:
    assert due(facts, as_of, keys(told), ACKNOWLEDGED) == [word]


def test_what_an_acknowledgement_can_stop_is_what_repeats() -> None:
    assert {kind.value for kind in REPEATING} == {"overdue", "cannot_be_met", "breached", "no_news"}


@pytest.mark.parametrize(
    ("word", "told", "repeat"),
    [
        ("overdue 2018-08-31/1", "overdue 2018-08-31/0", True),
        ("overdue 2018-08-31/1", "overdue 2018-09-30/0", False),  # another limit: the facts changed
        ("overdue 2018-08-31/1", "cannot_be_met 2018-08-31/0", False),
        ("no_news 2018-03-01/2", "no_news 2018-03-01/1", True),
        ("no_news 2018-06-01/1", "no_news 2018-03-01/1", False),
        ("window_closing 2019-05-31/90", "window_closing 2019-05-31/180", False),
        ("threshold_reached 2", "threshold_reached 1", False),
    ],
)
def test_a_repeat_is_the_same_limit_or_silence_in_another_period(word: str, told: str, repeat: bool) -> None:
    ((kind, key),) = keys(word)
    assert is_repeat(kind, key, keys(told)) is repeat


def test_the_first_word_of_silence_is_told_though_something_else_was_acknowledged() -> None:
    facts = contract(position("28.2.2019", agreed="1.3.2018"))
    assert due(facts, plus("1.3.2018", 180), NOTHING, ACKNOWLEDGED, silent=True) == ["no_news 2018-03-01/1"]


@pytest.mark.parametrize(
    ("facts", "until", "word"),
    [
        (contract(), "24.5.2019", "window_closing 2019-05-31/7"),
        (contract(clause=START_WITHIN_SIX), "30.9.2018", "overdue 2018-08-31/1"),
        (contract(position("1.4.2018", "a", ended="31.5.2018")), "15.6.2018", "position_interrupted a"),
    ],
)
def test_a_snooze_mutes_until_the_day_before_its_own(facts: ContractFacts, until: str, word: str) -> None:
    muting = Muting(snoozed_until=d(until))
    assert due(facts, plus(until, -10), NOTHING, muting) == []
    assert due(facts, plus(until, -1), NOTHING, muting) == []
    assert word in due(facts, until, NOTHING, muting)
    assert word in due(facts, plus(until, 1), NOTHING, muting)


def test_what_is_due_whatever_was_muted_can_be_asked_for() -> None:
    judgement = judge(replace(contract(), last_recorded_on=L), L)
    muting = Muting(snoozed_until=plus(L, 5))
    assert is_snoozed(judgement, muting)
    assert reminders_due(judgement, NOTHING, muting) == []
    assert [each.kind for each in candidates(judgement, NOTHING, muting)] == [ReminderKind.WINDOW_CLOSING]


# --- Most urgent first


def test_the_most_urgent_comes_first() -> None:
    facts = contract(
        position("1.3.2018", "done"),
        position("1.8.2018", "broken", ended="20.11.2018"),
        adjustment("1.6.2018", 1),
        clause=fixed(2, start_within=6),
        last_recorded="20.5.2018",
    )
    assert due(facts, "1.12.2018", silent=True) == [
        "overdue 2018-11-30/0",
        "position_interrupted broken",
        "no_news 2018-05-20/1",
        "nine_months_reached done",
    ]


def test_kinds_are_ordered_by_what_can_still_be_saved() -> None:
    assert [kind.value for kind in ReminderKind] == [
        "overdue",
        "window_closing",
        "position_interrupted",
        "cannot_be_met",
        "breached",
        "threshold_reached",
        "no_news",
        "fulfilled",
        "nine_months_reached",
        "erasure_ahead",
        "handover",
    ]


def test_of_one_kind_the_earlier_day_comes_first() -> None:
    facts = contract(
        position("1.4.2018", "later", ended="10.6.2018"),
        position("1.4.2018", "sooner", ended="5.6.2018"),
        clause=fixed(2),
    )
    assert due(facts, "10.6.2018") == ["position_interrupted sooner", "position_interrupted later"]


# --- Before sending, the reason is checked again


@pytest.mark.parametrize(
    ("word", "facts", "as_of", "holds"),
    [
        ("window_closing 2019-05-31/90", contract(), "2.3.2019", True),
        ("window_closing 2019-05-31/90", contract(), "31.5.2019", True),  # a nearer step has been reached since
        ("window_closing 2019-05-31/90", contract(), "1.6.2019", False),
        ("window_closing 2019-05-31/90", contract(position("2.3.2019")), "2.3.2019", False),
        ("window_closing 2019-05-31/90", contract(option("28.2.2021", "2.3.2019")), "2.3.2019", False),
        ("overdue 2018-08-31/0", contract(clause=START_WITHIN_SIX), "1.9.2018", True),
        ("overdue 2018-08-31/0", contract(clause=START_WITHIN_SIX), "15.10.2018", True),
        ("overdue 2018-08-31/0", contract(clause=START_WITHIN_SIX), "1.6.2019", False),
        ("overdue 2018-08-31/0", contract(position("1.9.2018"), clause=START_WITHIN_SIX), "1.9.2018", False),
        ("cannot_be_met 2019-05-31/0", contract(), "1.6.2019", True),
        ("cannot_be_met 2019-05-31/0", contract(option("28.2.2021", "1.6.2019")), "1.6.2019", False),
        ("cannot_be_met 2019-05-31/0", contract(), "29.2.2020", False),
        ("breached 2020-02-28/0", contract(), "29.2.2020", True),
        ("breached 2020-02-28/2", contract(), "1.1.2021", True),
        ("breached 2020-02-28/0", contract(option("28.2.2021", "29.2.2020")), "29.2.2020", False),
        ("breached 2020-02-28/0", contract(termination("31.1.2020", "1.1.2020")), "29.2.2020", False),
        ("threshold_reached 1", contract(purchase("1.6.2018"), clause=threshold()), "1.6.2018", True),
        ("threshold_reached 2", contract(purchase("1.6.2018"), clause=threshold()), "1.6.2018", False),
        (
            "threshold_reached 1",
            contract(purchase("1.6.2018"), purchase("2.6.2018", -1), clause=threshold()),
            "2.6.2018",
            False,
        ),
        ("position_interrupted a", contract(position("1.4.2018", "a", ended="31.5.2018")), "31.5.2018", True),
        ("position_interrupted a", contract(position("1.4.2018", "a")), "31.5.2018", False),
        (
            "position_interrupted a",
            contract(position("1.4.2018", "a", ended="31.5.2018"), position("1.6.2018", "b", replaces="a")),
            "1.6.2018",
            False,
        ),
        ("nine_months_reached a", contract(position("1.4.2018", "a")), "31.12.2018", True),
        ("nine_months_reached a", contract(), "31.12.2018", False),
        ("fulfilled 1", contract(position("1.4.2018", "a")), "31.12.2018", True),
        ("fulfilled 1", contract(position("1.4.2018", "a"), adjustment("31.12.2018", 1)), "31.12.2018", False),
        ("no_news 2018-03-01/1", contract(), "28.8.2018", True),
        ("no_news 2018-03-01/1", contract(), "1.6.2019", True),  # two periods by now
        ("no_news 2018-03-01/1", contract(last_recorded="27.8.2018"), "28.8.2018", False),
        ("no_news 2018-03-01/1", contract(adjustment("28.8.2018", -1)), "28.8.2018", False),
        ("handover 7", contract(), "1.6.2018", True),
        ("handover 7", contract(), "1.1.2018", True),
        ("handover 7", contract(closure("1.6.2018")), "1.6.2018", True),
    ],
)
def test_a_reminder_is_sent_only_while_its_reason_holds(
    word: str, facts: ContractFacts, as_of: str, holds: bool
) -> None:
    ((kind, key),) = keys(word)
    assert still_holds(judge(facts, d(as_of)), kind, key) is holds


@pytest.mark.parametrize("kind", [kind for kind in ReminderKind if kind is not ReminderKind.HANDOVER])
@pytest.mark.parametrize(("facts", "as_of"), [(contract(closure("1.6.2018")), "1.6.2018"), (contract(), "28.2.2018")])
def test_nothing_but_a_handover_holds_of_what_is_closed_or_not_started(
    kind: ReminderKind, facts: ContractFacts, as_of: str
) -> None:
    assert not still_holds(judge(facts, d(as_of)), kind, "2019-05-31/90")


EVERY_DAY = [
    contract(),
    contract(clause=START_WITHIN_SIX),
    contract(position("15.6.2019", "late", agreed="1.6.2019"), clause=fixed(2)),
    contract(position("31.5.2019", "a", ended="31.10.2019"), position("1.3.2019", "b", planned_end="31.8.2019")),
    contract(
        purchase("1.6.2018"),
        purchase("1.9.2018", -1),
        purchase("1.12.2018", 2000, recorded="20.12.2018"),
        position("1.9.2018", "a", ended="31.1.2019"),
        clause=threshold(),
    ),
]


@pytest.mark.parametrize("facts", EVERY_DAY)
def test_what_is_due_holds_and_is_never_told_twice(facts: ContractFacts) -> None:
    told: set[ReminderKey] = set()
    for offset in range(1200):
        judgement = judge(facts, plus("1.3.2018", offset))
        found = reminders_due(judgement, told, Muting())
        new = [each.reminder_key for each in found]
        assert len(set(new)) == len(new)
        assert not told & set(new)
        assert all(still_holds(judgement, each.kind, each.key) for each in found)
        assert found == sorted(found, key=lambda each: each.urgency)
        told |= set(new)
        assert reminders_due(judgement, told, Muting()) == []
    assert told


# --- The next day on which a reminder may fall due


@pytest.mark.parametrize(
    ("facts", "as_of", "day"),
    [
        (contract(last_recorded="1.12.2018"), "1.12.2018", "2.12.2018"),  # 180 days to L
        (contract(last_recorded="2.12.2018"), "2.12.2018", "2.3.2019"),  # 90
        (contract(last_recorded="2.3.2019"), "2.3.2019", "1.5.2019"),  # 30
        (contract(last_recorded="1.5.2019"), "1.5.2019", "24.5.2019"),  # 7
        (contract(last_recorded="24.5.2019"), "24.5.2019", "1.6.2019"),  # passed
        (contract(last_recorded="1.6.2019"), "1.6.2019", "30.6.2019"),  # 30 days since
        (contract(last_recorded="29.6.2019"), "29.6.2019", "30.6.2019"),
        (contract(last_recorded="30.6.2019"), "30.6.2019", "30.7.2019"),
        (contract(position("28.2.2019", agreed="1.3.2018")), "1.3.2018", "28.8.2018"),  # silence
        (contract(position("28.2.2019", agreed="1.3.2018")), "28.8.2018", "24.2.2019"),
        (contract(position("1.4.2018")), "31.12.2018", None),
        (contract(closure("1.6.2018")), "1.6.2018", None),
        (contract(), "1.2.2018", None),
    ],
)
def test_the_next_reminder_comes_with_the_next_step_or_repeat(
    facts: ContractFacts, as_of: str, day: str | None
) -> None:
    assert next_reminder_on(judge(facts, d(as_of)), Muting()) == (d(day) if day else None)


def test_the_end_of_a_snooze_may_bring_a_reminder() -> None:
    judgement = judge(contract(position("1.4.2018")), d("31.12.2018"))
    assert next_reminder_on(judgement, Muting(snoozed_until=d("15.1.2019"))) == d("15.1.2019")
    assert next_reminder_on(judgement, Muting(snoozed_until=d("31.12.2018"))) is None
