"""Purchases that no rule could place: a person says once where they belong."""

from typing import Any

import pytest
from sqlalchemy import select

from app.rules.codes import Role
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.schemas.purchases import PurchaseCreate
from app.services import held_rows, imports
from app.services.acting import Actor, GrantedRole
from app.services.purchases import record_purchase, void_purchase
from app.storage.models import Contract, HeldRow, Purchase, Unit
from app.storage.session import Database
from tests.portfolio import Portfolio
from tests.services.test_ledger_imports import (
    CITY,
    FIRST_PAGE,
    OTHER,
    Write,
    act_of,
    activated,
    load,
    looked_at,
    read,
    required,
    settled,
    threshold_contract,
    write,
)

__all__ = ["write"]


def two_contracts(portfolio: Portfolio) -> tuple[str, str]:
    return threshold_contract(portfolio), threshold_contract(portfolio)


def waiting(portfolio: Portfolio) -> list[Any]:
    with portfolio.database.reading() as session:
        return [one.row for one in held_rows.list_held(session, FIRST_PAGE, portfolio.act()).items]


def decided(portfolio: Portfolio, held_id: str, contract_id: str | None, *remember: str) -> int:
    with portfolio.database.writing() as session:
        return held_rows.decide(session, held_id, contract_id, remember, portfolio.act())


def test_which_of_two_contracts_was_meant_a_person_says_once(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    first, second = two_contracts(portfolio)
    rows = [(CITY, "300000", f"{day}.2.2019", str(day), "4470") for day in (1, 2)]
    other = (CITY, "7", "3.2.2019", "3", "4471")
    assert load(portfolio, write(*rows, other)) == {"held": 3}
    [one, _, third] = waiting(portfolio)
    assert (one.account, set(one.candidates)) == ("4470", {first, second})
    assert decided(portfolio, one.id, second, "business_id", "account") == 2
    assert (required(database, first), required(database, second)) == (0, 1)
    assert [row.id for row in waiting(portfolio)] == [third.id]
    later = (CITY, "400000", "4.2.2019", "4", "4470")
    assert load(portfolio, write(*rows, other, later)) == {"already_there": 3, "new": 1}
    assert required(database, second) == 2


def test_a_purchase_that_belongs_to_no_contract_here_is_left_out_for_good(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    first, second = two_contracts(portfolio)
    ledger = write((CITY, "500000", "1.2.2019", "1", "4470"))
    load(portfolio, ledger)
    assert decided(portfolio, waiting(portfolio)[0].id, None, "business_id", "account") == 1
    assert load(portfolio, ledger) == {"left_out": 1}
    assert (waiting(portfolio), required(database, first), required(database, second)) == ([], 0, 0)


def test_undoing_a_ledger_takes_decisions_on_its_rows_back(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    first, _ = two_contracts(portfolio)
    ledger = write((CITY, "500000", "1.2.2019", "1"), (CITY, "1", "1.2.2019", "2"))
    import_id = read(portfolio, ledger)
    settled(portfolio, import_id, imports.activate)
    decided(portfolio, waiting(portfolio)[0].id, first)
    assert required(database, first) == 1
    settled(portfolio, import_id, imports.undo, "wrong")
    assert (required(database, first), waiting(portfolio)) == (0, [])
    assert load(portfolio, ledger) == {"held": 2}


def test_a_purchase_recorded_by_hand_is_not_added_a_second_time_without_a_person(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    contract_id = threshold_contract(portfolio)
    by_hand = PurchaseCreate(on_date="2019-02-01", amount_eur="250000.00")
    with database.writing() as session:
        record_purchase(session, contract_id, by_hand, portfolio.act())
    rows = [(CITY, "250000", "1.2.2019", "1"), (CITY, "250000", "1.2.2019", "2"), (CITY, "9", "1.2.2019", "3")]
    assert load(portfolio, write(*rows)) == {"held": 1, "new": 2}
    assert required(database, contract_id) == 1
    [row] = waiting(portfolio)
    assert (row.reason, row.candidates) == ("looks_recorded", [contract_id])
    assert decided(portfolio, row.id, None) == 1
    assert load(portfolio, write(*rows)) == {"already_there": 3}


def test_held_rows_of_an_import_that_is_not_active_wait_for_nobody(portfolio: Portfolio, write: Write) -> None:
    two_contracts(portfolio)
    read(portfolio, write((CITY, "500000", "1.2.2019", "1")))
    assert waiting(portfolio) == []
    with portfolio.database.writing() as session:
        held_id = session.scalars(select(HeldRow.id)).one()
        with pytest.raises(NotFound):
            held_rows.decide(session, held_id, None, (), portfolio.act())


def test_a_row_that_one_organisation_was_asked_about_comes_in_for_another(portfolio: Portfolio, write: Write) -> None:
    two_contracts(portfolio)
    threshold_contract(portfolio, unit_id=portfolio.other_root)
    shared = write((CITY, "1", "1.2.2019", "1"))
    ours, theirs = (activated(portfolio, shared, root_id) for root_id in (portfolio.root, portfolio.other_root))
    assert looked_at(portfolio, ours).run.counts == {"held": 1}
    assert looked_at(portfolio, theirs).run.counts == {"new": 1}


def test_nobody_is_asked_about_a_row_that_came_in_when_there_was_one_contract(
    portfolio: Portfolio, write: Write
) -> None:
    threshold_contract(portfolio)
    ledger = write((CITY, "1", "1.2.2019", "1"))
    load(portfolio, ledger)
    threshold_contract(portfolio)
    assert load(portfolio, ledger) == {"already_there": 1}
    assert waiting(portfolio) == []


def test_a_purchase_does_not_count_in_a_second_contract_of_its_supplier(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    first = threshold_contract(portfolio)
    ledger = write((CITY, "500000", "2.2.2019", "2", "4470"))
    load(portfolio, ledger)
    second = threshold_contract(portfolio)
    with database.writing() as session:
        session.get_one(Contract, first).ledger_accounts = ["4480"]
        session.get_one(Contract, second).ledger_accounts = ["4470"]
    assert load(portfolio, ledger) == {"already_there": 1}
    assert (required(database, first), required(database, second)) == (1, 0)
    with database.writing() as session:
        void_purchase(session, session.scalars(select(Purchase.id)).one(), "the other contract's", portfolio.act())
    assert load(portfolio, ledger) == {"new": 1}
    assert (required(database, first), required(database, second)) == (0, 1)


def test_a_decision_is_made_once_among_the_candidates_and_remembers_what_the_row_says(
    portfolio: Portfolio, write: Write
) -> None:
    first, _ = two_contracts(portfolio)
    stranger = threshold_contract(portfolio, OTHER)
    load(portfolio, write((CITY, "500000", "1.2.2019", "1")))
    held_id = waiting(portfolio)[0].id
    with pytest.raises(RuleBroken):
        decided(portfolio, held_id, stranger)
    for wrong in (("account",), ("business_id", "service_class"), ("business_id", "line")):
        with pytest.raises(RuleBroken):
            decided(portfolio, held_id, first, *wrong)
    decided(portfolio, held_id, first)
    with pytest.raises(Conflict):
        decided(portfolio, held_id, first)


def test_only_who_writes_all_contracts_decides_for_all_that_purchases_belong_to_none(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    two_contracts(portfolio)
    with database.reading() as session:
        path = session.get_one(Unit, portfolio.division).path
    officer = Actor("o", "Officer", "officer@example.org", grants=(GrantedRole(Role.PROCUREMENT_OFFICER, path),))
    import_id = read(portfolio, write((CITY, "1", "1.2.2019", "1")), officer, portfolio.root)
    settled(portfolio, import_id, imports.activate)
    [row] = waiting(portfolio)
    act = act_of(portfolio, officer)
    with pytest.raises(RuleBroken), database.writing() as session:
        held_rows.decide(session, row.id, None, ("business_id",), act)
    with database.writing() as session:
        assert held_rows.decide(session, row.id, None, (), act) == 1
