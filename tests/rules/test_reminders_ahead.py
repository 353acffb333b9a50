"""The next reminder is what the daily check will send first, were nothing more recorded."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.rules.facts import ContractFacts
from app.rules.judgement import judge
from app.rules.reminders import Muting, ReminderKey, ReminderKind, reminders_due
from app.rules.reminders_ahead import next_reminder
from tests.factories import closure, contract, d, fixed, position, purchase, threshold

L = d("31.5.2019")


def ahead(facts: ContractFacts, day: date, *told: str, muting: Muting | None = None) -> tuple[str, str] | None:
    """`told` are kinds and keys: "overdue 2019-05-31/0"."""
    keys: frozenset[ReminderKey] = frozenset((ReminderKind(one.split()[0]), one.split()[1]) for one in told)
    found = next_reminder(judge(facts, day), keys, muting or Muting())
    return None if found is None else (found.reminder.kind.value, found.on.isoformat())


def news_on(day: date, *facts: object, **terms: object) -> ContractFacts:
    return replace(contract(*facts, **terms), last_recorded_on=day)  # type: ignore[arg-type]


@pytest.mark.parametrize(("left", "step"), [(181, 180), (91, 90), (31, 30), (8, 7)])
def test_the_next_step_of_a_closing_window_is_foretold(left: int, step: int) -> None:
    day = L - timedelta(days=left)
    told = [f"window_closing {L}/{one}" for one in (180, 90, 30) if one > step]
    expected = ("window_closing", (L - timedelta(days=step)).isoformat())
    assert ahead(news_on(day), day, *told) == expected


def test_what_is_due_already_waits_for_the_next_mail() -> None:
    day = L - timedelta(days=30)
    assert ahead(news_on(day), day) == ("window_closing", day.isoformat())


def test_silence_is_foretold_where_it_comes_first() -> None:
    assert ahead(contract(registered="1.3.2018"), d("1.3.2018")) == ("no_news", "2018-08-28")


def test_a_job_that_will_be_complete_is_foretold() -> None:
    facts = news_on(d("1.2.2020"), position("31.5.2019"))
    assert ahead(facts, d("1.2.2020")) == ("fulfilled", "2020-02-28")


def test_a_snooze_delays_it_and_an_acknowledgement_stops_repeats() -> None:
    day = L - timedelta(days=60)
    told = f"window_closing {L}/90"
    muted = Muting(snoozed_until=L - timedelta(days=10), snoozed_on=day)
    assert ahead(news_on(day), day, told, muting=muted) == ("window_closing", "2019-05-21")
    late = d("2.6.2019")
    facts, key = news_on(late), f"cannot_be_met {L}/0"
    assert ahead(facts, late, key) == ("cannot_be_met", "2019-06-30")
    assert ahead(facts, late, key, muting=Muting(acknowledged=True)) == ("no_news", "2019-11-29")


def test_nothing_is_in_sight_once_the_obligation_is_settled() -> None:
    told = ["fulfilled 1", "nine_months_reached 2018-03-01"]
    assert ahead(contract(position("1.3.2018")), d("1.3.2019"), *told) is None
    assert ahead(contract(closure("1.6.2018")), d("1.6.2018")) is None


FACTS = {
    "missing": contract(clause=fixed(2)),
    "interrupted": contract(position("31.5.2019", ended="31.10.2019")),
    "threshold": contract(purchase("1.4.2018", 2500), clause=threshold(1000)),
}


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("day", ["1.3.2018", "2.3.2019", "1.11.2019", "1.3.2020"])
def test_no_day_before_it_has_anything_due(name: str, day: str) -> None:
    """Walked day by day, as the daily check would."""
    facts, on = FACTS[name], d(day)
    found = next_reminder(judge(facts, on), frozenset(), Muting())
    assert found is not None
    while not (due := reminders_due(judge(facts, on), frozenset(), Muting())):
        on += timedelta(days=1)
    assert (found.on, found.reminder) == (on, due[0])
