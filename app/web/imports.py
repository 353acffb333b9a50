"""Imports on pages: a file brought in, watched while it is read, looked at, activated or discarded, undone."""

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.http.bringing_in import bring_in
from app.http.problems import BodyTooLarge, Unavailable
from app.http.reading import Pages, PathKey, next_cursor
from app.language.catalogues import msgid, translated
from app.language.errors import error_sentence
from app.language.formats import capitalised
from app.language.import_words import MEANT, kind_word
from app.rules.codes import ImportKind, ImportStatus
from app.rules.errors import Conflict, Forbidden, NotFound, RuleBroken
from app.schemas.imports import UndoCommand
from app.services import held_rows, import_runs, imports
from app.services.acting import Permission, may_somewhere
from app.services.imports import Preview
from app.services.ledger_reckoning import NOTHING
from app.storage.imports import NEWEST_FIRST
from app.web import pages
from app.web.contract_forms import PART, renewed
from app.web.file_forms import FileForm
from app.web.forms import CSRF, VERSION, Form, FormView, FormWrong
from app.web.import_pages import ImportShown, shown, stands
from app.web.visiting import Asks, FileSent, Look, SendFile, Submission, Submit, Visit

router = APIRouter(include_in_schema=False)
DONE = {
    "activated": msgid("Everything that was to come from the file came in."),
    "discarded": msgid("The file was discarded. Nothing of it came in."),
    "undone": msgid("The import was undone."),
}
TEMPLATES = {
    ImportKind.CONTRACTS: "/imports/templates/contracts.xlsx",
    ImportKind.POSITIONS: "/imports/templates/positions.xlsx",
}
NO_CONTENT = 204
DOOR = BoundedSemaphore(12)
"""Forms that are being read at once: each takes one of the forty threads of requests, and may come slowly."""


@router.get("/imports")
def list_imports(visit: Look, paging: Pages) -> Response:
    """The newest first; for whoever may bring something in."""
    _check(visit)
    name, _, page = paging.sorted_by({"created_at": NEWEST_FIRST}, "created_at")
    listed = import_runs.list_imports(visit.session, page, visit.act)
    officer = may_somewhere(visit.act.actor, Permission.CONTRACTS)
    return visit.page(
        "imports/list.html",
        rows=[(row, capitalised(kind_word(row.kind, visit.language)), stands(visit, row)) for row in listed.items],
        waiting=held_rows.count_held(visit.session, visit.act) if officer else 0,
        officer=officer,
        next=next_cursor(name, listed.found),
        is_first_page=paging.cursor is None,
        timezone=visit.state.settings.timezone,
    )


@router.get("/imports/new")
def new(visit: Look, kind: str = "") -> Response:
    _check(visit)
    kinds = imports.kinds_for(visit.act.actor)
    return _new_page(visit, FormView.of({"kind": kind if kind in kinds else kinds[0]}))


@router.post("/imports/new")
def send(visit: SendFile) -> Response:
    """The file is read in pieces, and only once it is known who sends it, from our page, and for what."""
    _check(visit)
    if not DOOR.acquire(blocking=False):
        raise Unavailable("imports_busy")
    try:
        return _taken(visit)
    finally:
        DOOR.release()


def _taken(visit: FileSent) -> Response:
    sent = FileForm(visit.request)
    fields = sent.fields()
    visit.check_token(fields.get(CSRF, ""))
    form = Form(fields.items(), visit.language)
    try:
        return RedirectResponse(f"/imports/{_brought_in(visit, form, sent)}", 303)
    except (RuleBroken, Conflict, Forbidden) as error:
        view = form.view(error)
    except Unavailable as error:
        view = _told(form, error.code, {}, 503)
    except BodyTooLarge as error:
        view = _told(form, "body_too_large", {"limit_bytes": error.limit_bytes}, 413)
    sent.rest()
    answer = _new_page(visit, view)
    answer.status_code = view.status
    return answer


def _brought_in(visit: Visit, form: Form, sent: FileForm) -> str:
    """The import's id."""
    if form.text("kind") not in set(ImportKind):
        raise RuleBroken("not_chosen", "kind")
    if not sent.file_name:
        raise RuleBroken("file_missing", "file")
    unit_id = form.text("unit_id") or None
    kind = ImportKind(form.text("kind"))
    return bring_in(visit.request, kind, unit_id, sent.file_name, sent.file(), visit.act).import_id


def _told(form: Form, code: str, values: dict[str, object], status: int) -> FormView:
    """The form with what is wrong with the file, which no schema says."""
    kept = {name: form.text(name) for name in ("kind", "unit_id")}
    return FormView(kept, {"file": error_sentence(code, values, form.language)}, (), status, code)


def _new_page(visit: Visit, view: FormView) -> Response:
    kinds = imports.kinds_for(visit.act.actor)
    options = [
        (kind.value, capitalised(kind_word(kind, visit.language)), translated(MEANT[kind], visit.language))
        for kind in kinds
    ]
    units = {one.unit.id: one for kind in kinds for one in imports.units_for(visit.session, kind, visit.act.actor)}
    indented = [(one.unit.id, "\N{NO-BREAK SPACE}" * 3 * one.depth + one.unit.name) for one in units.values()]
    templates = [
        (address, capitalised(kind_word(kind, visit.language))) for kind, address in TEMPLATES.items() if kind in kinds
    ]
    return visit.page("imports/new.html", view=view, options=options, units=indented, templates=templates)


@router.get("/imports/{import_id}")
def show(import_id: PathKey, visit: Look, done: str = "") -> Response:
    """How it stands: while it is read how far it is, then what it would bring, and what it brought."""
    found = imports.preview(visit.session, import_id, visit.act)
    if PART in visit.request.headers:
        return _progress(visit, found)
    return _page(visit, found, FormView.of({VERSION: found.run.version}), done)


def _progress(visit: Visit, found: Preview) -> Response:
    """For the script that watches: a piece of the page, or nothing any more to watch."""
    one = shown(visit, found)
    if not one.is_being_read:
        return Response(status_code=NO_CONTENT)
    return pages.piece("imports/progress.html", visit.language, one=one)


def _page(visit: Visit, found: Preview, view: FormView, done: str = "") -> Response:
    settled = done if found.run.status == {"activated": "active"}.get(done, done) else ""
    return visit.page(
        "imports/page.html",
        one=shown(visit, found),
        run=found.run,
        view=renewed(view, found.run.version, visit.language),
        done=translated(DONE[settled], visit.language) if settled in DONE else "",
        may_settle=import_runs.may_settle(found.run, visit.act.actor),
        kept_days=imports.REFUSED_FOR.days,
        timezone=visit.state.settings.timezone,
    )


@router.post("/imports/{import_id}/activation")
def activate(import_id: PathKey, asked: Asks) -> Response:
    ahead = imports.reckoned(asked.state.database, import_id, ImportStatus.READY, asked.act)
    with asked.afterwards() as submission:

        def write() -> str:
            version = submission.form.expected_version
            imports.activate(submission.session, import_id, submission.act, version, ahead)
            return f"/imports/{import_id}?done=activated"

        return _settled(submission, import_id, write)


@router.post("/imports/{import_id}/discard")
def discard(import_id: PathKey, submission: Submit) -> Response:
    """Of an import that is being read too, whatever version it has reached."""

    def write() -> str:
        imports.discard(submission.session, import_id, submission.act)
        return f"/imports/{import_id}?done=discarded"

    return _settled(submission, import_id, write)


def _settled(submission: Submission, import_id: str, write: Callable[[], str]) -> Response:
    def again(view: FormView) -> Response:
        return _page(submission, imports.preview(submission.session, import_id, submission.act), view)

    return submission.save(write, again)


@router.get("/imports/{import_id}/undo")
def ask_undo(import_id: PathKey, visit: Look) -> Response:
    found = imports.preview(visit.session, import_id, visit.act)
    return _undo_page(visit, found, FormView.of({VERSION: found.run.version}))


@router.post("/imports/{import_id}/undo")
def undo(import_id: PathKey, asked: Asks) -> Response:
    try:
        asked.form.command(UndoCommand)
    except FormWrong:  # told below; nothing is undone by it that would have to be reckoned
        ahead = NOTHING
    else:
        ahead = imports.reckoned(asked.state.database, import_id, ImportStatus.ACTIVE, asked.act)
    with asked.afterwards() as submission:

        def write() -> str:
            reason, version = submission.form.command(UndoCommand).reason, submission.form.expected_version
            imports.undo(submission.session, import_id, reason, submission.act, version, ahead)
            return f"/imports/{import_id}?done=undone"

        def again(view: FormView) -> Response:
            return _undo_page(submission, imports.preview(submission.session, import_id, submission.act), view)

        return submission.save(write, again)


def _undo_page(visit: Visit, found: Preview, view: FormView) -> Response:
    if not import_runs.may_settle(found.run, visit.act.actor):
        raise Forbidden("forbidden")
    if found.run.status != ImportStatus.ACTIVE and not (view.errors or view.general):
        raise NotFound("not_found")
    view = renewed(view, found.run.version, visit.language)
    one: ImportShown = shown(visit, found)
    variables: dict[str, Any] = {"one": one, "run": found.run, "view": view}
    return visit.page("imports/undo.html", **variables)


def _check(visit: Visit) -> None:
    if not visit.may_import:
        raise Forbidden("forbidden")
