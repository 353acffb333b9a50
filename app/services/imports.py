"""Imports of every kind by one door: what a file would bring is looked at, then activated, discarded or undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.garbage import looking_for_no_cycles
from app.rules.codes import ImportKind, ImportStatus
from app.rules.errors import Conflict, Forbidden, RuleBroken
from app.services import (
    clocks,
    contract_imports,
    corrections,
    eforms_imports,
    import_runs,
    ledger_imports,
    ledger_reckoning,
    ocds_imports,
    own_lists,
    position_imports,
    units,
)
from app.services.acting import ROLES, Act, Actor, may_somewhere, require
from app.services.clocks import CLOCKS_APART
from app.services.import_runs import NewFile
from app.services.ledger_reckoning import NOTHING, Ahead, Reckoned
from app.services.units import Branch
from app.sources.spreadsheets import Table
from app.storage import held_rows, imports, keyset, ledger_rows, lineages
from app.storage import units as unit_rows
from app.storage.models import ImportRun, Unit
from app.storage.session import Database

STALE_SECONDS = 600
"""A reader that has told nothing for so long is taken for dead; a chunk takes it seconds."""
INTERRUPTED = "import_interrupted"
READY_FOR = timedelta(days=7)
"""A preview waits so long for a decision. Purchases change meanwhile, and no other ledger can be read."""
REFUSED_FOR = timedelta(days=30)
"""Refused rows are kept so long to be mended: they may be personal, and whoever needs them later has the file."""
SWEPT_AT_A_TIME = 5000
CONTRACTS_SWEPT_AT_A_TIME = 500
"""Each takes a millisecond, whether anything is left of it or not."""
GROWTH_SHOWN = 200


def start(session: Session, kind: ImportKind, file: NewFile, root_id: str | None, act: Act) -> ImportRun:
    """A new import, being read. Of ledgers an organisation has one at a time: two at once could take the same row
    twice. Raises Conflict while another is being read or looked at."""
    _keep_alone(session, kind, root_id, act)
    run = import_runs.start(session, kind, file, root_id, act)
    if kind is ImportKind.PURCHASES:
        imports.hide(session, run.number)
    return run


def _keep_alone(session: Session, kind: ImportKind, root_id: str | None, act: Act) -> None:
    """No other ledger of the organisation is read or looked at until the transaction ends. Raises Conflict where one
    is."""
    if kind is not ImportKind.PURCHASES:
        return
    for one in unit_rows.roots(session) if root_id is None else [root_id]:
        unit_rows.hold_tree(session, one)
    for other in expect_room(session, kind, root_id, act):
        import_runs.fail(session, other, INTERRUPTED, {}, act)


def expect_room(session: Session, kind: ImportKind, root_id: str | None, act: Act) -> list[ImportRun]:
    """Raises Conflict while another ledger of the organisation is being read or looked at; those whose reader has died
    are in nobody's way, and are the answer."""
    if kind is not ImportKind.PURCHASES:
        return []
    found = imports.running(session, kind, root_id, (ImportStatus.READING, ImportStatus.READY))
    if not all(is_interrupted(one, act.now) for one in found):
        raise Conflict("import_running")
    return list(found)


def is_interrupted(run: Any, now: datetime) -> bool:
    """Whether nobody reads the file any more, though it was not read to its end."""
    touched_at: datetime = run.touched_at
    return run.status == ImportStatus.READING and now - touched_at >= timedelta(seconds=STALE_SECONDS)


def kinds_for(actor: Actor) -> list[ImportKind]:
    """What the actor may bring in somewhere."""
    return [kind for kind in ImportKind if may_somewhere(actor, import_runs.PERMISSIONS[kind])]


def units_for(session: Session, kind: ImportKind, actor: Actor) -> list[Branch]:
    """The units whose files of the kind the actor may bring in, each before those below it."""
    roles = ROLES[import_runs.PERMISSIONS[kind]]
    return [one for one in units.tree(session, actor) if actor.has_role(roles, one.unit.path)]


def unit_of(session: Session, kind: ImportKind, unit_id: str | None, act: Act) -> Unit:
    """The unit whose file it is: the one named, else the topmost one of the actor's. Raises Forbidden where the actor
    may not bring in files of the kind, RuleBroken where there is no such unit or must be chosen among several."""
    permission = import_runs.PERMISSIONS[kind]
    if unit_id is not None:
        unit = units.named_unit(session, unit_id, act.actor)
        require(act.actor, permission, [unit.path])
        return unit
    if not may_somewhere(act.actor, permission):
        raise Forbidden("forbidden")
    topmost: list[Unit] = []
    for one in units_for(session, kind, act.actor):
        if not (topmost and one.unit.path.startswith(topmost[-1].path)):
            topmost.append(one.unit)
    if len(topmost) != 1:
        raise RuleBroken("import_unit_required", "unit_id")
    return topmost[0]


Parsed = Table | eforms_imports.Told | ocds_imports.Told
"""A file as it was read."""


def parse(kind: ImportKind, path: Path) -> Parsed:
    """Reads what takes no database: others can write meanwhile. Raises FileUnreadable."""
    match kind:
        case ImportKind.EFORMS:
            return eforms_imports.read(path)
        case ImportKind.OCDS:
            return ocds_imports.read(path)
        case ImportKind.CONTRACTS | ImportKind.POSITIONS:
            return own_lists.table_of(kind, path)
    raise AssertionError("ledgers are read chunk by chunk")


def stage(
    session: Session, run: ImportRun, parsed: Parsed, act: Act, *, unit_id: str | None = None, owner: str | None = None
) -> None:
    """Stages a file of any kind but a ledger, which takes a transaction for each chunk (jobs/imports.py)."""
    match parsed:
        case eforms_imports.Told():
            eforms_imports.stage(session, run, parsed, act, unit_id)
        case ocds_imports.Told():
            ocds_imports.stage(session, run, parsed, act, unit_id, owner=owner)
        case Table() if run.kind == ImportKind.CONTRACTS:
            contract_imports.stage(session, run, parsed, act, unit_id)
        case Table():
            position_imports.stage(session, run, parsed, act, unit_id)


def reckoned(database: Database, import_id: str, status: ImportStatus, act: Act) -> Ahead:
    """What a ledger will bring to its contracts, for `activate` where it is READY, or `undo` where it is ACTIVE; of any
    other import nothing. It comes before the transaction that settles the import, and only reads, so nobody waits for
    it. Raises NotFound where there is none that the actor may see."""
    with database.reading() as session:
        run = import_runs.find(session, import_id, act)
        concerned = run.kind == ImportKind.PURCHASES and run.status == status and import_runs.may_settle(run, act.actor)
        number, contract_ids = run.number, ledger_rows.touched(session, run.number) if concerned else []
    found: dict[str, Reckoned] = {}
    for some in ledger_imports.chunks(contract_ids, ledger_imports.JUDGED_AT_A_TIME):
        with looking_for_no_cycles(), database.reading() as session:
            found |= ledger_reckoning.reckon(session, number, status, some, act)
    return found


def activate(
    session: Session, import_id: str, act: Act, expected_version: int | None = None, ahead: Ahead = NOTHING
) -> ImportRun:
    """What was looked at comes true, all of it or nothing; `ahead` is what was reckoned of it, if anything. Raises
    Conflict where somebody settled it already."""
    run = import_runs.find_to_settle(session, import_id, act, expected_version)
    import_runs.expect(run, ImportStatus.READY)
    match ImportKind(run.kind):
        case ImportKind.PURCHASES:
            ledger_imports.activate(session, run, act, ahead)
        case ImportKind.CONTRACTS:
            contract_imports.activate(session, run, act)
        case ImportKind.POSITIONS:
            position_imports.activate(session, run, act)
        case ImportKind.EFORMS:
            eforms_imports.activate(session, run, act)
        case ImportKind.OCDS:
            ocds_imports.activate(session, run, act)
    return run


def discard(session: Session, import_id: str, act: Act, expected_version: int | None = None) -> ImportRun:
    """Nothing of the file comes in; one still being read is stopped at its next chunk."""
    run = import_runs.find_to_settle(session, import_id, act, expected_version)
    import_runs.expect(run, ImportStatus.READING, ImportStatus.READY)
    import_runs.settle(session, run, ImportStatus.DISCARDED, act)
    return run


def undo(
    session: Session,
    import_id: str,
    reason: str,
    act: Act,
    expected_version: int | None = None,
    ahead: Ahead = NOTHING,
) -> ImportRun:
    """Takes back what an active import brought; `ahead` is what was reckoned of it. Raises Conflict where that is no
    longer possible; while another ledger is read or looked at, and as long as a later one is active, which left out
    what this one had brought."""
    found = import_runs.find(session, import_id, act)
    if found.status == ImportStatus.ACTIVE and import_runs.may_settle(found, act.actor):
        _keep_alone(session, ImportKind(found.kind), found.root_id, act)
    run = import_runs.find_to_settle(session, import_id, act, expected_version)
    import_runs.expect(run, ImportStatus.ACTIVE)
    match ImportKind(run.kind):
        case ImportKind.PURCHASES:
            _expect_last(session, run)
            ledger_imports.undo(session, run, reason, act, ahead)
        case ImportKind.CONTRACTS:
            contract_imports.undo(session, run, reason, act)
        case ImportKind.POSITIONS:
            position_imports.undo(session, run, reason, act)
        case ImportKind.EFORMS:
            eforms_imports.undo(session, run, reason, act)
        case ImportKind.OCDS:
            ocds_imports.undo(session, run, reason, act)
    return run


def _expect_last(session: Session, run: ImportRun) -> None:
    """Raises Conflict where a later ledger knew rows again: some may be of this one, and would be in none then."""
    for later in imports.running(session, run.kind, run.root_id, [ImportStatus.ACTIVE]):
        if later.number > run.number and later.counts.get("already_there"):
            raise Conflict("import_relied_on")


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import brings, or would bring: `contracts` are those the actor sees, the ones that grow most first."""

    run: ImportRun
    contracts: Sequence[Any]
    contract_count: int
    """All contracts that it brings purchases to."""
    held: int
    """Purchases still waiting for a decision."""
    refused: int
    """Refused rows that can be given back."""
    same_file: Sequence[Any]
    """Active imports of the very same content."""

    @property
    def growing(self) -> Sequence[Any]:
        return [row for row in self.contracts if row.required_after != row.required_before]


def preview(session: Session, import_id: str, act: Act) -> Preview:
    """The import with what it brings to which contract."""
    run = import_runs.find(session, import_id, act)
    rows = ledger_rows.imported_contracts(session, run.number, GROWTH_SHOWN)
    seen = [row for row in rows if act.actor.sees(row.unit_path, row.procurement_unit_path)]
    waiting = held_rows.waiting_count(session, run.number)
    refused = imports.refused_count(session, run.number)
    count = ledger_rows.imported_contract_count(session, run.number)
    return Preview(run, seen, count, waiting, refused, imports.same_file(session, run))


def expire(session: Session, act: Act) -> None:
    """Ends what nobody goes on with: reading that was interrupted, previews that nobody decided on; and forgets refused
    rows that are old, both by a clock that is believed. The time of those that were touched while the clock was ahead
    begins anew: else they would never end, or all at once."""
    for run in imports.touched_after(session, act.now + CLOCKS_APART):
        run.touched_at = act.now
    session.flush()
    for run in imports.untouched(session, ImportStatus.READING, act.now - timedelta(seconds=STALE_SECONDS)):
        import_runs.fail(session, run, INTERRUPTED, {}, act)
    if not clocks.are_believed(session, act):
        return
    for run in imports.untouched(session, ImportStatus.READY, act.now - READY_FOR):
        import_runs.settle(session, run, ImportStatus.DISCARDED, act)
    imports.forget_refused(session, act.now - REFUSED_FOR)


class Swept(NamedTuple):
    """How far the sweeping has come: of which import, and up to which contract."""

    number: int
    contract_id: str


def sweep(session: Session, after: Swept | None = None) -> Swept | None:
    """Clears away a little of what imports left that were discarded, failed or undone, and says where to go on; None
    where nothing is left. Nothing that is swept counts for anything by then."""
    for row in ledger_rows.to_sweep(session):
        reached = after.contract_id if after is not None and after.number == row.number else ""
        reached, all_of_it = _sweep_purchases(session, row, reached)
        if all_of_it:
            corrections.settle(session, lineages.of_held(session, row.number))
            imports.show(session, row.number)  # no purchase of it is left that could count
            if row.status != ImportStatus.UNDONE:
                held_rows.forget_held(session, row.number)
                ledger_rows.forget_touched(session, row.number)
        return Swept(row.number, reached)
    return None


def _sweep_purchases(session: Session, row: Any, reached: str) -> tuple[str, bool]:
    """Some of an import's purchases, of some contracts after the one reached; the last that has none left, and whether
    that was all. Those that are done are not gone through again: of many that takes longer than others can wait."""
    room = SWEPT_AT_A_TIME
    contract_ids = sorted(one for one in ledger_rows.touched(session, row.number) if one > reached)
    for contract_id in contract_ids[:CONTRACTS_SWEPT_AT_A_TIME]:
        if row.status == ImportStatus.UNDONE:
            room -= ledger_rows.void_undone(session, contract_id, row.number, row.undone_at, row.undo_reason, room)
        else:
            names = lineages.of_import(session, row.number, [contract_id]).get(contract_id, ())
            corrections.settle(session, names)
            room -= ledger_rows.delete_staged(session, contract_id, row.number, room)
        ledger_rows.forget_replacements(session, contract_id, row.number)
        if room <= 0:
            return reached, False
        reached = contract_id
    return reached, len(contract_ids) <= CONTRACTS_SWEPT_AT_A_TIME


def refused_rows(session: Session, import_id: str, act: Act, limit: int | None = None) -> list[Any]:
    """The refused rows of an import, by line, so many at the most: reason, field, values of its sentence, cells."""
    run = import_runs.find(session, import_id, act)
    return list(imports.refused(session, run.number, limit))


def refused_page(session: Session, import_id: str, page: keyset.Page, act: Act) -> keyset.Slice:
    """A page of them."""
    run = import_runs.find(session, import_id, act)
    return imports.refused_page(session, run.number, page)
