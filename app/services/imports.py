"""Imports of every kind by one door: what a file would bring is looked at, then activated, discarded or undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.rules.codes import ImportKind, ImportStatus
from app.rules.errors import Conflict
from app.services import import_runs, ledger_imports
from app.services.acting import Act
from app.services.import_runs import NewFile
from app.storage import held_rows, imports, ledger_rows
from app.storage import units as unit_rows
from app.storage.models import ImportRun

STALE_SECONDS = 600
"""A reader that has told nothing for so long is taken for dead; a chunk takes it seconds."""
SWEPT_AT_A_TIME = 5000
GROWTH_SHOWN = 200


def start(session: Session, kind: ImportKind, file: NewFile, root_id: str | None, act: Act) -> ImportRun:
    """A new import, being read. Of ledgers an organisation has one at a time: two at once could take the same row
    twice. Raises Conflict while another is being read or looked at."""
    if kind is ImportKind.PURCHASES:
        for one in unit_rows.roots(session) if root_id is None else [root_id]:
            unit_rows.hold_tree(session, one)
        for other in imports.running(session, kind, root_id, (ImportStatus.READING, ImportStatus.READY)):
            if other.status == ImportStatus.READY or (act.now - other.touched_at).total_seconds() < STALE_SECONDS:
                raise Conflict("import_running")
            import_runs.fail(session, other, "import_interrupted", {}, act)
    run = import_runs.start(session, kind, file, root_id, act)
    if kind is ImportKind.PURCHASES:
        imports.hide(session, run.number)
    return run


def stage(
    session: Session, run: ImportRun, path: Path, act: Act, *, unit_id: str | None = None, owner: str | None = None
) -> None:
    """Reads a file of any kind but a ledger, which takes a transaction for each chunk (jobs/imports.py)."""
    match ImportKind(run.kind):
        case ImportKind.PURCHASES:
            raise AssertionError("ledgers are staged chunk by chunk")


def activate(session: Session, import_id: str, act: Act) -> ImportRun:
    """What was looked at comes true, all of it or nothing. Raises Conflict where somebody settled it already."""
    run = import_runs.find(session, import_id, act, lock=True)
    import_runs.expect(run, ImportStatus.READY)
    match ImportKind(run.kind):
        case ImportKind.PURCHASES:
            ledger_imports.activate(session, run, act)
    return run


def discard(session: Session, import_id: str, act: Act) -> ImportRun:
    """Nothing of the file comes in; one still being read is stopped at its next chunk."""
    run = import_runs.find(session, import_id, act, lock=True)
    import_runs.expect(run, ImportStatus.READING, ImportStatus.READY)
    import_runs.settle(session, run, ImportStatus.DISCARDED, act)
    return run


def undo(session: Session, import_id: str, reason: str, act: Act) -> ImportRun:
    """Takes back what an active import brought. Raises Conflict where that is no longer possible."""
    run = import_runs.find(session, import_id, act, lock=True)
    import_runs.expect(run, ImportStatus.ACTIVE)
    match ImportKind(run.kind):
        case ImportKind.PURCHASES:
            ledger_imports.undo(session, run, reason, act)
    return run


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import brings, or would bring: `contracts` are those the actor sees, the ones that grow most first."""

    run: ImportRun
    contracts: Sequence[Any]
    held: int
    """Purchases still waiting for a decision."""
    refused: int
    """Refused rows that can be given back."""

    @property
    def growing(self) -> Sequence[Any]:
        return [row for row in self.contracts if row.required_after != row.required_before]


def preview(session: Session, import_id: str, act: Act) -> Preview:
    """The import with what it brings to which contract."""
    run = import_runs.find(session, import_id, act)
    rows = ledger_rows.imported_contracts(session, run.number, GROWTH_SHOWN)
    seen = [row for row in rows if act.actor.sees(row.unit_path, row.procurement_unit_path)]
    waiting = held_rows.waiting_count(session, run.number)
    return Preview(run, seen, waiting, imports.refused_count(session, run.number))


def sweep(session: Session, act: Act) -> bool:
    """Clears away a little of what imports left that were discarded, failed or undone; whether more may be left.
    Nothing that is swept counts for anything by then."""
    for row in ledger_rows.to_sweep(session):
        if not _sweep_purchases(session, row):
            return True
        imports.show(session, row.number)  # no purchase of it is left that could count
        if row.status != ImportStatus.UNDONE:
            held_rows.forget_held(session, row.number)
        return True
    return False


def _sweep_purchases(session: Session, row: Any) -> bool:
    """Some of an import's purchases; whether that was all."""
    room = SWEPT_AT_A_TIME
    for contract_id in ledger_rows.touched(session, row.number):
        if row.status == ImportStatus.UNDONE:
            room -= ledger_rows.void_undone(session, contract_id, row.number, row.undone_at, row.undo_reason, room)
        else:
            room -= ledger_rows.delete_staged(session, contract_id, row.number, room)
        ledger_rows.forget_replacements(session, contract_id, row.number)
        if room <= 0:
            return False
    return True


def refused_rows(session: Session, import_id: str, act: Act) -> list[Any]:
    """The refused rows of an import, by line: reason, field, values of its sentence, cells."""
    run = import_runs.find(session, import_id, act)
    return list(imports.refused(session, run.number))
