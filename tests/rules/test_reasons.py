"""Every reason code, with the exact values that fill its sentence."""

import inspect
import re
from collections.abc import Mapping

import pytest

from app.rules import reasons
from app.rules.facts import ClauseFacts, Completion, ContractFacts
from app.rules.judgement import judge
from tests.factories import (
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


def told(facts: ContractFacts, as_of: str) -> list[tuple[str, Mapping[str, object]]]:
    """Codes and values of a judgement's reasons, in their order."""
    return [(reason.code, reason.values) for reason in judge(facts, d(as_of)).reasons]


def values_of(facts: ContractFacts, as_of: str, code: str) -> list[Mapping[str, object]]:
    """The values of every reason with a code."""
    return [values for each, values in told(facts, as_of) if each == code]


def codes(facts: ContractFacts, as_of: str) -> list[str]:
    return [code for code, _ in told(facts, as_of)]


def limits(
    latest_start: str, last_chance: str, limit: str = "within_contract", *, start_within: int | None = None
) -> dict[str, object]:
    """What every sentence about a missing unit says of the contract of the worked examples."""
    return {
        "latest_start_on": d(latest_start),
        "first_count": 1,
        "last_chance_on": d(last_chance),
        "effective_end_on": d("28.2.2020"),
        "months": 9,
        "start_within_months": start_within,
        "limit": limit,
    }


NOBODY = {"required": 1, "covered": 0, "missing": 1}

EXAMPLES: list[tuple[str, ContractFacts, str, dict[str, object]]] = [
    ("closed", contract(closure("1.6.2018")), "1.7.2018", {"effective_on": d("1.6.2018")}),
    ("not_started", contract(clause=fixed(2)), "28.2.2018", {"starts_on": d("1.3.2018"), "required": 2}),
    ("no_obligation", contract(clause=promise(0)), "1.6.2018", {}),
    ("fulfilled", contract(position("31.5.2019")), "28.2.2020", {"required": 1, "completed": 1}),
    (
        "on_track",
        contract(position("1.4.2018", "a"), position("31.5.2019", "b"), clause=fixed(2)),
        "1.6.2019",
        {"required": 2, "covered": 2, "missing": 0, "completed": 1, "complete_on": d("28.2.2020")},
    ),
    (
        "breached",
        contract(position("15.6.2019")),
        "20.3.2020",
        NOBODY | {"late": 1, "effective_end_on": d("28.2.2020")},
    ),
    ("cannot_be_met", contract(), "1.6.2019", NOBODY | limits("31.5.2019", "31.5.2019")),
    (
        "overdue",
        contract(clause=fixed(start_within=6)),
        "1.9.2018",
        NOBODY | limits("31.8.2018", "31.5.2019", "start_within", start_within=6),
    ),
    ("start_needed", contract(), "1.3.2018", NOBODY | limits("31.5.2019", "31.5.2019")),
    (
        "start_day_passed",
        contract(position("1.3.2018", ended="31.5.2018"), clause=fixed(3)),
        "1.6.2019",
        {"count": 2},
    ),
    (
        "can_start_until",
        contract(position("1.3.2018", ended="31.5.2018"), clause=fixed(3)),
        "1.6.2019",
        {"count": 1, "until": d("30.8.2019")},
    ),
    (
        "can_be_continued",
        contract(position("31.5.2019", "a", ended="31.10.2019")),
        "1.11.2019",
        {
            "position_id": "a",
            "ended_on": d("31.10.2019"),
            "days_served": 154,
            "days_needed": 274,
            "days_left": 120,
            "until": d("1.11.2019"),
        },
    ),
    (
        "option_would_extend",
        contract(option("28.2.2021")),
        "1.6.2019",
        {"option_id": "2021-02-28", "ends_on": d("28.2.2021"), "latest_start_on": d("1.6.2020")},
    ),
    (
        "termination_leaves_obligation",
        contract(termination("31.5.2019", decided="15.1.2019"), clause=fixed(2)),
        "15.1.2019",
        {"terminated_on": d("31.5.2019"), "missing": 2},
    ),
    (
        "interrupted",
        contract(position("31.5.2019", "a", ended="31.10.2019")),
        "31.10.2019",
        {"position_id": "a", "ended_on": d("31.10.2019"), "days_served": 154, "days_needed": 274},
    ),
    (
        "planned_end_too_early",
        contract(position("1.3.2019", "a", planned_end="31.8.2019")),
        "1.6.2019",
        {"position_id": "a", "ends_on": d("31.8.2019"), "days_served": 184, "days_needed": 275},
    ),
    (
        "completes_late",
        contract(position("15.6.2019", "a")),
        "13.3.2020",
        {"position_id": "a", "completes_on": d("14.3.2020"), "effective_end_on": d("28.2.2020")},
    ),
    (
        "completed_late",
        contract(position("15.6.2019", "a")),
        "14.3.2020",
        {"position_id": "a", "completes_on": d("14.3.2020"), "effective_end_on": d("28.2.2020")},
    ),
    (
        "replacement_waits",
        contract(
            position("1.3.2019", "a", ended="31.5.2019"),
            position("1.6.2019", "b", agreed="1.5.2019", replaces="a"),
            clause=fixed(2),
        ),
        "30.5.2019",
        {"position_id": "b", "replaces_id": "a"},
    ),
    (
        "started_late",
        contract(position("15.9.2018", "a"), clause=fixed(start_within=6)),
        "15.9.2018",
        {"position_id": "a", "starts_on": d("15.9.2018"), "latest_start_on": d("31.8.2018")},
    ),
    (
        "next_threshold",
        contract(purchase("1.6.2018", "1250.50"), clause=threshold(1000)),
        "1.6.2018",
        {"purchased_cents": 1250_50, "next_at_cents": 2000_00, "left_cents": 749_50},
    ),
]


@pytest.mark.parametrize(("code", "facts", "as_of", "values"), EXAMPLES, ids=[code for code, *_ in EXAMPLES])
def test_every_reason_says_exactly_what_decided(
    code: str, facts: ContractFacts, as_of: str, values: dict[str, object]
) -> None:
    assert values_of(facts, as_of, code) == [values]


def test_every_code_of_the_module_has_an_example() -> None:
    source = inspect.getsource(reasons)
    named = set(re.findall(r'_reason\(\s*"(\w+)"', source)) | set(re.findall(r'code = "(\w+)" if', source))
    named |= set(re.findall(r'code = "\w+" if .* else "(\w+)"', source))
    assert named == {code for code, *_ in EXAMPLES} | {"jobs_erased"}  # of kept facts: tests/rules/test_retention.py


@pytest.mark.parametrize(("code", "facts", "as_of", "values"), EXAMPLES[:9], ids=[code for code, *_ in EXAMPLES[:9]])
def test_the_first_reason_is_the_judgement_in_a_sentence(
    code: str, facts: ContractFacts, as_of: str, values: dict[str, object]
) -> None:
    assert told(facts, as_of)[0] == (code, values)


# --- The headline


def test_two_of_three_are_covered_and_the_third_must_start_by_the_first_of_june() -> None:
    facts = contract(
        position("1.4.2025", "a"), position("1.5.2025", "b"), clause=fixed(3), starts="1.3.2025", ends="28.2.2027"
    )
    assert told(facts, "1.9.2025") == [
        (
            "start_needed",
            {
                "required": 3,
                "covered": 2,
                "missing": 1,
                "latest_start_on": d("1.6.2026"),
                "first_count": 1,
                "last_chance_on": d("1.6.2026"),
                "effective_end_on": d("28.2.2027"),
                "months": 9,
                "start_within_months": None,
                "limit": "within_contract",
            },
        )
    ]


@pytest.mark.parametrize(
    ("facts", "as_of", "limit"),
    [
        (contract(), "1.6.2018", "within_contract"),
        (contract(clause=MAY_FOLLOW), "1.6.2018", "may_follow_contract"),
        (contract(clause=fixed(start_within=6)), "1.6.2018", "start_within"),
        (contract(clause=fixed(start_within=15)), "1.6.2018", "within_contract"),
        (contract(position("1.3.2018", ended="31.5.2018")), "1.6.2018", "continuation"),
        (contract(position("1.3.2018", ended="31.5.2018"), clause=fixed(2)), "1.6.2018", "within_contract"),
    ],
)
def test_the_headline_says_what_sets_the_last_day_to_start(facts: ContractFacts, as_of: str, limit: str) -> None:
    assert told(facts, as_of)[0][1]["limit"] == limit


@pytest.mark.parametrize(("as_of", "code"), [("1.3.2019", "start_needed"), ("2.3.2019", "start_needed")])
def test_open_and_at_risk_ask_for_a_start(as_of: str, code: str) -> None:
    assert told(contract(), as_of)[0][0] == code


def test_on_track_says_when_the_last_job_needed_completes() -> None:
    facts = contract(position("1.4.2018", "a"), position("1.5.2018", "b"), position("1.6.2018", "c"), clause=fixed(2))
    assert told(facts, "1.7.2018")[0][1]["complete_on"] == d("31.1.2019")


# --- What the status alone hides


def test_one_day_for_all_missing_units_is_said_once_in_the_headline() -> None:
    assert codes(contract(clause=fixed(3)), "1.6.2018") == ["start_needed"]
    assert codes(contract(clause=fixed(3)), "1.6.2019") == ["cannot_be_met"]


def test_a_day_is_still_good_on_itself_and_passed_the_day_after() -> None:
    facts = contract(position("1.3.2018", ended="31.5.2018"), clause=fixed(2))
    assert [values["until"] for values in values_of(facts, "31.5.2019", "can_start_until")] == [
        d("31.5.2019"),
        d("30.8.2019"),
    ]
    assert values_of(facts, "31.5.2019", "start_day_passed") == []
    assert [values["until"] for values in values_of(facts, "1.6.2019", "can_start_until")] == [d("30.8.2019")]
    assert values_of(facts, "1.6.2019", "start_day_passed") == [{"count": 1}]
    assert values_of(facts, "31.8.2019", "can_start_until") == []
    assert values_of(facts, "31.8.2019", "start_day_passed") == [{"count": 2}]


@pytest.mark.parametrize(("as_of", "said"), [("31.10.2019", 1), ("1.11.2019", 1), ("2.11.2019", 0)])
def test_a_broken_chain_can_be_continued_until_its_last_day(as_of: str, said: int) -> None:
    facts = contract(position("31.5.2019", ended="31.10.2019"))
    assert len(values_of(facts, as_of, "can_be_continued")) == said


def test_no_more_continuations_are_named_than_units_are_missing() -> None:
    facts = contract(
        position("1.3.2018", "a", ended="31.5.2018"), position("1.3.2018", "b", ended="31.8.2018"), clause=fixed(1)
    )
    assert [values["position_id"] for values in values_of(facts, "1.9.2018", "can_be_continued")] == ["b"]


@pytest.mark.parametrize(
    ("facts", "as_of"),
    [
        (contract(option("28.2.2021"), clause=fixed(start_within=6)), "1.6.2018"),
        (contract(option("28.2.2021"), position("1.4.2018")), "1.6.2018"),
        (contract(option("28.2.2021", exercised="1.6.2018")), "1.6.2018"),
        (contract(option("28.2.2021"), termination("31.12.2019", decided="1.5.2018")), "1.6.2018"),
        (contract(option("28.2.2021")), "29.2.2020"),
    ],
    ids=["it moves no day", "nothing is missing", "it is exercised", "the contract is terminated", "it has ended"],
)
def test_an_option_is_not_mentioned_where_it_would_change_nothing(facts: ContractFacts, as_of: str) -> None:
    assert "option_would_extend" not in codes(facts, as_of)


def test_an_option_that_would_cover_everything_leaves_no_day_to_start() -> None:
    facts = contract(position("15.6.2019"), option("28.2.2021"))
    (values,) = values_of(facts, "15.6.2019", "option_would_extend")
    assert values == {"option_id": "2021-02-28", "ends_on": d("28.2.2021"), "latest_start_on": None}


def test_of_several_options_the_next_one_is_named() -> None:
    facts = contract(option("28.2.2022"), option("31.8.2020"))
    (values,) = values_of(facts, "1.6.2019", "option_would_extend")
    assert values == {"option_id": "2020-08-31", "ends_on": d("31.8.2020"), "latest_start_on": d("1.12.2019")}


@pytest.mark.parametrize(
    ("facts", "as_of"),
    [
        (contract(termination("31.5.2019", decided="15.1.2019")), "14.1.2019"),
        (contract(termination("31.5.2019", decided="15.1.2019"), position("1.4.2018")), "15.1.2019"),
        (contract(termination("31.5.2019", decided="15.1.2019"), adjustment("15.1.2019", -1)), "15.1.2019"),
        (contract(termination("31.5.2019", decided="15.1.2019"), closure("15.1.2019")), "15.1.2019"),
    ],
    ids=["not yet decided", "nothing is missing", "adjusted", "closed"],
)
def test_a_termination_is_not_mentioned_where_nothing_is_left_to_decide(facts: ContractFacts, as_of: str) -> None:
    assert "termination_leaves_obligation" not in codes(facts, as_of)


@pytest.mark.parametrize(("planned_end", "said"), [("29.11.2019", True), ("30.11.2019", False), ("1.12.2019", False)])
def test_a_planned_end_is_too_early_when_it_comes_before_the_completion_day(planned_end: str, said: bool) -> None:
    facts = contract(position("1.3.2019", planned_end=planned_end))
    assert ("planned_end_too_early" in codes(facts, "1.6.2019")) is said


@pytest.mark.parametrize(("as_of", "code"), [("30.8.2019", "planned_end_too_early"), ("31.8.2019", "interrupted")])
def test_a_planned_end_too_early_is_an_interruption_once_it_has_come(as_of: str, code: str) -> None:
    facts = contract(position("1.3.2019", planned_end="31.8.2019"))
    assert ({"planned_end_too_early", "interrupted"} & set(codes(facts, as_of))) == {code}


@pytest.mark.parametrize(("starts", "said"), [("31.8.2018", 0), ("1.9.2018", 1)])
def test_who_starts_on_the_last_day_has_not_started_late(starts: str, said: int) -> None:
    facts = contract(position(starts), clause=fixed(start_within=6))
    assert len(values_of(facts, "1.10.2018", "started_late")) == said


def test_only_those_who_started_later_than_their_units_time_are_named() -> None:
    facts = contract(
        position("1.8.2018", "a"), position("1.10.2018", "b"), position("1.11.2018", "c"),
        clause=fixed(2, start_within=6),
    )  # fmt: skip
    facts = contract(*facts.positions, adjustment("1.8.2018", 1), clause=facts.clause)
    # The units' own days: 31.8.2018 twice, 31.1.2019 once.
    assert values_of(facts, "1.12.2018", "started_late") == [
        {"position_id": "b", "starts_on": d("1.10.2018"), "latest_start_on": d("31.8.2018")}
    ]


@pytest.mark.parametrize(
    ("clause", "said"),
    [(threshold(1000), True), (threshold(1000, cap=2), True), (threshold(1000, cap=1), False), (fixed(2), False)],
)
def test_the_next_threshold_is_told_as_long_as_one_can_be_reached(clause: ClauseFacts, said: bool) -> None:
    facts = contract(purchase("1.6.2018", 1000), clause=clause)
    assert ("next_threshold" in codes(facts, "1.6.2018")) is said


@pytest.mark.parametrize(("as_of", "said"), [("28.2.2020", True), ("29.2.2020", False)])
def test_no_next_threshold_is_told_after_the_contracts_end(as_of: str, said: bool) -> None:
    assert ("next_threshold" in codes(contract(clause=threshold()), as_of)) is said


def test_a_threshold_just_reached_leaves_a_whole_one_to_go() -> None:
    (values,) = values_of(contract(purchase("1.6.2018", 1000), clause=threshold(1000)), "1.6.2018", "next_threshold")
    assert values == {"purchased_cents": 1000_00, "next_at_cents": 2000_00, "left_cents": 1000_00}


def test_credit_notes_leave_more_than_a_threshold_to_go() -> None:
    (values,) = values_of(contract(purchase("1.6.2018", -500), clause=threshold(1000)), "1.6.2018", "next_threshold")
    assert values == {"purchased_cents": -500_00, "next_at_cents": 1000_00, "left_cents": 1500_00}


@pytest.mark.parametrize(
    ("facts", "as_of", "expected"),
    [
        (contract(closure("1.6.2018"), purchase("1.4.2018"), clause=threshold()), "1.6.2018", ["closed"]),
        (contract(clause=threshold()), "1.6.2018", ["no_obligation", "next_threshold"]),
        (
            contract(purchase("1.4.2018"), position("1.4.2018"), clause=threshold()),
            "31.12.2018",
            ["fulfilled", "next_threshold"],
        ),
    ],
)
def test_a_settled_obligation_says_no_more_than_needed(facts: ContractFacts, as_of: str, expected: list[str]) -> None:
    assert codes(facts, as_of) == expected
