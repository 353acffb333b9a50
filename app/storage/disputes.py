"""Disputes that keep contracts from being erased."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rules.retention import Stay
from app.storage.lists import listed
from app.storage.models import Dispute
from app.storage.prepared import Prepared

_IDS, _DISPUTE = listed("contract_ids"), Dispute.__table__
_STAYS = Prepared(
    select(_DISPUTE.c.contract_id, _DISPUTE.c.set_on, _DISPUTE.c.lifted_on).join_from(
        _IDS, _DISPUTE, _DISPUTE.c.contract_id == _IDS.c.value
    )
)


def in_force(session: Session, contract_id: str) -> Dispute | None:
    """The dispute that is not lifted, where there is one."""
    wanted = (Dispute.contract_id == contract_id, Dispute.lifted_on.is_(None))
    return session.scalars(select(Dispute).where(*wanted)).one_or_none()


def of_contract(session: Session, contract_id: str) -> Sequence[Dispute]:
    """All disputes of a contract, the oldest first."""
    return session.scalars(select(Dispute).where(Dispute.contract_id == contract_id).order_by(Dispute.id)).all()


def stays(session: Session, contract_ids: Sequence[str]) -> Mapping[str, list[Stay]]:
    """Of each contract what kept it, lifted or not."""
    found: dict[str, list[Stay]] = defaultdict(list)
    for contract_id, set_on, lifted_on in _STAYS.all(session, contract_ids=contract_ids):
        found[contract_id].append(Stay(set_on, lifted_on))
    return found
