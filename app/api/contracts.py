"""/contracts: one procurement with one supplier; each carries how its obligation stands."""

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, answer_list, next_cursor
from app.http.writing import Write
from app.language.companies import situation_sentence
from app.language.warnings import warning_sentence
from app.rules.codes import BUSINESS_ID_SCHEME
from app.rules.facts import ClauseType
from app.rules.judgement import Judgement
from app.rules.status import Status
from app.schemas.contracts import ContractChange, ContractCreate, ContractList, ContractRead
from app.schemas.fields import Day, cents_to_money
from app.schemas.obligations import ContractObligation
from app.services import contracts
from app.services.contracts import LEDGER, ContractFound
from app.storage.contracts import SORTS, ContractFilter

router = APIRouter(prefix="/contracts", tags=["contracts"])
CONTACT = {
    "name": "supplier_contact_name",
    "email": "supplier_contact_email",
    "phone": "supplier_contact_phone",
    "language": "supplier_language",
}
REGISTER = "PRH"
"""The company register's keeper, as it wants to be named: the Finnish Patent and Registration Office."""
OBLIGATION = tuple(ContractObligation.model_fields)
"""Fields of the obligation, which the row of a list has under the same names."""
_of_obligation = attrgetter(*OBLIGATION)


def _identified(scheme: str, identifier: str) -> dict[str, Any]:
    business_id = identifier if scheme == BUSINESS_ID_SCHEME else None
    return {"business_id": business_id, "identifier_scheme": scheme, "identifier": identifier}


def _item(row: Any, obligation: Mapping[str, Any]) -> dict[str, Any]:
    """What lists show of a contract, from its row: the fields of ContractItem, in their order."""
    return {
        "id": row.id,
        "reference": row.reference,
        "unit_id": row.unit_id,
        "procurement_id": row.procurement_id,
        "procurement": {
            "id": row.procurement_id,
            "reference": row.procurement_reference,
            "title": row.procurement_title,
            "clause_type": row.clause_type,
        },
        "supplier": {
            "id": row.supplier_id,
            "name": row.supplier_name,
            **_identified(row.scheme, row.identifier),
        },
        "owner": {
            "id": row.owner_id,
            "name": row.owner_name,
            "email": row.owner_email,
            "language": row.owner_language,
        },
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "value_eur": None if row.value_cents is None else cents_to_money(row.value_cents),
        "terminated_on": row.terminated_on,
        "decided_on": row.decided_on,
        "registered_on": row.registered_on,
        "last_recorded_on": row.last_recorded_on,
        "acknowledged_at": row.acknowledged_at,
        "snoozed_until": row.snoozed_until,
        "obligation": obligation,
    }


def listed_item(row: Any) -> dict[str, Any]:
    """A contract in a list, with its stored judgement."""
    return _item(row, dict(zip(OBLIGATION, _of_obligation(row), strict=True)))


def _obligation(judgement: Judgement) -> dict[str, Any]:
    return judgement.standing._asdict() | {
        "next_change_on": judgement.next_change_on,
        "promised_min": judgement.promised.least,
        "promised_max": judgement.promised.most,
        "judged_on": judgement.as_of,
    }


def read_model(found: ContractFound, language: str) -> ContractRead:
    """A contract as the API gives it, judged live."""
    row, facts = found.contract, found.judgement.outlook.facts
    parties = [
        {"id": party.id, "role": party.role, "supplier_id": party.supplier_id, "name": party.name}
        | _identified(party.scheme, party.identifier)
        for party in found.parties
    ]
    warnings = [{"code": warning.code, "text": warning_sentence(warning, language)} for warning in found.warnings]
    return ContractRead.model_validate(
        _item(row, _obligation(found.judgement))
        | {
            "supplier_contact": {name: getattr(row, column) for name, column in CONTACT.items()},
            "parties": parties,
            "counts_from": row.counts_from,
            "committed_positions": row.committed_positions,
            **{name: getattr(row, name) for name in LEDGER},
            "options": [
                {"id": option.id, "ends_on": option.ends_on, "exercised_on": option.exercised_on}
                for option in facts.options
            ],
            "warnings": warnings,
            "supplier_situations": list(_situations(found, language)),
        }
    )


def _situations(found: ContractFound, language: str) -> Iterator[dict[str, Any]]:
    for party in found.in_trouble:
        for one in party.company.situations:
            yield {
                "supplier_id": party.supplier_id,
                "business_id": party.company.business_id,
                "name": party.name,
                "situation": one.code,
                "since": one.since,
                "seen_on": one.seen_on,
                "fetched_at": party.company.fetched_at,
                "source": REGISTER,
                "text": situation_sentence(party.name, one.code, one.since, one.seen_on, language),
            }


async def filters(
    status: Annotated[list[Status] | None, Query(description="Status; may be given several times.")] = None,
    unit_id: Annotated[
        str | None, Query(max_length=32, description="Unit that owns or buys; those below it count too.")
    ] = None,
    supplier_id: Annotated[str | None, Query(max_length=32, description="The supplier, who is the lead.")] = None,
    clause_type: Annotated[ClauseType | None, Query(description="Type of the clause.")] = None,
    owner_email: Annotated[str | None, Query(max_length=254, description="The owner's e-mail address.")] = None,
    latest_start_before: Annotated[Day | None, Query(description="The last day to start lies before this day.")] = None,
    q: Annotated[
        str | None,
        Query(max_length=200, description="Part of a reference, of the procurement's title or the supplier's name."),
    ] = None,
) -> ContractFilter:
    email = None if owner_email is None else owner_email.strip().lower()
    return ContractFilter(status or (), unit_id, supplier_id, clause_type, email, latest_start_before, q)


@router.get("", response_model=ContractList, summary="Contracts of one's units")
def list_contracts(read: Read, paging: Pages, wanted: Annotated[ContractFilter, Depends(filters)]) -> Response:
    """The earliest last day to start first, contracts where nothing is missing last; sorts: latest_start_on, reference,
    starts_on, ends_on."""
    name, sort, page = paging.sorted_by(SORTS, "latest_start_on")
    found = contracts.list_contracts(read.session, wanted, sort, page, read.act)
    return answer_list([listed_item(row) for row in found.rows], next_cursor(name, found))


@router.post("", status_code=201, response_model=ContractRead, summary="Register a contract")
def register_contract(command: ContractCreate, write: Write) -> Response:
    """Answers at once how the obligation stands and, under `warnings`, what is doubtful about the clause."""
    found = contracts.register_contract(write.session, command, write.act)
    body = read_model(found, write.language)
    return write.created(body, f"/api/v1/contracts/{body.id}", found.contract.version)


@router.get("/{contract_id}", response_model=ContractRead, summary="One contract")
def read_contract(contract_id: PathKey, read: Read) -> Response:
    """Its obligation is judged live for today."""
    found = contracts.read_contract(read.session, contract_id, read.act)
    return answer(read_model(found, read.language), found.contract.version)


@router.patch("/{contract_id}", response_model=ContractRead, summary="Change or terminate a contract")
def change_contract(contract_id: PathKey, command: ContractChange, write: Write) -> Response:
    """Changes only the fields sent. A termination sets `terminated_on`; null takes it back."""
    found = contracts.change_contract(write.session, contract_id, command, write.act, write.expected_version)
    return write.answer(read_model(found, write.language), found.contract.version)
