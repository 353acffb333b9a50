"""The worked examples and the prose of the domain rules, and what a judgement as of a day may use."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.rules.facts import ContractFacts
from app.rules.judgement import judge
from app.rules.status import Standing
from tests.factories import (
    Fact,
    adjustment,
    closure,
    contract,
    d,
    fixed,
    option,
    position,
    purchase,
    termination,
    threshold,
)

NOBODY: list[Fact] = []
STARTED: list[Fact] = [position("31.5.2019")]
BROKEN: list[Fact] = [position("31.5.2019", ended="31.10.2019")]
SHORT: list[Fact] = [position("1.3.2019", planned_end="31.8.2019")]
REPLACED: list[Fact] = [position("7.1.2019", "a", ended="6.4.2019"), position("1.6.2019", "b", replaces="a")]
ONE_DAY: list[Fact] = [position("1.5.2019", "a", ended="1.5.2019"), position("31.5.2019", "b", replaces="a")]
LATE: list[Fact] = [position("15.6.2019")]

COUNTS = ("completed", "late", "running", "upcoming", "interrupted", "filled", "covered", "missing")


@pytest.mark.parametrize(
    ("recorded", "as_of", "status", "latest_start_on", "next_change_on", "counts"),
    [
        # The counts in the order of COUNTS.
        (NOBODY, "1.2.2018", "not_started", "31.5.2019", "1.3.2018", "0 0 0 0 0 0 0 1"),
        (NOBODY, "1.3.2018", "open", "31.5.2019", "2.3.2019", "0 0 0 0 0 0 0 1"),
        (NOBODY, "2.3.2019", "at_risk", "31.5.2019", "1.6.2019", "0 0 0 0 0 0 0 1"),
        (NOBODY, "1.6.2019", "cannot_be_met", "31.5.2019", "29.2.2020", "0 0 0 0 0 0 0 1"),
        (NOBODY, "29.2.2020", "breached", "31.5.2019", None, "0 0 0 0 0 0 0 1"),
        (STARTED, "1.6.2019", "on_track", None, "28.2.2020", "0 0 1 0 0 1 1 0"),
        (STARTED, "28.2.2020", "fulfilled", None, None, "1 0 0 0 0 1 1 0"),
        (BROKEN, "1.11.2019", "at_risk", "1.11.2019", "2.11.2019", "0 0 0 0 1 1 0 1"),
        (BROKEN, "2.11.2019", "cannot_be_met", "1.11.2019", "29.2.2020", "0 0 0 0 1 1 0 1"),
        (SHORT, "1.6.2019", "open", "30.11.2019", "31.8.2019", "0 0 1 0 0 1 0 1"),
        (REPLACED, "1.6.2019", "on_track", None, "30.11.2019", "0 0 1 0 0 1 1 0"),
        (REPLACED, "30.11.2019", "fulfilled", None, None, "1 0 0 0 0 1 1 0"),
        (ONE_DAY, "28.2.2020", "fulfilled", None, None, "1 0 0 0 0 1 1 0"),
        (LATE, "20.3.2020", "breached", "31.5.2019", None, "0 1 0 0 0 1 0 1"),
    ],
)
def test_the_worked_examples_of_the_domain_rules(
    recorded: list[Fact],
    as_of: str,
    status: str,
    latest_start_on: str | None,
    next_change_on: str | None,
    counts: str,
) -> None:
    judgement = judge(contract(*recorded), d(as_of))
    standing = judgement.standing
    latest = d(latest_start_on) if latest_start_on else None
    assert judgement.status == status
    assert standing.latest_start_on == latest
    assert standing.missing_latest_starts == ((latest,) if latest else ())
    assert judgement.next_change_on == (d(next_change_on) if next_change_on else None)
    assert [getattr(standing, count) for count in COUNTS] == [int(count) for count in counts.split()]
    assert (standing.required, standing.effective_end_on) == (1, d("28.2.2020"))


def test_someone_who_continues_a_broken_job_needs_only_the_days_that_are_left() -> None:
    first_hires_only = judge(contract(), d("1.11.2019"))
    a_job_to_continue = judge(contract(*BROKEN), d("1.11.2019"))
    assert first_hires_only.status == "cannot_be_met"
    assert a_job_to_continue.status == "at_risk"


def test_two_of_three_covered_the_third_must_start_by_the_first_of_june() -> None:
    facts = contract(
        position("1.4.2025", "a"), position("1.5.2025", "b"), clause=fixed(3), starts="1.3.2025", ends="28.2.2027"
    )
    standing = judge(facts, d("1.9.2025")).standing
    assert (standing.required, standing.covered, standing.missing) == (3, 2, 1)
    assert standing.latest_start_on == d("1.6.2026")


@pytest.mark.parametrize(
    ("as_of", "filled", "completed", "running", "upcoming", "interrupted"),
    [
        ("30.3.2019", 1, 0, 1, 0, 0),
        ("31.3.2019", 1, 0, 0, 0, 1),
        ("31.5.2020", 1, 0, 0, 1, 1),
        ("1.6.2020", 2, 0, 1, 0, 1),
        ("28.2.2021", 2, 1, 0, 0, 1),
    ],
)
def test_filled_are_the_chains_that_have_started_whatever_came_of_them(
    as_of: str, filled: int, completed: int, running: int, upcoming: int, interrupted: int
) -> None:
    facts = contract(
        position("1.3.2019", "broken", ended="31.3.2019"),
        position("1.6.2020", "last", agreed="1.2.2020"),
        option("28.2.2021", exercised="1.1.2020"),
        clause=fixed(2),
    )
    standing = judge(facts, d(as_of)).standing
    assert standing.filled == filled
    assert (standing.completed, standing.running, standing.upcoming, standing.interrupted) == (
        completed,
        running,
        upcoming,
        interrupted,
    )


# --- As of a day


A_YEAR_OF_FACTS = contract(
    position("1.6.2018", "a", agreed="1.5.2018", ended="31.7.2018"),
    position("1.10.2018", "b", agreed="1.9.2018", replaces="a"),
    purchase("1.6.2018"),
    purchase("1.11.2018", -1),
    option("28.2.2021", exercised="1.12.2018"),
    adjustment("1.12.2018", 1),
    termination("31.8.2019", decided="1.2.2019"),
    closure("1.3.2019"),
    clause=threshold(),
)


def known_on(facts: ContractFacts, as_of: str) -> ContractFacts:
    """The facts with everything dated after a day taken out by hand."""
    day = d(as_of)
    return replace(
        facts,
        positions=tuple(
            each._replace(ended_on=None, end_recorded_on=None) if each.ended_on and each.ended_on > day else each
            for each in facts.positions
            if each.agreed_on <= day
        ),
        purchases=tuple(each for each in facts.purchases if each.on_date <= day),
        options=tuple(each for each in facts.options if each.exercised_on and each.exercised_on <= day),
        adjustments=tuple(each for each in facts.adjustments if each.effective_on <= day),
        termination=facts.termination if facts.termination and facts.termination.decided_on <= day else None,
        closure=facts.closure if facts.closure and facts.closure.effective_on <= day else None,
    )


@pytest.mark.parametrize("offset", range(0, 500, 3))
def test_facts_dated_later_change_nothing(offset: int) -> None:
    day = d("1.3.2018") + timedelta(days=offset)
    as_of = f"{day.day}.{day.month}.{day.year}"
    now, then = judge(A_YEAR_OF_FACTS, day), judge(known_on(A_YEAR_OF_FACTS, as_of), day)
    assert (now.standing, now.next_change_on) == (then.standing, then.next_change_on)


def test_the_same_facts_and_day_always_give_the_same_answer() -> None:
    one, other = judge(A_YEAR_OF_FACTS, d("1.10.2018")), judge(A_YEAR_OF_FACTS, d("1.10.2018"))
    assert (one.standing, one.next_change_on, one.reasons) == (other.standing, other.next_change_on, other.reasons)


def test_what_was_recorded_when_does_not_change_a_judgement() -> None:
    late = contract(
        position("31.5.2019", logged="1.1.2020", ended="31.10.2019", end_recorded="1.2.2020"),
        registered="1.1.2020",
        last_recorded="1.2.2020",
    )
    late = replace(late, positions=tuple(each._replace(agreed_on=d("31.5.2019")) for each in late.positions))
    assert judge(late, d("1.11.2019")).standing == judge(contract(*BROKEN), d("1.11.2019")).standing


def test_a_judgement_carries_every_field() -> None:
    judgement = judge(contract(*REPLACED), d("1.6.2019"))
    assert judgement.as_of == d("1.6.2019")
    assert judgement.reasons
    assert judgement.promised == (1, 1)
    assert Standing._fields == (
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
