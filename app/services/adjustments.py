"""Adjusting an obligation by a decision: more positions required, or fewer, from a day on."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, NotFound
from app.rules.facts import AdjustmentFacts, ContractFacts
from app.schemas.adjustments import AdjustmentCreate
from app.services import holding, trail
from app.services.acting import Act, Permission
from app.services.foresight import Foreseen, find_for, foresee
from app.storage import adjustments
from app.storage.models import Adjustment, new_id


def record_adjustment(session: Session, contract_id: str, command: AdjustmentCreate, act: Act) -> Adjustment:
    """Records a decision; one that takes effect later is known of only from its day on."""
    held = holding.hold(session, contract_id, act, Permission.CONTRACTS)
    adjustment = Adjustment(
        id=new_id(), contract_id=held.id, recorded_on=act.today, created_at=act.now, **command.model_dump()
    )
    session.add(adjustment)
    trail.record_row(session, act, "recorded", adjustment)
    holding.recorded(session, held, act)
    return adjustment


def preview_adjustment(session: Session, contract_id: str, command: AdjustmentCreate, act: Act) -> Foreseen:
    """How the obligation would stand on the decision's day, today at the earliest; writes nothing."""
    held = find_for(session, contract_id, act, Permission.CONTRACTS)
    decided = AdjustmentFacts(command.effective_on, command.delta, act.today)
    return foresee(session, held, act, lambda facts: _with(facts, decided), command.effective_on)


def void_adjustment(
    session: Session, adjustment_id: str, reason: str, act: Act, expected_version: int | None = None
) -> Adjustment:
    """Voids a decision entered wrongly: it then counts for nothing on any day. Raises Conflict on a voided one."""
    adjustment = _find(session, adjustment_id)
    held = holding.hold(session, adjustment.contract_id, act, Permission.CONTRACTS)
    session.refresh(adjustment)
    holding.check_version(adjustment, expected_version)
    if adjustment.voided_at is not None:
        raise Conflict("already_voided")
    adjustment.voided_at, adjustment.void_reason = act.now, reason
    trail.record_row(session, act, "voided", adjustment)
    holding.recorded(session, held, act)
    return adjustment


def preview_void(session: Session, adjustment_id: str, act: Act) -> Foreseen:
    """How the obligation would stand without the decision, on its day, today at the earliest; writes nothing."""
    adjustment = _find(session, adjustment_id)
    held = find_for(session, adjustment.contract_id, act, Permission.CONTRACTS)
    if adjustment.voided_at is not None:
        raise Conflict("already_voided")
    decided = AdjustmentFacts(adjustment.effective_on, adjustment.delta, adjustment.recorded_on)
    return foresee(session, held, act, lambda facts: _without(facts, decided), adjustment.effective_on)


def read_adjustment(session: Session, adjustment_id: str, act: Act) -> Adjustment:
    adjustment = _find(session, adjustment_id)
    holding.find(session, adjustment.contract_id, act.actor)
    return adjustment


def list_adjustments(session: Session, contract_id: str, act: Act) -> Sequence[Adjustment]:
    """All adjustments of a contract, voided ones too."""
    return adjustments.of_contract(session, holding.find(session, contract_id, act.actor).id)


def _with(facts: ContractFacts, decided: AdjustmentFacts) -> ContractFacts:
    return replace(facts, adjustments=(*facts.adjustments, decided))


def _without(facts: ContractFacts, decided: AdjustmentFacts) -> ContractFacts:
    """Of alike decisions one is as good as the other."""
    at = facts.adjustments.index(decided)
    return replace(facts, adjustments=facts.adjustments[:at] + facts.adjustments[at + 1 :])


def _find(session: Session, adjustment_id: str) -> Adjustment:
    adjustment = adjustments.get(session, adjustment_id)
    if adjustment is None:
        raise NotFound("not_found")
    return adjustment
