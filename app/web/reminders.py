"""What someone asks of a contract's reminders by form: acknowledged, or muted for a while."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.schemas.obligations import SnoozeCommand
from app.services import obligations
from app.services.acting import Permission
from app.web.contract_forms import beside
from app.web.forms import FormView
from app.web.notices import address
from app.web.visiting import Look, Submit, Visit

router = APIRouter(prefix="/contracts/{contract_id}/reminders", include_in_schema=False)
A_FORTNIGHT = timedelta(days=14)
"""Proposed, where the last day to start is not nearer."""


@router.get("")
def show(contract_id: PathKey, visit: Look) -> Response:
    return _page(visit, contract_id, None)


@router.post("/acknowledgement")
def acknowledge(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        obligations.acknowledge(submission.session, contract_id, submission.act)
        return address(contract_id, "acknowledged")

    return submission.save(write, lambda view: _page(submission, contract_id, view))


@router.post("/snooze")
def snooze(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        until = submission.form.command(SnoozeCommand).until
        obligations.snooze(submission.session, contract_id, until, submission.act)
        return address(contract_id, "snoozed")

    return submission.save(write, lambda view: _page(submission, contract_id, view))


def _page(visit: Visit, contract_id: str, view: FormView | None) -> Response:
    shown = beside(visit, contract_id, Permission.REMINDERS)
    found = obligations.show_to_owner(visit.session, contract_id, visit.act)
    if view is None:
        latest = found.latest_snooze
        proposed = None if latest is None else min(latest, visit.act.today + A_FORTNIGHT)
        view = FormView.of({"until": proposed})
    earliest = visit.act.today + timedelta(days=1)
    return visit.page("reminders/page.html", view=view, found=found, earliest=earliest, **shown)
