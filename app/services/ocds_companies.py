"""Companies of a release: which identifier of theirs can be kept, and what must be told of those that have none."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from app.rules.codes import PartyRole
from app.rules.drafts import FactCode
from app.schemas.contracts import MAX_LISTED
from app.schemas.imported_drafts import company, fact
from app.services.notice_companies import PERSONAL
from app.sources.ocds.releases import Contract, Organisation

COUNTRIES = {"SE": "SWE", "EE": "EST", "NO": "NOR", "DK": "DNK", "LT": "LTU"}
"""By which letters a register's code begins where sole traders are registered under their personal number."""


class Named(NamedTuple):
    """The parties of a contract as a registration wants them, and what is to be told of them."""

    supplier: dict[str, str] | None
    parties: list[dict[str, str]]
    facts: list[dict[str, Any]]


def named(contract: Contract, place: int) -> Named:
    """Whom the contract of this place is with: the first of its suppliers is the lead."""
    lead = next(iter(contract.suppliers), None)
    others = [(one, PartyRole.MEMBER) for one in contract.suppliers[1:]]
    others += [(one, PartyRole.SUBCONTRACTOR) for one in contract.subcontractors]
    kept = others[:MAX_LISTED]
    facts = [told for one in (lead, *(one for one, _ in kept)) for told in _told(one, place)]
    parties = [_body(one) | {"role": role.value} for one, role in kept]
    return Named(_body(lead) if lead is not None else None, parties, facts)


def buyer(one: Organisation) -> dict[str, Any]:
    """The fact of who buys."""
    return fact(FactCode.BUYER, name=one.name, identifier=_shown(one))


def _body(one: Organisation) -> dict[str, str]:
    return company(one.name, one.scheme, _shown(one))


def _told(one: Organisation | None, place: int) -> Iterator[dict[str, Any]]:
    """What a person has to find out about a company."""
    if one is None:
        yield fact(FactCode.WINNER_UNCLEAR, place)
        return
    body, shown = _body(one), _shown(one)
    if body.get("business_id") or body.get("identifier"):
        return
    if shown is None:
        yield fact(FactCode.COMPANY_ID_MISSING, place, name=one.name, country=one.country)
    else:
        yield fact(FactCode.COMPANY_ID_UNKNOWN, place, name=one.name, identifier=shown, country=one.country)


def _shown(one: Organisation) -> str | None:
    """The identifier, unless it is a person's number."""
    personal = PERSONAL.get(COUNTRIES.get((one.scheme or "")[:2].upper(), ""))
    if one.identifier is None or (personal is not None and personal.is_valid(one.identifier)):
        return None
    return one.identifier
