"""A dispute that keeps a contract's jobs, by form: recorded, and over."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.schemas.disputes import DisputeCreate
from app.services import disputes
from app.services.acting import Permission
from app.web.contract_forms import beside, renewed
from app.web.forms import VERSION, FormView
from app.web.notices import address
from app.web.visiting import Look, Submit, Visit

router = APIRouter(prefix="/contracts/{contract_id}/dispute", include_in_schema=False)


@router.get("")
def show(contract_id: PathKey, visit: Look) -> Response:
    dispute = disputes.find_dispute(visit.session, contract_id, visit.act)
    version = beside(visit, contract_id, Permission.CONTRACTS)["version"]
    return _page(visit, contract_id, FormView.of({VERSION: version if dispute is None else dispute.version}))


@router.post("")
def set_dispute(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command, version = submission.form.command(DisputeCreate), submission.form.expected_version
        disputes.set_dispute(submission.session, contract_id, command, submission.act, version)
        return address(contract_id, "disputed")

    return submission.save(write, lambda view: _page(submission, contract_id, view))


@router.post("/lift")
def lift(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        disputes.lift_dispute(submission.session, contract_id, submission.act, submission.form.expected_version)
        return address(contract_id, "dispute_lifted")

    return submission.save(write, lambda view: _page(submission, contract_id, view))


def _page(visit: Visit, contract_id: str, view: FormView) -> Response:
    shown = beside(visit, contract_id, Permission.CONTRACTS)
    dispute = disputes.find_dispute(visit.session, contract_id, visit.act)
    view = renewed(view, shown["version"] if dispute is None else dispute.version, visit.language)
    return visit.page("disputes/page.html", view=view, dispute=dispute, **shown)
