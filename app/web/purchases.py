"""Purchases by form: added, and voided where they were entered wrongly."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.schemas.positions import VoidCommand
from app.schemas.purchases import PurchaseCreate
from app.services import purchases
from app.services.acting import Permission
from app.web.contract_forms import Follows, answered, as_form, beside, foretold, renewed, told
from app.web.forms import VERSION, Form, FormView
from app.web.notices import address
from app.web.visiting import Asks, Look, Submit, Visit

router = APIRouter(include_in_schema=False)


@router.get("/contracts/{contract_id}/purchases/new")
def new(contract_id: PathKey, visit: Look) -> Response:
    return _new_page(visit, contract_id, FormView.of({"on_date": visit.act.today}), Follows())


@router.post("/contracts/{contract_id}/purchases/preview")
def preview(contract_id: PathKey, asked: Asks) -> Response:
    follows = _foretold(asked, contract_id, asked.form)
    return answered(asked, follows, lambda view, told: _new_page(asked, contract_id, view, told))


@router.post("/contracts/{contract_id}/purchases/new")
def add(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command = submission.form.command(PurchaseCreate)
        counted = purchases.record_purchase(submission.session, contract_id, command, submission.act)
        return address(contract_id, "purchase_added", purchase=counted.purchase.id)

    return submission.save(write, lambda view: _new_page(submission, contract_id, view, Follows()))


@router.get("/purchases/{purchase_id}/void")
def ask_void(purchase_id: PathKey, visit: Look) -> Response:
    version = purchases.read_purchase(visit.session, purchase_id, visit.act).purchase.version
    return _void_page(visit, purchase_id, FormView.of({VERSION: version}))


@router.post("/purchases/{purchase_id}/void")
def void(purchase_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        reason, version = submission.form.command(VoidCommand).reason, submission.form.expected_version
        counted = purchases.void_purchase(submission.session, purchase_id, reason, submission.act, version)
        return address(counted.purchase.contract_id, "purchase_voided", purchase=purchase_id)

    return submission.save(write, lambda view: _void_page(submission, purchase_id, view))


def _foretold(visit: Visit, contract_id: str, form: Form) -> Follows:
    def ask() -> Follows:
        command = form.command(PurchaseCreate)
        return told(purchases.preview_purchase(visit.session, contract_id, command, visit.act), visit.language)

    return foretold(form, ask)


def _new_page(visit: Visit, contract_id: str, view: FormView, follows: Follows) -> Response:
    shown = beside(visit, contract_id, Permission.CONTRACTS)
    return visit.page("purchases/new.html", view=view, follows=follows, **shown)


def _void_page(visit: Visit, purchase_id: str, view: FormView) -> Response:
    found = purchases.read_purchase(visit.session, purchase_id, visit.act)
    purchase = found.purchase
    shown = beside(visit, purchase.contract_id, Permission.CONTRACTS)

    def ask() -> Follows:
        return told(purchases.preview_void(visit.session, purchase_id, visit.act), visit.language)

    follows = foretold(as_form(view, visit.language), ask)
    view = renewed(view, purchase.version, visit.language)
    return visit.page("purchases/void.html", view=view, follows=follows, purchase=purchase, **shown)
