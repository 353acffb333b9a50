"""The common door of files, from a page or over the API: whether they may come is asked before they are read."""

from collections.abc import Iterator

from starlette.requests import Request

from app.http.problems import Unavailable
from app.http.state import readers_of, state_of
from app.http.uploads import Upload, clear_left_over, largest
from app.rules.codes import ImportKind
from app.services import imports
from app.services.acting import Act


def bring_in(
    request: Request, kind: ImportKind, unit_id: str | None, name: str, pieces: Iterator[bytes], act: Act
) -> str:
    """Takes a file and has it read: a ledger beside the request, anything else before it ends. Gives the id of its
    import. Raises what services.imports.start raises, mostly before a byte is read; Unavailable, BodyTooLarge, and
    RuleBroken where the file is empty or comes only in part: then nothing of it is left.
    """
    state, readers = state_of(request), readers_of(request)
    with state.database.reading() as session:
        unit = imports.unit_of(session, kind, unit_id, act)
        imports.expect_room(session, kind, unit.root_id, act)
    if not readers.hold(kind):
        raise Unavailable("imports_busy")
    clear_left_over()
    upload = Upload(name)

    def done() -> None:
        upload.close()
        readers.give_back(kind)

    try:
        upload.write(pieces, largest(kind))
        with state.database.writing() as session:
            run = imports.start(session, kind, upload.file, unit.root_id, act)
            import_id = run.id
    except BaseException:
        done()
        raise
    readers.read(kind, import_id, upload.path, act.actor, unit.id, done)
    return import_id
