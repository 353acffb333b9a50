"""Closing an obligation by form, and taking a closing back that was entered wrongly."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.schemas.closures import ClosureCreate
from app.schemas.positions import VoidCommand
from app.services import closures
from app.services.acting import Permission
from app.web.contract_forms import Follows, answered, as_form, beside, foretold, renewed, told
from app.web.forms import VERSION, Form, FormView
from app.web.notices import address
from app.web.visiting import Asks, Look, Submit, Visit

router = APIRouter(prefix="/contracts/{contract_id}/closure", include_in_schema=False)


@router.get("")
def new(contract_id: PathKey, visit: Look) -> Response:
    version = beside(visit, contract_id, Permission.CONTRACTS)["version"]
    return _new_page(visit, contract_id, FormView.of({"effective_on": visit.act.today, VERSION: version}), Follows())


@router.post("/preview")
def preview(contract_id: PathKey, asked: Asks) -> Response:
    follows = _foretold(asked, contract_id, asked.form)
    return answered(asked, follows, lambda view, told: _new_page(asked, contract_id, view, told))


@router.post("")
def close(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command, version = submission.form.command(ClosureCreate), submission.form.expected_version
        closures.close_obligation(submission.session, contract_id, command, submission.act, version)
        return address(contract_id, "closed")

    return submission.save(write, lambda view: _new_page(submission, contract_id, view, Follows()))


@router.get("/void")
def ask_void(contract_id: PathKey, visit: Look) -> Response:
    closure = closures.find_closure(visit.session, contract_id, visit.act)
    view = FormView.of({VERSION: closure.version if closure is not None else None})
    return _void_page(visit, contract_id, view)


@router.post("/void")
def void(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        reason, version = submission.form.command(VoidCommand).reason, submission.form.expected_version
        closures.void_closure(submission.session, contract_id, reason, submission.act, version)
        return address(contract_id, "closure_voided")

    return submission.save(write, lambda view: _void_page(submission, contract_id, view))


def _foretold(visit: Visit, contract_id: str, form: Form) -> Follows:
    def ask() -> Follows:
        command = form.command(ClosureCreate)
        return told(closures.preview_closure(visit.session, contract_id, command, visit.act), visit.language)

    return foretold(form, ask)


def _new_page(visit: Visit, contract_id: str, view: FormView, follows: Follows) -> Response:
    shown = beside(visit, contract_id, Permission.CONTRACTS)
    closed = closures.find_closure(visit.session, contract_id, visit.act)
    view = renewed(view, shown["version"], visit.language)
    return visit.page("closures/new.html", view=view, follows=follows, closed=closed, **shown)


def _void_page(visit: Visit, contract_id: str, view: FormView) -> Response:
    shown = beside(visit, contract_id, Permission.CONTRACTS)
    closure = closures.find_closure(visit.session, contract_id, visit.act)

    def ask() -> Follows:
        return told(closures.preview_void(visit.session, contract_id, visit.act), visit.language)

    follows = foretold(as_form(view, visit.language), ask)
    if closure is not None:
        view = renewed(view, closure.version, visit.language)
    return visit.page("closures/void.html", view=view, follows=follows, closure=closure, **shown)
