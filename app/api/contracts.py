"""/contracts: one procurement with one supplier; each carries how its obligation stands."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.language.warnings import warning_sentence
from app.rules.codes import BUSINESS_ID_SCHEME
from app.rules.facts import ClauseType
from app.rules.judgement import Judgement
from app.rules.status import Status
from app.schemas.contracts import ContractChange, ContractCreate, ContractItem, ContractList, ContractRead
from app.schemas.fields import Day, cents_to_money
from app.schemas.obligations import ContractObligation
from app.services import contracts
from app.services.contracts import ContractFound
from app.storage.contracts import SORTS, ContractFilter

router = APIRouter(prefix="/contracts", tags=["contracts"])
SAME_NAME = (
    "id",
    "reference",
    "unit_id",
    "procurement_id",
    "starts_on",
    "ends_on",
    "terminated_on",
    "decided_on",
    "registered_on",
    "last_recorded_on",
    "acknowledged_at",
    "snoozed_until",
)
"""Fields of an item that its row has under the same name."""
CONTACT = {
    "name": "supplier_contact_name",
    "email": "supplier_contact_email",
    "phone": "supplier_contact_phone",
    "language": "supplier_language",
}


def _identified(scheme: str, identifier: str) -> dict[str, Any]:
    business_id = identifier if scheme == BUSINESS_ID_SCHEME else None
    return {"business_id": business_id, "identifier_scheme": scheme, "identifier": identifier}


def _item(row: Any, obligation: dict[str, Any]) -> dict[str, Any]:
    """What lists show of a contract, from its row."""
    values = {name: getattr(row, name) for name in SAME_NAME}
    values["value_eur"] = None if row.value_cents is None else cents_to_money(row.value_cents)
    values["procurement"] = {
        "id": row.procurement_id,
        "reference": row.procurement_reference,
        "title": row.procurement_title,
        "clause_type": row.clause_type,
    }
    identified = _identified(row.scheme, row.identifier)
    values["supplier"] = {"id": row.supplier_id, "name": row.supplier_name} | identified
    owner = {"id": row.owner_id, "name": row.owner_name, "email": row.owner_email, "language": row.owner_language}
    return values | {"owner": owner, "obligation": obligation}


def item_model(row: Any) -> ContractItem:
    """A contract in a list, with its stored judgement."""
    stored = {name: getattr(row, name) for name in ContractObligation.model_fields}
    return ContractItem.model_validate(_item(row, stored))


def _obligation(judgement: Judgement) -> dict[str, Any]:
    return judgement.standing._asdict() | {
        "next_change_on": judgement.next_change_on,
        "promised_min": judgement.promised.least,
        "promised_max": judgement.promised.most,
        "judged_on": judgement.as_of,
    }


def read_model(found: ContractFound, language: str) -> ContractRead:
    """A contract as the API gives it, judged live."""
    contract, facts = found.contract, found.judgement.outlook.facts
    parties = [
        {"id": row.id, "role": row.role, "supplier_id": row.supplier_id, "name": row.name}
        | _identified(row.scheme, row.identifier)
        for row in found.parties
    ]
    warnings = [{"code": warning.code, "text": warning_sentence(warning, language)} for warning in found.warnings]
    return ContractRead.model_validate(
        _item(found.row, _obligation(found.judgement))
        | {
            "supplier_contact": {name: getattr(contract, column) for name, column in CONTACT.items()},
            "parties": parties,
            "counts_from": contract.counts_from,
            "committed_positions": contract.committed_positions,
            "options": [
                {"id": option.id, "ends_on": option.ends_on, "exercised_on": option.exercised_on}
                for option in facts.options
            ],
            "warnings": warnings,
        }
    )


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
    return answer(ContractList(items=[item_model(row) for row in found.rows], next_cursor=next_cursor(name, found)))


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
