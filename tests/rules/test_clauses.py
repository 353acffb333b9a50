"""How many positions are required, from when each of them is, and until when it can start."""

import pytest

from app.rules import policy
from app.rules.clauses import (
    PromisedRange,
    base_units,
    consideration_due,
    positions_for,
    promised_range,
    purchased_cents,
    required_units,
    unit_latest_start,
    unlimited_latest_start,
)
from app.rules.contracts import effective_end_on
from app.rules.facts import ClauseFacts, Completion, ContractFacts, PurchaseThreshold
from app.rules.judgement import judge
from tests.factories import adjustment, contract, d, fixed, option, promise, purchase, termination, threshold


def bases(facts: ContractFacts, as_of: str) -> list[str]:
    """Base days of the units required, written as in the tests."""
    day = d(as_of)
    units = required_units(facts, base_units(facts, effective_end_on(facts, day), day), day)
    return [f"{unit.day}.{unit.month}.{unit.year}" for unit in units]


def latest_starts(facts: ContractFacts, as_of: str) -> list[str]:
    """The days on which nobody yet covers the units, written as in the tests."""
    return [f"{day.day}.{day.month}.{day.year}" for day in judge(facts, d(as_of)).standing.missing_latest_starts]


# --- Fixed count and award criterion


def test_a_fixed_count_requires_its_positions_from_the_contracts_start() -> None:
    assert bases(contract(clause=fixed(3)), "1.6.2018") == ["1.3.2018"] * 3


def test_an_award_criterion_requires_what_the_supplier_promised() -> None:
    assert bases(contract(clause=promise(2)), "1.6.2018") == ["1.3.2018"] * 2
    assert bases(contract(clause=promise(0)), "1.6.2018") == []


# --- Purchase thresholds


@pytest.mark.parametrize(
    ("euros", "required"), [("999.99", 0), ("1000.00", 1), ("1000.01", 1), ("1999.99", 1), (2000, 2)]
)
def test_exactly_the_threshold_counts_as_reached_and_a_cent_less_does_not(euros: str | int, required: int) -> None:
    facts = contract(purchase("1.6.2018", euros), clause=threshold(1000))
    assert len(bases(facts, "1.6.2018")) == required


def test_money_is_added_in_whole_cents() -> None:
    dimes = [purchase("1.6.2018", "0.10") for _ in range(10)]
    assert len(bases(contract(*dimes, clause=threshold("1.00")), "1.6.2018")) == 1


def test_a_purchase_counts_from_its_own_day() -> None:
    facts = contract(purchase("1.6.2018"), clause=threshold())
    assert bases(facts, "31.5.2018") == []
    assert bases(facts, "1.6.2018") == ["1.6.2018"]


@pytest.mark.parametrize(
    ("on", "counts"), [("28.2.2018", False), ("1.3.2018", True), ("28.2.2020", True), ("29.2.2020", False)]
)
def test_purchases_count_from_the_contracts_start_to_its_end(on: str, counts: bool) -> None:
    facts = contract(purchase(on), clause=threshold())
    assert len(bases(facts, "1.6.2020")) == counts
    assert purchased_cents(facts, d("28.2.2020"), d("1.6.2020")) == counts * 1000_00


def test_purchases_after_the_base_period_count_once_the_option_is_exercised() -> None:
    facts = contract(purchase("1.4.2020"), option("28.2.2021", exercised="15.4.2020"), clause=threshold())
    assert bases(facts, "14.4.2020") == []
    assert bases(facts, "15.4.2020") == ["1.4.2020"]


def test_purchases_after_a_termination_stop_counting_when_it_is_decided() -> None:
    facts = contract(purchase("1.6.2019"), termination("31.5.2019", decided="15.6.2019"), clause=threshold())
    assert bases(facts, "14.6.2019") == ["1.6.2019"]
    assert bases(facts, "15.6.2019") == []


@pytest.mark.parametrize(
    ("as_of", "units"),
    [
        ("31.5.2018", []),
        ("1.6.2018", ["1.6.2018"]),
        ("31.8.2018", ["1.6.2018"]),
        ("1.9.2018", []),
        ("30.9.2018", []),
        ("1.10.2018", ["1.10.2018"]),
        ("1.12.2018", ["1.10.2018"]),
    ],
)
def test_a_credit_note_below_the_threshold_and_back_moves_the_accrual_day(as_of: str, units: list[str]) -> None:
    facts = contract(
        purchase("1.6.2018", 1000), purchase("1.9.2018", "-0.01"), purchase("1.10.2018", "0.01"), clause=threshold(1000)
    )
    assert bases(facts, as_of) == units


def test_a_credit_note_that_stays_above_the_threshold_moves_nothing() -> None:
    facts = contract(purchase("1.6.2018", 1500), purchase("1.9.2018", -500), clause=threshold(1000))
    assert bases(facts, "1.12.2018") == ["1.6.2018"]


def test_a_credit_note_takes_only_the_units_whose_thresholds_it_undercuts() -> None:
    facts = contract(
        purchase("1.6.2018", 3000), purchase("1.9.2018", -1500), purchase("1.10.2018", 500), clause=threshold(1000)
    )
    assert bases(facts, "1.9.2018") == ["1.6.2018"]
    assert bases(facts, "1.10.2018") == ["1.6.2018", "1.10.2018"]


def test_a_credit_note_of_the_same_day_is_netted_before_the_threshold_is_looked_at() -> None:
    facts = contract(
        purchase("1.6.2018", 1000), purchase("1.9.2018", -400), purchase("1.9.2018", 400), clause=threshold(1000)
    )
    assert bases(facts, "1.9.2018") == ["1.6.2018"]


def test_more_credited_than_bought_owes_nothing_and_is_made_up_first() -> None:
    facts = contract(
        purchase("1.6.2018", -500), purchase("1.9.2018", 1400), purchase("1.10.2018", 100), clause=threshold()
    )
    assert bases(facts, "1.6.2018") == []
    assert bases(facts, "1.9.2018") == []
    assert bases(facts, "1.10.2018") == ["1.10.2018"]


def test_the_order_in_which_purchases_are_recorded_does_not_matter() -> None:
    facts = contract(purchase("1.10.2018", 1000), purchase("1.6.2018", 1000), clause=threshold())
    assert bases(facts, "1.10.2018") == ["1.6.2018", "1.10.2018"]


def test_every_threshold_brings_its_positions_at_once() -> None:
    facts = contract(purchase("1.6.2018", 1000), purchase("1.9.2018", 2000), clause=threshold(1000, per=2))
    assert bases(facts, "1.9.2018") == ["1.6.2018"] * 2 + ["1.9.2018"] * 4


@pytest.mark.parametrize(("euros", "required"), [(1000, 2), (2000, 3), (9000, 3)])
def test_never_more_than_max_positions_are_required(euros: int, required: int) -> None:
    assert positions_for(PurchaseThreshold(1000_00, 2, 3), euros * 100) == required
    assert len(bases(contract(purchase("1.6.2018", euros), clause=threshold(1000, 2, 3)), "1.6.2018")) == required


def test_the_cap_leaves_the_units_that_accrued_first() -> None:
    facts = contract(purchase("1.6.2018", 1000), purchase("1.9.2018", 5000), clause=threshold(1000, cap=2))
    assert bases(facts, "1.9.2018") == ["1.6.2018", "1.9.2018"]


# --- Adjustments


def test_an_adjustment_counts_from_its_own_day() -> None:
    facts = contract(adjustment("1.6.2018", 1), clause=fixed(1))
    assert bases(facts, "31.5.2018") == ["1.3.2018"]
    assert bases(facts, "1.6.2018") == ["1.3.2018", "1.6.2018"]


def test_adjustments_are_added_in_the_order_of_their_days() -> None:
    up_then_down = contract(adjustment("1.7.2018", -2), adjustment("1.6.2018", 1))
    down_then_up = contract(adjustment("1.7.2018", 1), adjustment("1.6.2018", -2))
    assert bases(up_then_down, "1.7.2018") == []
    assert bases(down_then_up, "1.7.2018") == ["1.7.2018"]


def test_on_one_day_reductions_come_first() -> None:
    facts = contract(adjustment("1.6.2018", 1), adjustment("1.6.2018", -2))
    assert bases(facts, "1.6.2018") == ["1.6.2018"]


def test_the_number_required_is_never_below_zero_at_any_step() -> None:
    facts = contract(adjustment("1.6.2018", -5), adjustment("1.7.2018", -1), adjustment("1.8.2018", 2))
    assert bases(facts, "1.6.2018") == []
    assert bases(facts, "1.8.2018") == ["1.8.2018"] * 2


def test_a_reduction_takes_the_units_with_the_latest_base() -> None:
    facts = contract(adjustment("1.6.2018", 1), adjustment("1.7.2018", -1), clause=fixed(2))
    assert bases(facts, "1.7.2018") == ["1.3.2018"] * 2


def test_a_reduction_takes_the_unit_that_accrued_last() -> None:
    facts = contract(
        purchase("1.6.2018"),
        purchase("1.9.2018"),
        adjustment("1.7.2018", 1),
        adjustment("1.10.2018", -1),
        clause=threshold(),
    )
    assert bases(facts, "30.9.2018") == ["1.6.2018", "1.7.2018", "1.9.2018"]
    assert bases(facts, "1.10.2018") == ["1.6.2018", "1.7.2018"]


def test_an_adjustment_may_go_above_max_positions() -> None:
    facts = contract(purchase("1.6.2018", 5000), adjustment("1.7.2018", 1), clause=threshold(cap=1))
    assert bases(facts, "1.7.2018") == ["1.6.2018", "1.7.2018"]


# --- The last day to start of a unit


@pytest.mark.parametrize(
    ("terms", "latest"),
    [
        (fixed(), "31.5.2019"),
        (fixed(completion=Completion.MAY_FOLLOW_CONTRACT), "28.2.2020"),
        (fixed(months=12), "28.2.2019"),
        (fixed(months=6), "31.8.2019"),
    ],
)
def test_the_contracts_end_decides_the_last_day_to_start(terms: ClauseFacts, latest: str) -> None:
    assert unlimited_latest_start(terms, d("28.2.2020")) == d(latest)
    assert latest_starts(contract(clause=terms), "1.6.2018") == [latest]


@pytest.mark.parametrize(
    ("base", "months", "latest"),
    [
        ("1.3.2018", 6, "31.8.2018"),
        ("31.8.2018", 6, "27.2.2019"),
        ("1.3.2018", 14, "30.4.2019"),
        ("1.3.2018", 15, "31.5.2019"),
        ("1.3.2018", 16, "31.5.2019"),
    ],
)
def test_the_time_to_start_runs_from_the_units_base_but_not_past_the_contracts_limit(
    base: str, months: int, latest: str
) -> None:
    assert unit_latest_start(fixed(start_within=months), d(base), d("31.5.2019")) == d(latest)


def test_a_thresholds_time_to_start_runs_from_its_accrual_day() -> None:
    facts = contract(purchase("15.6.2018"), purchase("1.9.2018"), clause=threshold(start_within=6))
    assert latest_starts(facts, "1.9.2018") == ["14.12.2018", "28.2.2019"]


def test_an_adjustments_time_to_start_runs_from_its_own_day() -> None:
    facts = contract(adjustment("1.6.2018", 1), clause=fixed(1, start_within=6))
    assert latest_starts(facts, "1.6.2018") == ["31.8.2018", "30.11.2018"]


def test_an_award_criterions_time_to_start_runs_from_the_contracts_start() -> None:
    assert latest_starts(contract(clause=promise(2, start_within=6)), "1.6.2018") == ["31.8.2018"] * 2


# --- What a contract promises


@pytest.mark.parametrize("terms", [fixed(2), promise(2)])
def test_a_count_promises_exactly_what_it_requires(terms: ClauseFacts) -> None:
    facts = contract(adjustment("1.6.2018", 1), clause=terms, value=9_000_000)
    assert judge(facts, d("31.5.2018")).promised == PromisedRange(2, 2)
    assert judge(facts, d("1.6.2018")).promised == PromisedRange(3, 3)


@pytest.mark.parametrize(
    ("value", "cap", "required", "most"),
    [
        (5000, None, 1, 5),
        ("4999.99", None, 1, 4),
        (5000, 3, 1, 3),
        (5000, None, 7, 7),
        (None, 3, 1, 3),
        (None, 3, 4, 4),
        (None, None, 1, None),
    ],
)
def test_a_threshold_promises_at_the_most_what_its_value_would_make_due(
    value: int | str | None, cap: int | None, required: int, most: int | None
) -> None:
    facts = contract(clause=threshold(1000, cap=cap), value=value)
    assert promised_range(facts, required) == PromisedRange(required, most)


def test_a_thresholds_promise_counts_positions_per_threshold() -> None:
    facts = contract(purchase("1.6.2018", 1000), clause=threshold(1000, per=2), value=5000)
    assert judge(facts, d("1.6.2018")).promised == PromisedRange(2, 10)


def test_a_clause_is_to_be_considered_above_the_limit_only() -> None:
    limit = policy.CLAUSE_CONSIDERED_OVER_CENTS
    assert [consideration_due(limit + cents) for cents in (-1, 0, 1)] == [False, False, True]
