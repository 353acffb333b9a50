"""Reads files into imports: a ledger chunk by chunk, each in a short transaction; and clears away what is over."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from app.garbage import looking_for_no_cycles
from app.jobs.stopping import Stopping, never
from app.rules.codes import ImportKind, ImportStatus
from app.rules.errors import DomainError
from app.services import import_runs, imports, ledger_imports, ledger_staging
from app.services.acting import Act
from app.services.import_runs import NewFile
from app.services.ledger_staging import Staging
from app.sources.files import FileUnreadable
from app.sources.ledgers import Chunk, Ledger, joined, open_ledger
from app.storage.models import ImportRun
from app.storage.session import Database

ActNow = Callable[[], Act]
"""Who acts, and the present moment: a long file is read over many of them."""
ALIVE_EVERY = timedelta(minutes=1)
"""Well below services.imports.STALE_SECONDS."""
STAGED_AT_A_TIME = 10_000
"""Rows of one transaction: others who write wait half a second for it at the most."""
LINES_AT_A_TIME = 100_000
"""Lines read before the import shows how far it is."""
Progress = Callable[[int, int], None]
"""Told how many bytes of how many were read."""


def new_file(path: Path, name: str) -> NewFile:
    """Size and digest of a file that came in under this name."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return NewFile(name, digest, path.stat().st_size)


def start(database: Database, kind: ImportKind, path: Path, name: str, root_id: str | None, act: Act) -> str:
    """A new import, being read; its id."""
    file = new_file(path, name)
    with database.writing() as session:
        return imports.start(session, kind, file, root_id, act).id


def read(
    database: Database,
    import_id: str,
    path: Path,
    act_now: ActNow,
    *,
    unit_id: str | None = None,
    owner: str | None = None,
    progress: Progress | None = None,
) -> None:
    """Reads the file of a started import, until it is ready to be looked at. What stops it is kept with it, and
    raised."""
    try:
        with database.reading() as session:
            run = import_runs.find(session, import_id, act_now())
        if run.kind == ImportKind.PURCHASES:
            sweep(database)  # or rows that an earlier import left would be taken for known ones
            _read_ledger(database, run, open_ledger(path), act_now, progress)
            return
        parsed = imports.parse(ImportKind(run.kind), path)
        with database.writing() as session:
            run = import_runs.find(session, import_id, act_now(), lock=True)
            imports.stage(session, run, parsed, act_now(), unit_id=unit_id, owner=owner)
    except DomainError as error:
        _fail(database, import_id, error.code, error.values, act_now())
        raise
    except Exception:
        _fail(database, import_id, "internal", {}, act_now())
        raise


def _fail(database: Database, import_id: str, code: str, values: Mapping[str, object], act: Act) -> None:
    with database.writing() as session:
        run = import_runs.find(session, import_id, act, lock=True)
        if run.status == ImportStatus.READING:
            import_runs.fail(session, run, code, values, act)


def _read_ledger(
    database: Database, run: ImportRun, ledger: Ledger, act_now: ActNow, progress: Progress | None
) -> None:
    if ledger.lacks:
        raise FileUnreadable("ledger_lacks_columns", columns=", ".join(ledger.lacks))
    act = act_now()
    with database.writing() as session:
        run = import_runs.find(session, run.id, act, lock=True)
        run.layout, run.header = ledger.layout, [import_runs.masked(cell) for cell in ledger.header]
        places = ledger_staging.attachments(session, run.root_id, act)
    staging = Staging(run, places, act, ledger.found)
    for chunk in _gathered(ledger.chunks(places.concerns, ledger_staging.objection)):
        staging.act = act_now()
        if not _take(database, staging, chunk):
            return
        if progress is not None:
            progress(chunk.read_bytes, ledger.size)
    _correct(database, ledger, staging, act_now)
    _finish(database, run.id, staging, act_now)


def _take(database: Database, staging: Staging, chunk: Chunk) -> bool:
    """Stages a chunk in its transaction; False where the import is over."""
    with looking_for_no_cycles(), database.writing() as session:
        return staging.take(session, chunk)


def _gathered(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Chunks that are worth a transaction each: to commit takes as long as to stage some thousand rows."""
    waiting: list[Chunk] = []
    for chunk in chunks:
        waiting.append(chunk)
        staged, lines = sum(len(one.rows) for one in waiting), sum(one.lines for one in waiting)
        if staged >= STAGED_AT_A_TIME or lines >= LINES_AT_A_TIME:
            yield joined(waiting)
            waiting = []
    if waiting:
        yield joined(waiting)


def _correct(database: Database, ledger: Ledger, staging: Staging, act_now: ActNow) -> None:
    """Finds rows that are earlier ones corrected. Only where a voucher has both old and new rows is the ledger read a
    second time, to know which of the old ones are still in it."""
    doubtful = _doubtful(database, staging, act_now) if staging.may_correct else {}
    if not doubtful:
        return
    chunks = ledger.chunks(staging.attachments.concerns, ledger_staging.objection)
    present = ledger_imports.keys_of(_noticed(database, chunks, staging, act_now), doubtful.keys())
    vouchers = sorted(doubtful, key=lambda voucher: sorted(doubtful[voucher]))
    for some in ledger_imports.chunks(vouchers, ledger_imports.VOUCHERS_AT_A_TIME):
        with database.writing() as session:
            if not ledger_imports.notice(session, staging.number, act_now().now):
                return  # once it is swept, nothing may be marked as replaced by it
            ledger_imports.match_corrections(session, staging, {one: doubtful[one] for one in some}, present)


def _doubtful(database: Database, staging: Staging, act_now: ActNow) -> dict[str, set[str]]:
    """Vouchers with old rows and new ones, each with the contracts concerned. Long ledgers show meanwhile that their
    reader is alive."""
    with database.reading() as session:
        found = ledger_imports.held_suspects(session, staging)
    for some in ledger_imports.chunks(staging.touched, ledger_imports.CONTRACTS_AT_A_TIME):
        with database.writing() as session:
            if not ledger_imports.notice(session, staging.number, act_now().now):
                return {}
        with database.reading() as session:
            for voucher, contract_ids in ledger_imports.suspects(session, staging, some).items():
                found.setdefault(voucher, set()).update(contract_ids)
    return found


def _noticed(database: Database, chunks: Iterable[Chunk], staging: Staging, act_now: ActNow) -> Iterator[Chunk]:
    """The chunks, while the import shows now and then that its reader is alive."""
    told = act_now().now
    for chunk in chunks:
        if (now := act_now().now) - told > ALIVE_EVERY:
            told = now
            with database.writing() as session:
                ledger_imports.notice(session, staging.number, now)
        yield chunk


def _finish(database: Database, import_id: str, staging: Staging, act_now: ActNow) -> None:
    act = act_now()  # one day for all that is foreseen
    with database.reading() as session:
        contract_ids = ledger_imports.touched(session, staging.number)
    for some in ledger_imports.chunks(contract_ids, ledger_imports.JUDGED_AT_A_TIME):
        with database.writing() as session:
            if not ledger_imports.notice(session, staging.number, act_now().now):
                return
            ledger_imports.foresee(session, staging.number, some, act)
    act = act_now()
    with database.writing() as session:
        run = import_runs.find(session, import_id, act, lock=True)
        if run.status == ImportStatus.READING:
            import_runs.ready(session, run, act, rows=staging.rows, counts=staging.told())


def sweep(database: Database, stopping: Stopping = never) -> None:
    """Clears away what discarded, failed and undone imports left, a little at a time."""
    reached: imports.Swept | None = None
    while not stopping():
        with database.writing() as session:
            reached = imports.sweep(session, reached)
        if reached is None:
            return


def tidy(database: Database, act_now: Callable[[], Act], stopping: Stopping = never) -> None:
    """Ends what nobody goes on with, and clears away what is over."""
    with database.writing() as session:
        imports.expire(session, act_now())
    sweep(database, stopping)
