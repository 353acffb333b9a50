"""The contract's last day: base period, options exercised, a termination decided."""

import pytest

from app.rules.contracts import effective_end_on, next_open_option
from tests.factories import contract, d, option, termination


def test_the_contract_ends_with_its_base_period() -> None:
    assert effective_end_on(contract(), d("1.6.2019")) == d("28.2.2020")


def test_an_option_not_exercised_changes_nothing() -> None:
    assert effective_end_on(contract(option("28.2.2021")), d("1.6.2019")) == d("28.2.2020")


@pytest.mark.parametrize(
    ("as_of", "end"), [("14.1.2020", "28.2.2020"), ("15.1.2020", "28.2.2021"), ("16.1.2020", "28.2.2021")]
)
def test_an_option_counts_from_the_day_it_is_exercised(as_of: str, end: str) -> None:
    facts = contract(option("28.2.2021", exercised="15.1.2020"))
    assert effective_end_on(facts, d(as_of)) == d(end)


def test_the_latest_end_holds_whatever_the_order_of_the_options() -> None:
    exercised = "1.1.2020"
    facts = contract(option("28.2.2022", exercised), option("28.2.2021", exercised), option("31.12.2019", exercised))
    assert effective_end_on(facts, d("1.1.2020")) == d("28.2.2022")


@pytest.mark.parametrize(
    ("as_of", "end"), [("14.1.2019", "28.2.2020"), ("15.1.2019", "31.5.2019"), ("16.1.2019", "31.5.2019")]
)
def test_a_termination_counts_from_the_day_it_is_decided(as_of: str, end: str) -> None:
    facts = contract(termination("31.5.2019", decided="15.1.2019"))
    assert effective_end_on(facts, d(as_of)) == d(end)


@pytest.mark.parametrize(("as_of", "end"), [("30.5.2019", "28.2.2020"), ("31.5.2019", "31.5.2019")])
def test_a_termination_decided_on_its_own_day_counts_from_then(as_of: str, end: str) -> None:
    assert effective_end_on(contract(termination("31.5.2019")), d(as_of)) == d(end)


def test_a_termination_after_the_end_does_not_prolong_the_contract() -> None:
    facts = contract(termination("31.5.2020", decided="1.1.2019"))
    assert effective_end_on(facts, d("1.6.2019")) == d("28.2.2020")


def test_a_termination_cuts_an_option_that_was_exercised() -> None:
    facts = contract(option("28.2.2021", exercised="1.6.2019"), termination("31.5.2020", decided="1.9.2019"))
    assert effective_end_on(facts, d("31.8.2019")) == d("28.2.2021")
    assert effective_end_on(facts, d("1.9.2019")) == d("31.5.2020")


def test_the_next_open_option_is_the_nearest_that_prolongs_the_contract() -> None:
    facts = contract(option("28.2.2022"), option("28.2.2021"), option("31.12.2019"))
    assert next_open_option(facts, d("1.6.2019")) == ("2021-02-28", d("28.2.2021"))


def test_an_option_exercised_later_is_still_open_the_day_before() -> None:
    facts = contract(option("28.2.2021", exercised="15.1.2020"), option("28.2.2022"))
    assert next_open_option(facts, d("14.1.2020")) == ("2021-02-28", d("28.2.2021"))
    assert next_open_option(facts, d("15.1.2020")) == ("2022-02-28", d("28.2.2022"))


def test_no_option_is_open_where_none_is_left() -> None:
    assert next_open_option(contract(), d("1.6.2019")) is None
    assert next_open_option(contract(option("28.2.2021", exercised="1.6.2019")), d("1.6.2019")) is None


def test_an_option_is_open_until_the_contracts_last_day() -> None:
    facts = contract(option("28.2.2021"))
    assert next_open_option(facts, d("28.2.2020")) == ("2021-02-28", d("28.2.2021"))
    assert next_open_option(facts, d("29.2.2020")) is None


def test_no_option_is_open_once_a_termination_is_decided() -> None:
    facts = contract(option("28.2.2021"), termination("31.5.2019", decided="15.1.2019"))
    assert next_open_option(facts, d("14.1.2019")) == ("2021-02-28", d("28.2.2021"))
    assert next_open_option(facts, d("15.1.2019")) is None
