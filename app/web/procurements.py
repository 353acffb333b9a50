"""Procurements on pages: the list, one with its clause and contracts, its change, and one more contract under it."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.http.reading import Pages, PathKey, next_cursor
from app.language.catalogues import msgid, translated
from app.language.formats import months
from app.language.requirements import requirement_sentence
from app.rules.errors import Conflict, Forbidden
from app.rules.facts import ClauseType
from app.rules.requirements import required_people
from app.schemas.procurements import ProcurementChange
from app.services import contracts, drafts, previews, procurements, registering
from app.services.acting import Permission, may_somewhere
from app.services.procurements import ProcurementFound
from app.storage.facts import clause_facts
from app.storage.models import Clause
from app.storage.procurements import SORTS, ProcurementFilter
from app.web import company_words, notices, pages
from app.web.clause_forms import NO_CLAUSE, TYPE, clause_change_of, offered_terms, stored_terms
from app.web.exports.listing import addresses
from app.web.forms import VERSION, Form, FormView
from app.web.registering import contract_of, euros_typed, filled_in, form_lists, form_shown, option_numbers, told
from app.web.stale import compared, differences
from app.web.visiting import Fields, Look, Submit, Visit

router = APIRouter(include_in_schema=False)
PLAIN = (
    "title",
    "reference",
    "unit_id",
    "kind",
    "signed_on",
    "programme",
    "procedure",
    "notice_id",
    "innovative_method",
    "no_clause_reason",
)
"""Fields of the form that are columns of the same name."""
LONGEST_SEARCH = 200
"""Of what is searched for, in signs."""
DONE = {
    "registered": msgid("The procurement was registered."),
    "changed": msgid("The changes were saved."),
}
POINTS = msgid(
    "Bidders earned points for people they promised to employ. Each contract says what its supplier promised."
)


@router.get("/procurements")
def list_procurements(visit: Look, paging: Pages, q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "") -> Response:
    """Newest first."""
    name, sort, page = paging.sorted_by(SORTS, "-created")
    wanted = ProcurementFilter(q=q.strip() or None)
    found = procurements.list_procurements(visit.session, wanted, sort, page, visit.act)
    cursor = next_cursor(name, found)
    return visit.page(
        "procurements/list.html",
        rows=found.rows,
        q=q,
        files=addresses("/procurements", {"q": q} if q else {}),
        supplier_files=addresses("/suppliers"),
        next=urlencode({"q": q, "cursor": cursor}) if cursor else None,
        is_first_page=paging.cursor is None,
        may_register=may_somewhere(visit.act.actor, Permission.CONTRACTS),
        drafts=drafts.waiting(visit.session, visit.act),
    )


@router.get("/procurements/{procurement_id}")
def show(procurement_id: PathKey, visit: Look, done: str = "") -> Response:
    found, rows = registering.contracts_of(visit.session, procurement_id, visit.act)
    clause = found.clause
    return visit.page(
        "procurements/page.html",
        procurement=found.procurement,
        unit=found.unit,
        clause=clause,
        requirement=_requirement(clause, visit.language),
        months={name: _months(clause, name, visit.language) for name in _MONTHS},
        preview=None if clause is None else {"wordings": previews.wordings(clause)},
        contracts=rows,
        done=translated(DONE[done], visit.language) if done in DONE else "",
        may_write=visit.may(Permission.CONTRACTS, [found.unit.path]),
    )


_MONTHS = ("min_duration_months", "start_within_months", "replacement_within_months")


def _months(clause: Clause | None, name: str, language: str) -> str:
    count = getattr(clause, name, None)
    return "" if count is None else months(count, language)


def _requirement(clause: Clause | None, language: str) -> str:
    """The clause in words."""
    if clause is None:
        return ""
    if clause.type == ClauseType.AWARD_CRITERION:
        return translated(POINTS, language)
    return " ".join(requirement_sentence(one, language) for one in required_people(clause_facts(clause, None)))


@router.get("/procurements/{procurement_id}/change")
def change(procurement_id: PathKey, visit: Look) -> Response:
    found = procurements.read_procurement(visit.session, procurement_id, visit.act)
    return _change_page(visit, procurement_id, FormView.of(_stored(found, visit.language)))


@router.post("/procurements/{procurement_id}/change")
def save_change(procurement_id: PathKey, submission: Submit) -> Response:
    form = submission.form
    if form.text("do") == "fields":
        return _change_page(submission, procurement_id, filled_in(form))

    def write() -> str:
        before = procurements.read_procurement(submission.session, procurement_id, submission.act)
        command = form.change(ProcurementChange, **_clause_part(form, before.clause))
        procurements.change_procurement(
            submission.session, procurement_id, command, submission.act, form.expected_version
        )
        return f"/procurements/{procurement_id}?done=changed"

    return submission.save(write, lambda view: _change_page(submission, procurement_id, view))


def _clause_part(form: Form, stored: Clause | None) -> dict[str, Any]:
    """The clause, or the reason why there is none; what the other choice has in its fields is left out."""
    clause = clause_change_of(form, stored)
    reason = form.text("no_clause_reason") or None
    if clause is not None:
        return {"clause": clause, "no_clause_reason": None}
    return {"no_clause_reason": reason} | ({} if stored is None else {"clause": None})


def _stored(found: ProcurementFound, language: str) -> dict[str, object]:
    """A procurement as its form shows it."""
    procurement = found.procurement
    values: dict[str, object] = {name: getattr(procurement, name) for name in PLAIN}
    values["estimated_value_eur"] = euros_typed(procurement.estimated_value_cents)
    return values | stored_terms(found.clause, language) | {VERSION: procurement.version}


def _change_page(visit: Visit, procurement_id: str, view: FormView) -> Response:
    found, rows = registering.contracts_of(visit.session, procurement_id, visit.act)
    if not visit.may(Permission.CONTRACTS, [found.unit.path]):
        raise Forbidden("forbidden")
    lists = form_lists(visit)
    if rows and found.clause is not None:  # the service keeps the type of a clause in use
        lists["types"] = [one for one in lists["types"] if one[0] == found.clause.type]
    stored = _stored(found, visit.language)
    return visit.page(
        "procurements/change.html",
        view=compared(view, found.procurement.version),
        procurement=found.procurement,
        in_use=bool(rows),
        both=differences(view, FormView.of(stored), _words(visit, lists), visit.language),
        **lists,
    )


def _words(visit: Visit, lists: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What stands for the codes of a form's fields."""
    terms = offered_terms(visit.language)
    return {
        "unit_id": dict(lists["units"]),
        "kind": dict(lists["kinds"]),
        TYPE: {one[0]: one[1] for one in terms["types"]},
        "clause.completion": {one[0]: one[1] for one in terms["completions"]},
        "clause.employment_forms[]": {one[0]: one[1] for one in terms["forms"]},
        "clause.target_groups[]": {one[0]: one[1] for one in terms["groups"]},
    }


@router.get("/procurements/{procurement_id}/contracts/new")
def new_contract(procurement_id: PathKey, visit: Look) -> Response:
    """One more contract; the owner and the period of the one before it are offered."""
    _, rows = registering.contracts_of(visit.session, procurement_id, visit.act)
    values: dict[str, object] = {"supplier_contact.language": "fi"}
    if rows:
        last = rows[-1]
        values |= {"owner.email": last.owner_email, "owner.name": last.owner_name}
        values |= {"starts_on": last.starts_on, "ends_on": last.ends_on}
    return _contract_page(visit, procurement_id, FormView.of(values))


@router.post("/procurements/{procurement_id}/contracts/new")
def register_contract(procurement_id: PathKey, submission: Submit) -> Response:
    form = submission.form
    if form.text("do") != "register":
        return _contract_page(submission, procurement_id, filled_in(form, form.text("do")))

    def write() -> str:
        found = procurements.read_procurement(submission.session, procurement_id, submission.act)
        kind = NO_CLAUSE if found.clause is None else found.clause.type
        command = contract_of(form, "", procurement_id, kind)
        made = contracts.register_contract(submission.session, command, submission.act)
        return notices.address(made.contract.id, "registered")

    return submission.save(write, lambda view: _contract_page(submission, procurement_id, view))


@router.post("/procurements/{procurement_id}/contracts/preview")
def preview_contract(procurement_id: PathKey, visit: Look, fields: Fields) -> Response:
    """What the clause will require of the contract, as a piece of the page; reads only."""
    found = procurements.read_procurement(visit.session, procurement_id, visit.act)
    shown = told(visit, Form(fields, visit.language), found)
    noted = company_words.hints(visit, Form(fields, visit.language))
    return pages.piece("procurements/preview.html", visit.language, preview=shown, hints=noted)


def _contract_page(visit: Visit, procurement_id: str, view: FormView) -> Response:
    found = procurements.read_procurement(visit.session, procurement_id, visit.act)
    if not visit.may(Permission.CONTRACTS, [found.unit.path]):
        raise Forbidden("forbidden")
    if found.clause is None:
        raise Conflict("no_clause")
    return visit.page(
        "procurements/contract.html",
        view=view,
        procurement=found.procurement,
        promised=found.clause.type == ClauseType.AWARD_CRITERION,
        options=option_numbers(view, ""),
        preview=told(visit, form_shown(view, visit.language), found),
        hints=company_words.hints(visit, form_shown(view, visit.language)),
        **form_lists(visit),
    )
