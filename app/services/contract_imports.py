"""Lists of contracts brought in: each procurement with its contracts, as a form would register it.

Looked at first: every row is tried and taken back, so that what a form would refuse is refused here, by its line and
field. What was good is registered all at once. A contract that is here already, by the references of the procurement
and the contract and by its supplier, is left as it is, whatever the list says of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from app.rules.codes import ImportKind, ImportStatus
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.schemas.contracts import ContractCreate
from app.schemas.procurements import ProcurementCreate
from app.services import import_runs, own_lists, trail
from app.services.acting import Act
from app.services.contract_plans import ContractPlan, procurements_named
from app.services.contract_removals import remove
from app.services.contracts import ContractFound, register_contract
from app.services.import_cells import UnitNames
from app.services.procurements import find_procurement, register_procurement, writable_unit
from app.sources.spreadsheets import Table
from app.storage import known_contracts
from app.storage import units as unit_rows
from app.storage.models import ImportRun

Json = dict[str, Any]
PROCUREMENT, CONTRACT = "procurement", "contract"
"""Tables of what an import makes."""


def stage(session: Session, run: ImportRun, table: Table, act: Act, unit_id: str | None = None) -> None:
    """Says what a list would bring. `unit_id` is the unit that buys where the list names none. Raises RuleBroken,
    Forbidden."""
    if unit_id is not None:
        writable_unit(session, unit_id, act, run.root_id)
    units = own_lists.nameable_units(session, ImportKind.CONTRACTS, run.root_id, act)
    read = own_lists.read(ImportKind.CONTRACTS, table, UnitNames(units))
    plan = ContractPlan(session, run.root_id, unit_id, act, refused=list(read.refused))
    with trail.trying(session):
        for rows in plan.grouped(read.rows):
            plan.take(rows)
    run.header = own_lists.header(ImportKind.CONTRACTS, act.actor.language)
    import_runs.refuse(session, run, plan.refused)
    content = {"procurements": plan.kept, "unread": read.unread}
    import_runs.ready(session, run, act, rows=read.total, counts=plan.counts(), content=content)


def activate(session: Session, run: ImportRun, act: Act) -> None:
    """What was good is registered, all or nothing. Raises Conflict where something recorded meanwhile stands against
    it."""
    for root_id in unit_rows.roots(session) if run.root_id is None else [run.root_id]:
        unit_rows.hold_tree(session, root_id)
    procurement_ids: list[str] = []
    contracts: list[ContractFound] = []
    for one in (run.content or {}).get("procurements", []):
        with _overtaken(one["line"]):
            procurement_id = _procurement(session, run, one, act)
        if one["id"] is None:
            procurement_ids.append(procurement_id)
        for told in one["contracts"]:
            with _overtaken(told["line"]):
                command = ContractCreate.model_validate(told["body"] | {"procurement_id": procurement_id})
                contracts.append(register_contract(session, command, act))
    import_runs.made(session, run, PROCUREMENT, procurement_ids)
    import_runs.made(session, run, CONTRACT, [found.contract.id for found in contracts])
    known_contracts.note_brought(session, run.number, [_brought(found) for found in contracts])
    import_runs.settle(session, run, ImportStatus.ACTIVE, act)


def undo(session: Session, run: ImportRun, reason: str, act: Act) -> None:
    """Removes the contracts and procurements that the import made; suppliers and owners stay known. Raises Conflict
    naming the first on which something was recorded since."""
    import_runs.expect(run, ImportStatus.ACTIVE)
    made = import_runs.things_of(session, run)
    remove(session, made.get(CONTRACT, []), made.get(PROCUREMENT, []), run.number, act)
    import_runs.mark_undone(session, run, reason, act)


def _procurement(session: Session, run: ImportRun, one: Json, act: Act) -> str:
    """The procurement that a list names: registered now, unless it was here when the list was looked at."""
    if one["id"] is not None:
        return find_procurement(session, one["id"], act.actor).procurement.id
    command = ProcurementCreate.model_validate(one["body"])
    if procurements_named(session, command.reference, run.root_id, act):
        raise Conflict("stale")
    return register_procurement(session, command, act).procurement.id


@contextmanager
def _overtaken(line: int) -> Iterator[None]:
    try:
        yield
    except (RuleBroken, Conflict, NotFound):
        raise Conflict("import_overtaken", line=line) from None


def _brought(found: ContractFound) -> Json:
    required = found.judgement.standing.required
    asked = {"required_before": 0, "required_after": required}
    return {"contract_id": found.contract.id, "rows": 1, "cents": 0, "corrected": 0, **asked}
