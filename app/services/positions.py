"""Logging positions: a job filled, changed, ended, entered wrongly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.rules.contracts import effective_end_on
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.rules.facts import ContractFacts
from app.rules.positions import Account, account, check_period, check_replacement, check_successor
from app.schemas.positions import PositionChange, PositionCreate
from app.services import holding, trail
from app.services.acting import Act, Actor, Permission
from app.services.holding import Held
from app.storage import contracts, positions
from app.storage.models import Position, new_id

JOINING = frozenset({"replaces_id", "starts_on"})
"""Fields by which a position comes to replace another."""


@dataclass(frozen=True, slots=True)
class Accounted:
    """A position with what is to be said of it: whether it counts, why not, until when it must last."""

    position: Position
    account: Account


def log_position(session: Session, contract_id: str, command: PositionCreate, act: Act) -> Accounted:
    """Logs a job. Raises RuleBroken naming the field where days, replacement or party do not fit."""
    held = holding.hold(session, contract_id, act, Permission.POSITIONS)
    values = command.model_dump()
    values["agreed_on"] = command.agreed_on or min(command.starts_on, act.today)
    position = Position(id=new_id(), contract_id=held.id, logged_on=act.today, created_at=act.now, **values)
    return _write(session, held, position, "logged", act, joins=True)


def change_position(
    session: Session, position_id: str, command: PositionChange, act: Act, expected_version: int | None = None
) -> Accounted:
    """Changes what was sent; the end's day of recording follows. Raises Conflict on a voided position, RuleBroken
    where the result would not fit."""
    held, position = _hold_position(session, position_id, act)
    holding.check_version(position, expected_version)
    _refuse_voided(position)
    changed: Mapping[str, Any] = command.model_dump(exclude_unset=True)
    for name, value in changed.items():
        setattr(position, name, value)
    if "agreed_on" not in changed:
        position.agreed_on = min(position.agreed_on, position.starts_on)
    if "ended_on" in changed:
        position.end_recorded_on = None if position.ended_on is None else act.today
        position.end_reason = None if position.ended_on is None else position.end_reason
    return _write(session, held, position, "changed", act, joins=not changed.keys().isdisjoint(JOINING))


def void_position(
    session: Session, position_id: str, reason: str, act: Act, expected_version: int | None = None
) -> Accounted:
    """Voids a position entered wrongly: it then counts for nothing on any day, and stays in the trail."""
    held, position = _hold_position(session, position_id, act)
    holding.check_version(position, expected_version)
    _refuse_voided(position)
    position.voided_at, position.void_reason = act.now, reason
    trail.record_row(session, act, "voided", position)
    holding.recorded(session, held, act)
    return Accounted(position, _account(position, holding.facts_of(session, held), act))


def read_position(session: Session, position_id: str, act: Act) -> Accounted:
    held, position = _find_position(session, position_id, act.actor)
    return Accounted(position, _account(position, holding.facts_of(session, held), act))


def list_positions(session: Session, contract_id: str, act: Act) -> Sequence[Accounted]:
    """All positions of a contract, voided ones too, each with its account."""
    held = holding.find(session, contract_id, act.actor)
    facts = holding.facts_of(session, held)
    return [Accounted(position, _account(position, facts, act)) for position in positions.of_contract(session, held.id)]


def _write(session: Session, held: Held, position: Position, action: str, act: Act, *, joins: bool) -> Accounted:
    """Checks the position as it would be, keeps it, and lets the judgement follow. `joins`: whether it comes to
    replace another with this write; what it replaced before may have changed since without any fault of its own."""
    with session.no_autoflush:
        _check(session, held, position, act, joins=joins)
    session.add(position)
    trail.record_row(session, act, action, position)
    holding.recorded(session, held, act)
    return Accounted(position, _account(position, holding.facts_of(session, held), act))


def _check(session: Session, held: Held, position: Position, act: Act, *, joins: bool) -> None:
    if position.end_reason is not None and position.ended_on is None:
        raise RuleBroken("end_reason_without_end", "end_reason")
    party_id = position.employer_party_id
    if party_id is not None and not positions.has_party(session, held.id, party_id):
        raise RuleBroken("party_unknown", "employer_party_id")
    rows = positions.of_contract(session, held.id)
    others = [positions.to_facts(row) for row in rows if row.voided_at is None and row.id != position.id]
    facts = positions.to_facts(position)
    check_period(facts, act.today)
    check_successor(facts, others)
    if joins:
        check_replacement(facts, others, contracts.clause_of(session, held.contract).replacement_allowed)


def _account(position: Position, facts: ContractFacts, act: Act) -> Account:
    if position.voided_at is not None:
        return Account(False, ("voided",), None)
    return account(positions.to_facts(position), facts, effective_end_on(facts, act.today), act.today)


def _find_position(session: Session, position_id: str, actor: Actor) -> tuple[Held, Position]:
    position = positions.get(session, position_id)
    if position is None:
        raise NotFound("not_found")
    return holding.find(session, position.contract_id, actor), position


def _hold_position(session: Session, position_id: str, act: Act) -> tuple[Held, Position]:
    held, position = _find_position(session, position_id, act.actor)
    held = holding.hold(session, held.id, act, Permission.POSITIONS)
    session.refresh(position)
    return held, position


def _refuse_voided(position: Position) -> None:
    if position.voided_at is not None:
        raise Conflict("already_voided")
