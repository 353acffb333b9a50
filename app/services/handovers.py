"""Handing a contract over to another owner, who hears of it at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, NotFound
from app.schemas.handovers import HandoverCreate
from app.services import holding, outbox, trail
from app.services.acting import Act, Permission, may
from app.services.foresight import find_for
from app.services.owners import find_or_add_owner
from app.storage import contracts, erased_contracts, handovers, judgements, keyset
from app.storage.models import Owner, OwnershipChange, new_id

MOST_AT_ONCE = 200
"""Contracts handed over at once; nobody has more, and an address cannot name them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A contract's row as lists have it, and whether the actor may hand it over."""

    row: Any
    may: bool


@dataclass(frozen=True, slots=True)
class Handover:
    """A change of owner with both owners."""

    change: OwnershipChange
    former: Owner
    new: Owner


def hand_over(
    session: Session, contract_id: str, command: HandoverCreate, act: Act, expected_version: int | None = None
) -> Handover:
    """Makes someone else the owner and queues the mail that says so.

    What the former owner acknowledged or muted ends: the new one must hear of it. Raises Conflict where the new owner
    is the present one.
    """
    held = holding.hold(session, contract_id, act, Permission.REMINDERS, expected_version)
    former = session.get_one(Owner, held.contract.owner_id)
    new = find_or_add_owner(session, command.owner, act)
    if new.id == former.id:
        raise Conflict("handover_same_owner", "owner")
    change = OwnershipChange(
        id=new_id(),
        contract_id=held.id,
        from_owner_id=former.id,
        to_owner_id=new.id,
        note=command.note,
        changed_on=act.today,
        created_at=act.now,
    )
    session.add(change)
    held.contract.owner_id = new.id
    trail.record_row(session, act, "handed_over", change)
    judgements.change(session, held.id, {"acknowledged_at": None, "snoozed_until": None})
    holding.recorded(session, held, act)
    outbox.queue_handover(session, held.id, change.id, new, former, act)
    return Handover(change, former, new)


def hand_over_many(session: Session, contract_ids: Sequence[str], command: HandoverCreate, act: Act) -> list[Handover]:
    """Hands several contracts over, all or none. Each has a mail of its own, with its state and history: the copy to
    its former owner must not tell of other people's contracts.

    Those that are the new owner's already are left as they are. Raises NotFound and Forbidden as for one contract,
    Conflict where there is none to hand over.
    """
    wanted = sorted(set(contract_ids))
    if not wanted:
        raise Conflict("nothing_chosen", "contract")
    for contract_id in wanted:
        find_for(session, contract_id, act, Permission.REMINDERS)
    judgements.lock(session, wanted)  # all at once and in the order of ids, as everyone does
    made = []
    for contract_id in wanted:
        if holding.find(session, contract_id, act.actor).owner_email != command.owner.email:
            made.append(hand_over(session, contract_id, command, act))
    if not made:
        raise Conflict("handover_same_owner", "owner")
    return made


def list_chosen(session: Session, contract_ids: Sequence[str], act: Act) -> list[Chosen]:
    """Contracts to hand over, by reference. Raises NotFound where one is not the actor's to see."""
    rows, paths = contracts.rows_of(session, contract_ids), contracts.paths_of(session, contract_ids)
    if len(rows) < len(set(contract_ids)) or not all(act.actor.sees(*paths[row.id]) for row in rows):
        raise NotFound("not_found")
    erased = erased_contracts.among(session, list(paths))  # on which nothing is written any more
    return [
        Chosen(row, row.id not in erased and may(act.actor, Permission.REMINDERS, paths[row.id], row.owner_email))
        for row in rows
    ]


def list_handovers(session: Session, contract_id: str, sort: keyset.Sort, page: keyset.Page, act: Act) -> keyset.Slice:
    """A page of a contract's handovers."""
    return handovers.of_contract(session, holding.find(session, contract_id, act.actor).id, sort, page)
