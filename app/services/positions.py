"""Logging positions: a job filled, changed, ended, entered wrongly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.rules.contracts import effective_end_on
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.rules.facts import ContractFacts, PositionFacts
from app.rules.positions import Account, account, check_period, check_replacement, check_successor, replaceable
from app.rules.reasons import Reason
from app.schemas.positions import PositionChange, PositionCreate
from app.services import changes, holding, trail
from app.services.acting import Act, Actor, Permission
from app.services.changes import Change
from app.services.foresight import Foreseen, find_for, foresee
from app.services.holding import Held
from app.storage import contracts, positions
from app.storage.models import Position, new_id

JOINING = frozenset({"replaces_id", "starts_on"})
"""Fields by which a position comes to replace another."""
MOST_CHANGES = 100
"""Nobody mends a job more often; the page needs no second one."""
TWINS_APART = timedelta(days=3)
"""Jobs of one form and group that begin so close to each other may be one, logged by two people."""


@dataclass(frozen=True, slots=True)
class Accounted:
    """A position with what is to be said of it: whether it counts, why not, until when it must last."""

    position: Position
    account: Account


@dataclass(frozen=True, slots=True)
class PositionForeseen:
    """A job as it would be: whether it counts, how the obligation would stand, what would trouble the job itself, and
    whether the contract has a job of the same days, form and group already."""

    account: Account
    foreseen: Foreseen
    troubles: tuple[Reason, ...]
    has_twin: bool


def log_position(session: Session, contract_id: str, command: PositionCreate, act: Act) -> Accounted:
    """Logs a job. Raises RuleBroken naming the field where days, replacement or party do not fit."""
    held = holding.hold(session, contract_id, act, Permission.POSITIONS)
    return _write(session, held, _new(held, command, act), "logged", act, joins=True)


def preview_position(session: Session, contract_id: str, command: PositionCreate, act: Act) -> PositionForeseen:
    """What logging the job would bring; writes nothing. Raises what `log_position` would."""
    held = find_for(session, contract_id, act, Permission.POSITIONS)
    return _preview(session, held, _new(held, command, act), act, joins=True)


def change_position(
    session: Session, position_id: str, command: PositionChange, act: Act, expected_version: int | None = None
) -> Accounted:
    """Changes what was sent; the end's day of recording follows. Raises Conflict on a voided position, RuleBroken
    where the result would not fit."""
    held, position = _hold_position(session, position_id, act)
    holding.check_version(position, expected_version)
    _refuse_voided(position)
    return _write(session, held, position, "changed", act, joins=_fill(position, command, act))


def preview_change(session: Session, position_id: str, command: PositionChange, act: Act) -> PositionForeseen:
    """What changing the job would bring; writes nothing. Raises what `change_position` would, save for Stale."""
    _, stored = _find_position(session, position_id, act.actor)
    held = find_for(session, stored.contract_id, act, Permission.POSITIONS)
    _refuse_voided(stored)
    changed = Position(**{column.key: getattr(stored, column.key) for column in Position.__table__.columns})
    return _preview(session, held, changed, act, joins=_fill(changed, command, act))


def void_position(
    session: Session, position_id: str, reason: str, act: Act, expected_version: int | None = None
) -> Accounted:
    """Voids a position entered wrongly: it then counts for nothing on any day, and stays in the trail."""
    held, position = _hold_position(session, position_id, act)
    holding.check_version(position, expected_version)
    _refuse_voided(position)
    position.voided_at, position.void_reason = act.now, reason
    trail.record_row(session, act, "voided", position)
    judgement = holding.recorded(session, held, act)
    return Accounted(position, account_of(position, judgement.outlook.facts, act))


def preview_void(session: Session, position_id: str, act: Act) -> Foreseen:
    """How the obligation would stand without the job; writes nothing. Raises Conflict where it is voided already."""
    _, stored = _find_position(session, position_id, act.actor)
    held = find_for(session, stored.contract_id, act, Permission.POSITIONS)
    _refuse_voided(stored)
    return foresee(session, held, act, lambda facts: _without(facts, position_id))


def read_position(session: Session, position_id: str, act: Act) -> Accounted:
    held, position = _find_position(session, position_id, act.actor)
    return Accounted(position, account_of(position, holding.facts_of(session, held), act))


def list_positions(session: Session, contract_id: str, act: Act) -> Sequence[Accounted]:
    """All positions of a contract, voided ones too, each with its account."""
    held = holding.find(session, contract_id, act.actor)
    facts = holding.facts_of(session, held)
    rows = positions.of_contract(session, held.id)
    return [Accounted(position, account_of(position, facts, act)) for position in rows]


def list_changes(session: Session, position_id: str, act: Act) -> list[Change]:
    """Who changed what of a job, the newest first."""
    _, position = _find_position(session, position_id, act.actor)
    return changes.of_row(session, position.__tablename__, position.id, MOST_CHANGES)


def list_replaceable(session: Session, contract_id: str, act: Act) -> Sequence[Position]:
    """The jobs that another one may continue: with a last day, and continued by nobody. The last to end first."""
    held = holding.find(session, contract_id, act.actor)
    rows = [row for row in positions.of_contract(session, held.id) if row.voided_at is None]
    if not contracts.clause_of(session, held.contract).replacement_allowed:
        return []
    ends = replaceable([positions.to_facts(row) for row in rows])
    return sorted((row for row in rows if row.id in ends), key=lambda row: ends[row.id], reverse=True)


def _new(held: Held, command: PositionCreate, act: Act) -> Position:
    values = command.model_dump()
    values["agreed_on"] = command.agreed_on or min(command.starts_on, act.today)
    return Position(id=new_id(), contract_id=held.id, logged_on=act.today, created_at=act.now, **values)


def _fill(position: Position, command: PositionChange, act: Act) -> bool:
    """Changes what was sent; whether the position may come to replace another by it."""
    sent: Mapping[str, Any] = command.model_dump(exclude_unset=True)
    changed = {name: value for name, value in sent.items() if value != getattr(position, name)}
    for name, value in changed.items():
        setattr(position, name, value)
    if "agreed_on" not in sent:
        position.agreed_on = min(position.agreed_on, position.starts_on)
    if "ended_on" in changed:
        position.end_recorded_on = None if position.ended_on is None else act.today
        position.end_reason = None if position.ended_on is None else position.end_reason
    return not changed.keys().isdisjoint(JOINING)


def _preview(session: Session, held: Held, draft: Position, act: Act, *, joins: bool) -> PositionForeseen:
    """`draft` is no row of the session, so that nothing of it is ever written."""
    _check(session, held, draft, act, joins=joins)
    job = positions.to_facts(draft)
    foreseen = foresee(session, held, act, lambda facts: _with(_without(facts, job.id), job))
    after = foreseen.after.outlook.facts
    told = account(job, after, effective_end_on(after, act.today), act.today)
    troubles = [reason for reason in foreseen.after.reasons[1:] if reason.values.get("position_id") == job.id]
    return PositionForeseen(told, foreseen, tuple(troubles), any(_alike(job, other) for other in after.positions))


def _with(facts: ContractFacts, job: PositionFacts) -> ContractFacts:
    return replace(facts, positions=(*facts.positions, job))


def _without(facts: ContractFacts, position_id: str) -> ContractFacts:
    return replace(facts, positions=tuple(one for one in facts.positions if one.id != position_id))


def _alike(job: PositionFacts, other: PositionFacts) -> bool:
    """Whether two jobs look like one logged twice."""
    near = abs(job.starts_on - other.starts_on) <= TWINS_APART
    same = (job.employment_form, job.target_group) == (other.employment_form, other.target_group)
    return other.id != job.id and near and same


def _write(session: Session, held: Held, position: Position, action: str, act: Act, *, joins: bool) -> Accounted:
    """Checks the position as it would be, keeps it, and lets the judgement follow. `joins`: whether it comes to
    replace another with this write; what it replaced before may have changed since without any fault of its own."""
    with session.no_autoflush:
        _check(session, held, position, act, joins=joins)
    session.add(position)
    judgement = holding.recorded(session, held, act)  # first, so that the job and its contract are written at once
    trail.record_row(session, act, action, position)
    return Accounted(position, account_of(position, judgement.outlook.facts, act))


def _check(session: Session, held: Held, position: Position, act: Act, *, joins: bool) -> None:
    if position.end_reason is not None and position.ended_on is None:
        raise RuleBroken("end_reason_without_end", "end_reason")
    party_id = position.employer_party_id
    if party_id is not None and not positions.has_party(session, held.id, party_id):
        raise RuleBroken("party_unknown", "employer_party_id")
    others = [one for one in positions.facts_of_contract(session, held.id) if one.id != position.id]
    facts = positions.to_facts(position)
    check_period(facts, act.today)
    check_successor(facts, others)
    if joins and facts.replaces_id is not None:
        check_replacement(facts, others, contracts.clause_of(session, held.contract).replacement_allowed)


def account_of(position: Any, facts: ContractFacts, act: Act) -> Account:
    """Whether a position, or a row of its columns, counts as known today."""
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
