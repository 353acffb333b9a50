"""Drafts on pages: those that wait, and the form of a registration filled in from one, beside what its source says."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, next_cursor
from app.language.catalogues import msgid, translated
from app.language.draft_words import facts_told, missing_sentence
from app.rules.codes import DraftStatus
from app.rules.errors import Forbidden
from app.schemas.imported_drafts import ImportedDraft
from app.services import drafts
from app.services.acting import Permission, may_somewhere
from app.services.drafts import DraftFound
from app.storage.drafts import SORTS
from app.web import notices
from app.web.draft_forms import prefilled, without_empty_parties
from app.web.forms import VERSION, FormView
from app.web.registering import REGISTER, commands, filled_in, registration_page
from app.web.visiting import Look, Submit, Visit

router = APIRouter(include_in_schema=False)
DONE = {"left_out": msgid("The draft was left out. Nobody needs to register it.")}
CHANGED = msgid(
    "The source has told more meanwhile. What you typed is kept: compare it with what the source says now, and "
    "register if it still holds."
)


@router.get("/drafts")
def list_drafts(visit: Look, paging: Pages, status: str = "", done: str = "") -> Response:
    """Those that wait, or were left out or registered; the newest first."""
    if not may_somewhere(visit.act.actor, Permission.CONTRACTS):
        raise Forbidden("forbidden")
    shown = DraftStatus(status) if status in set(DraftStatus) else DraftStatus.WAITING
    name, sort, page = paging.sorted_by(SORTS, "-created")
    found = drafts.list_drafts(visit.session, shown, sort, page, visit.act)
    cursor = next_cursor(name, found)
    return visit.page(
        "drafts/list.html",
        shown=shown.value,
        rows=[(row, missing_sentence(_told(row).missing, visit.language), _told(row)) for row in found.rows],
        count=drafts.waiting(visit.session, visit.act),
        next=urlencode({"status": shown.value, "cursor": cursor}) if cursor else None,
        is_first_page=paging.cursor is None,
        done=translated(DONE[done], visit.language) if done in DONE else "",
        timezone=visit.state.settings.timezone,
    )


@router.get("/drafts/{draft_id}")
def show(draft_id: PathKey, visit: Look) -> Response:
    """The form, as long as the draft waits; then what has become of it."""
    found = drafts.read_draft(visit.session, draft_id, visit.act)
    if found.draft.status == DraftStatus.WAITING:
        return _form(visit, found, FormView.of(prefilled(found, visit.language)))
    return visit.page(
        "drafts/decided.html",
        draft=found.draft,
        unit=found.unit,
        timezone=visit.state.settings.timezone,
        **_beside(visit, found),
    )


@router.post("/drafts/{draft_id}")
def register(draft_id: PathKey, submission: Submit) -> Response:
    tidied = replace(submission, form=without_empty_parties(submission.form))
    form = tidied.form

    def again(view: FormView) -> Response:
        return _form(tidied, drafts.read_draft(tidied.session, draft_id, tidied.act), view)

    if form.text("do") != REGISTER:
        return again(filled_in(form, form.text("do")))

    def write() -> str:
        procurement, contracts = commands(form)
        found = drafts.register_draft(
            tidied.session, draft_id, procurement, contracts, tidied.act, form.expected_version
        )
        if len(found.contract_ids) == 1:
            return notices.address(found.contract_ids[0], "registered")
        return f"/procurements/{found.procurement_id}?done=registered"

    return tidied.save(write, again)


@router.post("/drafts/{draft_id}/leave-out")
def leave_out(draft_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        drafts.leave_out(submission.session, draft_id, submission.act)
        return "/drafts?done=left_out"

    def again(view: FormView) -> Response:
        found = drafts.read_draft(submission.session, draft_id, submission.act)
        values = FormView.of(prefilled(found, submission.language)).values
        return _form(submission, found, replace(view, values=values))

    return submission.save(write, again)


def _told(row: Any) -> ImportedDraft:
    return ImportedDraft.model_validate(row.content)


def _beside(visit: Visit, found: DraftFound) -> dict[str, Any]:
    """What the source says, in words: that of the procurement, then that of each contract."""
    told = facts_told(found.told.found, visit.language)
    places = sorted({one.fact.contract for one in told if one.fact.contract is not None})
    return {
        "told": [one for one in told if one.fact.contract is None],
        "told_of_contracts": [(place, [one for one in told if one.fact.contract == place]) for place in places],
        "source": found.told.source,
    }


def _form(visit: Visit, found: DraftFound, view: FormView) -> Response:
    if view.stale:  # sending it again is a decision, now that the page shows what the source says
        values = {**view.values, VERSION: str(found.draft.version)}
        view = replace(view, values=values, general=(translated(CHANGED, visit.language),))
    return registration_page(
        visit,
        view,
        "drafts/form.html",
        f"/drafts/{found.draft.id}",
        draft=found.draft,
        missing=missing_sentence(found.told.missing, visit.language),
        **_beside(visit, found),
    )
