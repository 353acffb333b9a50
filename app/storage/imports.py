"""Imports as such: found, listed, what was refused and made. What ledgers bring is in storage/ledger_rows.py."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.rules.codes import ImportStatus
from app.storage import keyset
from app.storage.models import HiddenImport, ImportedThing, ImportRun, RefusedRow, Unit

NEWEST_FIRST = keyset.Sort((ImportRun.number,), descending=True)
COLUMNS = (*(column for column in ImportRun.__table__.columns if column.key not in {"content", "header"}), Unit.path)
CHUNK = 1000
REFUSED = (RefusedRow.line, RefusedRow.reason, RefusedRow.field, RefusedRow.values, RefusedRow.cells)
BY_LINE = keyset.Sort((RefusedRow.line,))
REFUSED_OF_IMPORT = RefusedRow.number == ImportRun.number
FORGOTTEN_AT_A_TIME = 20
"""Each has 20 000 at the most (services.import_runs.KEPT_REFUSED)."""


def find(session: Session, import_id: str, *, lock: bool = False) -> Any:
    """ImportRun and the path of its organisation, or None. With `lock` nobody else settles it meanwhile."""
    statement = select(ImportRun, Unit.path).outerjoin(Unit, Unit.id == ImportRun.root_id)
    statement = statement.where(ImportRun.id == import_id)
    if lock:
        statement = statement.with_for_update(of=ImportRun).execution_options(populate_existing=True)
    return session.execute(statement).one_or_none()


def hold(session: Session, numbers: Iterable[int]) -> None:
    """Nobody settles these imports until the transaction ends."""
    statement = select(ImportRun.number).where(ImportRun.number.in_(sorted(set(numbers))))
    session.execute(statement.order_by(ImportRun.number).with_for_update()).all()


def of_numbers(session: Session, numbers: Sequence[int]) -> Sequence[Any]:
    """COLUMNS of these imports."""
    statement = select(*COLUMNS).outerjoin(Unit, Unit.id == ImportRun.root_id)
    return session.execute(statement.where(ImportRun.number.in_(numbers))).all() if numbers else []


def page_of(
    session: Session, root_ids: Sequence[str] | None, actor_id: str, sort: keyset.Sort, page: keyset.Page
) -> keyset.Slice:
    """A page of the imports of these organisations (None: of all) and of the actor's own."""
    statement = select(*COLUMNS).outerjoin(Unit, Unit.id == ImportRun.root_id)
    if root_ids is not None:
        statement = statement.where(ImportRun.root_id.in_(root_ids) | (ImportRun.actor_id == actor_id))
    return keyset.fetch(session, statement, sort, page)


def running(session: Session, kind: str, root_id: str | None, statuses: Iterable[str]) -> Sequence[ImportRun]:
    """Imports of this kind in one of the statuses that could meet one of this organisation: its own, and those of the
    whole database."""
    statement = select(ImportRun).where(ImportRun.kind == kind, ImportRun.status.in_(list(statuses)))
    if root_id is not None:
        statement = statement.where((ImportRun.root_id == root_id) | ImportRun.root_id.is_(None))
    return session.scalars(statement.order_by(ImportRun.number)).all()


def hide(session: Session, number: int) -> None:
    """From now on the import's purchases count for nothing."""
    session.execute(insert(HiddenImport).values(number=number))


def show(session: Session, number: int) -> None:
    """The one short statement that makes an import's purchases count."""
    session.execute(delete(HiddenImport).where(HiddenImport.number == number))


def add_refused(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.execute(insert(RefusedRow), rows)


def refused(session: Session, number: int, limit: int | None = None) -> Iterator[Any]:
    """What was refused, by line."""
    statement = select(*REFUSED).where(RefusedRow.number == number).order_by(RefusedRow.line)
    yield from session.execute(statement.limit(limit).execution_options(yield_per=CHUNK))


def refused_count(session: Session, number: int) -> int:
    return session.execute(select(func.count()).where(RefusedRow.number == number)).scalar_one()


def refused_page(session: Session, number: int, page: keyset.Page) -> keyset.Slice:
    """A page of the same."""
    return keyset.fetch(session, select(*REFUSED).where(RefusedRow.number == number), BY_LINE, page)


def forget_refused(session: Session, before: datetime) -> None:
    """Deletes the refused rows of imports begun before a moment, those of some imports at a time."""
    old = (
        select(ImportRun.number)
        .where(ImportRun.created_at < before, select(RefusedRow.number).where(REFUSED_OF_IMPORT).exists())
        .limit(FORGOTTEN_AT_A_TIME)
    )
    numbers = session.scalars(old).all()
    if numbers:
        session.execute(delete(RefusedRow).where(RefusedRow.number.in_(numbers)))


def touched_after(session: Session, moment: datetime) -> Sequence[ImportRun]:
    """Imports that were touched after a moment, but those that somebody holds."""
    locked = select(ImportRun).where(ImportRun.touched_at > moment).with_for_update(skip_locked=True)
    return session.scalars(locked.execution_options(populate_existing=True)).all()


def untouched(session: Session, status: str, since: datetime) -> Sequence[ImportRun]:
    """Imports that stand like this and were not touched since a moment, but those that somebody holds."""
    statement = select(ImportRun).where(ImportRun.status == status, ImportRun.touched_at <= since)
    locked = statement.order_by(ImportRun.number).with_for_update(skip_locked=True)
    return session.scalars(locked.execution_options(populate_existing=True)).all()


def same_file(session: Session, run: ImportRun) -> Sequence[Any]:
    """Other active imports of the same content in the organisation: id, who started them and when, the newest first."""
    statement = select(ImportRun.id, ImportRun.started_by, ImportRun.created_at).where(
        ImportRun.file_hash == run.file_hash,
        ImportRun.kind == run.kind,
        ImportRun.status == ImportStatus.ACTIVE,
        ImportRun.number != run.number,
        ImportRun.root_id.is_not_distinct_from(run.root_id),
    )
    return session.execute(statement.order_by(ImportRun.number.desc())).all()


def add_things(session: Session, number: int, thing: str, ids: Iterable[str]) -> None:
    rows = [{"number": number, "thing": thing, "thing_id": one} for one in ids]
    if rows:
        session.execute(insert(ImportedThing), rows)


def things(session: Session, number: int) -> dict[str, list[str]]:
    """Ids of what an import made, by table, in the order of their making."""
    statement = select(ImportedThing.thing, ImportedThing.thing_id).where(ImportedThing.number == number)
    found: dict[str, list[str]] = {}
    for row in session.execute(statement.order_by(ImportedThing.thing_id)):
        found.setdefault(row.thing, []).append(row.thing_id)
    return found
