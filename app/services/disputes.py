"""A dispute or an appeal that keeps a contract's jobs: set and lifted by those who write contracts."""

from sqlalchemy.orm import Session

from app.rules.errors import Conflict
from app.schemas.disputes import DisputeCreate
from app.services import holding, trail
from app.services.acting import Act, Permission
from app.storage import disputes
from app.storage.models import Dispute, new_id


def set_dispute(
    session: Session, contract_id: str, command: DisputeCreate, act: Act, expected_version: int | None = None
) -> Dispute:
    """From today on nothing of the contract is erased. Raises Conflict where a dispute keeps it already, or where its
    jobs are erased."""
    held = holding.hold(session, contract_id, act, Permission.CONTRACTS, expected_version)
    if disputes.in_force(session, held.id) is not None:
        raise Conflict("already_disputed")
    dispute = Dispute(
        id=new_id(), contract_id=held.id, reason=command.reason, set_on=act.today, created_at=act.now, lifted_on=None
    )
    session.add(dispute)
    trail.record_row(session, act, "set", dispute)
    return dispute


def lift_dispute(session: Session, contract_id: str, act: Act, expected_version: int | None = None) -> Dispute:
    """The dispute is over today; from then on the contract's jobs are kept for the whole time again. Raises Conflict
    where there is none."""
    held = holding.hold(session, contract_id, act, Permission.CONTRACTS)
    dispute = disputes.in_force(session, held.id)
    if dispute is None:
        raise Conflict("not_disputed")
    holding.check_version(dispute, expected_version)
    dispute.lifted_on = act.today
    trail.record_row(session, act, "lifted", dispute)
    return dispute


def find_dispute(session: Session, contract_id: str, act: Act) -> Dispute | None:
    """The dispute in force, where there is one."""
    return disputes.in_force(session, holding.find(session, contract_id, act.actor).id)
