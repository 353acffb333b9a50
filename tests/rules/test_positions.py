"""Which positions count, how chains form and complete, when a broken one can be taken up again."""

from decimal import Decimal

import pytest

from app.rules.contracts import effective_end_on
from app.rules.errors import RuleBroken
from app.rules.facts import ClauseFacts, Completion, ContractFacts, FixedCount, PositionFacts, TargetGroup
from app.rules.judgement import judge
from app.rules.positions import (
    Chain,
    accepted,
    account,
    chains,
    check_period,
    check_replacement,
    check_successor,
    continuation_latest_start,
    counted_ids,
    refusals,
)
from app.rules.status import ChainState, chain_state
from tests.factories import adjustment, clause, contract, d, fixed, option, position, purchase, termination, threshold

MAY_FOLLOW = fixed(completion=Completion.MAY_FOLLOW_CONTRACT)


def chains_on(facts: ContractFacts, as_of: str) -> list[Chain]:
    """The chains as known on a day."""
    return chains(facts, effective_end_on(facts, d(as_of)), d(as_of))


def the_chain(facts: ContractFacts, as_of: str) -> Chain:
    """The only chain there is."""
    (chain,) = chains_on(facts, as_of)
    return chain


def state_of(facts: ContractFacts, as_of: str) -> ChainState:
    """The only chain's state on a day."""
    return chain_state(the_chain(facts, as_of), d(as_of))


def continuation(facts: ContractFacts, as_of: str) -> object:
    """Until when the only chain can be continued."""
    return continuation_latest_start(the_chain(facts, as_of), facts.clause, effective_end_on(facts, d(as_of)))


def member_ids(chain: Chain) -> list[str]:
    return [member.id for member in chain.members]


# --- Form, group and hours


@pytest.mark.parametrize(
    ("form", "counts"),
    [
        ("employment", True),
        ("apprenticeship", True),
        ("work_trial", False),
        ("on_the_job_learning", False),
        ("internship", False),
    ],
)
def test_a_clause_accepts_jobs_and_apprenticeships_unless_it_says_otherwise(form: str, counts: bool) -> None:
    assert accepted(position("1.6.2018", form=form), fixed()) is counts
    assert refusals(position("1.6.2018", form=form), fixed()) == ([] if counts else ["form_not_accepted"])


def test_a_clause_accepts_the_forms_it_names() -> None:
    work_trials = clause(FixedCount(1), forms=frozenset({"work_trial"}))
    assert accepted(position("1.6.2018", form="work_trial"), work_trials)
    assert not accepted(position("1.6.2018", form="employment"), work_trials)


@pytest.mark.parametrize("group", list(TargetGroup))
def test_a_clause_accepts_all_groups_unless_it_says_otherwise(group: TargetGroup) -> None:
    assert accepted(position("1.6.2018", group=group.value), fixed())


def test_a_clause_that_names_groups_accepts_only_them() -> None:
    for_youth = clause(FixedCount(1), groups=frozenset({"youth"}))
    assert accepted(position("1.6.2018", group="youth"), for_youth)
    assert refusals(position("1.6.2018", group="immigrant"), for_youth) == ["group_not_accepted"]


@pytest.mark.parametrize(
    ("hours", "codes"), [(None, ["hours_unknown"]), ("17.99", ["hours_too_few"]), ("18", []), ("18.01", [])]
)
def test_hours_must_reach_the_minimum_and_unknown_hours_do_not(hours: str | None, codes: list[str]) -> None:
    job = position("1.6.2018", hours=hours)
    assert refusals(job, fixed(hours="18")) == codes
    assert accepted(job, fixed(hours="18")) is (codes == [])


def test_hours_do_not_matter_where_the_clause_asks_for_none() -> None:
    assert accepted(position("1.6.2018"), fixed())


def test_every_refusal_is_named() -> None:
    strict = clause(FixedCount(1), groups=frozenset({"youth"}), hours="18")
    job = position("1.6.2018", form="work_trial", group="immigrant", hours="10")
    assert refusals(job, strict) == ["form_not_accepted", "group_not_accepted", "hours_too_few"]


# --- The period


@pytest.mark.parametrize(
    ("starts", "counts"), [("28.2.2018", False), ("1.3.2018", True), ("28.2.2020", True), ("29.2.2020", False)]
)
def test_a_position_counts_that_starts_from_the_contracts_start_to_its_end(starts: str, counts: bool) -> None:
    assert len(chains_on(contract(position(starts)), "1.6.2020")) == counts


@pytest.mark.parametrize(("starts", "counts"), [("14.1.2018", False), ("15.1.2018", True), ("16.1.2018", True)])
def test_someone_hired_before_the_start_counts_from_the_day_that_is_agreed(starts: str, counts: bool) -> None:
    assert len(chains_on(contract(position(starts), counts_from="15.1.2018"), "1.6.2018")) == counts


def test_a_position_after_the_base_period_counts_once_the_option_is_exercised() -> None:
    facts = contract(position("1.4.2020"), option("28.2.2021", exercised="15.4.2020"))
    assert chains_on(facts, "14.4.2020") == []
    assert len(chains_on(facts, "15.4.2020")) == 1


def test_a_position_after_a_terminated_contracts_last_day_stops_counting() -> None:
    facts = contract(position("1.6.2019"), termination("31.5.2019", decided="15.6.2019"))
    assert len(chains_on(facts, "14.6.2019")) == 1
    assert chains_on(facts, "15.6.2019") == []


@pytest.mark.parametrize(("as_of", "known"), [("14.4.2019", 0), ("15.4.2019", 1), ("16.4.2019", 1)])
def test_a_position_is_known_from_the_day_it_was_agreed(as_of: str, known: int) -> None:
    facts = contract(position("31.5.2019", agreed="15.4.2019"))
    assert len(chains_on(facts, as_of)) == known
    assert judge(facts, d(as_of)).standing.upcoming == known


# --- The state of a chain


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("30.5.2019", ChainState.UPCOMING),
        ("31.5.2019", ChainState.RUNNING),
        ("27.2.2020", ChainState.RUNNING),
        ("28.2.2020", ChainState.COMPLETED),
        ("29.2.2020", ChainState.COMPLETED),
    ],
)
def test_a_chain_is_upcoming_then_running_then_completed(as_of: str, state: ChainState) -> None:
    assert state_of(contract(position("31.5.2019", agreed="1.4.2019")), as_of) is state


@pytest.mark.parametrize(
    ("as_of", "state"),
    [("30.10.2019", ChainState.RUNNING), ("31.10.2019", ChainState.INTERRUPTED), ("1.11.2019", ChainState.INTERRUPTED)],
)
@pytest.mark.parametrize("recorded", [True, False])
def test_a_day_is_judged_as_at_its_end_so_what_ended_today_has_ended(
    as_of: str, state: ChainState, recorded: bool
) -> None:
    end = "31.10.2019"
    job = position("31.5.2019", ended=end) if recorded else position("31.5.2019", planned_end=end)
    assert state_of(contract(job), as_of) is state


def test_an_end_that_has_not_happened_yet_is_not_used() -> None:
    facts = contract(position("31.5.2019", ended="31.10.2019"))
    assert the_chain(facts, "30.10.2019").completes_on == d("28.2.2020")
    assert the_chain(facts, "31.10.2019").short_since == d("31.10.2019")


def test_a_planned_end_is_followed_until_the_recorded_one_has_happened() -> None:
    facts = contract(position("31.5.2019", planned_end="31.12.2019", ended="31.10.2019"))
    assert the_chain(facts, "30.10.2019").short_since == d("31.12.2019")
    assert the_chain(facts, "31.10.2019").short_since == d("31.10.2019")


def test_a_short_one_is_running_while_it_still_works_but_not_in_time() -> None:
    facts = contract(position("1.3.2019", planned_end="31.8.2019"))
    assert state_of(facts, "1.6.2019") is ChainState.RUNNING
    assert not the_chain(facts, "1.6.2019").in_time
    assert (the_chain(facts, "1.6.2019").days_served, the_chain(facts, "1.6.2019").days_needed) == (184, 275)


@pytest.mark.parametrize(
    ("end", "completes"), [("27.2.2020", None), ("28.2.2020", "28.2.2020"), ("1.3.2020", "28.2.2020")]
)
@pytest.mark.parametrize("recorded", [True, False])
def test_a_job_completes_where_its_end_comes_no_sooner_than_its_completion_day(
    end: str, completes: str | None, recorded: bool
) -> None:
    job = position("31.5.2019", ended=end) if recorded else position("31.5.2019", planned_end=end)
    assert the_chain(contract(job), "1.3.2020").completes_on == (d(completes) if completes else None)


# --- In time


@pytest.mark.parametrize(("starts", "in_time"), [("30.5.2019", True), ("31.5.2019", True), ("1.6.2019", False)])
def test_within_the_contract_the_months_must_be_full_by_its_end(starts: str, in_time: bool) -> None:
    assert the_chain(contract(position(starts)), "1.6.2019").in_time is in_time


def test_where_the_months_may_follow_it_is_enough_to_start_on_the_last_day() -> None:
    facts = contract(position("28.2.2020"), clause=MAY_FOLLOW)
    assert the_chain(facts, "28.2.2020").in_time
    assert the_chain(facts, "28.2.2020").completes_on == d("27.11.2020")


@pytest.mark.parametrize(
    ("ended", "starts", "in_time"),
    [
        # Three months after the end of the first job come later than the contract's end: 15.5.2020.
        ("15.2.2020", "14.5.2020", True),
        ("15.2.2020", "15.5.2020", True),
        ("15.2.2020", "16.5.2020", False),
        # The contract's end comes later: 28.2.2020.
        ("31.8.2019", "27.2.2020", True),
        ("31.8.2019", "28.2.2020", True),
        ("31.8.2019", "29.2.2020", False),
        # Clipped: 30.11.2019 + 3 months is 29.2.2020.
        ("30.11.2019", "29.2.2020", True),
        ("30.11.2019", "1.3.2020", False),
    ],
)
def test_where_the_months_may_follow_a_replacement_starts_in_time(ended: str, starts: str, in_time: bool) -> None:
    facts = contract(position("15.8.2019", "a", ended=ended), position(starts, "b", replaces="a"), clause=MAY_FOLLOW)
    assert the_chain(facts, "1.6.2020").in_time is in_time


def test_the_months_to_replace_are_the_clauses_own() -> None:
    one_month = clause(FixedCount(1), completion=Completion.MAY_FOLLOW_CONTRACT, replacement_within=1)
    facts = [
        contract(position("15.8.2019", "a", ended="15.2.2020"), position(on, "b", replaces="a"), clause=one_month)
        for on in ("15.3.2020", "16.3.2020")
    ]
    assert [the_chain(each, "1.6.2020").in_time for each in facts] == [True, False]


def test_within_the_contract_the_gap_before_a_replacement_may_be_of_any_length() -> None:
    facts = contract(position("1.3.2018", "a", ended="30.9.2018"), position("1.10.2019", "b", replaces="a"))
    assert the_chain(facts, "1.10.2019").in_time
    # 214 of 275 days served, 61 left from 1.10.2019.
    assert the_chain(facts, "1.10.2019").completes_on == d("30.11.2019")


# --- Chains


def test_days_served_are_kept_and_gaps_add_nothing() -> None:
    facts = contract(position("7.1.2019", "a", ended="6.4.2019"), position("1.6.2019", "b", replaces="a"))
    chain = the_chain(facts, "1.6.2019")
    assert (member_ids(chain), chain.days_served, chain.days_needed) == (["a", "b"], 90, 273)
    assert chain.completes_on == d("30.11.2019")


@pytest.mark.parametrize(
    ("agreed", "state", "status"),
    [
        ("1.4.2019", ChainState.RUNNING, "on_track"),
        ("15.5.2019", ChainState.RUNNING, "on_track"),
        ("16.5.2019", ChainState.INTERRUPTED, "at_risk"),
    ],
)
def test_a_chain_runs_in_the_gap_before_a_replacement_that_is_agreed(
    agreed: str, state: ChainState, status: str
) -> None:
    facts = contract(
        position("7.1.2019", "a", ended="6.4.2019"), position("1.6.2019", "b", agreed=agreed, replaces="a"), lead=180
    )
    assert state_of(facts, "15.5.2019") is state
    assert judge(facts, d("15.5.2019")).status == status


def test_ones_own_full_months_are_enough_where_they_are_the_shorter_way() -> None:
    facts = contract(position("1.5.2019", "a", ended="1.5.2019"), position("31.5.2019", "b", replaces="a"))
    chain = the_chain(facts, "31.5.2019")
    # The chain lacks 275 of 276 days, which would take until 29.2.2020.
    assert (chain.days_needed, chain.days_served, chain.completes_on) == (276, 1, d("28.2.2020"))
    assert state_of(facts, "27.2.2020") is ChainState.RUNNING
    assert state_of(facts, "28.2.2020") is ChainState.COMPLETED


def test_a_chain_of_three_adds_the_days_of_all() -> None:
    facts = contract(
        position("1.3.2018", "a", ended="31.3.2018"),
        position("1.5.2018", "b", ended="31.5.2018", replaces="a"),
        position("1.7.2018", "c", replaces="b"),
    )
    chain = the_chain(facts, "1.7.2018")
    # 275 − 31 − 31 = 213 days from 1.7.2018.
    assert (member_ids(chain), chain.days_served, chain.completes_on) == (["a", "b", "c"], 62, d("29.1.2019"))


def test_a_planned_end_lasts_at_most_until_the_day_before_the_replacement_starts() -> None:
    facts = contract(position("1.3.2019", "a", planned_end="31.8.2019"), position("1.7.2019", "b", replaces="a"))
    # 122 of 275 days by 30.6.2019, 153 left.
    assert the_chain(facts, "1.7.2019").completes_on == d("30.11.2019")


def test_a_replacement_that_starts_after_the_planned_end_leaves_it_as_it_is() -> None:
    facts = contract(position("1.3.2019", "a", planned_end="31.8.2019"), position("1.10.2019", "b", replaces="a"))
    # 184 of 275 days by 31.8.2019, 91 left.
    assert the_chain(facts, "1.10.2019").completes_on == d("30.12.2019")


def test_a_replacement_counts_for_nothing_while_its_predecessor_has_no_end_known() -> None:
    facts = contract(
        position("1.3.2019", "a", ended="31.5.2019"), position("1.6.2019", "b", agreed="1.5.2019", replaces="a")
    )
    assert member_ids(the_chain(facts, "30.5.2019")) == ["a"]
    assert the_chain(facts, "30.5.2019").completes_on == d("30.11.2019")
    assert member_ids(the_chain(facts, "31.5.2019")) == ["a", "b"]


def test_a_chain_stops_where_it_reaches_completion() -> None:
    facts = contract(position("1.3.2018", "a", ended="31.12.2018"), position("1.2.2019", "b", replaces="a"))
    assert member_ids(the_chain(facts, "1.6.2019")) == ["a"]
    assert the_chain(facts, "1.6.2019").completes_on == d("30.11.2018")


def test_where_no_replacement_is_allowed_everyone_begins_anew() -> None:
    facts = contract(
        position("7.1.2019", "a", ended="6.4.2019"),
        position("1.5.2019", "b", replaces="a"),
        clause=fixed(replacement=False),
    )
    assert [member_ids(chain) for chain in chains_on(facts, "1.6.2019")] == [["a"], ["b"]]
    assert chains_on(facts, "1.6.2019")[1].completes_on == d("31.1.2020")


@pytest.mark.parametrize(
    "replaced", [[], [position("7.1.2019", "a", ended="6.4.2019", form="work_trial")]], ids=["voided", "left out"]
)
def test_what_replaces_one_voided_or_left_out_begins_a_chain_of_its_own(replaced: list[PositionFacts]) -> None:
    facts = contract(*replaced, position("1.5.2019", "b", replaces="a"))
    chain = the_chain(facts, "1.6.2019")
    assert (member_ids(chain), chain.completes_on) == (["b"], d("31.1.2020"))


def test_what_replaces_one_not_yet_known_begins_a_chain_of_its_own() -> None:
    facts = contract(
        position("1.5.2019", "a", agreed="30.4.2019", planned_end="31.5.2019"),
        position("1.6.2019", "b", agreed="1.4.2019", replaces="a"),
    )
    assert member_ids(the_chain(facts, "29.4.2019")) == ["b"]
    assert member_ids(the_chain(facts, "30.4.2019")) == ["a", "b"]


def test_a_link_left_out_cuts_a_chain_in_two() -> None:
    facts = contract(
        position("1.3.2018", "a", ended="31.5.2018"),
        position("1.6.2018", "b", ended="30.6.2018", form="internship", replaces="a"),
        position("1.7.2018", "c", replaces="b"),
    )
    assert [member_ids(chain) for chain in chains_on(facts, "1.8.2018")] == [["a"], ["c"]]


def test_only_the_chains_first_start_must_lie_within_the_period() -> None:
    facts = contract(
        position("1.2.2020", "a", ended="1.4.2020"), position("1.5.2020", "b", replaces="a"), clause=MAY_FOLLOW
    )
    # 61 of 274 days served, 213 left from 1.5.2020.
    assert the_chain(facts, "1.6.2020").completes_on == d("29.11.2020")


def test_a_chain_whose_first_start_lies_outside_counts_for_nothing() -> None:
    facts = contract(position("15.2.2018", "a", ended="31.3.2018"), position("1.4.2018", "b", replaces="a"))
    assert chains_on(facts, "1.6.2018") == []


def test_chains_come_in_the_order_of_their_first_starts() -> None:
    facts = contract(position("1.6.2018", "b"), position("1.5.2018", "c"), position("1.6.2018", "a"))
    assert [chain.members[0].id for chain in chains_on(facts, "1.7.2018")] == ["c", "a", "b"]


def test_the_positions_that_count_are_those_in_a_chain() -> None:
    facts = contract(
        position("1.3.2018", "a", ended="31.5.2018"),
        position("1.6.2018", "b", replaces="a"),
        position("1.6.2018", "c", form="internship"),
    )
    assert counted_ids(chains_on(facts, "1.7.2018")) == {"a", "b"}


# --- Continuing a broken chain


def test_within_the_contract_a_broken_chain_can_be_continued_as_long_as_the_days_left_fit() -> None:
    facts = contract(position("31.5.2019", ended="31.10.2019"))
    # 154 of 274 days: 120 left until 28.2.2020.
    assert continuation(facts, "1.11.2019") == d("1.11.2019")


@pytest.mark.parametrize(
    ("starts", "ended", "until"),
    [
        # One day of rest is no loss: 155 of 274 days by 1.11.2019, 119 left, from 2.11.2019 at the latest.
        ("31.5.2019", "1.11.2019", "2.11.2019"),
        # One day late (N = 275): 154 by 1.11.2019, 121 left, from 31.10.2019 at the latest, which has passed.
        ("1.6.2019", "1.11.2019", None),
        # 153 of 275 by 31.10.2019, 122 left, from 30.10.2019 at the latest.
        ("1.6.2019", "31.10.2019", None),
    ],
)
def test_within_the_contract_the_continuation_must_start_after_the_last_end(
    starts: str, ended: str, until: str | None
) -> None:
    assert continuation(contract(position(starts, ended=ended)), "2.11.2019") == (d(until) if until else None)


@pytest.mark.parametrize(
    ("ended", "until"),
    [
        ("30.9.2019", "28.2.2020"),
        ("28.11.2019", "28.2.2020"),
        ("29.11.2019", "29.2.2020"),
        ("30.11.2019", "29.2.2020"),
        ("1.12.2019", "1.3.2020"),
        ("15.2.2020", "15.5.2020"),
        ("15.4.2020", "15.7.2020"),
    ],
)
def test_where_the_months_may_follow_the_later_of_contract_and_time_to_replace_decides(ended: str, until: str) -> None:
    assert continuation(contract(position("1.9.2019", ended=ended), clause=MAY_FOLLOW), "1.5.2020") == d(until)


@pytest.mark.parametrize(("second", "until"), [("15.5.2020", "30.9.2020"), ("16.5.2020", None)])
def test_where_a_replacement_started_late_the_chain_cannot_be_continued(second: str, until: str | None) -> None:
    facts = contract(
        position("1.2.2020", "a", ended="15.2.2020"),
        position(second, "b", ended="30.6.2020", replaces="a"),
        clause=MAY_FOLLOW,
    )
    assert continuation(facts, "1.7.2020") == (d(until) if until else None)


def test_a_chain_that_runs_or_is_complete_needs_no_continuation() -> None:
    assert continuation(contract(position("31.5.2019")), "1.6.2019") is None


@pytest.mark.parametrize("completion", list(Completion))
def test_where_no_replacement_is_allowed_nothing_is_continued(completion: Completion) -> None:
    facts = contract(position("31.5.2019", ended="31.8.2019"), clause=fixed(completion=completion, replacement=False))
    assert continuation(facts, "1.11.2019") is None


def test_a_chain_short_by_its_planned_end_can_already_be_continued() -> None:
    # 184 of 275 days by 31.8.2019, 91 left until 28.2.2020.
    assert continuation(contract(position("1.3.2019", planned_end="31.8.2019")), "1.6.2019") == d("30.11.2019")


# --- What a position is told of itself


def told(facts: ContractFacts, position_id: str, as_of: str) -> tuple[bool, tuple[str, ...], object]:
    """Whether it counts, why not, and until when it must last."""
    found = next(each for each in facts.positions if each.id == position_id)
    answer = account(found, facts, effective_end_on(facts, d(as_of)), d(as_of))
    return answer.counts, answer.not_counted_because, answer.completes_on


def test_a_position_that_counts_is_told_until_when_it_must_last() -> None:
    facts = contract(position("7.1.2019", "a", ended="6.4.2019"), position("1.6.2019", "b", replaces="a"))
    assert told(facts, "a", "1.6.2019") == (True, (), d("6.10.2019"))
    assert told(facts, "b", "1.6.2019") == (True, (), d("30.11.2019"))


STRICT = clause(FixedCount(1), groups=frozenset({"youth"}), hours="18")
OPEN_ENDED = position("1.3.2018", "a")


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (contract(position("1.6.2018", "x", form="internship")), ("form_not_accepted",)),
        (contract(position("1.6.2018", "x", hours="18"), clause=STRICT), ("group_not_accepted",)),
        (contract(position("1.6.2018", "x", group="youth"), clause=STRICT), ("hours_unknown",)),
        (contract(position("1.6.2018", "x", group="youth", hours="17.5"), clause=STRICT), ("hours_too_few",)),
        (contract(position("2.6.2019", "x")), ("not_yet_agreed",)),
        (contract(position("28.2.2018", "x")), ("starts_before_period",)),
        (contract(position("29.2.2020", "x", agreed="1.6.2019")), ("starts_after_period",)),
        (contract(OPEN_ENDED, position("1.6.2018", "x", replaces="a")), ("replaced_position_goes_on",)),
        (
            contract(position("1.3.2018", "a", ended="31.12.2018"), position("1.2.2019", "x", replaces="a")),
            ("chain_already_complete",),
        ),
        (
            contract(position("15.2.2018", "a", ended="31.3.2018"), position("1.4.2018", "x", replaces="a")),
            ("starts_before_period",),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_position_that_does_not_count_is_told_why(facts: ContractFacts, codes: tuple[str, ...]) -> None:
    assert told(facts, "x", "1.6.2019") == (False, codes, None)


# --- What is refused


@pytest.mark.parametrize(
    ("job", "code", "field"),
    [
        (position("1.6.2019", agreed="2.6.2019"), "agreed_after_start", "agreed_on"),
        (position("1.6.2019", planned_end="31.5.2019"), "planned_end_before_start", "planned_end_on"),
        (position("1.6.2019", ended="31.5.2019"), "end_before_start", "ended_on"),
        (position("1.6.2019", ended="2.9.2019"), "end_after_today", "ended_on"),
        (position("1.6.2019", planned_end="31.8.2019", ended="1.9.2019"), "end_after_planned_end", "ended_on"),
    ],
)
def test_dates_that_contradict_each_other_are_refused(job: PositionFacts, code: str, field: str) -> None:
    with pytest.raises(RuleBroken, match=f"^{code}$") as raised:
        check_period(job, d("1.9.2019"))
    assert raised.value.field == field


@pytest.mark.parametrize(
    "job",
    [
        position("1.6.2019", agreed="1.6.2019"),
        position("1.6.2019", planned_end="1.6.2019", ended="1.6.2019"),
        position("1.6.2019", ended="1.9.2019"),
        position("1.6.2019", planned_end="31.8.2019", ended="31.8.2019"),
        position("1.12.2019", agreed="1.9.2019", planned_end="31.8.2020"),
    ],
)
def test_dates_on_their_limits_are_accepted(job: PositionFacts) -> None:
    check_period(job, d("1.9.2019"))


ENDED = position("1.3.2019", "a", ended="31.5.2019")


@pytest.mark.parametrize(
    ("job", "others", "allowed", "code", "field"),
    [
        (position("1.6.2019", "b", replaces="a"), [ENDED], False, "replacement_not_allowed", "replaces_id"),
        (position("1.6.2019", "b", replaces="a"), [], True, "replaced_position_unknown", "replaces_id"),
        (
            position("1.6.2019", "b", replaces="a"),
            [ENDED, position("1.7.2019", "c", replaces="a")],
            True,
            "already_replaced",
            "replaces_id",
        ),
        (
            position("1.6.2019", "b", replaces="a"),
            [position("1.3.2019", "a")],
            True,
            "replaced_position_goes_on",
            "replaces_id",
        ),
        (position("31.5.2019", "b", replaces="a"), [ENDED], True, "replacement_starts_before_end", "starts_on"),
        (
            position("1.3.2019", "a", ended="1.6.2019"),
            [position("1.6.2019", "b", replaces="a")],
            True,
            "end_after_replacement_starts",
            "ended_on",
        ),
        (
            position("1.3.2019", "a", planned_end="1.6.2019"),
            [position("1.6.2019", "b", replaces="a")],
            True,
            "end_after_replacement_starts",
            "planned_end_on",
        ),
    ],
)
def test_a_replacement_that_contradicts_what_is_there_is_refused(
    job: PositionFacts, others: list[PositionFacts], allowed: bool, code: str, field: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^{code}$") as raised:  # noqa: PT012 - either may say it
        check_successor(job, others)
        check_replacement(job, others, allowed)
    assert raised.value.field == field


@pytest.mark.parametrize(
    ("job", "others"),
    [
        (position("1.6.2019", "b"), [ENDED]),
        (position("1.6.2019", "b", replaces="a"), [ENDED]),
        (position("1.9.2019", "b", replaces="a"), [position("1.3.2019", "a", planned_end="31.8.2019")]),
        (position("1.3.2019", "a", ended="31.5.2019"), [position("1.6.2019", "b", replaces="a")]),
    ],
)
def test_a_replacement_after_a_known_end_is_accepted(job: PositionFacts, others: list[PositionFacts]) -> None:
    check_replacement(job, others, allowed=True)


# --- Chains and the units required


def test_exact_hours_are_compared_as_decimals() -> None:
    job = position("1.6.2018", hours="20.1")
    assert accepted(job, clause(FixedCount(1), hours="20.1"))
    assert job.weekly_hours == Decimal("20.1")


def test_more_chains_than_required_leave_nothing_missing_below_zero() -> None:
    facts = contract(position("1.4.2018", "a"), position("1.5.2018", "b"), adjustment("1.6.2018", -1))
    standing = judge(facts, d("1.6.2018")).standing
    assert (standing.required, standing.covered, standing.missing) == (0, 2, 0)


def test_someone_hired_before_the_purchases_covers_the_unit_that_accrues() -> None:
    facts = contract(position("1.4.2018"), purchase("1.6.2018"), clause=threshold())
    assert judge(facts, d("1.6.2018")).status == "on_track"


def test_a_clause_for_other_forms_keeps_positions_out_of_every_count() -> None:
    terms: ClauseFacts = clause(FixedCount(1), forms=frozenset({"apprenticeship"}))
    standing = judge(contract(position("1.4.2018"), clause=terms), d("1.6.2018")).standing
    assert (standing.filled, standing.running, standing.covered, standing.missing) == (0, 0, 0, 1)
