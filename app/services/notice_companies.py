"""Companies of a notice: which identifier of theirs can be kept, and what must be told of those that have none."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

from stdnum.dk import cpr, cvr
from stdnum.ee import ik, registrikood
from stdnum.fi import ytunnus
from stdnum.lt import asmens
from stdnum.no import fodselsnummer
from stdnum.no import orgnr as norwegian
from stdnum.se import orgnr as swedish
from stdnum.se import personnummer

from app.rules.codes import BUSINESS_ID_SCHEME, PartyRole
from app.rules.drafts import FactCode
from app.schemas.contracts import MAX_LISTED
from app.schemas.imported_drafts import company, fact
from app.sources.eforms.notices import Award, Company

FINLAND = "FIN"
REGISTERS: dict[str, tuple[str, ModuleType]] = {
    "SWE": ("SE-ON", swedish),
    "EST": ("EE-RIK", registrikood),
    "NOR": ("NO-BRC", norwegian),
    "DNK": ("DK-CVR", cvr),
}
"""Registers (by their codes in org-id.guide) whose numbers carry a check digit, so that one is known to be of it. A
notice names no register: of other countries a person has to say which it is."""
PERSONAL: dict[str, ModuleType] = {
    "SWE": personnummer,
    "EST": ik,
    "NOR": fodselsnummer,
    "DNK": cpr,
    "LTU": asmens,
}
"""Where a person in business is registered under their personal number, which is not kept and not shown."""


class Named(NamedTuple):
    """The parties of a contract as a registration wants them, and what is to be told of them."""

    supplier: dict[str, str] | None
    parties: list[dict[str, str]]
    facts: list[dict[str, Any]]


def named(award: Award, place: int) -> Named:
    """Who the contract of this place is with."""
    others = [(one, PartyRole.MEMBER) for one in award.members]
    others += [(one, PartyRole.SUBCONTRACTOR) for one in award.subcontractors]
    kept = others[:MAX_LISTED]
    facts = [told for one in (award.lead, *(one for one, _ in kept)) for told in _told(one, place)]
    parties = [_body(one) | {"role": role.value} for one, role in kept]
    return Named(_body(award.lead) if award.lead is not None else None, parties, facts)


def buyer(one: Company) -> dict[str, Any]:
    """The fact of who buys."""
    body = _body(one)
    return fact(FactCode.BUYER, name=one.name, identifier=body.get("business_id") or _shown(one))


def _body(one: Company) -> dict[str, str]:
    scheme, _, number = _identified(one)
    return company(one.name, scheme or None, number or None)


def _told(one: Company | None, place: int) -> Iterator[dict[str, Any]]:
    if one is None or _identified(one)[2]:
        return
    number = _shown(one)
    if number is None:
        yield fact(FactCode.COMPANY_ID_MISSING, place, name=one.name, country=one.country)
    else:
        yield fact(FactCode.COMPANY_ID_UNKNOWN, place, name=one.name, identifier=number, country=one.country)


def _identified(one: Company) -> tuple[str, str, str]:
    """Register, country and number, empty where the number is of no register that is known."""
    number, country = one.identifier or "", one.country or ""
    if ytunnus.is_valid(number) and country in {FINLAND, ""}:
        return BUSINESS_ID_SCHEME, country, number
    if country in REGISTERS and not _is_personal(number, country):
        scheme, register = REGISTERS[country]
        if register.is_valid(number):
            return scheme, country, register.compact(number)
    return "", country, ""


def _is_personal(number: str, country: str) -> bool:
    return country in PERSONAL and bool(PERSONAL[country].is_valid(number))


def _shown(one: Company) -> str | None:
    """A number as a person may see it beside the form."""
    return None if one.identifier is None or _is_personal(one.identifier, one.country or "") else one.identifier
