"""A procurement with its contracts as a release of OCDS 1.1.5. Pure: facts and a day in, JSON out.

Nothing of a person leaves: no owner, no contact, no text about a decision or a purchase, nothing of who works, since
when or in which group. What is said of an obligation is in rules/open_milestones.py; docs/open-data.md has it in words.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.rules.codes import BUSINESS_ID_SCHEME, DEFAULT_LANGUAGE, PartyRole
from app.rules.facts import ClauseType, ContractFacts
from app.rules.open_milestones import OpenMilestone, OpenObligation, open_obligation
from app.services import ocds_codes as codes
from app.services.ocds_codes import amount, begins, camel, ends

Json = dict[str, Any]
DIGEST_LENGTH = 12
"""Signs of a release's id that tell its content from another: enough for one procurement on one day."""
LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""For the digits of a digest, which after a date could be taken for a personal identity code."""


class OpenCompany(NamedTuple):
    scheme: str
    identifier: str
    name: str

    @property
    def id(self) -> str:
        return f"{self.scheme}-{self.identifier}"


class OpenUnit(NamedTuple):
    """A unit, and the organisation it belongs to."""

    id: str
    name: str
    organisation: str


class OpenPurchase(NamedTuple):
    id: str
    on_date: date
    cents: int


class OpenDecision(NamedTuple):
    """A decision on the obligation: how many positions more or fewer, or none for one that closes it."""

    effective_on: date
    delta: int | None
    reference: str


@dataclass(frozen=True, slots=True)
class OpenContract:
    """A contract with what counts of it. `counts_from` and `committed_positions` are empty where nothing is said."""

    id: str
    reference: str
    unit: OpenUnit
    supplier: OpenCompany
    parties: Sequence[tuple[OpenCompany, PartyRole]]
    facts: ContractFacts
    counts_from: date | None
    committed_positions: int | None
    decisions: Sequence[OpenDecision]
    purchases: Sequence[OpenPurchase]

    def those(self, role: PartyRole) -> list[OpenCompany]:
        return [company for company, its in self.parties if its == role]


@dataclass(frozen=True, slots=True)
class OpenProcurement:
    """A procurement; `terms` is its clause as the API gives it and `wording` the clause as it stands in the tender.
    `recorded_on` is the last day anything was recorded that is published."""

    ocid: str
    unit: OpenUnit
    reference: str
    title: str
    kind: str
    estimated_value_cents: int | None
    signed_on: date | None
    programme: str | None
    innovative_method: str | None
    procedure: str | None
    notice_id: str | None
    no_clause_reason: str | None
    terms: Mapping[str, Any] | None
    wording: str
    recorded_on: date
    contracts: Sequence[OpenContract]


@dataclass(frozen=True, slots=True)
class Told:
    """As of which day and in whose words: `zone` is that of the calendar days, `milestone_title` the words of a step,
    `business_id` that of the buyer's organisation where the service knows it."""

    today: date
    zone: ZoneInfo
    business_id: str | None
    milestone_title: Callable[[OpenMilestone], str]


def release_of(procurement: OpenProcurement, told: Told) -> Json:
    """The release. Its id tells its day and its content: the same of the same day is the same release."""
    obligations = [open_obligation(contract.facts, told.today) for contract in procurement.contracts]
    body = _known(
        {
            "ocid": procurement.ocid,
            "tag": _tags(procurement, obligations),
            "initiationType": "tender",
            "language": DEFAULT_LANGUAGE,
            "parties": _parties(procurement, told.business_id),
            "buyer": _unit_reference(procurement.unit),
            "planning": procurement.programme and {"budget": {"project": procurement.programme}},
            "tender": _tender(procurement),
            "awards": [_award(contract) for contract in procurement.contracts],
            "contracts": [
                _contract(procurement, contract, obligation, told)
                for contract, obligation in zip(procurement.contracts, obligations, strict=True)
            ],
        }
    )
    day = max([procurement.recorded_on, *(one.told_on for one in obligations)])
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:DIGEST_LENGTH].translate(LETTERS)
    named = {"ocid": body.pop("ocid"), "id": f"{procurement.ocid}-{day:%Y%m%d}-{digest}"}
    return {**named, "date": begins(day, told.zone), **body}


def _known(body: Mapping[str, Any]) -> Json:
    """Without fields that are not known: OCDS wants them left out."""
    return {name: value for name, value in body.items() if value not in (None, [], {}, "")}


def _tags(procurement: OpenProcurement, obligations: Sequence[OpenObligation]) -> list[str]:
    tags = ["tender"]
    if procurement.contracts:
        tags += ["award", "contract"]
    if any(one.milestones for one in obligations) or any(one.purchases for one in procurement.contracts):
        tags.append("implementation")
    return tags


# --- Who


def _parties(procurement: OpenProcurement, business_id: str | None) -> list[Json]:
    """Everyone the release refers to, once, with all their roles."""
    known: dict[str, Json] = {}
    for party, role in _roles(procurement, business_id):
        roles = known.setdefault(party["id"], {**party, "roles": []})["roles"]
        if role not in roles:
            roles.append(role)
    return list(known.values())


def _roles(procurement: OpenProcurement, business_id: str | None) -> Iterator[tuple[Json, str]]:
    buyer = _unit_party(procurement.unit, business_id)
    yield buyer, "buyer"
    yield buyer, "procuringEntity"
    for contract in procurement.contracts:
        supplier = _company_party(contract.supplier)
        yield supplier, "supplier"
        yield from ((_company_party(one), "supplier") for one in contract.those(PartyRole.MEMBER))
        yield from ((_company_party(one), "subcontractor") for one in contract.those(PartyRole.SUBCONTRACTOR))
        if contract.purchases:
            yield _unit_party(contract.unit, business_id), "payer"
            yield supplier, "payee"


def _unit_party(unit: OpenUnit, business_id: str | None) -> Json:
    identifier = {"scheme": BUSINESS_ID_SCHEME, "id": business_id, "legalName": unit.organisation}
    return _unit_reference(unit) | ({} if business_id is None else {"identifier": identifier})


def _unit_reference(unit: OpenUnit) -> Json:
    return {"id": f"{codes.UNIT}{unit.id}", "name": unit.name}


def _company_party(company: OpenCompany) -> Json:
    scheme, identifier, name = company
    return _reference(company) | {"identifier": {"scheme": scheme, "id": identifier, "legalName": name}}


def _reference(company: OpenCompany) -> Json:
    return {"id": company.id, "name": company.name}


# --- What was bought


def _tender(procurement: OpenProcurement) -> Json:
    terms, procedure = procurement.terms, procurement.procedure
    sustainability = _sustainability(procurement)
    return _known(
        {
            "id": procurement.reference,
            "title": procurement.title,
            "status": "complete" if procurement.contracts else None,
            "value": _value(procurement.estimated_value_cents),
            "procurementMethod": None if procedure is None else codes.procurement_method(procedure),
            "procurementMethodDetails": procedure,
            "mainProcurementCategory": procurement.kind,
            "hasSustainability": True if sustainability else None,
            "sustainability": sustainability,
            "contractTerms": None if terms is None else {"performanceTerms": procurement.wording},
            "documents": procurement.notice_id and [{"id": procurement.notice_id, "documentType": "tenderNotice"}],
            "employmentClause": None if terms is None else _clause(terms),
            "noEmploymentClauseReason": procurement.no_clause_reason,
            "signedDate": _iso(procurement.signed_on),
        }
    )


def _sustainability(procurement: OpenProcurement) -> list[Json]:
    found: list[Json] = []
    if procurement.terms is not None:
        by_points = procurement.terms["type"] == ClauseType.AWARD_CRITERION
        strategies = [codes.AWARDED_FOR, codes.PERFORMED] if by_points else [codes.PERFORMED]
        found.append({"goal": codes.GOAL, "strategies": strategies})
    if procurement.innovative_method is not None:
        found.append({"goal": codes.INNOVATION_GOAL, "description": procurement.innovative_method})
    return found


def _clause(terms: Mapping[str, Any]) -> Json:
    """The terms by their names in our extension; money as a value, numbers as numbers."""
    return _known({camel(name.removesuffix("_eur")): _term(name, value) for name, value in terms.items()})


def _term(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if name.endswith("_eur"):
        return {"amount": codes.number(Decimal(value)), "currency": codes.EURO}
    if isinstance(value, Decimal):
        return codes.number(value)
    return [camel(one) for one in value] if isinstance(value, list) else camel(value)


def _value(cents: int | None) -> Json | None:
    return None if cents is None else {"amount": amount(cents), "currency": codes.EURO}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


# --- With whom


def _award(contract: OpenContract) -> Json:
    """The supplier first, who is the lead."""
    suppliers = [contract.supplier, *contract.those(PartyRole.MEMBER)]
    body = {"id": _award_id(contract), "status": "active", "value": _value(contract.facts.value_cents)}
    return _known(body | {"suppliers": [_reference(one) for one in suppliers]})


def _award_id(contract: OpenContract) -> str:
    return f"{contract.id}-award"


def _contract(procurement: OpenProcurement, contract: OpenContract, owed: OpenObligation, told: Told) -> Json:
    signed = procurement.signed_on
    return _known(
        {
            "id": contract.id,
            "awardID": _award_id(contract),
            "title": procurement.title,
            "status": _contract_status(contract.facts, owed, told.today),
            "period": _period(contract.facts, owed, told.zone),
            "value": _value(contract.facts.value_cents),
            "dateSigned": None if signed is None else begins(signed, told.zone),
            "implementation": _known(
                {
                    "transactions": [_transaction(contract, one, told.zone) for one in contract.purchases],
                    "milestones": _milestones(owed, told),
                }
            ),
            "employmentObligation": _obligation(contract, owed),
        }
    )


def _contract_status(facts: ContractFacts, owed: OpenObligation, today: date) -> str:
    if today > owed.effective_end_on:
        return "terminated"
    return "pending" if today < facts.starts_on else "active"


def _period(facts: ContractFacts, owed: OpenObligation, zone: ZoneInfo) -> Json:
    """As agreed by today; `maxExtentDate` with all options, as long as the contract is not terminated."""
    longest = None if facts.termination else max((option.ends_on for option in facts.options), default=None)
    return _known(
        {
            "startDate": begins(facts.starts_on, zone),
            "endDate": ends(owed.effective_end_on, zone),
            "maxExtentDate": None if longest is None else ends(longest, zone),
        }
    )


def _transaction(contract: OpenContract, purchase: OpenPurchase, zone: ZoneInfo) -> Json:
    return {
        "id": purchase.id,
        "date": begins(purchase.on_date, zone),
        "value": _value(purchase.cents),
        "payer": _unit_reference(contract.unit),
        "payee": _reference(contract.supplier),
    }


def _milestones(owed: OpenObligation, told: Told) -> list[Json]:
    """Named by their step and place: a day that moves is the same milestone."""
    places: dict[str, int] = {}
    found = []
    for one in owed.milestones:
        places[one.step] = place = places.get(one.step, 0) + 1
        found.append(
            {
                "id": f"{one.step}-{place}",
                "title": told.milestone_title(one),
                "type": "delivery",
                "code": f"employmentClause.{one.step}",
                "dueDate": ends(one.due_on, told.zone),
                "dateModified": ends(owed.told_on, told.zone),
                "status": one.status.value,
            }
        )
    return found


def _obligation(contract: OpenContract, owed: OpenObligation) -> Json:
    """What of the contract the clause depends on and no field of the standard holds."""
    facts, ending = contract.facts, contract.facts.termination
    closed = next((one for one in contract.decisions if one.delta is None), None)
    return _known(
        {
            "contractNumber": contract.reference,
            "endDate": facts.ends_on.isoformat(),
            "options": [
                _known({"endDate": one.ends_on.isoformat(), "exercisedDate": _iso(one.exercised_on)})
                for one in facts.options
            ],
            "termination": ending
            and {"endDate": ending.terminated_on.isoformat(), "decidedDate": ending.decided_on.isoformat()},
            "countsFromDate": _iso(contract.counts_from),
            "committedPositions": contract.committed_positions,
            "adjustments": [
                {"effectiveDate": one.effective_on.isoformat(), "change": one.delta, "decision": one.reference}
                for one in contract.decisions
                if one.delta is not None
            ],
            "closure": closed and {"effectiveDate": closed.effective_on.isoformat(), "decision": closed.reference},
            "subcontractors": [_reference(one) for one in contract.those(PartyRole.SUBCONTRACTOR)],
            "requiredPositions": owed.required,
            "promisedPositions": _known({"minimum": owed.promised.least, "maximum": owed.promised.most}),
        }
    )
