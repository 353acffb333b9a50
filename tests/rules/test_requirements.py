"""What a clause will require and by when, for each type and at the limits."""

import pytest

from app.rules.facts import Completion, ContractFacts
from app.rules.requirements import required_people, requirements
from tests.factories import contract, d, fixed, option, promise, threshold


def told(facts: ContractFacts, as_of: str = "1.3.2018") -> list[tuple[str, dict[str, object]]]:
    return [(reason.code, dict(reason.values)) for reason in requirements(facts, d(as_of))]


def codes(facts: ContractFacts, as_of: str = "1.3.2018") -> list[str]:
    return [code for code, _ in told(facts, as_of)]


def test_the_contract_of_the_worked_examples() -> None:
    start = {"count": 1, "latest_start_on": d("31.5.2019"), "ends_on": d("28.2.2020"), "months": 9}
    assert told(contract()) == [("must_hire", {"positions": 1}), ("must_start_by", start)]


def test_the_months_may_follow_the_contract() -> None:
    facts = contract(clause=fixed(3, completion=Completion.MAY_FOLLOW_CONTRACT))
    assert codes(facts) == ["must_hire", "must_start_during"]
    assert told(facts)[1][1]["latest_start_on"] == d("28.2.2020")


@pytest.mark.parametrize(("months", "code"), [(14, "must_start_within"), (15, "must_start_by")])
def test_the_sooner_of_the_two_limits_is_told(months: int, code: str) -> None:
    facts = contract(clause=fixed(start_within=months))
    assert codes(facts) == ["must_hire", code]
    assert told(facts)[1][1]["latest_start_on"] == d("30.4.2019" if months == 14 else "31.5.2019")


def test_a_clause_that_cannot_be_met_promises_no_day() -> None:
    assert codes(contract(ends="29.11.2018")) == ["must_hire"]
    assert codes(contract(ends="30.11.2018")) == ["must_hire", "must_start_by"]


def test_an_option_says_what_it_would_change_and_one_taken_counts() -> None:
    assert codes(contract(option("28.2.2021"))) == ["must_hire", "must_start_by", "option_would_extend"]
    taken = told(contract(option("28.2.2021", "1.3.2018")))
    assert taken[1][1]["latest_start_on"] == d("1.6.2020")


def test_a_promise_of_nobody_obliges_to_nothing() -> None:
    assert codes(contract(clause=promise(0))) == ["nothing_promised"]
    assert told(contract(clause=promise(2)))[0] == ("must_hire", {"positions": 2})


@pytest.mark.parametrize(
    ("value", "cap", "most"),
    [
        (1_200_000, None, ("at_most_by_value", {"count": 2, "value_cents": 1_200_000_00})),
        ("999999.99", None, ("at_most_by_value", {"count": 1, "value_cents": 999_999_99})),
        (1_200_000, 2, ("at_most", {"count": 2})),
        (1_200_000, 3, ("at_most_by_value", {"count": 2, "value_cents": 1_200_000_00})),
        (None, 3, ("at_most", {"count": 3})),
        (None, None, None),
    ],
)
def test_how_many_thresholds_ask_for_at_the_most(
    value: int | str | None, cap: int | None, most: tuple[str, dict[str, object]] | None
) -> None:
    found = told(contract(clause=threshold(500_000, cap=cap), value=value))
    assert found[0] == ("must_hire_for_purchases", {"positions": 1, "threshold_euros": 500_000})
    assert found[1:-1] == ([most] if most else [])
    assert found[-1][0] == "threshold_start_during"


def test_a_threshold_gives_the_time_to_start_and_the_last_day() -> None:
    within = contract(clause=threshold(500_000, start_within=6, completion=Completion.WITHIN_CONTRACT))
    assert codes(within)[-2:] == ["threshold_start_within", "threshold_start_by"]
    assert told(within)[-1][1]["latest_start_on"] == d("31.5.2019")


def test_without_a_contract_only_the_number_is_known() -> None:
    assert [reason.code for reason in required_people(fixed(2))] == ["must_hire"]
