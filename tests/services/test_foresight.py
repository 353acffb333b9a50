"""What is foretold of a write is what comes of it, and foretelling writes nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.rules.judgement import Judgement
from app.schemas.adjustments import AdjustmentCreate
from app.schemas.closures import ClosureCreate
from app.schemas.contracts import ContractChange
from app.schemas.options import ExerciseCommand, OptionCreate
from app.schemas.positions import PositionChange, PositionCreate
from app.schemas.purchases import PurchaseCreate
from app.services import adjustments, closures, contracts, obligations, options, positions, purchases, terminations
from app.services.acting import Act
from app.services.foresight import Foreseen
from app.storage.models import AuditEntry
from app.storage.session import Database
from tests.portfolio import Portfolio

TODAY = date(2019, 3, 1)
THRESHOLD: dict[str, Any] = {
    "type": "purchase_threshold",
    "positions": None,
    "threshold_cents": 50_000_000,
    "positions_per_threshold": 1,
}
DECISION: dict[str, Any] = {"effective_on": TODAY, "reason": "The service was cut", "decision_reference": "HEL 1"}


def job(**values: Any) -> PositionCreate:
    return PositionCreate(**{"starts_on": TODAY, "employment_form": "employment", "target_group": "youth"} | values)


def logged(session: Session, contract_id: str, act: Act) -> str:
    return positions.log_position(session, contract_id, job(), act).position.id


def optioned(session: Session, contract_id: str, act: Act) -> str:
    return options.add_option(session, contract_id, OptionCreate(ends_on=date(2021, 2, 28)), act).id


def bought(session: Session, contract_id: str, act: Act) -> str:
    command = PurchaseCreate(on_date=TODAY, amount_eur="500000.00")  # type: ignore[arg-type]
    purchases.record_purchase(session, contract_id, command, act)
    return str(purchases.record_purchase(session, contract_id, command, act).purchase.id)


def adjusted(session: Session, contract_id: str, act: Act) -> str:
    return adjustments.record_adjustment(session, contract_id, AdjustmentCreate(delta=1, **DECISION), act).id


def closed(session: Session, contract_id: str, act: Act) -> str:
    return closures.close_obligation(session, contract_id, ClosureCreate(**DECISION), act).id


END = PositionChange(ended_on=TODAY)
TAKE = ExerciseCommand(exercised_on=TODAY)
EARLY = date(2019, 10, 31)
LONGER = OptionCreate(ends_on=date(2021, 10, 31), exercised_on=TODAY)
SUM = PurchaseCreate(on_date=TODAY, amount_eur="750000.00")  # type: ignore[arg-type]

Before = Callable[[Session, str, Act], str]
Ask = Callable[[Session, str, str, Act], Foreseen]
Write = Callable[[Session, str, str, Act], object]
CASES: dict[str, tuple[Before | None, Ask, Write]] = {
    "a job": (
        None,
        lambda s, c, _, a: positions.preview_position(s, c, job(), a).foreseen,
        lambda s, c, _, a: positions.log_position(s, c, job(), a),
    ),
    "a job's end": (
        logged,
        lambda s, _, i, a: positions.preview_change(s, i, END, a).foreseen,
        lambda s, _, i, a: positions.change_position(s, i, END, a),
    ),
    "a job voided": (
        logged,
        lambda s, _, i, a: positions.preview_void(s, i, a),
        lambda s, _, i, a: positions.void_position(s, i, "Wrong", a),
    ),
    "an option": (
        None,
        lambda s, c, _, a: options.preview_option(s, c, LONGER, a),
        lambda s, c, _, a: options.add_option(s, c, LONGER, a),
    ),
    "an option taken": (
        optioned,
        lambda s, c, i, a: options.preview_exercise(s, c, i, TAKE, a),
        lambda s, c, i, a: options.exercise_option(s, c, i, TAKE, a),
    ),
    "an adjustment": (
        None,
        lambda s, c, _, a: adjustments.preview_adjustment(s, c, AdjustmentCreate(delta=2, **DECISION), a),
        lambda s, c, _, a: adjustments.record_adjustment(s, c, AdjustmentCreate(delta=2, **DECISION), a),
    ),
    "an adjustment voided": (
        adjusted,
        lambda s, _, i, a: adjustments.preview_void(s, i, a),
        lambda s, _, i, a: adjustments.void_adjustment(s, i, "Wrong", a),
    ),
    "a closing": (
        None,
        lambda s, c, _, a: closures.preview_closure(s, c, ClosureCreate(**DECISION), a),
        lambda s, c, _, a: closures.close_obligation(s, c, ClosureCreate(**DECISION), a),
    ),
    "a closing voided": (
        closed,
        lambda s, c, _, a: closures.preview_void(s, c, a),
        lambda s, c, _, a: closures.void_closure(s, c, "Wrong", a),
    ),
    "a termination": (
        None,
        lambda s, c, _, a: terminations.preview_termination(s, c, EARLY, None, a),
        lambda s, c, _, a: contracts.change_contract(s, c, ContractChange(terminated_on=EARLY), a),
    ),
    "a purchase": (
        None,
        lambda s, c, _, a: purchases.preview_purchase(s, c, SUM, a),
        lambda s, c, _, a: purchases.record_purchase(s, c, SUM, a),
    ),
    "a purchase voided": (
        bought,
        lambda s, _, i, a: purchases.preview_void(s, i, a),
        lambda s, _, i, a: purchases.void_purchase(s, i, "Wrong", a),
    ),
}
"""What is there before, what is asked, what is done."""


def judged(session: Session, contract_id: str, act: Act) -> Judgement:
    return obligations.judge_contract(session, contract_id, act.today, act)


def links(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


@pytest.mark.parametrize("case", CASES)
def test_what_is_foretold_of_a_write_comes_true(portfolio: Portfolio, database: Database, case: str) -> None:
    before, ask, write = CASES[case]
    contract_id, act = portfolio.contract(**(THRESHOLD if "purchase" in case else {"positions": 2})), portfolio.act()
    with database.writing() as session:
        thing_id = before(session, contract_id, act) if before else ""
    count = links(database)
    with database.writing() as session:
        foreseen = ask(session, contract_id, thing_id, act)
    assert links(database) == count
    with database.reading() as session:
        assert foreseen.before.standing == judged(session, contract_id, act).standing
    with database.writing() as session:
        write(session, contract_id, thing_id, act)
        after = judged(session, contract_id, act)
    assert foreseen.after.standing == after.standing
    assert foreseen.changes
    assert [one.code for one in foreseen.after.reasons] == [one.code for one in after.reasons]
