"""A procurement with its clause and contracts registered at once, and what its form offers to choose from."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, RuleBroken
from app.schemas.contracts import ContractCreate
from app.schemas.procurements import ProcurementCreate
from app.services.acting import ROLES, Act, Permission
from app.services.contracts import register_contract
from app.services.owners import list_owners
from app.services.procurements import ProcurementFound, find_procurement, register_procurement
from app.storage import registering, units
from app.storage.models import Owner, Unit

OFFERED = 200
"""Suppliers offered to choose from at once: more would make the page heavy, and typing narrows them."""
LATER = "0" * 32
"""Stands for the procurement of a contract that is registered with it, until that has an id."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What was registered, by id."""

    procurement_id: str
    contract_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form offers: the units the actor may write to, each with its depth, and suppliers and owners known."""

    units: Sequence[tuple[Unit, int]]
    suppliers: Sequence[Any]
    owners: Sequence[Owner]


def register_all(
    session: Session, procurement: ProcurementCreate, contracts: Sequence[ContractCreate], act: Act
) -> Registered:
    """Registers a procurement and its contracts, whose `procurement_id` is set here. All or nothing: the caller undoes
    the transaction when it raises. Errors of the n-th contract name their field below `contracts.n`."""
    found = register_procurement(session, procurement, act)
    session.flush()
    ids = []
    for number, contract in enumerate(contracts):
        command = contract.model_copy(update={"procurement_id": found.procurement.id})
        with _below(f"contracts.{number}"):
            ids.append(register_contract(session, command, act).contract.id)
    return Registered(found.procurement.id, ids)


def offered(session: Session, act: Act) -> Offered:
    """For someone about to register or change something."""
    return Offered(writable_units(session, act), offered_suppliers(session, "", act), list_owners(session, act))


def writable_units(session: Session, act: Act) -> list[tuple[Unit, int]]:
    """The units in which the actor may register, as a tree: each with how deep it lies below the topmost of them."""
    rows = [unit for unit in units.all_in_order(session) if act.actor.has_role(ROLES[Permission.CONTRACTS], unit.path)]
    ids = {unit.id for unit in rows}
    return [(unit, len(ids.intersection(units.ids_on_path(unit.path))) - 1) for unit in _by_name(rows)]


def offered_suppliers(session: Session, q: str, act: Act) -> Sequence[Any]:
    """Suppliers of the actor's organisations, those with `q` in name or identifier, by name."""
    roots = None if act.actor.everywhere else {units.ids_on_path(tree)[0] for tree in act.actor.trees()}
    return registering.suppliers_like(session, roots, q, OFFERED)


def contracts_of(session: Session, procurement_id: str, act: Act) -> tuple[ProcurementFound, Sequence[Any]]:
    """A procurement with the rows of its contracts, by reference. Raises NotFound outside the actor's units."""
    found = find_procurement(session, procurement_id, act.actor)
    return found, registering.contracts_under(session, procurement_id)


def _by_name(rows: Sequence[Unit]) -> list[Unit]:
    """Each unit before those below it, those of one level by name."""
    names = {unit.id: unit.name.casefold() for unit in rows}
    return sorted(rows, key=lambda unit: [names.get(one, "") for one in units.ids_on_path(unit.path)])


@contextmanager
def _below(prefix: str) -> Iterator[None]:
    try:
        yield
    except (RuleBroken, Conflict) as error:
        error.field = f"{prefix}.{error.field}" if error.field else prefix
        raise
