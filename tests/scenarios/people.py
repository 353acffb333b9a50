"""People who write whatever comes to their mind: every kind of write that touches an obligation or its owner."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rules.errors import DomainError
from app.schemas.adjustments import AdjustmentCreate
from app.schemas.closures import ClosureCreate
from app.schemas.contracts import ContractChange
from app.schemas.handovers import HandoverCreate
from app.schemas.notes import NoteCreate
from app.schemas.options import ExerciseCommand, OptionCreate
from app.schemas.positions import PositionChange, PositionCreate
from app.schemas.procurements import ProcurementChange
from app.schemas.purchases import PurchaseCreate
from app.schemas.units import UnitChange
from app.services.acting import Act
from app.services.adjustments import record_adjustment
from app.services.closures import close_obligation, void_closure
from app.services.contracts import change_contract
from app.services.handovers import hand_over
from app.services.notes import write_note
from app.services.obligations import acknowledge, snooze
from app.services.options import add_option, exercise_option
from app.services.positions import change_position, log_position, void_position
from app.services.procurements import change_procurement
from app.services.purchases import record_purchase, void_purchase
from app.services.units import change_unit
from app.storage.models import Clause, Contract, ContractOption, Position, Purchase
from app.storage.session import Database


def days(number: int) -> timedelta:
    return timedelta(days=number)


class People:
    """Writes by chance, one transaction each. What a rule forbids is counted as refused, and nothing else is."""

    def __init__(self, database: Database, chance: random.Random, owners: Sequence[str]) -> None:
        self.database, self.chance, self.owners = database, chance, owners
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def write(self, contract_id: str, act: Act) -> None:
        """One thing, to one contract."""
        thing = self.chance.choice(THINGS)
        try:
            with self.database.writing() as session:
                thing(self, session, contract_id, act)
        except DomainError as error:
            self.refused[f"{thing.__name__}: {error.code}"] += 1
        else:
            self.done[thing.__name__] += 1

    def near(self, today: date, before: int, after: int) -> str:
        return (today + days(self.chance.randint(-before, after))).isoformat()

    def one(self, session: Session, table: Any, contract_id: str) -> Any:
        """A row of the contract, or None where there is none."""
        rows = session.scalars(select(table).where(table.contract_id == contract_id).order_by(table.id)).all()
        return self.chance.choice(rows) if rows else None

    def log_a_job(self, session: Session, contract_id: str, act: Act) -> None:
        starts_on = date.fromisoformat(self.near(act.today, 60, 40))
        body = {"starts_on": starts_on.isoformat(), "employment_form": "employment", "target_group": "youth"}
        if self.chance.random() < 0.4:
            body["planned_end_on"] = (starts_on + days(self.chance.randint(30, 400))).isoformat()
        before = self.one(session, Position, contract_id)
        if before is not None and (before.ended_on or before.planned_end_on) and self.chance.random() < 0.6:
            body["replaces_id"] = before.id
        log_position(session, contract_id, PositionCreate.model_validate(body), act)

    def end_a_job(self, session: Session, contract_id: str, act: Act) -> None:
        if position := self.one(session, Position, contract_id):
            body = {"ended_on": self.near(act.today, 40, 0), "end_reason": "resigned"}
            change_position(session, position.id, PositionChange.model_validate(body), act)

    def void_a_job(self, session: Session, contract_id: str, act: Act) -> None:
        if self.chance.random() < 0.3 and (position := self.one(session, Position, contract_id)):
            void_position(session, position.id, "Logged on the wrong contract", act)

    def buy(self, session: Session, contract_id: str, act: Act) -> None:
        amount = self.chance.choice(["30000.00", "60000.00", "120000.00", "-40000.00"])
        body = {"on_date": self.near(act.today, 60, 0), "amount_eur": amount}
        record_purchase(session, contract_id, PurchaseCreate.model_validate(body), act)

    def void_a_purchase(self, session: Session, contract_id: str, act: Act) -> None:
        if purchase := self.one(session, Purchase, contract_id):
            void_purchase(session, purchase.id, "Twice in the ledger", act)

    def adjust(self, session: Session, contract_id: str, act: Act) -> None:
        body = {
            "effective_on": self.near(act.today, 10, 30),
            "delta": self.chance.choice([-1, 1]),
            "reason": "Decided anew",
            "decision_reference": "HEL 2",
        }
        record_adjustment(session, contract_id, AdjustmentCreate.model_validate(body), act)

    def close_or_open(self, session: Session, contract_id: str, act: Act) -> None:
        if self.chance.random() < 0.3:
            effective_on = act.today + days(self.chance.randint(-5, 20))
            closure = ClosureCreate(effective_on=effective_on, reason="Ceased", decision_reference="HEL 1")
            close_obligation(session, contract_id, closure, act)
        else:
            void_closure(session, contract_id, "Closed by mistake", act)

    def acknowledge(self, session: Session, contract_id: str, act: Act) -> None:
        acknowledge(session, contract_id, act)

    def snooze(self, session: Session, contract_id: str, act: Act) -> None:
        snooze(session, contract_id, act.today + days(self.chance.randint(1, 60)), act)

    def hand_over(self, session: Session, contract_id: str, act: Act) -> None:
        body = {"owner": {"email": self.chance.choice(self.owners), "name": "Sirpa Seuraaja"}}
        hand_over(session, contract_id, HandoverCreate.model_validate(body), act)

    def add_an_option(self, session: Session, contract_id: str, act: Act) -> None:
        ends_on = session.get_one(Contract, contract_id).ends_on + days(self.chance.choice([200, 365, 730]))
        add_option(session, contract_id, OptionCreate(ends_on=ends_on, exercised_on=None), act)

    def take_an_option(self, session: Session, contract_id: str, act: Act) -> None:
        if option := self.one(session, ContractOption, contract_id):
            taken = ExerciseCommand.model_validate({"exercised_on": self.near(act.today, 20, 0)})
            exercise_option(session, contract_id, option.id, taken, act)

    def change_the_contract(self, session: Session, contract_id: str, act: Act) -> None:
        body: dict[str, Any] = {"value_eur": f"{self.chance.randint(1, 9)}00000.00"}
        if self.chance.random() < 0.1:
            body = {"terminated_on": self.near(act.today, 0, 90)}
        change_contract(session, contract_id, ContractChange.model_validate(body), act)

    def change_the_clause(self, session: Session, contract_id: str, act: Act) -> None:
        clause = session.get_one(Clause, session.get_one(Contract, contract_id).procurement_id)
        terms: dict[str, Any] = {"min_duration_months": self.chance.choice([6, 9, 12])}
        body = {"clause": {"type": clause.type} | terms}
        change_procurement(session, clause.procurement_id, ProcurementChange.model_validate(body), act)

    def change_lead_days(self, session: Session, contract_id: str, act: Act) -> None:
        if self.chance.random() < 0.2:
            unit_id = session.get_one(Contract, contract_id).unit_id
            change = UnitChange.model_validate({"lead_days": self.chance.choice([60, 90, 120])})
            change_unit(session, unit_id, change, act)

    def note(self, session: Session, contract_id: str, act: Act) -> None:
        write_note(session, contract_id, NoteCreate.model_validate({"text": "Called the supplier."}), act)


THINGS: tuple[Callable[[People, Session, str, Act], None], ...] = (
    *[People.log_a_job] * 4,
    *[People.end_a_job] * 2,
    *[People.buy] * 2,
    People.void_a_job,
    People.void_a_purchase,
    People.adjust,
    People.close_or_open,
    People.acknowledge,
    People.snooze,
    People.hand_over,
    People.add_an_option,
    People.take_an_option,
    People.change_the_contract,
    People.change_the_clause,
    People.change_lead_days,
    People.note,
)
