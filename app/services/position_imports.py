"""Lists of jobs brought in, each logged under its contract as a form would log it.

Nothing is read of a list but the columns of its template: no name, no free text, whatever else stands in it. Undoing an
import voids its jobs; nothing that was recorded is deleted.
"""

from typing import Any

from sqlalchemy.orm import Session

from app.rules.codes import ImportKind, ImportStatus
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.schemas.positions import PositionCreate, PositionEnd
from app.services import import_runs, own_lists, position_plans, trail
from app.services.acting import Act
from app.services.import_cells import UnitNames
from app.services.position_plans import PositionPlan
from app.services.positions import void_position
from app.sources.spreadsheets import Table
from app.storage import judgements, known_contracts, positions
from app.storage.models import ImportRun

Json = dict[str, Any]
POSITION = "position"


def stage(session: Session, run: ImportRun, table: Table, act: Act, unit_id: str | None = None) -> None:
    """Says what a list would bring; `unit_id` says nothing here, since contracts have their own."""
    units = own_lists.nameable_units(session, ImportKind.POSITIONS, run.root_id, act)
    read = own_lists.read(ImportKind.POSITIONS, table, UnitNames(units))
    plan = PositionPlan(session, run.root_id, act, refused=list(read.refused))
    with trail.trying(session):
        plan.take(read.rows)
    run.header = own_lists.header(ImportKind.POSITIONS, act.actor.language)
    import_runs.refuse(session, run, plan.refused)
    content = {"positions": plan.kept, "contracts": plan.contracts, "unread": read.unread}
    content["differing"] = sorted(plan.differing)
    import_runs.ready(session, run, act, rows=read.total, counts=plan.counts(), content=content)


def activate(session: Session, run: ImportRun, act: Act) -> None:
    """What was good is logged, all or nothing. Raises Conflict where something was recorded meanwhile on a job of one
    of the contracts: the rows were told apart from other jobs than are here now."""
    content = run.content or {"positions": [], "contracts": []}
    contracts = {one["id"]: one for one in content["contracts"]}
    judgements.lock(session, sorted(contracts))
    for contract_id, one in contracts.items():
        here = position_plans.of_contract(session, contract_id)
        if position_plans.fingerprint(here) != one["here"]:
            raise Conflict("jobs_changed_meanwhile", reference=one["reference"])
    made: dict[int, str] = {}
    for one in content["positions"]:
        made[one["line"]] = _log(session, one, made, act)
    import_runs.made(session, run, POSITION, made.values())
    known_contracts.note_brought(session, run.number, [_brought(one) for one in contracts.values()])
    import_runs.settle(session, run, ImportStatus.ACTIVE, act)


def undo(session: Session, run: ImportRun, reason: str, act: Act) -> None:
    """Voids the jobs that the import logged; one that somebody voided already stays as it is."""
    import_runs.expect(run, ImportStatus.ACTIVE)
    rows = [positions.get(session, one) for one in import_runs.things_of(session, run).get(POSITION, [])]
    found = [row for row in rows if row is not None and row.voided_at is None]
    judgements.lock(session, sorted({row.contract_id for row in found}))
    for row in reversed(found):
        void_position(session, row.id, reason, act)
    import_runs.mark_undone(session, run, reason, act)


def _log(session: Session, one: Json, made: dict[int, str], act: Act) -> str:
    """Raises Conflict where the row no longer fits."""
    continues = one["continues"]
    continued = None if continues is None else continues.get("id") or made[continues["line"]]
    end = None if one["end"] is None else PositionEnd.model_validate(one["end"])
    command = PositionCreate.model_validate(one["body"])
    try:
        return position_plans.log(session, one["contract_id"], command, end, continued, act).position.id
    except (RuleBroken, Conflict, NotFound):
        raise Conflict("import_overtaken", line=one["line"]) from None


def _brought(one: Json) -> Json:
    asked = {"required_before": one["required_before"], "required_after": one["required_after"]}
    return {"contract_id": one["id"], "rows": one["rows"], "cents": 0, "corrected": 0, **asked}
