"""To which contract a purchase of a ledger belongs."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.attachment import Attached, Attachments, Bought, Candidate, Held, Place, Remembered, Unattached
from app.rules.codes import HeldReason

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
CITY, OTHER, MEMBER = "0201256-6", "0112038-9", "1120389-3"
DAY = timedelta(days=1)


def contract(contract_id: str = "x", number: str = "S-1", supplier: str | None = CITY, **others: Any) -> Candidate:
    given_ = {"members": frozenset(), "first": FIRST, "last": LAST} | others
    return Candidate(contract_id, number, supplier, **given_)


def bought(supplier: str | None = CITY, number: str | None = None, on: date = FIRST, **others: Any) -> Bought:
    return Bought(number, supplier, on, **others)


X, Y = contract("x", "S-1"), contract("y", "S-2")


@pytest.mark.parametrize(
    ("on", "place"),
    [
        (FIRST - DAY, Unattached.OUTSIDE_PERIOD),
        (FIRST, Attached("x")),
        (LAST, Attached("x")),
        (LAST + DAY, Unattached.OUTSIDE_PERIOD),
    ],
)
def test_a_suppliers_only_contract_takes_what_is_bought_on_its_days(on: date, place: Place) -> None:
    assert Attachments([X]).place(bought(on=on)) == place
    assert Attachments([X]).place(bought(None, "S-1", on)) == place


def test_a_supplier_without_a_contract_concerns_nobody() -> None:
    known = Attachments([X])
    assert not known.concerns(OTHER, None)
    assert not known.concerns(None, "S-9")
    assert not known.concerns(None, None)
    assert known.concerns(CITY, None)
    assert known.concerns(None, "s-1")
    assert known.place(bought(OTHER)) is Unattached.NO_CONTRACT


def test_the_contracts_number_decides_between_two() -> None:
    known = Attachments([X, Y])
    assert known.place(bought()) == Held(HeldReason.AMBIGUOUS, ("x", "y"))
    assert known.place(bought(number="S-2")) == Attached("y")
    assert known.place(bought(number=" s-2 ")) == Attached("y")
    assert known.place(bought(None, "S-2")) == Attached("y")


def test_a_number_nobody_knows_is_not_read_over() -> None:
    unknown = HeldReason.CONTRACT_NUMBER_UNKNOWN
    assert Attachments([X]).place(bought(number="4711")) == Held(unknown, ("x",))
    assert Attachments([X]).place(bought(OTHER, "4711")) is Unattached.NO_CONTRACT
    assert Attachments([X]).place(bought(number="4711", on=LAST + DAY)) is Unattached.NO_CONTRACT


def test_the_number_of_another_suppliers_contract_is_held_unless_it_is_a_party_of_it() -> None:
    assert Attachments([X]).place(bought(OTHER, "S-1")) == Held(HeldReason.SUPPLIER_DIFFERS, ("x",))
    with_member = Attachments([contract(members=frozenset({MEMBER}))])
    assert with_member.place(bought(MEMBER, "S-1")) == Attached("x")
    assert with_member.place(bought(MEMBER)) is Unattached.NO_CONTRACT


def test_two_contracts_of_one_number_are_told_apart_by_supplier_and_day() -> None:
    later = contract("z", "S-1", first=LAST + DAY, last=LAST + 365 * DAY)
    others = contract("o", "S-1", OTHER)
    known = Attachments([X, later, others])
    assert known.place(bought(number="S-1")) == Attached("x")
    assert known.place(bought(number="S-1", on=LAST + DAY)) == Attached("z")
    assert known.place(bought(OTHER, "S-1")) == Attached("o")
    assert known.place(bought(None, "S-1")) == Held(HeldReason.AMBIGUOUS, ("x", "o"))


@pytest.mark.parametrize("field", ["accounts", "service_classes", "buying_units"])
def test_a_contract_takes_only_what_it_names(field: str) -> None:
    asked = {"accounts": "account", "service_classes": "service_class", "buying_units": "buying_unit"}[field]
    known = Attachments([contract(**{field: frozenset({"4470", "cleaning"})})])
    assert known.place(bought(**{asked: "4470"})) == Attached("x")
    assert known.place(bought(**{asked: " Cleaning"})) == Attached("x")
    assert known.place(bought(**{asked: "4471"})) is Unattached.OUTSIDE_SCOPE
    assert known.place(bought()) is Unattached.OUTSIDE_SCOPE
    assert known.place(bought(number="S-1", **{asked: "4471"})) == Attached("x")


def test_what_was_decided_once_is_remembered() -> None:
    known = Attachments([X, Y], [Remembered("x", business_id=CITY, account="4470")])
    assert known.place(bought(account="4470")) == Attached("x")
    assert known.place(bought(account="4471")) == Held(HeldReason.AMBIGUOUS, ("x", "y"))
    assert known.place(bought()) == Held(HeldReason.AMBIGUOUS, ("x", "y"))


def test_the_rule_that_names_more_decides_and_of_two_alike_neither() -> None:
    general, special = Remembered("x", business_id=CITY), Remembered("y", business_id=CITY, account="4470")
    assert Attachments([X, Y], [general, special]).place(bought(account="4470")) == Attached("y")
    assert Attachments([X, Y], [general, special]).place(bought(account="4471")) == Attached("x")
    against = Remembered("x", business_id=CITY, account="4470")
    assert Attachments([X, Y], [special, against]).place(bought(account="4470")) == Held(
        HeldReason.AMBIGUOUS, ("x", "y")
    )


def test_a_rule_does_not_bring_a_purchase_to_a_contract_that_does_not_run() -> None:
    over = contract("y", "S-2", last=FIRST)
    known = Attachments([X, over], [Remembered("y", business_id=CITY)])
    assert known.place(bought(on=FIRST + DAY)) == Attached("x")
    numbered = Attachments([X, over], [Remembered("y", contract_number="4711", business_id=CITY)])
    assert numbered.place(bought(number="4711")) == Attached("y")
    assert numbered.place(bought(number="4711", on=FIRST + DAY)) is Unattached.OUTSIDE_PERIOD


def test_a_number_once_explained_attaches_even_without_a_supplier() -> None:
    known = Attachments([X], [Remembered("x", contract_number="4711")])
    assert known.concerns(None, "4711")
    assert known.place(bought(None, "4711")) == Attached("x")
    assert known.place(bought(OTHER, "4711")) == Attached("x")


def test_rows_decided_to_belong_to_no_contract_are_left_out() -> None:
    known = Attachments([X, Y], [Remembered(None, business_id=CITY, account="4470")])
    assert known.place(bought(account="4470")) is Unattached.LEFT_OUT
    numbered = Attachments([X], [Remembered(None, contract_number="4711", business_id=CITY)])
    assert numbered.place(bought(number="4711")) is Unattached.LEFT_OUT
    assert numbered.place(bought(number="4712")) == Held(HeldReason.CONTRACT_NUMBER_UNKNOWN, ("x",))
    assert numbered.place(bought()) == Attached("x")


SOME = st.sampled_from([None, "4470", "4471"])
CONTRACTS = st.lists(
    st.builds(
        contract,
        st.sampled_from("abcdef"),
        st.sampled_from(["S-1", "S-2", "S-3"]),
        st.sampled_from([CITY, OTHER, None]),
        accounts=st.sampled_from([frozenset(), frozenset({"4470"})]),
        last=st.sampled_from([FIRST, LAST]),
    ),
    max_size=6,
    unique_by=lambda one: one.contract_id,
)
RULES = st.lists(
    st.builds(
        Remembered,
        st.sampled_from([*"abcdef", None]),
        st.sampled_from([None, "S-9"]),
        st.sampled_from([None, CITY]),
        SOME,
    ),
    max_size=4,
)
ROWS = st.builds(
    Bought,
    st.sampled_from([None, "S-1", "S-2", "S-9"]),
    st.sampled_from([None, CITY, OTHER]),
    st.sampled_from([FIRST - DAY, FIRST, LAST]),
    SOME,
)


@given(CONTRACTS, RULES, ROWS)
def test_whatever_is_attached_runs_on_that_day_and_whatever_is_placed_was_of_concern(
    contracts: list[Candidate], rules: list[Remembered], row: Bought
) -> None:
    known = Attachments(contracts, rules)
    place = known.place(row)
    by_id = {one.contract_id: one for one in contracts}
    match place:
        case Attached(contract_id):
            assert by_id[contract_id].first <= row.on_date <= by_id[contract_id].last
        case Held(_, candidates):
            assert candidates
            assert set(candidates) <= set(by_id)
    if not known.concerns(row.business_id, row.contract_number):
        assert place is Unattached.NO_CONTRACT


@given(CONTRACTS, RULES, ROWS)
def test_the_order_of_contracts_and_rules_decides_nothing(
    contracts: list[Candidate], rules: list[Remembered], row: Bought
) -> None:
    def kind(place: Place) -> object:
        return (place.reason, set(place.candidates)) if isinstance(place, Held) else place

    assert kind(Attachments(contracts, rules).place(row)) == kind(Attachments(contracts[::-1], rules[::-1]).place(row))
