"""Purchases of ledgers that wait for a person, on pages: to which contract each belongs, and what to remember."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.http.reading import Pages, PathKey, next_cursor
from app.language.catalogues import msgid, msgids, translated
from app.language.formats import capitalised, day
from app.language.import_words import REMEMBERED, held_sentence, remembered_word
from app.language.sentences import made
from app.rules.codes import HeldReason
from app.rules.errors import Forbidden
from app.schemas.held_rows import Decision
from app.services import held_rows
from app.services.acting import Permission, may_somewhere
from app.services.held_rows import DecisionForeseen, HeldFound
from app.storage import keyset
from app.storage.held_rows import OLDEST_FIRST
from app.web import pages
from app.web.contract_forms import PART, as_form, foretold_as
from app.web.forms import Form, FormView
from app.web.visiting import Asks, Look, Submission, Submit, Visit

router = APIRouter(include_in_schema=False)
NONE = "none"
"""What the form sends for "to none of these"."""
TO_NONE = msgid("It belongs to none of these contracts")
SAME_ONE = msgid("It is the same purchase: leave it out")
ANOTHER_ONE = msgid("It is another purchase: add it to the contract {reference}")
SETTLED = msgids("One purchase was settled.", "{num} purchases were settled.", by="num")


@dataclass(frozen=True, slots=True)
class DecisionTold:
    """What the box by the button says; empty while too little is chosen."""

    foreseen: DecisionForeseen | None = None
    problems: tuple[str, ...] = ()


@router.get("/held-purchases")
def list_held(visit: Look, paging: Pages, settled: str = "") -> Response:
    """Those that came first, first."""
    if not may_somewhere(visit.act.actor, Permission.CONTRACTS):
        raise Forbidden("forbidden")
    name, _, page = paging.sorted_by({"id": OLDEST_FIRST}, "id")
    listed = held_rows.list_held(visit.session, page, visit.act)
    cursor = next_cursor(name, listed.found)
    return visit.page(
        "held_rows/list.html",
        rows=[(one, _supplier(one), held_sentence(one.row.reason, visit.language)) for one in listed.items],
        count=held_rows.count_held(visit.session, visit.act),
        most=held_rows.COUNTED_AT_MOST,
        settled=_settled(visit, settled),
        next=urlencode({"cursor": cursor}) if cursor else None,
        is_first_page=paging.cursor is None,
    )


@router.get("/held-purchases/{held_id}")
def show(held_id: PathKey, visit: Look, settled: str = "") -> Response:
    found = held_rows.find_any(visit.session, held_id, visit.act)
    if not held_rows.waits(found.row):
        return RedirectResponse("/held-purchases", 303)
    view = FormView.of({"remember[]": _suggested(found)})
    return _page(visit, found, view, _settled(visit, settled))


@router.post("/held-purchases/{held_id}/preview")
def preview(held_id: PathKey, asked: Asks) -> Response:
    """What the decision would settle; nothing is written."""
    found = held_rows.find_any(asked.session, held_id, asked.act)
    if PART in asked.request.headers:
        follows = _foretold(asked, found, asked.form)
        return pages.piece("held_rows/follows.html", asked.language, follows=follows)
    kept = {name: value for name, value in asked.form.values.items() if name in {"contract_id", "remember[]"}}
    return _page(asked, found, FormView(kept))


@router.post("/held-purchases/{held_id}/decision")
def decide(held_id: PathKey, submission: Submit) -> Response:
    """On to the next one that waits."""

    def write() -> str:
        command = _command(submission.form)
        settled = held_rows.decide(submission.session, held_id, command.contract_id, command.remember, submission.act)
        submission.session.flush()
        following = held_rows.list_held(submission.session, keyset.Page(1), submission.act).items
        address = f"/held-purchases/{following[0].row.id}" if following else "/held-purchases"
        return f"{address}?settled={settled}"

    return submission.save(write, lambda view: _again(submission, held_id, view))


def _again(submission: Submission, held_id: str, view: FormView) -> Response:
    return _page(submission, held_rows.find_any(submission.session, held_id, submission.act), view)


def _command(form: Form) -> Decision:
    """Raises FormWrong."""
    fixed: dict[str, Any] = {"remember": [one for one in form.all("remember[]") if one]}
    if form.text("contract_id") == NONE:
        fixed["contract_id"] = None
    return form.command(Decision, **fixed)


def _suggested(found: HeldFound) -> list[str]:
    """What most likely tells purchases like this from others; nothing of one that may be there already."""
    row = found.row
    match HeldReason(row.reason):
        case HeldReason.LOOKS_RECORDED:
            return []
        case HeldReason.AMBIGUOUS:
            return ["business_id", "account"] if row.business_id and row.account else []
    return ["contract_number", *(["business_id"] if row.business_id else [])]


def _page(visit: Visit, found: HeldFound, view: FormView, settled: str = "") -> Response:
    if not may_somewhere(visit.act.actor, Permission.CONTRACTS):
        raise Forbidden("forbidden")
    row, language = found.row, visit.language
    remembered = [
        (field, f"{capitalised(remembered_word(field, language))}: {getattr(row, field)}")
        for field in REMEMBERED
        if getattr(row, field) and row.reason != HeldReason.LOOKS_RECORDED
    ]
    return visit.page(
        "held_rows/page.html",
        row=row,
        supplier=_supplier(found),
        candidates=found.candidates,
        earlier=found.earlier,
        looks_recorded=row.reason == HeldReason.LOOKS_RECORDED,
        why=held_sentence(row.reason, language),
        view=view,
        contracts=_choices(found, language),
        remembered=remembered,
        follows=_foretold(visit, found, as_form(view, language)),
        count=held_rows.count_held(visit.session, visit.act),
        settled=settled,
    )


def _supplier(found: HeldFound) -> str:
    """The supplier's name, where the candidates tell it."""
    names = {one.supplier_name for one in found.candidates}
    return names.pop() if len(names) == 1 and found.row.reason != HeldReason.SUPPLIER_DIFFERS else ""


def _choices(found: HeldFound, language: str) -> list[tuple[str, str]]:
    looks_recorded = found.row.reason == HeldReason.LOOKS_RECORDED
    named = [
        (one.id, translated(ANOTHER_ONE, language).format(reference=one.reference))
        if looks_recorded
        else (one.id, _candidate(one, language))
        for one in found.candidates
    ]
    return [*named, (NONE, translated(SAME_ONE if looks_recorded else TO_NONE, language))]


def _candidate(one: Any, language: str) -> str:
    return f"{one.reference}, {one.title} ({day(one.starts_on, language)}–{day(one.effective_end_on, language)})"


def _foretold(visit: Visit, found: HeldFound, form: Form) -> DecisionTold:
    def ask() -> DecisionTold:
        command = _command(form)
        return DecisionTold(
            held_rows.foresee(visit.session, found.row.id, command.contract_id, command.remember, visit.act)
        )

    return foretold_as(form, ask, DecisionTold(), lambda problems: DecisionTold(problems=problems))


def _settled(visit: Visit, settled: str) -> str:
    """What was done just now, where the address says it."""
    if not (settled.isascii() and settled.isdigit() and len(settled) < 7):
        return ""
    return made(SETTLED, {"num": int(settled)}, visit.language)
