"""Adjusting an obligation by a decision: more positions required, or fewer, from a day on."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, NotFound
from app.schemas.adjustments import AdjustmentCreate
from app.services import holding, trail
from app.services.acting import Act, Permission
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


def read_adjustment(session: Session, adjustment_id: str, act: Act) -> Adjustment:
    adjustment = _find(session, adjustment_id)
    holding.find(session, adjustment.contract_id, act.actor)
    return adjustment


def list_adjustments(session: Session, contract_id: str, act: Act) -> Sequence[Adjustment]:
    """All adjustments of a contract, voided ones too."""
    return adjustments.of_contract(session, holding.find(session, contract_id, act.actor).id)


def _find(session: Session, adjustment_id: str) -> Adjustment:
    adjustment = adjustments.get(session, adjustment_id)
    if adjustment is None:
        raise NotFound("not_found")
    return adjustment
