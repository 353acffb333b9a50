"""A contract's own data changed by form: period, value, parties, contact; the owner changes by a handover."""

import re
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.rules.codes import BUSINESS_ID_SCHEME, PartyRole
from app.schemas.contracts import ContractChange
from app.services import contracts
from app.services.acting import Permission
from app.services.contracts import LEDGER, ContractFound
from app.web import notices
from app.web.contract_forms import beside, choices
from app.web.forms import VERSION, Form, FormView
from app.web.registering import euros_typed, filled_in, form_lists
from app.web.stale import compared, differences
from app.web.visiting import Look, Submit, Visit

router = APIRouter(include_in_schema=False)
PLAIN = ("reference", "unit_id", "starts_on", "ends_on", "counts_from", "committed_positions")
CONTACT = {
    "supplier_contact.name": "supplier_contact_name",
    "supplier_contact.email": "supplier_contact_email",
    "supplier_contact.phone": "supplier_contact_phone",
    "supplier_contact.language": "supplier_language",
}
_PARTY = re.compile(r"parties\.(\d{1,3})\..+")


@router.get("/contracts/{contract_id}/change")
def change(contract_id: PathKey, visit: Look) -> Response:
    found = contracts.read_contract(visit.session, contract_id, visit.act)
    return _page(visit, contract_id, FormView.of(_stored(found)))


@router.post("/contracts/{contract_id}/change")
def save(contract_id: PathKey, submission: Submit) -> Response:
    form = submission.form
    if form.text("do") == "add_party":
        return _page(submission, contract_id, _with_party(filled_in(form)))

    def write() -> str:
        command = form.change(ContractChange, **_parts(form))
        contracts.change_contract(submission.session, contract_id, command, submission.act, form.expected_version)
        return notices.address(contract_id, "contract_changed")

    return submission.save(write, lambda view: _page(submission, contract_id, view))


def _parts(form: Form) -> dict[str, Any]:
    """Parties without the lines left empty, and a contact whose language is never taken away."""
    body = form.body()
    sent_contact = form.body(keep_empty=True).get("supplier_contact")
    contact = sent_contact if isinstance(sent_contact, dict) else {}
    if contact.get("language") is None:
        contact.pop("language", None)
    lines = (body.get("parties") or []) if isinstance(body.get("parties"), list) else []
    parties = [line for line in lines if isinstance(line, dict) and set(line) - {"role"}]
    sent = any(_PARTY.fullmatch(name) for name in form.values)
    ledger = {name: _names(form.text(name)) for name in LEDGER if form.has(name)}
    return {"supplier_contact": contact} | ledger | ({"parties": parties} if sent else {})


def _names(text: str) -> list[str]:
    """What is typed between commas, or between semicolons where a name has a comma in it."""
    parts = text.split(";" if ";" in text else ",")
    return [part.strip() for part in parts if part.strip()]


def _names_typed(names: Sequence[str]) -> str:
    if not any("," in name for name in names):
        return ", ".join(names)
    return ";".join([*names, ""]) if len(names) == 1 else "; ".join(names)


def _stored(found: ContractFound) -> dict[str, object]:
    """A contract as its form shows it."""
    contract = found.contract
    values: dict[str, object] = {name: getattr(contract, name) for name in PLAIN}
    values["value_eur"] = euros_typed(contract.value_cents)
    values |= {name: getattr(contract, column) for name, column in CONTACT.items()}
    values |= {name: _names_typed(getattr(contract, name)) for name in LEDGER}
    for number, party in enumerate(found.parties):
        values |= {f"parties.{number}.{name}": value for name, value in _party(party).items()}
    return values | {VERSION: contract.version}


def _party(row: Any) -> dict[str, object]:
    if row.scheme == BUSINESS_ID_SCHEME:
        return {"business_id": row.identifier, "name": row.name, "role": row.role}
    return {"identifier_scheme": row.scheme, "identifier": row.identifier, "name": row.name, "role": row.role}


def _numbers(view: FormView) -> Sequence[int]:
    return sorted({int(match[1]) for name in view.values if (match := _PARTY.fullmatch(name))})


def _with_party(view: FormView) -> FormView:
    number = max(_numbers(view), default=-1) + 1
    return FormView({**view.values, f"parties.{number}.business_id": "", f"parties.{number}.role": PartyRole.MEMBER})


def _page(visit: Visit, contract_id: str, view: FormView) -> Response:
    shown = beside(visit, contract_id, Permission.CONTRACTS)
    found = contracts.read_contract(visit.session, contract_id, visit.act)
    lists = form_lists(visit)
    roles = choices("party_role", [role for role in PartyRole if role != "lead"], visit.language)
    words = {"unit_id": dict(lists["units"]), "supplier_contact.language": dict(lists["mail_languages"])}
    both = differences(view, FormView.of(_stored(found)), words, visit.language)
    variables: dict[str, Any] = {
        "view": compared(view, found.contract.version),
        # Bought by one's own unit and owned by another: the contract stays with that one.
        "may_move": found.contract.unit_id in dict(lists["units"]),
        "promised": found.contract.committed_positions is not None,
        "roles": roles,
        "parties_shown": _numbers(view),
        "both": both,
    }
    return visit.page("procurements/contract_change.html", **shown, **lists, **variables)
