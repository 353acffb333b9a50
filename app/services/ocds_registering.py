"""Registers what a release tells completely: the procurement, its contracts, and what has become of them since."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, RuleBroken
from app.schemas.adjustments import AdjustmentCreate
from app.schemas.closures import ClosureCreate
from app.schemas.contracts import ContractChange, ContractCreate
from app.schemas.imported_drafts import ImportedDraft
from app.schemas.owners import OwnerReference
from app.schemas.procurements import ProcurementCreate
from app.schemas.purchases import PurchaseCreate
from app.services import adjustments, closures, contract_removals, contracts, holding, registering, trail
from app.services.acting import Act, Permission
from app.services.ocds_codes import transaction_key
from app.services.registering import LATER, Registered
from app.storage import judgements, open_data, procurements
from app.storage import purchases as storage
from app.storage.models import Contract, ImportRun, Purchase, new_id

Json = dict[str, Any]


def commands_of(
    draft: ImportedDraft, unit_id: str, owner: OwnerReference
) -> tuple[ProcurementCreate, list[ContractCreate]]:
    """What registers the draft. Raises ValidationError where it is not whole."""
    body = draft.stored()
    procurement = ProcurementCreate.model_validate(body["procurement"] | {"unit_id": unit_id})
    given = {"procurement_id": LATER, "owner": owner.model_dump(exclude_none=True)}
    return procurement, [ContractCreate.model_validate(one | given) for one in body.get("contracts", [])]


def check_beyond(beyond: Mapping[str, Any]) -> None:
    """Raises ValidationError where what no registration holds is not whole either."""
    if "termination" in beyond:
        ContractChange.model_validate(beyond["termination"])
    for one in beyond.get("adjustments", ()):
        AdjustmentCreate.model_validate(one)
    if "closure" in beyond:
        ClosureCreate.model_validate(beyond["closure"])
    for one in beyond.get("purchases", ()):
        _purchase(one)


def register(
    session: Session,
    draft: ImportedDraft,
    beyond: Sequence[Mapping[str, Any]],
    unit_id: str,
    owner: OwnerReference,
    number: int,
    act: Act,
) -> Registered:
    """Registers a draft with what its contracts have beyond a registration, in the same order; `number` is the
    import's. The ids of its release stay with it. Raises RuleBroken or Conflict where the parts do not fit together."""
    procurement, commands = commands_of(draft, unit_id, owner)
    made = registering.register_all(session, procurement, commands, act)
    for contract_id, more in zip(made.contract_ids, beyond, strict=True):
        _go_on(session, contract_id, more, number, act)
    ids = {contract_id: more.get("ocds_id") for contract_id, more in zip(made.contract_ids, beyond, strict=True)}
    open_data.name(session, made.procurement_id, draft.source.key, ids)
    return made


def take_back(
    session: Session, run: ImportRun, procurement_ids: Sequence[str], contract_ids: Sequence[str], act: Act
) -> None:
    """Removes what an import registered, with the purchases and decisions that came with it. Raises Conflict naming the
    first on which something was recorded since."""
    for procurement_id in sorted(procurement_ids):
        procurements.lock(session, procurement_id)
    judgements.lock(session, sorted(contract_ids))
    for contract_id in contract_ids:
        came, changed = open_data.came_with(session, contract_id, run.number, run.settled_at)
        if changed:
            raise Conflict("recorded_since_import", reference=session.get_one(Contract, contract_id).reference)
        for row in came:
            trail.record(session, act, "removed", row.__tablename__, row.id, trail.contents(row))
            session.delete(row)
    session.flush()
    contract_removals.remove(session, contract_ids, procurement_ids, run.number, act)


def _go_on(session: Session, contract_id: str, more: Mapping[str, Any], number: int, act: Act) -> None:
    """What has become of a contract, in the order in which it can have come about."""
    if more.get("purchases"):
        _buy(session, contract_id, more["purchases"], number, act)
    if "termination" in more:
        contracts.change_contract(session, contract_id, ContractChange.model_validate(more["termination"]), act)
    for one in more.get("adjustments", ()):
        adjustments.record_adjustment(session, contract_id, AdjustmentCreate.model_validate(one), act)
    if "closure" in more:
        closures.close_obligation(session, contract_id, ClosureCreate.model_validate(more["closure"]), act)


def _buy(session: Session, contract_id: str, purchases: Sequence[Json], number: int, act: Act) -> None:
    """All purchases of a contract at once: it is judged once, and the trail has one link."""
    held = holding.hold(session, contract_id, act, Permission.CONTRACTS)
    for one in purchases:
        command = _purchase(one)
        if command.on_date > act.today:
            raise RuleBroken("on_date_after_today", "on_date")
        session.add(
            Purchase(
                id=new_id(),
                contract_id=contract_id,
                on_date=command.on_date,
                amount_cents=command.amount_eur,
                row_key=transaction_key(one["id"]),
                import_number=number,
                recorded_on=act.today,
                created_at=act.now,
            )
        )
    session.flush()
    storage.came(session, [contract_id], act.now)
    trail.record(session, act, "imported", Contract.__tablename__, contract_id, {"purchases": len(purchases)})
    holding.recorded(session, held, act)


def _purchase(body: Mapping[str, Any]) -> PurchaseCreate:
    return PurchaseCreate.model_validate({"on_date": body["on_date"], "amount_eur": body["amount_eur"]})
