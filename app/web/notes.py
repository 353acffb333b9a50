"""Notes on a contract by form; never about the people employed."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.schemas.notes import NoteCreate
from app.services import notes
from app.services.acting import Permission
from app.web.contract_forms import beside
from app.web.forms import FormView
from app.web.notices import address
from app.web.visiting import Look, Submit, Visit

router = APIRouter(prefix="/contracts/{contract_id}/notes/new", include_in_schema=False)


@router.get("")
def new(contract_id: PathKey, visit: Look) -> Response:
    return _page(visit, contract_id, FormView())


@router.post("")
def write_note(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        notes.write_note(submission.session, contract_id, submission.form.command(NoteCreate), submission.act)
        return address(contract_id, "noted")

    return submission.save(write, lambda view: _page(submission, contract_id, view))


def _page(visit: Visit, contract_id: str, view: FormView) -> Response:
    return visit.page("notes/new.html", view=view, **beside(visit, contract_id, Permission.NOTES))
