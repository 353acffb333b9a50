"""Taking back contracts that an import made by mistake, as long as nothing else was recorded on them.

What became of a contract is never deleted; but where nothing did, a list imported in the wrong place need not stay for
ever. The trail keeps all that stood in the rows that go.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.rules.errors import Conflict
from app.services import holding, trail
from app.services.acting import Act, Permission, require
from app.services.procurements import find_procurement
from app.storage import judgements, known_contracts, procurements
from app.storage.models import Contract, Table

FIRST_VERSION = 1


def remove(
    session: Session, contract_ids: Sequence[str], procurement_ids: Sequence[str], number: int, act: Act
) -> None:
    """Removes contracts, then procurements, that the import with this number made. Raises Conflict naming the first
    that was changed or on which something was recorded, NotFound or Forbidden where the actor may not write it."""
    for procurement_id in sorted(procurement_ids):
        procurements.lock(session, procurement_id)
    judgements.lock(session, sorted(contract_ids))
    for contract_id in contract_ids:
        held = holding.find(session, contract_id, act.actor)
        require(act.actor, Permission.CONTRACTS, held.paths)
        _remove_contract(session, held.contract, number, act)
    for procurement_id in procurement_ids:
        _remove_procurement(session, procurement_id, act)


def _remove_contract(session: Session, contract: Contract, number: int, act: Act) -> None:
    changed = contract.version != FIRST_VERSION
    if changed or known_contracts.recorded_on_contract(session, contract.id, number):
        raise Conflict("recorded_since_import", reference=contract.reference)
    for part in known_contracts.options_and_parties(session, contract.id):
        _take_off(session, part, part.id, act)
    known_contracts.forget_judgements(session, contract.id, number)
    _take_off(session, contract, contract.id, act)


def _remove_procurement(session: Session, procurement_id: str, act: Act) -> None:
    found = find_procurement(session, procurement_id, act.actor)
    require(act.actor, Permission.CONTRACTS, [found.unit.path])
    procurement = found.procurement
    changed = procurement.version != FIRST_VERSION
    if changed or known_contracts.recorded_on_procurement(session, procurement_id):
        raise Conflict("recorded_since_import", reference=procurement.reference)
    if found.clause is not None:
        _take_off(session, found.clause, procurement_id, act)
    _take_off(session, procurement, procurement_id, act)


def _take_off(session: Session, row: Table, row_id: str, act: Act) -> None:
    trail.record(session, act, "removed", row.__tablename__, row_id, trail.contents(row))
    session.delete(row)
    session.flush()
