"""The life of an import, whatever it brings: read, looked at, activated or discarded, perhaps undone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.rules.codes import ImportKind, ImportStatus, Role
from app.rules.errors import Conflict, Forbidden, NotFound, RuleBroken
from app.schemas.text import holds_control_characters, holds_identity_code
from app.services import holding, trail
from app.services.acting import ROLES, Act, Actor, Permission
from app.storage import imports, keyset, units
from app.storage.models import ImportRun

KEPT_REFUSED = 20_000
"""Refused rows kept to be given back, of one import: a file with more is wrong as a whole."""
MASKED = "***"
LONGEST_CELL = 1000
LONGEST_NAME = 200
PERMISSIONS = dict.fromkeys(ImportKind, Permission.CONTRACTS) | {ImportKind.POSITIONS: Permission.POSITIONS}
"""What a kind of import writes, and so who may."""


class NewFile(NamedTuple):
    """A file as it came: its name, the SHA-256 of its content in hexadecimal, its size."""

    name: str
    hash: str
    bytes: int


class Refusal(NamedTuple):
    """A row that cannot be taken: a code with a sentence, its field and values, and its cells as they stood."""

    line: int
    reason: str
    cells: Sequence[str]
    field: str | None = None
    values: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class ImportPage:
    items: Sequence[Any]
    found: keyset.Slice


def start(session: Session, kind: ImportKind, file: NewFile, root_id: str | None, act: Act) -> ImportRun:
    """A new import, being read. Raises Forbidden where the actor may write nothing of the kind in the organisation."""
    _check_root(session, kind, root_id, act.actor)
    name = file.name[-LONGEST_NAME:]
    if holds_identity_code(name) or holds_control_characters(name):
        raise RuleBroken("identity_code" if holds_identity_code(name) else "control_characters", "file")
    run = ImportRun(
        kind=kind,
        status=ImportStatus.READING,
        root_id=root_id,
        file_name=name,
        file_hash=file.hash,
        file_bytes=file.bytes,
        read_bytes=0,
        rows=0,
        counts={},
        actor_id=act.actor.id,
        started_by=act.actor.name,
        created_at=act.now,
        touched_at=act.now,
    )
    session.add(run)
    _record(session, "created", run, act)
    return run


def ready(
    session: Session,
    run: ImportRun,
    act: Act,
    *,
    rows: int,
    counts: Mapping[str, int],
    content: dict[str, Any] | None = None,
) -> None:
    """The file is read: a person may look at what it would bring."""
    expect(run, ImportStatus.READING)
    run.status, run.rows, run.counts, run.content = ImportStatus.READY, rows, dict(counts), content
    run.read_bytes, run.touched_at = run.file_bytes, act.now
    _record(session, "read", run, act)


def find(session: Session, import_id: str, act: Act, *, lock: bool = False) -> ImportRun:
    """Raises NotFound where there is none that the actor may see: their own, and those of an organisation in which
    they may write the same kind throughout."""
    row = imports.find(session, import_id, lock=lock)
    if row is None or not sees(row.ImportRun, row.path, act.actor):
        raise NotFound("not_found")
    run: ImportRun = row.ImportRun
    return run


def find_to_settle(session: Session, import_id: str, act: Act, expected_version: int | None = None) -> ImportRun:
    """The same for deciding on it: nobody else does meanwhile. Raises Forbidden where the actor may no longer write
    the kind in its organisation, Stale where they expect another version."""
    run = find(session, import_id, act, lock=True)
    if not may_settle(run, act.actor):
        raise Forbidden("forbidden")
    holding.check_version(run, expected_version)
    return run


def may_settle(run: Any, actor: Actor) -> bool:
    """Whether the actor still writes the import's kind somewhere in its organisation."""
    wanted = {*ROLES[PERMISSIONS[ImportKind(run.kind)]], Role.ADMIN}
    return actor.everywhere or any(
        grant.role in wanted and units.ids_on_path(grant.path)[0] == run.root_id for grant in actor.grants
    )


def sees(run: Any, root_path: str | None, actor: Actor) -> bool:
    """Whether the actor may look at the import: `run` is its row, or one of its list."""
    if actor.everywhere or run.actor_id == actor.id:
        return True
    return root_path is not None and actor.has_role(ROLES[PERMISSIONS[ImportKind(run.kind)]], root_path)


def list_imports(session: Session, page: keyset.Page, act: Act) -> ImportPage:
    """A page of the imports, the newest first; those the actor may not see are left out of it."""
    root_ids = None if act.actor.everywhere else organisations(session, act.actor)
    found = imports.page_of(session, root_ids, act.actor.id, imports.NEWEST_FIRST, page)
    return ImportPage([row for row in found.rows if sees(row, row.path, act.actor)], found)


def ids_of(session: Session, numbers: Iterable[int], actor: Actor) -> dict[int, str]:
    """By number the ids of those of the imports that the actor sees."""
    rows = imports.of_numbers(session, sorted(set(numbers)))
    return {row.number: row.id for row in rows if sees(row, row.path, actor)}


def organisations(session: Session, actor: Actor) -> list[str]:
    """Ids of the organisations in which the actor has a role."""
    if actor.everywhere:
        return units.roots(session)
    return sorted({units.ids_on_path(grant.path)[0] for grant in actor.grants})


def written_throughout(session: Session, permission: Permission, actor: Actor) -> list[str] | None:
    """Ids of the organisations in all of which the actor has the permission; None for all there are."""
    if actor.everywhere:
        return None
    return [one for one in organisations(session, actor) if actor.has_role(ROLES[permission], f"/{one}/")]


def expect(run: ImportRun, *statuses: ImportStatus) -> None:
    """Raises Conflict where the import has gone on meanwhile."""
    if run.status not in statuses:
        raise Conflict("import_status")


def settle(
    session: Session, run: ImportRun, status: ImportStatus, act: Act, counts: Mapping[str, int] | None = None
) -> None:
    """The import is active, discarded or has failed; what waited to be confirmed is forgotten."""
    run.status, run.settled_at, run.touched_at, run.content = status, act.now, act.now, None
    if counts is not None:
        run.counts = dict(counts)
    _record(session, status.value, run, act)


def fail(session: Session, run: ImportRun, code: str, values: Mapping[str, object], act: Act) -> None:
    """The file could not be read, or its reader died."""
    run.error = {"code": code, "values": dict(values)}
    settle(session, run, ImportStatus.FAILED, act)


def mark_undone(session: Session, run: ImportRun, reason: str, act: Act) -> None:
    """What the import brought is taken back. Raises Conflict unless it is active."""
    expect(run, ImportStatus.ACTIVE)
    run.status, run.undone_at, run.undone_by, run.undo_reason = ImportStatus.UNDONE, act.now, act.actor.name, reason
    _record(session, ImportStatus.UNDONE.value, run, act)


def refuse(session: Session, run: ImportRun, rows: Iterable[Refusal]) -> None:
    """Keeps refused rows so that they can be given back, cells with an identity code masked."""
    kept = [
        {
            "number": run.number,
            "line": row.line,
            "reason": row.reason,
            "field": row.field,
            "values": None if row.values is None else {name: _plain(value) for name, value in row.values.items()},
            "cells": [masked(cell) for cell in row.cells],
        }
        for row in rows
    ]
    room = KEPT_REFUSED - imports.refused_count(session, run.number) if kept else 0
    imports.add_refused(session, kept[: max(room, 0)])


def masked(cell: str) -> str:
    """A cell as it may be kept and given back."""
    plain = "".join(" " if holds_control_characters(sign) else sign for sign in cell[:LONGEST_CELL])
    return MASKED if holds_identity_code(plain) else plain


def made(session: Session, run: ImportRun, thing: str, ids: Iterable[str]) -> None:
    """Remembers what the import made, by table and id."""
    imports.add_things(session, run.number, thing, ids)


def things_of(session: Session, run: ImportRun) -> dict[str, list[str]]:
    return imports.things(session, run.number)


def _check_root(session: Session, kind: ImportKind, root_id: str | None, actor: Actor) -> None:
    if actor.everywhere:
        return
    if root_id is None or root_id not in organisations(session, actor):
        raise RuleBroken("import_unit_required", "unit_id")
    if not actor.has_role(ROLES[PERMISSIONS[kind]], *(grant.path for grant in actor.grants)):
        raise Forbidden("forbidden")


def _record(session: Session, action: str, run: ImportRun, act: Act) -> None:
    """A link of the trail with what the import says of itself: never its rows."""
    session.flush()
    kept = {"kind": run.kind, "file_hash": run.file_hash, "status": run.status, "rows": run.rows, "counts": run.counts}
    reason = {} if run.undo_reason is None else {"reason": run.undo_reason}
    trail.record(session, act, action, run.__tablename__, run.id, kept | reason)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | None) else str(value)
