"""The common door of files, from a page or over the API: whether they may come is asked before they are read."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import NamedTuple

from sqlalchemy.orm import Session
from starlette.requests import Request

from app.http.problems import Unavailable
from app.http.state import Readers, readers_of, state_of
from app.http.uploads import Upload, clear_left_over, largest
from app.rules.codes import ImportKind
from app.services import imports, repetition
from app.services.acting import Act
from app.services.import_runs import NewFile
from app.services.repetition import Answer
from app.storage.models import Unit


class Brought(NamedTuple):
    """The import of a file; `before` where it came before under the same Idempotency-Key."""

    import_id: str
    before: bool = False


def bring_in(
    request: Request,
    kind: ImportKind,
    unit_id: str | None,
    name: str,
    pieces: Iterator[bytes],
    act: Act,
    key: str | None = None,
) -> Brought:
    """Takes a file and has it read: a ledger beside the request, anything else before it ends. The same file of the
    same unit with the same Idempotency-Key is not read again. Raises what services.imports.start raises, mostly before
    a byte is read; Unavailable, BodyTooLarge, and RuleBroken where the file is empty, comes only in part, or is another
    one than the key came with: then nothing of it is left.
    """
    state, readers = state_of(request), readers_of(request)
    with state.database.reading() as session:
        unit = imports.unit_of(session, kind, unit_id, act)
        if key is None or not repetition.was_used(session, act, key):
            imports.expect_room(session, kind, unit.root_id, act)
    with _held(readers, kind, name) as (upload, release):
        upload.write(pieces, largest(kind))
        with state.database.writing() as session:
            found = _started(session, kind, upload.file, unit, act, key)
    if found.before:
        release()
    else:
        readers.read(kind, found.import_id, upload.path, act.actor, unit.id, release)
    return found


@contextmanager
def _held(readers: Readers, kind: ImportKind, name: str) -> Iterator[tuple[Upload, Callable[[], None]]]:
    """Room for a file and someone to read it, with what gives both back; given back by itself only where what is done
    within breaks off. Raises Unavailable."""
    if not readers.hold(kind):
        raise Unavailable("imports_busy")
    clear_left_over()
    upload = Upload(name)

    def release() -> None:
        upload.close()
        readers.give_back(kind)

    try:
        yield upload, release
    except BaseException:
        release()
        raise


def _started(session: Session, kind: ImportKind, file: NewFile, unit: Unit, act: Act, key: str | None) -> Brought:
    """A new import, or the one that the key came with; of two requests at once the second waits for the first."""
    if key is None:
        return Brought(imports.start(session, kind, file, unit.root_id, act).id)
    asked = hashlib.sha256(f"POST imports {kind} {unit.id} {file.hash}".encode()).hexdigest()
    claim = repetition.claim(session, act, key, asked)
    if isinstance(claim, Answer):
        return Brought(claim.body, before=True)
    run = imports.start(session, kind, file, unit.root_id, act)
    session.flush()
    repetition.remember(session, claim, Answer(HTTPStatus.ACCEPTED, {}, run.id))
    return Brought(run.id)
