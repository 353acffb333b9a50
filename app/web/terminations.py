"""A contract's early end by form: recorded, corrected, taken back."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.schemas.contracts import ContractChange
from app.schemas.terminations import TerminationCreate
from app.services import contracts
from app.services.acting import Permission
from app.services.terminations import preview_termination
from app.web.contract_forms import Follows, answered, as_form, beside, foretold, renewed, told
from app.web.forms import VERSION, Form, FormView
from app.web.notices import address
from app.web.visiting import Asks, Look, Submit, Visit

router = APIRouter(prefix="/contracts/{contract_id}/termination", include_in_schema=False)
TAKE_BACK = "take_back"
"""Field of the button that takes the termination back."""


@router.get("")
def new(contract_id: PathKey, visit: Look) -> Response:
    shown = beside(visit, contract_id, Permission.CONTRACTS)
    contract = shown["contract"]
    days = {"terminated_on": contract.terminated_on, "decided_on": contract.decided_on or visit.act.today}
    view = FormView.of(days | {VERSION: shown["version"]})
    return _page(visit, contract_id, view, _foretold(visit, contract_id, as_form(view, visit.language)))


@router.post("/preview")
def preview(contract_id: PathKey, asked: Asks) -> Response:
    follows = _foretold(asked, contract_id, asked.form)
    return answered(asked, follows, lambda view, told: _page(asked, contract_id, view, told))


@router.post("")
def terminate(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        days: dict[str, Any] = {"terminated_on": None}
        if not submission.form.has(TAKE_BACK):
            days = submission.form.command(TerminationCreate).model_dump()
        command, version = ContractChange(**days), submission.form.expected_version
        contracts.change_contract(submission.session, contract_id, command, submission.act, version)
        return address(contract_id, "terminated")

    return submission.save(write, lambda view: _page(submission, contract_id, view, Follows()))


def _foretold(visit: Visit, contract_id: str, form: Form) -> Follows:
    def ask() -> Follows:
        days = form.command(TerminationCreate)
        ends, decided = days.terminated_on, days.decided_on
        return told(preview_termination(visit.session, contract_id, ends, decided, visit.act), visit.language)

    return foretold(form, ask)


def _page(visit: Visit, contract_id: str, view: FormView, follows: Follows) -> Response:
    shown = beside(visit, contract_id, Permission.CONTRACTS)
    taken_back = preview_termination(visit.session, contract_id, None, None, visit.act)
    view = renewed(view, shown["version"], visit.language)
    return visit.page(
        "terminations/new.html", view=view, follows=follows, back=told(taken_back, visit.language), **shown
    )
