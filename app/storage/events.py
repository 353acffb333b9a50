"""What happened on a contract, day by day: the history that a new owner is given."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.storage.models import (
    Adjustment,
    Closure,
    Contract,
    ContractOption,
    JudgementChange,
    Note,
    Owner,
    OwnershipChange,
    Position,
)


class Event(NamedTuple):
    """A code of the catalogue with its values, and the day it is about."""

    on: date
    code: str
    values: dict[str, Any]


def of_contract(session: Session, contract_id: str) -> list[Event]:
    """Everything by day: registration, what the service said, jobs, decisions, notes, owners. What was voided is
    left out."""
    parts = (_statuses, _jobs, _decisions, _notes, _owners)
    contract = session.get_one(Contract, contract_id)
    events = [Event(contract.registered_on, "registered", {})]
    for part in parts:
        events += part(session, contract_id)
    return sorted(events, key=lambda event: event.on)


def _statuses(session: Session, contract_id: str) -> Iterator[Event]:
    wanted = select(JudgementChange.judged_on, JudgementChange.status).where(JudgementChange.contract_id == contract_id)
    before = None
    for day, status in session.execute(wanted.order_by(JudgementChange.seq)):
        if status != before:
            yield Event(day, "status_became", {"status": status})
        before = status


def _jobs(session: Session, contract_id: str) -> Iterator[Event]:
    wanted = select(Position).where(Position.contract_id == contract_id, Position.voided_at.is_(None))
    for position in session.scalars(wanted):
        yield Event(position.starts_on, "job_began", {"employment_form": position.employment_form})
        if position.ended_on is not None:
            yield Event(position.ended_on, "job_ended", {"employment_form": position.employment_form})


def _decisions(session: Session, contract_id: str) -> Iterator[Event]:
    adjustments = select(Adjustment).where(Adjustment.contract_id == contract_id, Adjustment.voided_at.is_(None))
    for made in session.scalars(adjustments):
        values = {"delta": made.delta, "reason": made.reason, "decision_reference": made.decision_reference}
        yield Event(made.effective_on, "adjusted", values)
    closures = select(Closure).where(Closure.contract_id == contract_id, Closure.voided_at.is_(None))
    for closed in session.scalars(closures):
        values = {"reason": closed.reason, "decision_reference": closed.decision_reference}
        yield Event(closed.effective_on, "closed", values)
    options = select(ContractOption.exercised_on, ContractOption.ends_on).where(
        ContractOption.contract_id == contract_id
    )
    for exercised_on, ends_on in session.execute(options):
        if exercised_on is not None:
            yield Event(exercised_on, "option_exercised", {"ends_on": ends_on})


def _notes(session: Session, contract_id: str) -> Iterator[Event]:
    for note in session.scalars(select(Note).where(Note.contract_id == contract_id)):
        yield Event(note.written_on, "noted", {"author": note.author, "text": note.text})


def _owners(session: Session, contract_id: str) -> Iterator[Event]:
    former, new = aliased(Owner), aliased(Owner)
    wanted = (
        select(OwnershipChange.changed_on, former.name, new.name)
        .join(former, former.id == OwnershipChange.from_owner_id)
        .join(new, new.id == OwnershipChange.to_owner_id)
        .where(OwnershipChange.contract_id == contract_id)
    )
    for day, from_name, to_name in session.execute(wanted):
        yield Event(day, "handed_over", {"former": from_name, "new": to_name})
