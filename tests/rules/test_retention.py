"""When the jobs of a contract are to be erased: never while anything can still change."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules import policy
from app.rules.contracts import next_open_option
from app.rules.dates import add_months, completes_on
from app.rules.facts import Completion, ContractFacts
from app.rules.judgement import judge
from app.rules.kept_standings import kept_standings
from app.rules.open_milestones import open_obligation
from app.rules.recheck import next_fact_on
from app.rules.retention import Clock, NotYet, Running, Stay, clock_from, clock_of, may_be_due_on, months_kept
from app.rules.status import ChainState, chain_state
from tests.factories import adjustment, closure, contract, d, fixed, option, position, termination
from tests.rules.strategies import contract_facts

MONTHS = policy.RETENTION_MONTHS
DAY = timedelta(days=1)
FULL = position("31.5.2019")
"""Nine months to the contract's last day, 28.2.2020."""


def clock(facts: ContractFacts, as_of: str, *stays: Stay) -> Clock | Running:
    return clock_of(facts, stays, MONTHS, d(as_of))


def over_on(facts: ContractFacts, as_of: str, *stays: Stay) -> date:
    found = clock(facts, as_of, *stays)
    assert isinstance(found, Clock), found
    return found.over_on


def why(facts: ContractFacts, as_of: str, *stays: Stay) -> tuple[NotYet, date | None]:
    found = clock(facts, as_of, *stays)
    assert isinstance(found, Running), found
    return found


def test_two_full_years_follow_the_last_day_and_the_notice_comes_thirty_days_before() -> None:
    found = clock_from(d("31.12.2020"), 24)
    assert found == Clock(d("31.12.2020"), d("2.12.2022"), d("1.1.2023"))
    assert found.erase_on == completes_on(d("1.1.2021"), 24) + DAY


def test_an_organisation_may_keep_longer_or_shorter() -> None:
    assert (months_kept(None), months_kept(6)) == (24, 6)
    assert clock_from(d("31.12.2020"), 6).erase_on == d("1.7.2021")


def test_a_contract_met_on_its_last_day_is_over_the_day_after() -> None:
    assert why(contract(FULL), "28.2.2020") == (NotYet.CONTRACT_RUNS, d("28.2.2020"))
    assert over_on(contract(FULL), "29.2.2020") == d("28.2.2020")


def test_an_option_taken_prolongs_it_and_one_not_taken_can_be_taken_no_more() -> None:
    taken = contract(FULL, option("28.2.2021", exercised="1.2.2020"))
    assert why(taken, "28.2.2021") == (NotYet.CONTRACT_RUNS, d("28.2.2021"))
    assert over_on(taken, "1.3.2021") == d("28.2.2021")
    assert over_on(contract(FULL, option("28.2.2021")), "29.2.2020") == d("28.2.2020")


def test_a_termination_ends_it_but_not_before_it_is_decided() -> None:
    ended = contract(position("1.3.2018"), termination("31.12.2018", decided="1.12.2018"))
    assert over_on(ended, "1.1.2019") == d("31.12.2018")
    late = contract(FULL, termination("31.12.2018", decided="15.3.2020"))
    assert why(late, "29.2.2020") == (NotYet.FACT_AHEAD, d("15.3.2020"))


def test_what_is_missing_keeps_it_until_nobody_could_start_any_more() -> None:
    follows = contract(clause=fixed(completion=Completion.MAY_FOLLOW_CONTRACT))
    assert over_on(follows, "29.2.2020") == d("28.2.2020")
    begun = contract(position("28.2.2020"), clause=fixed(completion=Completion.MAY_FOLLOW_CONTRACT))
    assert why(begun, "27.11.2020") == (NotYet.JOB_RUNS, d("27.11.2020"))
    assert over_on(begun, "28.11.2020") == d("27.11.2020")


def test_a_broken_job_that_may_be_taken_up_again_after_the_contract_keeps_it() -> None:
    clause = fixed(completion=Completion.MAY_FOLLOW_CONTRACT)
    broken = contract(position("1.2.2020", ended="31.3.2020"), clause=clause)
    assert why(broken, "30.6.2020") == (NotYet.OBLIGATION_OPEN, d("30.6.2020"))
    assert over_on(broken, "1.7.2020") == d("30.6.2020")


def test_a_job_that_does_not_count_keeps_it_until_its_end_too() -> None:
    other = position("1.2.2020", form="work_trial", ended="31.5.2020")
    assert over_on(contract(FULL, other), "1.6.2020") == d("31.5.2020")


def test_a_decision_after_the_end_begins_the_time_anew() -> None:
    assert over_on(contract(closure("1.6.2020")), "2.6.2020") == d("1.6.2020")
    assert over_on(contract(adjustment("1.6.2020", -1)), "2.6.2020") == d("1.6.2020")


def test_a_dispute_stops_the_clock_and_its_end_begins_it_anew() -> None:
    facts = contract(FULL)
    assert why(facts, "1.1.2030", Stay(d("1.5.2020"))) == (NotYet.KEPT_FOR_DISPUTE, None)
    assert over_on(facts, "1.1.2030", Stay(d("1.5.2020"), d("1.9.2021"))) == d("1.9.2021")
    assert over_on(facts, "1.1.2030", Stay(d("1.5.2018"), d("1.9.2018"))) == d("28.2.2020")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(6, 120))
def test_a_contract_is_asked_for_from_the_day_of_its_notice_on(over: date, months: int) -> None:
    assert may_be_due_on(clock_from(over, months).notice_on, months) >= over


@settings(max_examples=300)
@given(contract_facts(), st.integers(-30, 900))
def test_no_clock_runs_while_anything_can_still_change(facts: ContractFacts, days: int) -> None:
    as_of = facts.ends_on + timedelta(days=days)
    found = clock_of(facts, (), MONTHS, as_of)
    if isinstance(found, Running):
        return
    judgement = judge(facts, as_of)
    assert found.over_on <= as_of
    assert judgement.next_change_on is None
    assert next_fact_on(facts, as_of) is None
    assert next_open_option(facts, as_of) is None
    states = {chain_state(chain, as_of) for chain in judgement.outlook.chains}
    assert states.isdisjoint({ChainState.RUNNING, ChainState.UPCOMING})
    assert all(until < as_of for until, _ in judgement.outlook.continuations) or judgement.outlook.closed


@settings(max_examples=300)
@given(contract_facts(), st.integers(0, 900), st.lists(st.integers(-400, 2000), max_size=5))
def test_what_is_kept_stands_as_it_stood_at_every_end_of_a_quarter_and_ever_after(
    facts: ContractFacts, days: int, others: list[int]
) -> None:
    found = clock_of(facts, (), MONTHS, facts.ends_on + timedelta(days=days))
    if isinstance(found, Running):
        return
    kept = kept_standings(facts, found.over_on)
    erased = replace(facts, positions=(), kept=kept)
    for shift in [*others, 0, 400]:
        day = kept.told_as_of(add_months(found.over_on, 4) + timedelta(days=shift))
        before, after = judge(facts, day), judge(erased, day)
        days_of_jobs = ("latest_start_on", "missing_latest_starts")
        for name in set(before.standing._fields) - set(days_of_jobs):
            assert getattr(after.standing, name) == getattr(before.standing, name), (name, day)
        assert len(after.standing.missing_latest_starts) == before.standing.missing
        assert after.promised == before.promised
        assert after.next_change_on is None
        assert [reason.code for reason in after.reasons][-1] == "jobs_erased"
    later = add_months(found.over_on, 6)  # nothing is erased earlier, nor published of a quarter that lies before it
    assert open_obligation(erased, later) == open_obligation(facts, later)
