"""The register of suppliers: one per root unit, seen by all of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, NotFound, RuleBroken
from app.schemas.suppliers import SupplierChange, SupplierCreate, SupplierReference
from app.services import holding, trail
from app.services.acting import Act, Actor, Permission, require
from app.storage import keyset, suppliers, units
from app.storage.models import Supplier, new_id


def find_or_add_supplier(
    session: Session, root_id: str, reference: SupplierReference, act: Act, field: str = "supplier"
) -> Supplier:
    """The root's supplier by this identifier, added where there is none; a known one keeps its name.

    `field` is where the reference stands in the caller's body. Raises RuleBroken where a new one comes without a name.
    The caller has checked that the actor may write there.
    """
    known = suppliers.by_identifier(session, root_id, *reference.key)
    if known is not None:
        return known
    if reference.name is None:
        raise RuleBroken("supplier_name_required", f"{field}.name")
    return _insert(session, root_id, reference.key, reference.name, act)[0]


def add_supplier(session: Session, command: SupplierCreate, act: Act) -> Supplier:
    """Adds a supplier. Raises Conflict where the root has one by this identifier, RuleBroken on an unknown unit."""
    root_id = _root_for(session, command.unit_id, act.actor)
    require(act.actor, Permission.CONTRACTS, _paths_in(root_id, act.actor))
    supplier, added = _insert(session, root_id, command.key, command.name, act)
    if not added:
        raise Conflict("supplier_exists", "identifier" if command.business_id is None else "business_id")
    return supplier


def _insert(session: Session, root_id: str, key: tuple[str, str], name: str, act: Act) -> tuple[Supplier, bool]:
    """The supplier, and whether it is new: of two who add it at once the second gets what the first added."""
    supplier_id = new_id()
    values = {"id": supplier_id, "root_id": root_id, "scheme": key[0], "identifier": key[1], "name": name}
    suppliers.insert_if_new(session, values | {"created_at": act.now})
    supplier = suppliers.by_identifier(session, root_id, *key)
    if supplier is None:
        raise Conflict("stale")
    added = supplier.id == supplier_id
    if added:
        trail.record_row(session, act, "created", supplier)
    return supplier, added


def change_supplier(
    session: Session, supplier_id: str, command: SupplierChange, act: Act, expected_version: int | None = None
) -> Supplier:
    """Changes what was sent."""
    supplier = read_supplier(session, supplier_id, act)
    require(act.actor, Permission.CONTRACTS, _paths_in(supplier.root_id, act.actor))
    holding.check_version(supplier, expected_version)
    for name, value in command.model_dump(exclude_unset=True).items():
        setattr(supplier, name, value)
    trail.record_row(session, act, "changed", supplier)
    return supplier


def read_supplier(session: Session, supplier_id: str, act: Act) -> Supplier:
    """Raises NotFound where there is none in the actor's organisations."""
    supplier = suppliers.get(session, supplier_id)
    if supplier is None or not (act.actor.everywhere or supplier.root_id in _roots(act.actor)):
        raise NotFound("not_found")
    return supplier


def list_suppliers(session: Session, q: str | None, sort: keyset.Sort, page: keyset.Page, act: Act) -> keyset.Slice:
    """A page of the suppliers of the actor's organisations."""
    roots = None if act.actor.everywhere else _roots(act.actor)
    return suppliers.of_roots(session, roots, q, sort, page)


def suppliers_by_name(session: Session, most: int, act: Act) -> Sequence[Any]:
    """All suppliers of the actor's organisations; none where they are more than so many, which is asked first: to put
    tens of thousands of names in order takes longer than all else on a page."""
    roots = None if act.actor.everywhere else _roots(act.actor)
    if suppliers.are_more_than(session, roots, most):
        return []
    return suppliers.of_roots(session, roots, None, suppliers.SORTS["name"], keyset.Page(most)).rows


def _roots(actor: Actor) -> set[str]:
    return {units.ids_on_path(grant.path)[0] for grant in actor.grants}


def _paths_in(root_id: str, actor: Actor) -> list[str]:
    """Where in a root the actor has grants: a role anywhere in it is enough, since the register is shared."""
    return [grant.path for grant in actor.grants if units.ids_on_path(grant.path)[0] == root_id]


def _root_for(session: Session, unit_id: str | None, actor: Actor) -> str:
    if unit_id is not None:
        unit = units.get(session, unit_id)
        # The root's own id is no secret to those below it: every supplier carries it.
        if unit is None or not (actor.sees(unit.path) or unit_id in _roots(actor)):
            raise RuleBroken("unit_unknown", "unit_id")
        return unit.root_id
    roots = _roots(actor)
    if len(roots) != 1:
        raise RuleBroken("missing_field", "unit_id")
    return roots.pop()
