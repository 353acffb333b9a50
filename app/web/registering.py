"""A procurement, its clause and its contracts by one form, with a preview of what the clause will require."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.responses import Response

from app.language.clause_wording import Wording
from app.language.formats import capitalised
from app.language.labels import label
from app.language.requirements import requirement_sentence
from app.language.warnings import warning_sentence
from app.rules.codes import BUSINESS_ID_SCHEME, LANGUAGES, PartyRole, ProcurementKind
from app.rules.errors import Forbidden
from app.rules.facts import ClauseType
from app.schemas.contracts import ContractCreate
from app.schemas.drafts import ContractDraft, RegistrationDraft, understood
from app.schemas.procurements import ProcurementCreate
from app.schemas.text import holds_identity_code
from app.services import previews, registering
from app.services.clauses import terms_of
from app.services.procurements import ProcurementFound
from app.web import company_words, notices, pages
from app.web.clause_forms import NO_CLAUSE, TYPE, clause_of, first_terms, offered_terms, stored_terms
from app.web.forms import CSRF, ONCE, Form, FormView, FormWrong
from app.web.visiting import Fields, Look, Submit, Visit

router = APIRouter(include_in_schema=False)
Made = TypeVar("Made")
REGISTER = "register"
"""Value of the button that saves; the others only show the form anew."""
COPIED = ("unit_id", "kind", "title", "programme", "procedure", "innovative_method")
_CONTRACT = re.compile(r"contracts\.([0-9]{1,2})\.(.+)")
_OPTION = re.compile(r"options\.([0-9]{1,2})\.ends_on")
_PARTY = re.compile(r"parties\.([0-9]{1,2})\..+")
KEPT_FOR_NEXT = ("starts_on", "ends_on", "owner.email", "owner.name", "unit_id", "supplier_contact.language")
"""What one more contract of the same procurement most likely has in common with the one before it."""


@dataclass(frozen=True, slots=True)
class ToldContract:
    """A contract of the preview in words."""

    number: int
    sentences: Sequence[str]
    advice: Sequence[str]
    promise_missing: bool


@dataclass(frozen=True, slots=True)
class Told:
    """The preview in words; `advice` is what holds for every contract, which then do not repeat it."""

    people: Sequence[str]
    contracts: Sequence[ToldContract]
    advice: Sequence[str]
    wordings: Sequence[Wording]


@router.get("/procurements/new")
def new(visit: Look, copy: str = "") -> Response:
    """An empty form, or one filled in from an earlier procurement, without its days and suppliers."""
    values = first_terms() | {"kind": ProcurementKind.SERVICES, "contracts.0.supplier_contact.language": "fi"}
    if copy:
        values |= _copied(visit, copy)
    return _page(visit, FormView.of(values))


@router.post("/procurements/new")
def register(submission: Submit) -> Response:
    form = submission.form
    if form.text("do") != REGISTER:
        return _page(submission, filled_in(form, form.text("do")))

    def write() -> str:
        procurement, contracts = commands(form)
        found = registering.register_all(submission.session, procurement, contracts, submission.act)
        if len(found.contract_ids) == 1:
            return notices.address(found.contract_ids[0], "registered")
        return f"/procurements/{found.procurement_id}?done=registered"

    return submission.save(write, lambda view: _page(submission, view))


@router.post("/procurements/preview")
def preview(visit: Look, fields: Fields) -> Response:
    """What the clause will require, as a piece of the page; reads only."""
    shown = told(visit, Form(fields, visit.language))
    noted = company_words.hints(visit, Form(fields, visit.language))
    return pages.piece("procurements/preview.html", visit.language, preview=shown, hints=noted)


@router.get("/procurements/suppliers")
def suppliers(visit: Look, q: str = "") -> Response:
    """Suppliers to choose from, as options of a list, for the script."""
    found = registering.offered_suppliers(visit.session, q[:200], visit.act)
    return pages.piece("procurements/suppliers.html", visit.language, suppliers=identified(found))


def identified(rows: Sequence[Any]) -> list[tuple[str, str]]:
    """Business ID and name of those that have one."""
    return [(row.identifier, row.name) for row in rows if row.scheme == BUSINESS_ID_SCHEME]


def commands(form: Form) -> tuple[ProcurementCreate, list[ContractCreate]]:
    """The form as commands. Raises FormWrong with everything that is wrong in any of its parts."""
    wrong = FormWrong([])

    def collected(make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except FormWrong as error:
            wrong.errors += error.errors
            return None

    clause, chosen = clause_of(form), form.text(TYPE)
    reason = form.text("no_clause_reason") or None if chosen == NO_CLAUSE else None
    found = collected(lambda: form.command(ProcurementCreate, clause=clause, no_clause_reason=reason))
    numbers = [] if chosen == NO_CLAUSE else contract_numbers(form.values)

    def contract(number: int) -> ContractCreate | None:
        return collected(lambda: contract_of(form, f"contracts.{number}", registering.LATER, chosen))

    contracts = [contract(number) for number in numbers]
    if found is None or None in contracts:
        raise wrong
    return found, [one for one in contracts if one is not None]


def contract_of(form: Form, prefix: str, procurement_id: str, clause_type: str) -> ContractCreate:
    """One contract of a form. Raises FormWrong."""
    body = form.body(prefix)
    fixed: dict[str, Any] = {"procurement_id": procurement_id}
    # Left out as a whole, the error would name no field of the form.
    fixed |= {name: body.get(name, {}) for name in ("supplier", "owner")}
    if clause_type != ClauseType.AWARD_CRITERION:
        fixed["committed_positions"] = None
    return form.command(ContractCreate, prefix, **fixed)


def contract_numbers(values: Any) -> list[int]:
    """The numbers of the contracts among a form's fields."""
    return sorted({int(match[1]) for name in values if (match := _CONTRACT.fullmatch(name))})


def option_numbers(view: FormView, prefix: str) -> list[int]:
    """The numbers of the options of a contract; one empty line where it has none."""
    names = (name.removeprefix(prefix) for name in view.values if name.startswith(prefix))
    return sorted({int(match[1]) for name in names if (match := _OPTION.fullmatch(name))}) or [0]


def party_numbers(view: FormView, prefix: str) -> list[int]:
    """The numbers of the parties of a contract beside its supplier."""
    names = (name.removeprefix(prefix) for name in view.values if name.startswith(prefix))
    return sorted({int(match[1]) for name in names if (match := _PARTY.fullmatch(name))})


def filled_in(form: Form, do: str = "") -> FormView:
    """The form as it stands, with a contract or an option more or less where a button asked for it."""
    kept = {name: value for name, value in form.values.items() if name not in {ONCE, CSRF, "do"}}
    values: dict[str, Any] = {name: value for name, value in kept.items() if not holds_identity_code(str(value))}
    what, _, place = do.partition(".")
    if what == "add_contract":
        _add_contract(values)
    elif what == "remove_contract" and re.fullmatch("[0-9]{1,2}", place):
        values = _without_contract(values, int(place))
    elif what == "add_option":
        prefix = f"{place}." if place else ""
        last = max(option_numbers(FormView(values), prefix))
        values[f"{prefix}options.{last + 1}.ends_on"] = ""
    return FormView(values)


def _add_contract(values: dict[str, Any]) -> None:
    numbers = contract_numbers(values)
    last, number = (numbers[-1], numbers[-1] + 1) if numbers else (-1, 0)
    values[f"contracts.{number}.reference"] = ""
    for name in KEPT_FOR_NEXT:
        values[f"contracts.{number}.{name}"] = values.get(f"contracts.{last}.{name}", "")


def _without_contract(values: dict[str, Any], gone: int) -> dict[str, Any]:
    """Those after the one that is gone move up."""
    kept = {}
    for name, value in values.items():
        match = _CONTRACT.fullmatch(name)
        if match is None or int(match[1]) < gone:
            kept[name] = value
        elif int(match[1]) > gone:
            kept[f"contracts.{int(match[1]) - 1}.{match[2]}"] = value
    return kept


def _copied(visit: Visit, procurement_id: str) -> dict[str, object]:
    """What a new procurement takes over. Raises NotFound outside the visitor's units."""
    found, rows = registering.contracts_of(visit.session, procurement_id, visit.act)
    values: dict[str, object] = {name: getattr(found.procurement, name) for name in COPIED}
    values["no_clause_reason"] = found.procurement.no_clause_reason
    values["estimated_value_eur"] = euros_typed(found.procurement.estimated_value_cents)
    if rows:
        values |= {"contracts.0.owner.email": rows[0].owner_email, "contracts.0.owner.name": rows[0].owner_name}
    return values | stored_terms(found.clause, visit.language)


def euros_typed(cents: int | None) -> str | None:
    """A sum as people type it."""
    if cents is None:
        return None
    return f"{cents // 100}" if cents % 100 == 0 else f"{cents // 100},{cents % 100:02}"


def _page(visit: Visit, view: FormView) -> Response:
    return registration_page(visit, view, "procurements/new.html", "/procurements/new")


def registration_page(visit: Visit, view: FormView, template: str, address: str, **more: Any) -> Response:
    """The form of a registration, which is sent to `address`."""
    shown = form_lists(visit)
    if len(shown["units"]) == 1 and not view.text("unit_id"):
        view = FormView(
            {**view.values, "unit_id": shown["units"][0][0]}, view.errors, view.general, view.status, view.code
        )
    return visit.page(
        template,
        view=view,
        address=address,
        numbers=contract_numbers(view.values),
        options=lambda prefix: option_numbers(view, prefix),
        parties=lambda prefix: party_numbers(view, prefix),
        party_roles=[(role, capitalised(label("party_role", role, visit.language))) for role in PartyRole],
        preview=told(visit, form_shown(view, visit.language)),
        hints=company_words.hints(visit, form_shown(view, visit.language)),
        **shown,
        **more,
    )


def form_lists(visit: Visit) -> dict[str, Any]:
    """What the fields offer to choose from. Raises Forbidden for someone who may register nowhere."""
    found = registering.offered(visit.session, visit.act)
    if not found.units:
        raise Forbidden("forbidden")
    language = visit.language
    return offered_terms(language) | {
        "units": [(unit.id, "\N{NO-BREAK SPACE}" * 3 * depth + unit.name) for unit, depth in found.units],
        "suppliers": identified(found.suppliers),
        "owners": [(row.email, row.name) for row in found.owners],
        "kinds": [(kind, capitalised(label("procurement_kind", kind, language))) for kind in ProcurementKind],
        "mail_languages": [(one, capitalised(label("language", one, language))) for one in LANGUAGES],
    }


def form_shown(view: FormView, language: str) -> Form:
    """A page's form as a browser would send it."""
    return Form(((name, one) for name in view.values for one in view.all(name)), language)


def told(visit: Visit, form: Form, stored: ProcurementFound | None = None) -> Told | None:
    """What the clause would require by the form as it stands; None while it is not whole. `stored` is the procurement
    of a form that has only a contract."""
    draft = _draft(form) if stored is None else _draft_under(form, stored)
    found = previews.preview(visit.session, draft, visit.act)
    if found is None:
        return None
    language = visit.language
    given = [[warning_sentence(reason, language) for reason in one.advice] for one in found.contracts]
    common = [one for one in given[0] if all(one in others for others in given)] if given else []
    contracts = [
        ToldContract(
            one.number,
            [requirement_sentence(reason, language) for reason in one.requirements],
            [advice for advice in given[one.number] if advice not in common],
            one.promise_missing,
        )
        for one in found.contracts
    ]
    return Told([requirement_sentence(one, language) for one in found.people], contracts, common, found.wordings)


def _contract_draft(form: Form, prefix: str) -> dict[str, Any]:
    body = form.body(prefix)
    return {name: value for name, value in body.items() if name in ContractDraft.model_fields}


def _draft(form: Form) -> RegistrationDraft:
    body = form.body()
    drafts = [_contract_draft(form, f"contracts.{number}") for number in contract_numbers(form.values)]
    return understood(body | {"clause": clause_of(form), "contracts": drafts})


def _draft_under(form: Form, stored: ProcurementFound) -> RegistrationDraft:
    body: dict[str, Any] = {"contracts": [_contract_draft(form, "")], "unit_id": stored.unit.id}
    if stored.clause is not None:
        body["clause"] = terms_of(stored.clause)
    if stored.procurement.signed_on is not None:
        body["signed_on"] = stored.procurement.signed_on
    return understood(body)
