"""What a ledger comes to is reckoned before the transaction that lets it count, which judges only what changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, select

from app.rules.codes import ImportStatus
from app.rules.errors import Conflict
from app.schemas.purchases import PurchaseCreate
from app.services import import_runs, imports
from app.services.ledger_reckoning import Ahead
from app.services.purchases import record_purchase, void_purchase
from app.storage import judgements
from app.storage.facts import load_facts
from app.storage.models import AuditEntry, AuditPayload, JudgementChange, StoredJudgement
from app.storage.session import Database
from tests.conftest import SetClock
from tests.ledgers import CITY, OTHER, threshold_contract
from tests.portfolio import Portfolio
from tests.scenarios import looking
from tests.scenarios.people import THINGS, People
from tests.services.test_corrections import FIRST, SECOND, row, two
from tests.services.test_ledger_imports import Write, activated, read, required, write

__all__ = ["two", "write"]
READY, ACTIVE = ImportStatus.READY, ImportStatus.ACTIVE
CHANCES = 150
"""Things people do, of each kind several."""


@contextmanager
def facts_read(database: Database) -> Iterator[list[str]]:
    """The statements that read facts to judge by, which the transaction should have no need of."""
    found: list[str] = []

    def keep(_connection: Any, _cursor: Any, text: str, *_others: Any) -> None:
        if "purchase_rows" in text:
            found.append(text)

    event.listen(database.engine, "before_cursor_execute", keep)
    yield found
    event.remove(database.engine, "before_cursor_execute", keep)


def ahead_of(portfolio: Portfolio, import_id: str, status: ImportStatus) -> Ahead:
    return imports.reckoned(portfolio.database, import_id, status, portfolio.act())


def activate(portfolio: Portfolio, import_id: str, ahead: Ahead) -> int:
    """How many times facts were read."""
    with facts_read(portfolio.database) as found, portfolio.database.writing() as session:
        imports.activate(session, import_id, portfolio.act(), ahead=ahead)
    return len(found)


def undo(portfolio: Portfolio, import_id: str, ahead: Ahead) -> int:
    with facts_read(portfolio.database) as found, portfolio.database.writing() as session:
        imports.undo(session, import_id, "wrong", portfolio.act(), ahead=ahead)
    return len(found)


def bought(portfolio: Portfolio, contract_id: str, euros: int) -> str:
    """Id of a purchase recorded by hand."""
    command = PurchaseCreate.model_validate({"on_date": "2019-01-05", "amount_eur": f"{euros}.00"})
    with portfolio.database.writing() as session:
        return str(record_purchase(session, contract_id, command, portfolio.act()).purchase.id)


def expect_true(portfolio: Portfolio) -> None:
    looking.assert_stored_is_live(portfolio.database, portfolio.act().today)
    looking.assert_trail_holds(portfolio.database)


def told(database: Database, action: str) -> list[Any]:
    """What the trail says of contracts."""
    wanted = select(AuditPayload.payload).join(AuditEntry, AuditEntry.seq == AuditPayload.seq)
    wanted = wanted.where(AuditEntry.action == action, AuditEntry.subject == "contract")
    with database.reading() as session:
        names = ("purchases", "cents", "corrected")
        return [tuple(one[name] for name in names) for one in session.scalars(wanted.order_by(AuditEntry.seq))]


def test_the_transaction_judges_nothing_that_was_reckoned_and_all_of_it_is_true(
    portfolio: Portfolio, database: Database, write: Write, clock: SetClock
) -> None:
    contract_id = threshold_contract(portfolio)
    clock.set(date(2019, 3, 15))
    import_id = read(portfolio, write((CITY, "400000", "1.2.2019"), (CITY, "200000", "2.2.2019")))
    assert activate(portfolio, import_id, ahead_of(portfolio, import_id, READY)) == 0
    assert required(database, contract_id) == 1
    expect_true(portfolio)
    clock.set(date(2019, 3, 16))
    assert undo(portfolio, import_id, ahead_of(portfolio, import_id, ACTIVE)) == 0
    assert required(database, contract_id) == 0
    expect_true(portfolio)
    assert told(database, "imported") == told(database, "undone") == [(2, 600_000_00, 0)]
    with database.reading() as session:
        history = session.scalars(select(JudgementChange).order_by(JudgementChange.seq)).all()
        assert [one.standing["required"] for one in history] == [0, 1, 0]
        stored = session.get_one(StoredJudgement, contract_id)
        assert (stored.judged_on, stored.recheck_on) == (date(2019, 3, 16), date(2019, 3, 16))


def test_only_the_contract_that_someone_wrote_on_meanwhile_is_judged_in_the_transaction(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    first, second = threshold_contract(portfolio), threshold_contract(portfolio, OTHER)
    purchase_id = bought(portfolio, second, 400_000)
    import_id = read(portfolio, write((CITY, "500000", "1.2.2019"), (OTHER, "100000", "1.2.2019")))
    ahead = ahead_of(portfolio, import_id, READY)
    with database.writing() as session:
        void_purchase(session, purchase_id, "Twice", portfolio.act())
    assert activate(portfolio, import_id, ahead) == 1
    assert (required(database, first), required(database, second)) == (1, 0)
    expect_true(portfolio)
    ahead = ahead_of(portfolio, import_id, ACTIVE)
    bought(portfolio, second, 500_000)
    assert undo(portfolio, import_id, ahead) == 1
    assert (required(database, first), required(database, second)) == (0, 1)
    expect_true(portfolio)


def test_what_was_reckoned_the_day_before_is_not_used(
    portfolio: Portfolio, database: Database, write: Write, clock: SetClock
) -> None:
    contract_id = threshold_contract(portfolio)
    clock.set(date(2020, 2, 28))
    import_id = read(portfolio, write((CITY, "500000", "1.2.2020")))
    ahead = ahead_of(portfolio, import_id, READY)
    clock.set(date(2020, 2, 29))  # the contract has ended
    assert activate(portfolio, import_id, ahead) == 1
    assert required(database, contract_id) == 1
    expect_true(portfolio)


def test_a_correction_undone_lets_count_what_it_replaced_as_was_reckoned(
    portfolio: Portfolio, database: Database, write: Write, two: tuple[str, str]
) -> None:
    activated(portfolio, write(row(600_000, FIRST), row(7, FIRST, "2")))
    import_id = read(portfolio, write(row(500_000, SECOND), row(7, FIRST, "2")))
    assert activate(portfolio, import_id, ahead_of(portfolio, import_id, READY)) == 0
    assert [required(database, one) for one in two] == [0, 1]
    expect_true(portfolio)
    assert undo(portfolio, import_id, ahead_of(portfolio, import_id, ACTIVE)) == 0
    assert [required(database, one) for one in two] == [1, 0]
    expect_true(portfolio)


def test_what_another_correction_replaces_does_not_count_again_when_the_one_between_is_undone(
    portfolio: Portfolio, database: Database, write: Write, two: tuple[str, str]
) -> None:
    _, between, _ = (activated(portfolio, write(row(euros, FIRST))) for euros in (600_000, 1_200_000, 7))
    assert required(database, two[0]) == 0
    assert undo(portfolio, between, ahead_of(portfolio, between, ACTIVE)) == 1
    assert required(database, two[0]) == 0
    expect_true(portfolio)


def test_of_two_who_activate_at_once_the_second_is_refused_whatever_it_reckoned(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    contract_id = threshold_contract(portfolio)
    import_id = read(portfolio, write((CITY, "500000", "1.2.2019")))
    ahead = ahead_of(portfolio, import_id, READY)
    activate(portfolio, import_id, ahead)
    for late in (ahead, {}):
        with pytest.raises(Conflict), database.writing() as session:
            imports.activate(session, import_id, portfolio.act(), ahead=late)
    assert ahead_of(portfolio, import_id, READY) == {}
    undo(portfolio, import_id, ahead_of(portfolio, import_id, ACTIVE))
    with pytest.raises(Conflict):
        undo(portfolio, import_id, {})
    assert required(database, contract_id) == 0
    assert len(told(database, "imported")) == len(told(database, "undone")) == 1
    expect_true(portfolio)


def test_whoever_may_not_settle_an_import_has_nothing_reckoned(portfolio: Portfolio, write: Write) -> None:
    threshold_contract(portfolio)
    import_id = read(portfolio, write((CITY, "500000", "1.2.2019")))
    act = portfolio.act()
    nobody = replace(act, actor=replace(act.actor, everywhere=False))
    with portfolio.database.writing() as session:
        own = import_runs.find(session, import_id, act)
        own.actor_id = nobody.actor.id
    assert imports.reckoned(portfolio.database, import_id, READY, nobody) == {}
    assert len(imports.reckoned(portfolio.database, import_id, READY, act)) == 1


def activate_up_to(portfolio: Portfolio, import_id: str, when: str) -> None:
    """Breaks off at the first statement of the transaction that begins like this."""
    ahead = ahead_of(portfolio, import_id, READY)

    def stop(_connection: Any, _cursor: Any, text: str, *_others: Any) -> None:
        if text.startswith(when):
            raise KeyboardInterrupt

    with portfolio.database.writing() as session:
        event.listen(session.connection(), "before_cursor_execute", stop)
        imports.activate(session, import_id, portfolio.act(), ahead=ahead)


@pytest.mark.parametrize("when", ["DELETE FROM hidden_import", "UPDATE judgement", "INSERT INTO audit_entry"])
def test_an_activation_that_breaks_off_has_not_been_and_is_done_by_the_next(
    portfolio: Portfolio, database: Database, write: Write, when: str
) -> None:
    contract_id = threshold_contract(portfolio)
    import_id = read(portfolio, write((CITY, "500000", "1.2.2019")))
    with pytest.raises(KeyboardInterrupt):
        activate_up_to(portfolio, import_id, when)
    assert required(database, contract_id) == 0
    expect_true(portfolio)
    assert activate(portfolio, import_id, ahead_of(portfolio, import_id, READY)) == 0
    assert required(database, contract_id) == 1
    expect_true(portfolio)


def versions_and_facts(database: Database) -> dict[str, tuple[int, Any]]:
    with database.reading() as session:
        ids = list(session.scalars(select(StoredJudgement.contract_id)))
        versions, facts = judgements.facts_versions(session, ids), load_facts(session, ids)
    return {one: (versions[one], replace(facts[one], last_recorded_on=date.min)) for one in ids}


def test_whatever_people_write_no_fact_changes_without_its_version(
    portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    clock.set(date(2019, 3, 15))
    ids = [threshold_contract(portfolio), portfolio.contract(ends_on=date(2021, 2, 28))]
    seed = Random().randrange(10**9)
    people = People(database, Random(seed), ["a@example.org", "b@example.org"])
    before, changed = versions_and_facts(database), 0
    for number in range(CHANCES):
        people.write(ids[number % 2], portfolio.act())
        after = versions_and_facts(database)
        for one in ids:
            assert before[one] == after[one] or before[one][0] < after[one][0], (seed, people.done)
            changed += before[one][1] != after[one][1]
        before = after
    assert changed > CHANCES / len(THINGS)
