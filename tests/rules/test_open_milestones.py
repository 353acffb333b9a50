"""What open data tells of an obligation, and what no difference of two releases can tell."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.facts import Completion, ContractFacts
from app.rules.open_milestones import MilestoneStatus, OpenMilestone, Step, open_obligation, told_on
from app.rules.public_tables import is_quarter_end
from tests.factories import closure, contract, d, fixed, option, position, purchase, termination, threshold
from tests.rules.strategies import facts_and_day

MET, PARTLY, NOT, AHEAD = (
    MilestoneStatus.MET,
    MilestoneStatus.PARTIALLY_MET,
    MilestoneStatus.NOT_MET,
    MilestoneStatus.SCHEDULED,
)


def told(facts: ContractFacts, day: str) -> list[tuple[str, date, int, MilestoneStatus]]:
    return [
        (one.step.value, one.due_on, one.positions, one.status) for one in open_obligation(facts, d(day)).milestones
    ]


@pytest.mark.parametrize(
    ("today", "on"),
    [
        ("29.1.2020", "30.9.2019"),
        ("30.1.2020", "31.12.2019"),
        ("31.1.2020", "31.12.2019"),
        ("30.4.2020", "31.3.2020"),
        ("29.4.2020", "31.12.2019"),
    ],
)
def test_how_far_the_jobs_are_is_told_as_of_a_quarter_whose_reports_are_in(today: str, on: str) -> None:
    assert told_on(d(today)) == d(on)


def test_a_fixed_count_is_due_on_the_last_day_to_start_and_on_the_last_day_of_the_contract() -> None:
    assert told(contract(clause=fixed(2)), "1.6.2018") == [
        ("start", d("31.5.2019"), 2, AHEAD),
        ("complete", d("28.2.2020"), 2, AHEAD),
    ]


def test_a_start_is_told_once_its_quarter_is_and_not_before() -> None:
    facts = contract(position("15.1.2019"))
    assert [one[3] for one in told(facts, "29.4.2019")] == [AHEAD, AHEAD]
    assert [one[3] for one in told(facts, "30.4.2019")] == [MET, AHEAD]
    assert [one[3] for one in told(facts, "29.1.2020")] == [MET, AHEAD]  # complete on 14.10.2019
    assert [one[3] for one in told(facts, "30.1.2020")] == [MET, MET]


def test_one_of_two_is_partially_met_before_and_after_the_day_it_was_due() -> None:
    facts = contract(position("15.1.2019"), clause=fixed(2))
    assert [one[3] for one in told(facts, "30.4.2019")] == [PARTLY, AHEAD]
    assert [one[3] for one in told(facts, "30.4.2020")] == [PARTLY, PARTLY]


def test_nobody_is_not_met_once_the_quarter_of_the_last_day_is_told() -> None:
    facts = contract(ends="29.3.2020")
    due = d("30.6.2019")
    assert told(facts, "1.6.2018")[0][:2] == ("start", due)
    assert [one[3] for one in told(facts, "29.7.2019")] == [AHEAD, AHEAD]
    assert [one[3] for one in told(facts, "30.7.2019")] == [NOT, AHEAD]
    assert [one[3] for one in told(facts, "30.4.2020")] == [NOT, NOT]


def test_a_job_that_broke_off_counts_for_nothing_and_moves_no_day() -> None:
    facts = contract(position("1.3.2019", ended="31.8.2019"))
    assert told(facts, "30.1.2020") == told(contract(), "30.1.2020")


def test_the_units_of_a_threshold_are_due_as_they_fell_due_and_the_first_done_count_first() -> None:
    facts = contract(
        purchase("1.4.2018", 1000),
        purchase("1.8.2018", 2000),
        position("1.5.2018"),
        position("1.9.2018"),
        clause=threshold(1000, start_within=3),
    )
    assert told(facts, "30.1.2019") == [
        ("start", d("30.6.2018"), 1, MET),
        ("start", d("31.10.2018"), 2, PARTLY),
        ("complete", d("29.3.2019"), 1, AHEAD),
        ("complete", d("30.7.2019"), 2, AHEAD),
    ]


def test_a_taken_option_moves_the_days_at_once_and_a_termination_too() -> None:
    assert told(contract(option("28.2.2021", "1.10.2018")), "1.10.2018")[1][1] == d("28.2.2021")
    assert told(contract(termination("30.11.2019", "1.10.2018")), "1.10.2018")[1][1] == d("30.11.2019")


def test_what_is_closed_tells_only_what_was_met() -> None:
    assert told(contract(closure("1.6.2019"), clause=fixed(1)), "1.6.2019") == []
    facts = contract(position("15.1.2019"), closure("1.6.2019"))
    assert told(facts, "31.5.2019") != told(facts, "1.6.2019") == [("start", d("31.5.2019"), 1, MET)]


def test_nothing_owed_is_no_milestone() -> None:
    assert open_obligation(contract(clause=threshold(1000)), d("1.6.2018")).milestones == ()


@given(facts_and_day(), st.integers(0, 3650))
def test_the_days_and_numbers_told_are_the_same_whoever_works(case: tuple[ContractFacts, date], later: int) -> None:
    facts, day = case
    for today in (day, day + timedelta(days=later)):
        whole, without = open_obligation(facts, today), open_obligation(replace(facts, positions=()), today)
        assert whole._replace(milestones=()) == without._replace(milestones=())
        if facts.closure is None or facts.closure.effective_on > today:
            assert [one[:3] for one in whole.milestones] == [one[:3] for one in without.milestones]


@given(facts_and_day(), st.integers(1, 29))
def test_a_job_moves_no_status_but_at_the_day_of_a_quarter(case: tuple[ContractFacts, date], days: int) -> None:
    """Of what is dated after the quarter told of, nobody learns anything: releases of any two days of which the same
    quarter is told differ by the public facts alone."""
    facts, today = case
    on = told_on(today)
    assert is_quarter_end(on)
    kept = tuple(one for one in facts.positions if one.agreed_on <= on)
    assert open_obligation(replace(facts, positions=kept), today) == open_obligation(facts, today)


@given(facts_and_day())
def test_people_are_counted_once_in_each_step(case: tuple[ContractFacts, date]) -> None:
    facts, today = case
    found = open_obligation(facts, today)
    if facts.closure is None or facts.closure.effective_on > today:
        for step in Step:
            assert sum(one.positions for one in found.milestones if one.step is step) == found.required
    assert all(isinstance(one, OpenMilestone) and one.positions > 0 for one in found.milestones)
    follow = facts.clause.completion is Completion.MAY_FOLLOW_CONTRACT
    assert follow or all(one.due_on <= found.effective_end_on for one in found.milestones if one.step is Step.COMPLETE)
