"""Corrections of rows that a person is, or was, asked about: of one row never two forms count, nor wait."""

import pytest
from sqlalchemy import select

from app.rules.codes import Role
from app.rules.errors import Conflict, Forbidden, NotFound
from app.services import held_rows, imports
from app.services.acting import Actor, GrantedRole
from app.storage.models import Contract, HeldRow, ImportRun, Unit
from app.storage.session import Database
from tests.portfolio import Portfolio
from tests.services.test_held_rows import decided, waiting
from tests.services.test_ledger_imports import (
    CITY,
    Write,
    act_of,
    activated,
    counted,
    looked_at,
    read,
    required,
    settled,
    threshold_contract,
    write,
)

__all__ = ["write"]
FIRST, SECOND, EITHER = "4470", "4480", "4490"
"""Accounts of the first contract, of the second, and of both, so that a person must decide."""


@pytest.fixture
def two(portfolio: Portfolio, database: Database) -> tuple[str, str]:
    """Two contracts with one supplier, told apart by the account of a row where it tells."""
    first, second = threshold_contract(portfolio), threshold_contract(portfolio)
    with database.writing() as session:
        session.get_one(Contract, first).ledger_accounts = [FIRST, EITHER]
        session.get_one(Contract, second).ledger_accounts = [SECOND, EITHER]
    return first, second


def row(euros: int, account: str = EITHER, voucher: str = "1") -> tuple[str, ...]:
    return (CITY, str(euros), "1.2.2019", voucher, account)


def amounts(portfolio: Portfolio) -> list[int]:
    """Euros of the purchases that wait."""
    return [one.amount_cents // 100 for one in waiting(portfolio)]


def test_a_held_row_brought_anew_waits_no_more_until_its_correction_is_undone(
    portfolio: Portfolio, write: Write, two: tuple[str, str]
) -> None:
    activated(portfolio, write(row(1)))
    [earlier] = waiting(portfolio)
    second = read(portfolio, write(row(2)))
    assert amounts(portfolio) == [1]
    settled(portfolio, second, imports.activate)
    assert amounts(portfolio) == [2]
    with pytest.raises(Conflict) as refused:
        decided(portfolio, earlier.id, two[0])
    assert refused.value.code == "held_row_replaced"
    with pytest.raises(NotFound), portfolio.database.reading() as session:
        held_rows.find_held(session, earlier.id, portfolio.act())
    settled(portfolio, second, imports.undo, "wrong")
    assert amounts(portfolio) == [1]
    decided(portfolio, earlier.id, two[0])
    assert counted(portfolio) == [100]


def test_a_correction_that_is_discarded_keeps_nobody_from_deciding(
    portfolio: Portfolio, write: Write, two: tuple[str, str]
) -> None:
    activated(portfolio, write(row(1)))
    second = read(portfolio, write(row(2)))
    settled(portfolio, second, imports.discard)
    assert amounts(portfolio) == [1]
    with portfolio.database.reading() as session:
        assert session.scalars(select(HeldRow.replaced_in)).all() == [None]


@pytest.mark.parametrize("chosen", [0, 1, None])
def test_a_decision_on_a_correction_takes_the_earlier_purchase_back_wherever_it_is(
    portfolio: Portfolio, write: Write, two: tuple[str, str], chosen: int | None
) -> None:
    activated(portfolio, write(row(500_000)))
    decided(portfolio, waiting(portfolio)[0].id, two[0])
    second = activated(portfolio, write(row(1_000_000)))
    assert [required(portfolio.database, one) for one in two] == [1, 0]
    contract_id = None if chosen is None else two[chosen]
    held_id = waiting(portfolio)[0].id
    with portfolio.database.reading() as session:
        [earlier] = held_rows.find_held(session, held_id, portfolio.act()).earlier
        assert (earlier.amount_cents, earlier.contract.id) == (500_000_00, two[0])
        foreseen = held_rows.foresee(session, held_id, contract_id, (), portfolio.act())
    assert [one.amount_cents for one in foreseen.replaced] == [500_000_00]
    told = [after.after.standing.required for _, after in foreseen.elsewhere]
    assert told == ([] if chosen == 0 else [0])
    assert (None if foreseen.changed is None else foreseen.changed.after.standing.required) == (
        None if chosen is None else 2
    )
    decided(portfolio, held_id, contract_id)
    expected = [2 if chosen == place else 0 for place in (0, 1)]
    assert [required(portfolio.database, one) for one in two] == expected
    settled(portfolio, second, imports.undo, "wrong")
    assert [required(portfolio.database, one) for one in two] == [1, 0]
    assert waiting(portfolio) == []


def test_a_held_row_whose_correction_names_its_contract_waits_no_more(
    portfolio: Portfolio, write: Write, two: tuple[str, str]
) -> None:
    activated(portfolio, write(row(1)))
    second = activated(portfolio, write(row(2, SECOND)))
    assert (amounts(portfolio), counted(portfolio)) == ([], [200])
    assert looked_at(portfolio, second).run.counts == {"corrected": 1}
    settled(portfolio, second, imports.undo, "wrong")
    assert (amounts(portfolio), counted(portfolio)) == ([1], [])


def test_a_correction_that_moves_a_purchase_to_another_contract_takes_it_out_of_the_first(
    portfolio: Portfolio, write: Write, two: tuple[str, str]
) -> None:
    activated(portfolio, write(row(500_000, FIRST)))
    second = read(portfolio, write(row(500_000, SECOND)))
    shrinking = {
        one.contract_id: (one.required_before, one.required_after) for one in looked_at(portfolio, second).growing
    }
    assert shrinking == {two[0]: (1, 0), two[1]: (0, 1)}
    settled(portfolio, second, imports.activate)
    assert [required(portfolio.database, one) for one in two] == [0, 1]
    settled(portfolio, second, imports.undo, "wrong")
    assert [required(portfolio.database, one) for one in two] == [1, 0]


def test_lines_of_one_voucher_are_matched_within_their_contract_first(
    portfolio: Portfolio, write: Write, two: tuple[str, str]
) -> None:
    activated(portfolio, write(row(9, FIRST), row(1, SECOND)))
    activated(portfolio, write(row(2, FIRST)))
    assert counted(portfolio) == [100, 200]


def test_a_row_that_says_again_what_it_said_at_first_is_asked_about_again(
    portfolio: Portfolio, write: Write, two: tuple[str, str]
) -> None:
    activated(portfolio, write(row(1)))
    decided(portfolio, waiting(portfolio)[0].id, two[0])
    activated(portfolio, write(row(2)))
    decided(portfolio, waiting(portfolio)[0].id, two[0])
    activated(portfolio, write(row(1), row(5, FIRST, "2")))
    assert (amounts(portfolio), counted(portfolio)) == ([1], [200, 500])
    decided(portfolio, waiting(portfolio)[0].id, two[0])
    assert (amounts(portfolio), counted(portfolio)) == ([], [100, 500])


def test_nobody_takes_a_purchase_out_of_a_contract_that_they_may_not_write_to(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    inside, outside = threshold_contract(portfolio, unit_id=portfolio.office), threshold_contract(portfolio)
    with database.writing() as session:
        path = session.get_one(Unit, portfolio.office).path
        session.get_one(Contract, outside).unit_id = portfolio.division
    activated(portfolio, write(row(1)), portfolio.root)
    decided(portfolio, waiting(portfolio)[0].id, outside)
    activated(portfolio, write(row(2)), portfolio.root)
    officer = Actor("o", "Officer", "o@example.org", grants=(GrantedRole(Role.PROCUREMENT_OFFICER, path),))
    with database.writing() as session:
        for run in session.scalars(select(ImportRun)):
            run.actor_id = officer.id
    held_id = waiting(portfolio)[0].id
    for contract_id in (inside, None):
        with pytest.raises((Forbidden, NotFound)), database.writing() as session:
            held_rows.decide(session, held_id, contract_id, (), act_of(portfolio, officer))
    assert counted(portfolio) == [100]
