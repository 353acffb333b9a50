"""Procurements and their clause: registered, changed, read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.rules.errors import Conflict, NotFound, RuleBroken
from app.schemas.clauses import ClauseChange
from app.schemas.procurements import ProcurementChange, ProcurementCreate
from app.services import clauses, holding, trail
from app.services import judgements as judging
from app.services.acting import Act, Actor, Permission, require
from app.storage import judgements, keyset, procurements, units
from app.storage.models import Clause, Procurement, Unit, new_id
from app.storage.procurements import ProcurementFilter

PLAIN = ("reference", "title", "kind", "signed_on", "programme", "innovative_method", "procedure", "notice_id")
"""Fields that are columns of the same name and that nothing else depends on."""


@dataclass(frozen=True, slots=True)
class ProcurementFound:
    """A procurement, its unit and its clause."""

    procurement: Procurement
    unit: Unit
    clause: Clause | None


def register_procurement(session: Session, command: ProcurementCreate, act: Act) -> ProcurementFound:
    """Registers a procurement with its clause, or with the reason why there is none."""
    unit = writable_unit(session, command.unit_id, act)
    _check_reason(command.clause is not None, command.no_clause_reason)
    procurement = Procurement(
        id=new_id(),
        unit_id=unit.id,
        estimated_value_cents=command.estimated_value_eur,
        no_clause_reason=command.no_clause_reason,
        created_at=act.now,
        **{name: getattr(command, name) for name in PLAIN},
    )
    session.add(procurement)
    trail.record_row(session, act, "created", procurement)
    clause = None
    if command.clause is not None:
        clause = Clause(procurement_id=procurement.id)
        clauses.fill(clause, command.clause)
        session.add(clause)
        trail.record_row(session, act, "created", clause)
    return ProcurementFound(procurement, unit, clause)


def change_procurement(
    session: Session, procurement_id: str, command: ProcurementChange, act: Act, expected_version: int | None = None
) -> ProcurementFound:
    """Changes what was sent. All its contracts are judged anew where the clause changes, and seen from the new unit
    where it moves. Raises Conflict where contracts forbid another type of clause, or none."""
    found = _hold(session, procurement_id, act)
    procurement, sent = found.procurement, command.model_fields_set
    holding.check_version(procurement, expected_version)
    contract_ids = procurements.contract_ids(session, procurement_id)
    judgements.lock(session, contract_ids)
    for name in sent.intersection(PLAIN):
        setattr(procurement, name, getattr(command, name))
    if "estimated_value_eur" in sent:
        procurement.estimated_value_cents = command.estimated_value_eur
    unit, clause = found.unit, found.clause
    if "unit_id" in sent:
        unit = _move(session, found, command.unit_id, contract_ids, act)
    if "clause" in sent:
        clause = _change_clause(session, found, command.clause, bool(contract_ids), act)
    _keep_reason(procurement, clause, command)
    trail.record_row(session, act, "changed", procurement)
    if "clause" in sent:
        judging.rejudge(session, contract_ids, act)
    return ProcurementFound(procurement, unit, clause)


def read_procurement(session: Session, procurement_id: str, act: Act) -> ProcurementFound:
    return find_procurement(session, procurement_id, act.actor)


def list_procurements(
    session: Session, wanted: ProcurementFilter, sort: keyset.Sort, page: keyset.Page, act: Act
) -> keyset.Slice:
    """A page of the procurements of the actor's units."""
    trees = None if act.actor.everywhere else act.actor.trees()
    return procurements.page_of(session, trees, wanted, sort, page)


def find_procurement(session: Session, procurement_id: str, actor: Actor) -> ProcurementFound:
    """Raises NotFound where there is none in the actor's units."""
    row = procurements.with_unit(session, procurement_id)
    if row is None or not actor.sees(row.Unit.path):
        raise NotFound("not_found")
    return ProcurementFound(row.Procurement, row.Unit, procurements.clause_of(session, procurement_id))


def writable_unit(session: Session, unit_id: str, act: Act, root_id: str | None = None) -> Unit:
    """The unit, and with it the organisation's tree, kept as it is until the transaction ends.

    Raises RuleBroken where the actor sees no such unit, or it lies in another root than `root_id`; Forbidden where no
    role of the actor allows procurements and contracts there.
    """
    unit = units.get(session, unit_id)
    if unit is None or not act.actor.sees(unit.path) or root_id not in {None, unit.root_id}:
        raise RuleBroken("unit_unknown", "unit_id")
    units.hold_tree(session, unit.root_id, shared=True)
    session.refresh(unit)
    require(act.actor, Permission.CONTRACTS, [unit.path])
    return unit


def _hold(session: Session, procurement_id: str, act: Act) -> ProcurementFound:
    """The procurement for writing: no one else changes it, or registers contracts under it, meanwhile."""
    found = find_procurement(session, procurement_id, act.actor)
    units.hold_tree(session, found.unit.root_id, shared=True)
    procurements.lock(session, procurement_id)
    found = find_procurement(session, procurement_id, act.actor)
    require(act.actor, Permission.CONTRACTS, [found.unit.path])
    return found


def _move(session: Session, found: ProcurementFound, unit_id: str, contract_ids: Sequence[str], act: Act) -> Unit:
    """Another unit of the same organisation buys: its contracts are seen from there."""
    unit = writable_unit(session, unit_id, act, found.unit.root_id)
    found.procurement.unit_id = unit.id
    for contract_id in contract_ids:
        judgements.change(session, contract_id, {"procurement_unit_path": unit.path})
    return unit


def _change_clause(
    session: Session, found: ProcurementFound, change: ClauseChange | None, in_use: bool, act: Act
) -> Clause | None:
    """The clause with the terms sent. The procurement's version counts changes of its clause too."""
    stored, procurement = found.clause, found.procurement
    flag_modified(procurement, "reference")
    if change is None:
        if stored is not None:
            _take_away(session, stored, in_use, act)
        return None
    terms = clauses.changed_terms(stored, change)
    if in_use and stored is not None and terms.type != stored.type:
        raise Conflict("clause_in_use", "clause.type")
    clause = stored or Clause(procurement_id=procurement.id)
    clauses.fill(clause, terms)
    session.add(clause)
    trail.record_row(session, act, "created" if stored is None else "changed", clause)
    return clause


def _take_away(session: Session, clause: Clause, in_use: bool, act: Act) -> None:
    if in_use:
        raise Conflict("clause_in_use", "clause")
    trail.record(session, act, "removed", clause.__tablename__, clause.procurement_id, trail.contents(clause))
    session.delete(clause)
    session.flush()


def _keep_reason(procurement: Procurement, clause: Clause | None, command: ProcurementChange) -> None:
    """A clause that is added does away with the reason why there was none."""
    if "no_clause_reason" in command.model_fields_set:
        procurement.no_clause_reason = command.no_clause_reason
    elif clause is not None:
        procurement.no_clause_reason = None
    _check_reason(clause is not None, procurement.no_clause_reason)


def _check_reason(has_clause: bool, reason: str | None) -> None:
    if has_clause and reason is not None:
        raise RuleBroken("clause_and_no_clause_reason", "no_clause_reason")
    if not has_clause and reason is None:
        raise RuleBroken("no_clause_reason_required", "no_clause_reason")
