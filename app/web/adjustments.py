"""Decisions on the number of positions by form: recorded, and voided where they were entered wrongly."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.schemas.adjustments import AdjustmentCreate
from app.schemas.positions import VoidCommand
from app.services import adjustments
from app.services.acting import Permission
from app.web.contract_forms import Follows, answered, as_form, beside, foretold, renewed, told
from app.web.forms import VERSION, Form, FormView
from app.web.notices import address
from app.web.visiting import Asks, Look, Submit, Visit

router = APIRouter(include_in_schema=False)


@router.get("/contracts/{contract_id}/adjustments/new")
def new(contract_id: PathKey, visit: Look) -> Response:
    return _new_page(visit, contract_id, FormView.of({"effective_on": visit.act.today}), Follows())


@router.post("/contracts/{contract_id}/adjustments/preview")
def preview(contract_id: PathKey, asked: Asks) -> Response:
    def ask() -> Follows:
        command = _command(asked.form)
        return told(adjustments.preview_adjustment(asked.session, contract_id, command, asked.act), asked.language)

    follows = foretold(asked.form, ask)
    return answered(asked, follows, lambda view, told: _new_page(asked, contract_id, view, told))


@router.post("/contracts/{contract_id}/adjustments/new")
def record(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command = _command(submission.form)
        adjustments.record_adjustment(submission.session, contract_id, command, submission.act)
        return address(contract_id, "adjusted")

    return submission.save(write, lambda view: _new_page(submission, contract_id, view, Follows()))


@router.get("/adjustments/{adjustment_id}/void")
def ask_void(adjustment_id: PathKey, visit: Look) -> Response:
    version = adjustments.read_adjustment(visit.session, adjustment_id, visit.act).version
    return _void_page(visit, adjustment_id, FormView.of({VERSION: version}))


@router.post("/adjustments/{adjustment_id}/void")
def void(adjustment_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        reason, version = submission.form.command(VoidCommand).reason, submission.form.expected_version
        voided = adjustments.void_adjustment(submission.session, adjustment_id, reason, submission.act, version)
        return address(voided.contract_id, "adjustment_voided")

    return submission.save(write, lambda view: _void_page(submission, adjustment_id, view))


def _command(form: Form) -> AdjustmentCreate:
    """People write a minus in more than one way; a plus is welcome too."""
    typed = form.text("delta").replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-").replace(" ", "")
    digits = typed.removeprefix("-").removeprefix("+")
    whole = digits.isascii() and digits.isdigit() and len(digits) < 10
    fixed: dict[str, Any] = {"delta": int(typed)} if whole else {}
    return form.command(AdjustmentCreate, **fixed)


def _new_page(visit: Visit, contract_id: str, view: FormView, follows: Follows) -> Response:
    shown = beside(visit, contract_id, Permission.CONTRACTS)
    return visit.page("adjustments/new.html", view=view, follows=follows, **shown)


def _void_page(visit: Visit, adjustment_id: str, view: FormView) -> Response:
    adjustment = adjustments.read_adjustment(visit.session, adjustment_id, visit.act)
    shown = beside(visit, adjustment.contract_id, Permission.CONTRACTS)

    def ask() -> Follows:
        return told(adjustments.preview_void(visit.session, adjustment_id, visit.act), visit.language)

    follows = foretold(as_form(view, visit.language), ask)
    view = renewed(view, adjustment.version, visit.language)
    return visit.page("adjustments/void.html", view=view, follows=follows, adjustment=adjustment, **shown)
