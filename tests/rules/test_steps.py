"""The one thing to do next, by what someone may do."""

import pytest

from app.rules.facts import ContractFacts
from app.rules.judgement import judge
from app.rules.reminders import Muting
from app.rules.steps import next_step
from tests.factories import closure, contract, d, fixed, option, position, purchase, termination, threshold

BROKEN = position("31.5.2019", "broken", ended="31.10.2019")


def step(facts: ContractFacts, day: str, *who: str, muting: Muting | None = None) -> str:
    may = {name: name in who for name in ("positions", "contracts", "reminders")}
    found = next_step(judge(facts, d(day)), muting or Muting(), **may)
    return "" if found is None else f"{found.kind} {found.about}".strip()


@pytest.mark.parametrize(
    ("facts", "day", "expected"),
    [
        (contract(), "1.3.2018", "log_position"),
        (contract(position("1.6.2018")), "1.7.2018", "log_position"),
        (contract(BROKEN), "1.11.2019", "log_replacement broken"),
        (contract(position("1.3.2019", "short", planned_end="31.8.2019")), "2.3.2019", "log_replacement short"),
        (contract(BROKEN), "2.11.2019", ""),
        (contract(), "1.6.2019", ""),
        (contract(closure("1.6.2018")), "1.6.2018", ""),
    ],
)
def test_a_liaison_logs_while_it_may_help(facts: ContractFacts, day: str, expected: str) -> None:
    assert step(facts, day, "positions") == expected


@pytest.mark.parametrize(
    ("facts", "day", "expected"),
    [
        (contract(), "1.6.2018", ""),
        (contract(option("28.2.2021")), "1.6.2018", ""),
        (contract(option("28.2.2021")), "2.3.2019", "take_option 2021-02-28"),
        (contract(option("28.2.2021")), "1.6.2019", "take_option 2021-02-28"),
        (contract(), "1.6.2019", "adjust"),
        (contract(), "29.2.2020", "close"),
        (contract(termination("31.12.2019", "1.6.2018")), "1.6.2018", "adjust"),
        (contract(purchase("1.4.2018", 500), clause=threshold(1000)), "1.6.2018", "add_purchase"),
        (contract(purchase("1.4.2018", 1500), clause=threshold(1000, cap=1)), "1.6.2018", ""),
    ],
)
def test_an_officer_decides_where_time_is_lost(facts: ContractFacts, day: str, expected: str) -> None:
    assert step(facts, day, "contracts") == expected


def test_an_owner_acknowledges_what_repeats_and_mutes_what_lies_ahead() -> None:
    assert step(contract(), "1.6.2018", "reminders") == "hand_over"
    assert step(contract(), "2.3.2019", "reminders") == "snooze"
    assert step(contract(), "31.5.2019", "reminders") == "hand_over"
    assert step(contract(), "1.6.2019", "reminders") == "acknowledge"
    assert step(contract(), "1.6.2019", "reminders", muting=Muting(acknowledged=True)) == "hand_over"
    muted = Muting(snoozed_until=d("1.5.2019"), snoozed_on=d("2.3.2019"))
    assert step(contract(), "2.3.2019", "reminders", muting=muted) == "hand_over"


def test_who_may_do_all_logs_before_deciding_and_decides_before_muting() -> None:
    everything = ("positions", "contracts", "reminders")
    assert step(contract(clause=fixed(2)), "2.3.2019", *everything) == "log_position"
    assert step(contract(), "1.6.2019", *everything) == "adjust"
    assert step(contract(), "1.6.2019") == ""
