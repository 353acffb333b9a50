"""/imports: files brought in, looked at, activated or discarded, undone; and the rows that came back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.http.bringing_in import bring_in
from app.http.opening import opened_by_route
from app.http.problems import language_of
from app.http.reading import Credentials, Pages, PathKey, Read, act_of, answer, etag, known, next_cursor
from app.http.state import State, state_of
from app.http.uploads import body_pieces
from app.http.writing import REPLAYED, Write
from app.language.import_words import refusal_sentence, trouble_sentence
from app.rules.codes import ImportKind, ImportStatus
from app.schemas.fields import Key, cents_to_money
from app.schemas.imports import (
    ImportItem,
    ImportList,
    ImportRead,
    ImportTrouble,
    RefusedRowList,
    RefusedRowRead,
    UndoCommand,
)
from app.services import import_runs, imports
from app.services.acting import Act
from app.services.imports import Preview
from app.services.ledger_reckoning import Ahead
from app.storage.imports import BY_LINE, NEWEST_FIRST
from app.storage.models import ImportRun

router = APIRouter(prefix="/imports", tags=["imports"])
PLAIN = tuple(name for name in ImportItem.model_fields if name not in {"interrupted", "error"})
OF_CONTRACT = ("contract_id", "reference", "corrected", "required_before", "required_after")
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that brings a file, of which nothing is read yet."""

    request: Request
    act: Act
    language: str
    state: State


def arriving(request: Request, credentials: Credentials) -> Iterator[Arrival]:
    """Who it is comes first; no connection to the database is held while the file comes."""
    state = state_of(request)
    with state.database.reading() as session:
        act = act_of(request, session, credentials)
    yield Arrival(request, act, language_of(request), state)


Arrive = Annotated[Arrival, Depends(opened_by_route(arriving), scope="function")]
ANY_FILE = {
    "requestBody": {
        "required": True,
        "description": "The file as it is.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def _columns(row: Any, act: Act, language: str) -> dict[str, Any]:
    error = None
    if row.error is not None:
        text = trouble_sentence(row.error["code"], row.error["values"], language)
        error = ImportTrouble(code=row.error["code"], text=text)
    values = {name: getattr(row, name) for name in PLAIN}
    return values | {"error": error, "interrupted": imports.is_interrupted(row, act.now)}


def read_model(found: Preview, act: Act, language: str) -> ImportRead:
    """An import as the API gives it."""
    contracts = [
        {name: getattr(row, name) for name in OF_CONTRACT}
        | {"supplier": row.supplier_name, "purchases": row.rows, "amount_eur": cents_to_money(row.cents)}
        for row in found.contracts
    ]
    more = {"waiting": found.held, "refused_kept": found.refused, "same_file": [one.id for one in found.same_file]}
    return ImportRead.model_validate(_columns(found.run, act, language) | {"contracts": contracts} | more)


@router.get("", response_model=ImportList, summary="Imports that you may see")
def list_imports(read: Read, paging: Pages) -> Response:
    """Your own, and those of organisations in which you may write the same throughout; the newest first."""
    name, _, page = paging.sorted_by({"created_at": NEWEST_FIRST}, "created_at")
    listed = import_runs.list_imports(read.session, page, read.act)
    items = [ImportItem.model_validate(_columns(row, read.act, read.language)) for row in listed.items]
    return answer(ImportList(items=items, next_cursor=next_cursor(name, listed.found)))


@router.post("", status_code=202, response_model=ImportRead, summary="Bring in a file", openapi_extra=ANY_FILE)
def start_import(
    arrival: Arrive,
    kind: Annotated[ImportKind, Query(description="What the file brings.")],
    unit_id: Annotated[
        Key | None, Query(description="The unit whose file it is; needed where you write in several.")
    ] = None,
    file_name: Annotated[
        str, Query(min_length=1, max_length=LONGEST_NAME, description="Name to know the file by.")
    ] = "file",
    idempotency_key: Annotated[
        str | None,
        Header(max_length=200, description="The same key and file again answer with the first import as it stands."),
    ] = None,
) -> Response:
    """The body is the file itself. A ledger is read after the answer: ask at `Location` until its status is no longer
    `reading`. Nothing counts before the import is activated. 503 where too many files are being read: try again after
    `Retry-After` seconds."""
    pieces = body_pieces(arrival.request)
    brought = bring_in(arrival.request, kind, unit_id, file_name, pieces, arrival.act, idempotency_key)
    with arrival.state.database.reading() as session:
        found = imports.preview(session, brought.import_id, arrival.act)
        body = read_model(found, arrival.act, arrival.language)
    headers = {"Location": f"/api/v1/imports/{brought.import_id}", "ETag": etag(found.run.version)}
    if brought.before:
        headers[REPLAYED] = "true"
    return Response(body.model_dump_json(), 202, headers, media_type="application/json")


@router.get("/{import_id}", response_model=ImportRead, summary="One import with what it would bring, or brought")
def read_import(import_id: PathKey, read: Read) -> Response:
    found = imports.preview(read.session, import_id, read.act)
    return answer(read_model(found, read.act, read.language), found.run.version)


def _reckoning(status: ImportStatus) -> Any:
    """A dependency that stands before the one that writes: by then its transaction must not be open."""

    def reckoning(request: Request, import_id: PathKey, credentials: Credentials) -> Iterator[Ahead]:
        yield imports.reckoned(state_of(request).database, import_id, status, known(request, credentials))

    return Depends(opened_by_route(reckoning, known), scope="function")


ActivationAhead = Annotated[Ahead, _reckoning(ImportStatus.READY)]
UndoAhead = Annotated[Ahead, _reckoning(ImportStatus.ACTIVE)]


@router.post("/{import_id}/activation", response_model=ImportRead, summary="Let an import count")
def activate_import(import_id: PathKey, ahead: ActivationAhead, write: Write) -> Response:
    """All of it or nothing. The obligations concerned are judged anew at once."""
    return _settled(write, import_id, partial(imports.activate, ahead=ahead))


@router.post("/{import_id}/discard", response_model=ImportRead, summary="Drop an import that does not count yet")
def discard_import(import_id: PathKey, write: Write) -> Response:
    """Nothing of the file comes in; reading it is stopped."""
    return _settled(write, import_id, imports.discard)


@router.post("/{import_id}/undo", response_model=ImportRead, summary="Take back what an import brought")
def undo_import(import_id: PathKey, command: UndoCommand, ahead: UndoAhead, write: Write) -> Response:
    """What it brought counts no more, and what it corrected counts again."""

    def undo(session: Session, wanted: str, act: Act, expected: int | None) -> ImportRun:
        return imports.undo(session, wanted, command.reason, act, expected, ahead)

    return _settled(write, import_id, undo)


def _settled(write: Write, import_id: str, settle: Callable[[Session, str, Act, int | None], ImportRun]) -> Response:
    settle(write.session, import_id, write.act, write.expected_version)
    write.session.flush()
    found = imports.preview(write.session, import_id, write.act)
    return write.answer(read_model(found, write.act, write.language), found.run.version)


@router.get("/{import_id}/refused", response_model=RefusedRowList, summary="Rows of an import that were refused")
def list_refused(import_id: PathKey, read: Read, paging: Pages) -> Response:
    """By line."""
    name, _, page = paging.sorted_by({"line": BY_LINE}, "line")
    found = imports.refused_page(read.session, import_id, page, read.act)
    items = [
        RefusedRowRead(
            line=row.line,
            field=row.field,
            code=row.reason,
            text=refusal_sentence(row.reason, row.values or {}, read.language),
            cells=row.cells,
        )
        for row in found.rows
    ]
    return answer(RefusedRowList(items=items, next_cursor=next_cursor(name, found)))
