"""Each status at its limits, the day before, on and after; the missing days; the next change."""

from datetime import date

import pytest

from app.rules.facts import ClauseFacts, Completion, ContractFacts
from app.rules.judgement import Judgement, judge
from app.rules.status import WORST_FIRST, Status
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

MAY_FOLLOW = fixed(completion=Completion.MAY_FOLLOW_CONTRACT)


def on(facts: ContractFacts, as_of: str) -> Judgement:
    return judge(facts, d(as_of))


def last_chance(facts: ContractFacts, as_of: str) -> date | None:
    """C of the domain rules."""
    return on(facts, as_of).outlook.last_chance_on


def statuses(facts: ContractFacts, *days: str) -> list[str]:
    return [on(facts, day).status.value for day in days]


def missing_days(facts: ContractFacts, as_of: str) -> list[str]:
    return [f"{day.day}.{day.month}.{day.year}" for day in on(facts, as_of).standing.missing_latest_starts]


# --- From the start to the end of time with nobody hired


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("28.2.2018", "not_started"),
        ("1.3.2018", "open"),
        ("1.3.2019", "open"),  # L − 91
        ("2.3.2019", "at_risk"),  # L − 90
        ("3.3.2019", "at_risk"),
        ("30.5.2019", "at_risk"),
        ("31.5.2019", "at_risk"),  # L = C
        ("1.6.2019", "cannot_be_met"),
        ("27.2.2020", "cannot_be_met"),
        ("28.2.2020", "cannot_be_met"),  # the effective end
        ("29.2.2020", "breached"),
        ("1.1.2030", "breached"),
    ],
)
def test_within_the_contract_every_status_turns_on_its_day(as_of: str, status: str) -> None:
    assert on(contract(), as_of).status == status


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("1.6.2018", "open"),
        ("2.6.2018", "at_risk"),  # L − 90
        ("30.8.2018", "at_risk"),
        ("31.8.2018", "at_risk"),  # L
        ("1.9.2018", "overdue"),
        ("31.5.2019", "overdue"),  # C
        ("1.6.2019", "cannot_be_met"),
        ("28.2.2020", "cannot_be_met"),
        ("29.2.2020", "breached"),
    ],
)
def test_with_a_time_to_start_the_obligation_is_overdue_between_l_and_c(as_of: str, status: str) -> None:
    facts = contract(clause=fixed(start_within=6))
    assert on(facts, as_of).status == status
    assert on(facts, as_of).standing.latest_start_on == d("31.8.2018")
    assert last_chance(facts, as_of) == d("31.5.2019")


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("29.11.2019", "open"),
        ("30.11.2019", "at_risk"),  # L − 90
        ("28.2.2020", "at_risk"),  # L = C = the effective end
        ("29.2.2020", "breached"),
    ],
)
def test_where_the_months_may_follow_nothing_is_lost_before_the_end(as_of: str, status: str) -> None:
    assert on(contract(clause=MAY_FOLLOW), as_of).status == status


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("31.1.2020", "at_risk"),
        ("29.2.2020", "at_risk"),
        ("30.4.2020", "at_risk"),  # L = C = the last end + 3 months
        ("1.5.2020", "breached"),
    ],
)
def test_a_breach_waits_for_the_later_of_the_end_and_the_last_chance(as_of: str, status: str) -> None:
    facts = contract(position("1.10.2019", ended="31.1.2020"), clause=MAY_FOLLOW)
    assert on(facts, as_of).status == status
    assert on(facts, as_of).standing.latest_start_on == d("30.4.2020")


@pytest.mark.parametrize(
    ("lead", "as_of", "status"),
    [
        (0, "30.5.2019", "open"),
        (0, "31.5.2019", "at_risk"),
        (0, "1.6.2019", "cannot_be_met"),
        (30, "30.4.2019", "open"),
        (30, "1.5.2019", "at_risk"),
        (180, "1.12.2018", "open"),
        (180, "2.12.2018", "at_risk"),
    ],
)
def test_each_unit_sets_its_own_lead_time(lead: int, as_of: str, status: str) -> None:
    assert on(contract(lead=lead), as_of).status == status


# --- Someone is hired


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("27.2.2020", "on_track"), ("28.2.2020", "fulfilled"), ("29.2.2020", "fulfilled"), ("1.1.2030", "fulfilled")],
)
def test_the_obligation_is_fulfilled_on_the_completion_day(as_of: str, status: str) -> None:
    assert on(contract(position("31.5.2019")), as_of).status == status


@pytest.mark.parametrize(("as_of", "status"), [("14.4.2019", "at_risk"), ("15.4.2019", "on_track")])
def test_an_agreement_is_enough_to_be_on_track(as_of: str, status: str) -> None:
    assert on(contract(position("31.5.2019", agreed="15.4.2019")), as_of).status == status


def test_where_the_months_may_follow_the_obligation_is_on_track_after_the_contract() -> None:
    facts = contract(position("28.2.2020"), clause=MAY_FOLLOW)
    assert statuses(facts, "29.2.2020", "26.11.2020", "27.11.2020") == ["on_track", "on_track", "fulfilled"]


@pytest.mark.parametrize(
    ("as_of", "status", "running", "late"),
    [
        ("15.6.2019", "cannot_be_met", 1, 0),
        ("28.2.2020", "cannot_be_met", 1, 0),
        ("29.2.2020", "breached", 1, 0),
        ("13.3.2020", "breached", 1, 0),
        ("14.3.2020", "breached", 0, 1),
        ("15.3.2020", "breached", 0, 1),
    ],
)
def test_months_full_after_the_end_are_late_and_do_not_fulfil(as_of: str, status: str, running: int, late: int) -> None:
    judgement = on(contract(position("15.6.2019")), as_of)
    assert judgement.status == status
    assert (judgement.standing.running, judgement.standing.late, judgement.standing.completed) == (running, late, 0)


def test_an_option_taken_turns_late_into_in_time() -> None:
    facts = contract(position("15.6.2019"), option("28.2.2021", exercised="1.10.2019"))
    assert statuses(facts, "30.9.2019", "1.10.2019", "14.3.2020") == ["cannot_be_met", "on_track", "fulfilled"]


@pytest.mark.parametrize(
    ("as_of", "status", "latest"),
    [("14.1.2020", "cannot_be_met", "31.5.2019"), ("15.1.2020", "open", "1.6.2020"), ("16.1.2020", "open", "1.6.2020")],
)
def test_an_option_exercised_gives_time_again(as_of: str, status: str, latest: str) -> None:
    facts = contract(option("28.2.2021", exercised="15.1.2020"))
    assert (on(facts, as_of).status, on(facts, as_of).standing.latest_start_on) == (status, d(latest))


@pytest.mark.parametrize(
    ("as_of", "status", "end"),
    [
        ("14.10.2018", "open", "28.2.2020"),
        ("15.10.2018", "cannot_be_met", "31.5.2019"),
        ("31.5.2019", "cannot_be_met", "31.5.2019"),
        ("1.6.2019", "breached", "31.5.2019"),
    ],
)
def test_a_termination_takes_time_away_from_the_day_it_is_decided(as_of: str, status: str, end: str) -> None:
    facts = contract(termination("31.5.2019", decided="15.10.2018"))
    assert (on(facts, as_of).status, on(facts, as_of).standing.effective_end_on) == (status, d(end))


# --- What comes first


@pytest.mark.parametrize(("as_of", "status"), [("31.5.2018", "open"), ("1.6.2018", "no_obligation")])
def test_nothing_required_is_no_obligation(as_of: str, status: str) -> None:
    assert on(contract(adjustment("1.6.2018", -1)), as_of).status == status


def test_no_promise_and_no_purchase_are_no_obligation() -> None:
    assert on(contract(clause=promise(0)), "1.6.2018").status == "no_obligation"
    assert on(contract(clause=threshold()), "1.6.2018").status == "no_obligation"


@pytest.mark.parametrize(("as_of", "status"), [("31.5.2018", "open"), ("1.6.2018", "closed"), ("1.1.2030", "closed")])
def test_a_closed_obligation_stays_closed_from_the_day_of_the_decision(as_of: str, status: str) -> None:
    assert on(contract(closure("1.6.2018")), as_of).status == status


@pytest.mark.parametrize(
    ("facts", "as_of", "status"),
    [
        (contract(closure("1.1.2018")), "1.2.2018", "closed"),
        (contract(closure("1.3.2020"), position("31.5.2019")), "1.3.2020", "closed"),
        (contract(clause=promise(0)), "28.2.2018", "not_started"),
        (contract(clause=promise(0)), "1.3.2018", "no_obligation"),
        (contract(position("1.3.2018"), adjustment("1.12.2018", -1)), "1.12.2018", "no_obligation"),
        (contract(position("1.5.2017"), counts_from="1.5.2017"), "28.2.2018", "not_started"),
        (contract(position("1.5.2017"), counts_from="1.5.2017"), "1.3.2018", "fulfilled"),
    ],
    ids=[
        "closed before not started",
        "closed before fulfilled",
        "not started before no obligation",
        "no obligation on the first day",
        "no obligation before fulfilled",
        "not started before fulfilled",
        "fulfilled on the first day",
    ],
)
def test_statuses_are_checked_in_their_order(facts: ContractFacts, as_of: str, status: str) -> None:
    assert on(facts, as_of).status == status


def test_the_order_of_the_statuses_is_that_of_the_domain_rules() -> None:
    assert [status.value for status in Status] == [
        "closed",
        "not_started",
        "no_obligation",
        "fulfilled",
        "on_track",
        "breached",
        "cannot_be_met",
        "overdue",
        "at_risk",
        "open",
    ]


def test_a_threshold_contract_is_fulfilled_and_open_again_after_the_next_purchases() -> None:
    facts = contract(purchase("1.4.2018"), position("1.4.2018"), purchase("1.2.2019"), clause=threshold())
    assert statuses(facts, "31.3.2018", "1.4.2018", "30.12.2018", "31.12.2018", "31.1.2019", "1.2.2019") == [
        "no_obligation",
        "on_track",
        "on_track",
        "fulfilled",
        "fulfilled",
        "open",
    ]


def test_a_reduction_fulfils_what_was_still_open() -> None:
    facts = contract(position("1.3.2018"), adjustment("1.6.2019", -1), clause=fixed(2))
    assert statuses(facts, "31.5.2019", "1.6.2019") == ["at_risk", "fulfilled"]


# --- The days of the missing units


def test_the_units_that_must_start_first_are_taken_first() -> None:
    facts = contract(
        position("1.6.2018"), purchase("15.6.2018"), purchase("1.9.2018"), clause=threshold(start_within=6)
    )
    # 14.12.2018 and 28.2.2019: the one job covers the first.
    assert missing_days(facts, "1.9.2018") == ["28.2.2019"]


def test_a_broken_chain_is_paired_with_a_missing_unit() -> None:
    facts = contract(position("1.3.2018", ended="31.5.2018"), clause=fixed(2))
    # 92 of 275 days, 183 left until 28.2.2020; the other unit needs all nine months.
    assert missing_days(facts, "1.6.2018") == ["31.5.2019", "30.8.2019"]
    assert last_chance(facts, "1.6.2018") == d("31.5.2019")


def test_of_several_broken_chains_the_one_with_the_latest_day_comes_first() -> None:
    facts = contract(
        position("1.3.2018", "a", ended="31.5.2018"),
        position("1.3.2018", "b", ended="31.8.2018"),
        clause=fixed(1),
    )
    # a: 92 of 275 days, until 30.8.2019; b: 184 of 275 days, 91 left, until 30.11.2019.
    assert missing_days(facts, "1.9.2018") == ["30.11.2019"]
    assert missing_days(contract(*facts.positions, clause=fixed(2)), "1.9.2018") == ["30.8.2019", "30.11.2019"]
    assert missing_days(contract(*facts.positions, clause=fixed(3)), "1.9.2018") == [
        "31.5.2019",
        "30.8.2019",
        "30.11.2019",
    ]


def test_the_earliest_missing_unit_is_paired_with_the_latest_continuation() -> None:
    facts = contract(
        position("1.3.2018", ended="31.5.2018"),
        adjustment("1.9.2018", 1),
        clause=fixed(1, start_within=6),
    )
    # Own days 31.8.2018 and 28.2.2019; the chain (until 30.8.2019) is paired with the first, so the second is L.
    assert missing_days(facts, "1.9.2018") == ["28.2.2019", "30.8.2019"]
    assert on(facts, "1.9.2018").standing.latest_start_on == d("28.2.2019")
    assert last_chance(facts, "1.9.2018") == d("31.5.2019")


def test_a_continuation_earlier_than_the_units_own_day_takes_nothing_away() -> None:
    # One of 276 days: 275 left would have to begin on 30.5.2019, a first hire only on 31.5.2019.
    facts = contract(position("1.5.2018", ended="1.5.2018"))
    assert missing_days(facts, "1.6.2018") == ["31.5.2019"]


def test_a_time_to_start_does_not_bind_someone_who_continues() -> None:
    facts = contract(position("1.3.2018", ended="31.5.2018"), clause=fixed(start_within=6))
    assert missing_days(facts, "1.9.2018") == ["30.8.2019"]
    assert last_chance(facts, "1.9.2018") == d("30.8.2019")


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (fixed(replacement=False), "31.5.2019"),
        (fixed(), "1.11.2019"),
        (fixed(completion=Completion.MAY_FOLLOW_CONTRACT), "28.2.2020"),
    ],
)
def test_what_a_broken_chain_leaves_depends_on_the_clause(clause: ClauseFacts, expected: str) -> None:
    facts = contract(position("31.5.2019", ended="31.10.2019"), clause=clause)
    assert missing_days(facts, "31.10.2019") == [expected]


@pytest.mark.parametrize(
    ("as_of", "status"), [("31.10.2019", "at_risk"), ("1.11.2019", "at_risk"), ("2.11.2019", "cannot_be_met")]
)
def test_a_broken_chain_can_be_saved_until_its_last_day(as_of: str, status: str) -> None:
    assert on(contract(position("31.5.2019", ended="31.10.2019")), as_of).status == status


def test_a_replacement_agreed_covers_the_unit_again() -> None:
    facts = contract(
        position("31.5.2019", "a", ended="31.10.2019"),
        position("1.11.2019", "b", replaces="a"),
    )
    assert statuses(facts, "31.10.2019", "1.11.2019", "27.2.2020", "28.2.2020") == [
        "at_risk",
        "on_track",
        "on_track",
        "fulfilled",
    ]


# --- The next change


@pytest.mark.parametrize(
    ("facts", "as_of", "next_change"),
    [
        (contract(), "28.2.2018", "1.3.2018"),
        (contract(), "31.5.2019", "1.6.2019"),
        (contract(clause=fixed(start_within=6)), "2.6.2018", "1.9.2018"),
        (contract(clause=fixed(start_within=6)), "1.9.2018", "1.6.2019"),
        (contract(clause=MAY_FOLLOW), "30.11.2019", "29.2.2020"),
        (contract(position("31.5.2019", agreed="1.4.2019")), "1.4.2019", "31.5.2019"),
        (contract(position("15.6.2019")), "29.2.2020", "14.3.2020"),
        (contract(position("1.3.2019", planned_end="31.8.2019")), "31.8.2019", "1.9.2019"),
        (contract(closure("1.6.2018"), position("1.4.2018")), "1.6.2018", "31.12.2018"),
        (contract(closure("1.6.2018")), "1.6.2018", None),
        (contract(adjustment("1.6.2018", -1)), "1.6.2018", None),
    ],
)
def test_the_next_change_is_the_next_day_on_which_a_field_differs(
    facts: ContractFacts, as_of: str, next_change: str | None
) -> None:
    assert on(facts, as_of).next_change_on == (d(next_change) if next_change else None)


@pytest.mark.parametrize(
    "later",
    [
        position("1.8.2018"),
        option("28.2.2021", exercised="1.8.2018"),
        termination("31.12.2018", decided="1.8.2018"),
        adjustment("1.8.2018", 1),
        closure("1.8.2018"),
    ],
    ids=["position", "option", "termination", "adjustment", "closure"],
)
def test_the_next_change_leaves_out_facts_dated_later(later: Fact) -> None:
    assert on(contract(later), "1.6.2018").next_change_on == d("2.3.2019")


def test_every_status_has_its_place_in_the_order_that_people_see() -> None:
    assert sorted(WORST_FIRST) == sorted(Status)
