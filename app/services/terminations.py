"""Foreseeing what a contract's early end would do; `contracts.change_contract` is what writes it."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from app.rules.facts import TerminationFacts
from app.services.acting import Act, Permission
from app.services.foresight import Foreseen, find_for, foresee


def preview_termination(
    session: Session, contract_id: str, terminated_on: date | None, decided_on: date | None, act: Act
) -> Foreseen:
    """How the obligation would stand with the contract ending early, or with that taken back; writes nothing."""
    held = find_for(session, contract_id, act, Permission.CONTRACTS)
    ending = None
    if terminated_on is not None:
        ending = TerminationFacts(terminated_on, decided_on or min(terminated_on, act.today))
    return foresee(session, held, act, lambda facts: replace(facts, termination=ending))
