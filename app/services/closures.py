"""Closing an obligation by a decision, and taking back a closure entered wrongly."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, NotFound
from app.rules.facts import ClosureFacts
from app.schemas.closures import ClosureCreate
from app.services import holding, trail
from app.services.acting import Act, Permission
from app.services.foresight import Foreseen, find_for, foresee
from app.storage import closures
from app.storage.models import Closure, new_id


def close_obligation(
    session: Session, contract_id: str, command: ClosureCreate, act: Act, expected_version: int | None = None
) -> Closure:
    """Closes the obligation from the decision's day on. Raises Conflict where it is closed already."""
    held = holding.hold(session, contract_id, act, Permission.CONTRACTS, expected_version)
    if closures.in_force(session, held.id) is not None:
        raise Conflict("already_closed")
    closure = Closure(
        id=new_id(), contract_id=held.id, recorded_on=act.today, created_at=act.now, **command.model_dump()
    )
    session.add(closure)
    trail.record_row(session, act, "closed", closure)
    holding.recorded(session, held, act)
    return closure


def preview_closure(session: Session, contract_id: str, command: ClosureCreate, act: Act) -> Foreseen:
    """How the obligation would stand on the decision's day, today at the earliest; writes nothing. Raises Conflict
    where it is closed already."""
    held = find_for(session, contract_id, act, Permission.CONTRACTS)
    if closures.in_force(session, held.id) is not None:
        raise Conflict("already_closed")
    closed = ClosureFacts(command.effective_on)
    return foresee(session, held, act, lambda facts: replace(facts, closure=closed), command.effective_on)


def void_closure(
    session: Session, contract_id: str, reason: str, act: Act, expected_version: int | None = None
) -> Closure:
    """Takes back a closure entered wrongly: the obligation was never closed. Raises Conflict where it is not."""
    held = holding.hold(session, contract_id, act, Permission.CONTRACTS)
    closure = closures.in_force(session, held.id)
    if closure is None:
        raise Conflict("not_closed")
    holding.check_version(closure, expected_version)
    closure.voided_at, closure.void_reason = act.now, reason
    trail.record_row(session, act, "voided", closure)
    holding.recorded(session, held, act)
    return closure


def preview_void(session: Session, contract_id: str, act: Act) -> Foreseen:
    """How the obligation would stand were it not closed; writes nothing. Raises Conflict where it is not."""
    held = find_for(session, contract_id, act, Permission.CONTRACTS)
    closure = closures.in_force(session, held.id)
    if closure is None:
        raise Conflict("not_closed")
    return foresee(session, held, act, lambda facts: replace(facts, closure=None), closure.effective_on)


def find_closure(session: Session, contract_id: str, act: Act) -> Closure | None:
    """The closing in force, where there is one."""
    return closures.in_force(session, holding.find(session, contract_id, act.actor).id)


def read_closure(session: Session, contract_id: str, act: Act) -> Closure:
    """Raises NotFound also where the obligation is not closed."""
    closure = find_closure(session, contract_id, act)
    if closure is None:
        raise NotFound("not_found")
    return closure
