"""Handing contracts over by form: one, or many at once."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.http.reading import PathKey
from app.language.labels import label
from app.rules.codes import LANGUAGES
from app.rules.errors import Forbidden
from app.schemas.handovers import HandoverCreate
from app.services import handovers, owners
from app.services.acting import Permission
from app.web.contract_forms import beside, renewed
from app.web.forms import VERSION, FormView
from app.web.notices import address
from app.web.visiting import Look, Submit, Visit

router = APIRouter(include_in_schema=False)
CHOSEN = "contract[]"
Ids = Annotated[list[str] | None, Query(max_length=handovers.MOST_AT_ONCE, alias="contract")]


@router.get("/contracts/{contract_id}/handover")
def new(contract_id: PathKey, visit: Look) -> Response:
    version = beside(visit, contract_id, Permission.REMINDERS)["version"]
    return _page(visit, contract_id, FormView.of({VERSION: version}))


@router.post("/contracts/{contract_id}/handover")
def hand_over(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command, version = submission.form.command(HandoverCreate), submission.form.expected_version
        handovers.hand_over(submission.session, contract_id, command, submission.act, version)
        return address(contract_id, "handed_over")

    return submission.save(write, lambda view: _page(submission, contract_id, view))


@router.get("/handover")
def new_many(visit: Look, chosen: Ids = None) -> Response:
    """The contracts chosen on a list, all ticked at first."""
    ids = list(dict.fromkeys(chosen or []))
    return _many_page(visit, ids, FormView.of({CHOSEN: ids}))


@router.post("/handover")
def hand_over_many(submission: Submit) -> Response:
    """All or none; the address it goes to tells what became of each."""
    listed = [one for one in submission.form.text("listed").split(",") if one][: handovers.MOST_AT_ONCE]

    def write() -> str:
        chosen = [one for one in submission.form.all(CHOSEN) if one]
        command = submission.form.command(HandoverCreate)
        made = handovers.hand_over_many(submission.session, chosen, command, submission.act)
        return "/handover/done?" + urlencode([("contract", one.change.contract_id) for one in made])

    return submission.save(write, lambda view: _many_page(submission, listed, view))


@router.get("/handover/done")
def done(visit: Look, chosen: Ids = None) -> Response:
    found = handovers.list_chosen(visit.session, chosen or [], visit.act)
    return visit.page("handovers/done.html", rows=[one.row for one in found])


def _page(visit: Visit, contract_id: str, view: FormView) -> Response:
    shown = beside(visit, contract_id, Permission.REMINDERS)
    view = renewed(view, shown["version"], visit.language)
    return visit.page("handovers/new.html", view=view, **shown, **_choices(visit))


def _many_page(visit: Visit, ids: Sequence[str], view: FormView) -> Response:
    found = handovers.list_chosen(visit.session, ids, visit.act)
    options = [(one.row.id, _titled(one.row)) for one in found if one.may]
    if found and not options:
        raise Forbidden("forbidden")
    rows = [one.row for one in found]
    return visit.page("handovers/many.html", view=view, rows=rows, options=options, **_choices(visit))


def _titled(row: Any) -> str:
    return f"{row.reference} · {row.procurement_title} · {row.supplier_name} ({row.owner_name})"


def _choices(visit: Visit) -> dict[str, Any]:
    """What the fields of the new owner offer."""
    return {
        "owners": owners.list_owners(visit.session, visit.act),
        "tongues": [(code, label("language", code, visit.language)) for code in LANGUAGES],
    }
