"""The organisation's tree: units added, changed and moved; what follows for the contracts below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.rules.errors import NotFound, RuleBroken
from app.schemas.units import LiaisonInput, UnitChange, UnitCreate, UnitRoot
from app.services import holding, trail
from app.services.acting import Act, Actor, Permission, require
from app.services.judgements import rejudge
from app.storage import keyset, units
from app.storage.models import Unit, new_id
from app.storage.units import Inherited

REJUDGED_AT_ONCE = 500
"""Contracts judged together when lead days change: keeps memory small however large the unit is."""


@dataclass(frozen=True, slots=True)
class Described:
    """A unit, or a row of its columns, with what it inherits."""

    unit: Any
    inherited: Inherited


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit at its place in a tree, with what it inherits."""

    unit: Unit
    depth: int
    inherited: Inherited


@dataclass(frozen=True, slots=True)
class DescribedPage:
    items: Sequence[Described]
    found: keyset.Slice


def add_root_unit(session: Session, command: UnitRoot, act: Act) -> Unit:
    """The root of a new organisation; only the command line makes one."""
    unit_id = new_id()
    unit = Unit(id=unit_id, root_id=unit_id, path=f"/{unit_id}/", name=command.name, created_at=act.now)
    session.add(unit)
    trail.record_row(session, act, "created", unit)
    return unit


def add_unit(session: Session, command: UnitCreate, act: Act) -> Described:
    """Adds a unit below another; the admin of that one may."""
    parent = named_unit(session, command.parent_id, act.actor, "parent_id")
    units.hold_tree(session, parent.root_id)
    session.refresh(parent)
    require(act.actor, Permission.PEOPLE, [parent.path])
    unit_id = new_id()
    unit = Unit(
        id=unit_id,
        parent_id=parent.id,
        root_id=parent.root_id,
        path=f"{parent.path}{unit_id}/",
        name=command.name,
        lead_days=command.lead_days,
        created_at=act.now,
        **_liaison_columns(command.liaison),
    )
    _check_depth(len(units.ids_on_path(unit.path)))
    session.add(unit)
    trail.record_row(session, act, "created", unit)
    return _described(session, unit)


def change_unit(
    session: Session, unit_id: str, command: UnitChange, act: Act, expected_version: int | None = None
) -> Described:
    """Changes what was sent; a move takes along all below. Where lead days change, for the unit itself or by what it
    inherits, the judgements of its contracts are made anew; nothing was recorded on the contracts themselves."""
    unit = find_unit(session, unit_id, act.actor)
    units.hold_tree(session, unit.root_id)
    session.refresh(unit)
    require(act.actor, Permission.PEOPLE, [unit.path])
    holding.check_version(unit, expected_version)
    before = _described(session, unit).inherited
    sent = command.model_dump(exclude_unset=True)
    if sent.get("retention_months") is not None and unit.parent_id is not None:
        raise RuleBroken("retention_of_root_only", "retention_months")
    if "parent_id" in sent and command.parent_id != unit.parent_id:
        _move(session, unit, command.parent_id, act)
    if "liaison" in sent:
        sent |= _liaison_columns(command.liaison)
    for name in sent.keys() - {"liaison", "parent_id"}:
        setattr(unit, name, sent[name])
    session.flush()
    after = _described(session, unit)
    if after.inherited.lead_days != before.lead_days:
        for contract_ids in units.contracts_under(session, unit.path, REJUDGED_AT_ONCE):
            rejudge(session, contract_ids, act)
    trail.record_row(session, act, "changed", unit)
    return after


def read_unit(session: Session, unit_id: str, act: Act) -> Described:
    return _described(session, find_unit(session, unit_id, act.actor))


def list_units(session: Session, sort: keyset.Sort, page: keyset.Page, act: Act) -> DescribedPage:
    """A page of the units in the actor's trees."""
    trees = None if act.actor.everywhere else act.actor.trees()
    found = units.page_of(session, trees, sort, page)
    inherited = units.inherited(session, [row.path for row in found.rows])
    return DescribedPage([Described(row, inherited[row.path]) for row in found.rows], found)


def units_seen(session: Session, most: int, act: Act) -> Sequence[Any]:
    """Rows of the units in the actor's trees, so many at most, each before those below it; without what they
    inherit."""
    trees = None if act.actor.everywhere else act.actor.trees()
    return units.page_of(session, trees, units.SORTS["path"], keyset.Page(most)).rows


def tree(session: Session, actor: Actor, *, administered: bool = False) -> list[Branch]:
    """The units that the actor sees, or administers, each before those below it and as deep as it lies among them."""
    sees = (lambda path: actor.has_role((), path)) if administered else actor.sees
    seen = [unit for unit in units.all_in_order(session) if sees(unit.path)]
    inherited = units.inherited(session, [unit.path for unit in seen])
    found: list[Branch] = []
    above: list[str] = []
    for unit in seen:
        above = [path for path in above if unit.path.startswith(path)]
        found.append(Branch(unit, len(above), inherited[unit.path]))
        above.append(unit.path)
    return found


def find_unit(session: Session, unit_id: str, actor: Actor) -> Unit:
    """Raises NotFound where there is none or it lies outside the actor's trees."""
    unit = units.get(session, unit_id)
    if unit is None or not actor.sees(unit.path):
        raise NotFound("not_found")
    return unit


def named_unit(session: Session, unit_id: str, actor: Actor, field: str = "unit_id") -> Unit:
    """A unit that a body names. Raises RuleBroken with the field where the actor does not see it."""
    unit = units.get(session, unit_id)
    if unit is None or not actor.sees(unit.path):
        raise RuleBroken("unit_unknown", field)
    return unit


def unit_for_import(session: Session, unit_id: str | None, actor: Actor) -> Unit | None:
    """The unit that a file is of: the one named, else the only organisation there is, else none."""
    if unit_id is not None:
        return named_unit(session, unit_id, actor)
    roots = units.roots(session)
    return named_unit(session, roots[0], actor) if len(roots) == 1 else None


def _move(session: Session, unit: Unit, parent_id: str, act: Act) -> None:
    """Hangs a subtree below another unit. Raises RuleBroken where that lies in the subtree itself or in another
    organisation (suppliers are unique in each), Forbidden unless the actor is admin of both the old place and the new.
    """
    parent = named_unit(session, parent_id, act.actor, "parent_id")
    session.refresh(parent)
    if parent.root_id != unit.root_id:
        raise RuleBroken("unit_other_root", "parent_id")
    if parent.path.startswith(unit.path):
        raise RuleBroken("unit_parent_cycle", "parent_id")
    for path in (unit.path.removesuffix(f"{unit.id}/"), parent.path):
        require(act.actor, Permission.PEOPLE, [path])
    old, new = unit.path, f"{parent.path}{unit.id}/"
    grown = len(units.ids_on_path(new)) - len(units.ids_on_path(old))
    _check_depth(units.deepest_level(session, old) + grown)
    units.move_paths(session, old, new)
    session.refresh(unit)
    unit.parent_id = parent.id


def _check_depth(levels: int) -> None:
    if levels > units.MAX_DEPTH:
        raise RuleBroken("unit_too_deep", "parent_id", maximum=units.MAX_DEPTH)


def _liaison_columns(liaison: LiaisonInput | None) -> dict[str, str | None]:
    return {f"liaison_{name}": getattr(liaison, name, None) for name in ("name", "email", "phone")}


def _described(session: Session, unit: Unit) -> Described:
    session.flush()
    return Described(unit, units.inherited(session, [unit.path])[unit.path])
