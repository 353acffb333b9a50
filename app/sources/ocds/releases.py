"""What is asked of a release, as plain data: what was bought, in which lots, from whom, for how long, for how much.

Values are as they stand in the release: whoever uses them sees whether a text is a day or an identifier of a register.
A field that is of another type than the standard's makes the release unreadable, and is named. Nothing else is looked
at: addresses, documents and links may be as wrong as they like.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from app.sources.ocds import ReleaseRefused

Json = dict[str, Any]
AMOUNTS = ("$numberLong", "$numberDecimal", "$numberInt", "$numberDouble")
"""How a database that many publishers use writes numbers, where nobody has turned them into JSON."""
LONGEST_AMOUNT = 60
"""Signs of an amount; a longer one is none."""
NO_CONTRACT = frozenset({"cancelled", "unsuccessful"})
"""Statuses of an award that leads to nothing."""


class Money(NamedTuple):
    amount: Decimal
    currency: str | None


class Period(NamedTuple):
    starts_on: str | None = None
    ends_on: str | None = None
    longest: str | None = None
    """Last day with all extensions."""


class Organisation(NamedTuple):
    name: str | None
    scheme: str | None
    identifier: str | None
    country: str | None


class Payment(NamedTuple):
    id: str
    on_date: str | None
    money: Money | None


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective of sustainability: its code, and words where there are some."""

    code: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract, or an award without one. `own` is what our extension says of it, empty where nothing."""

    id: str | None
    title: str | None
    status: str | None
    signed_on: str | None
    awarded_on: str | None
    period: Period
    value: Money | None
    suppliers: Sequence[Organisation]
    subcontractors: Sequence[Organisation]
    lots: frozenset[str]
    own: Mapping[str, Any]
    payments: Sequence[Payment]


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot, or the whole tender where it has none: `id` is empty then."""

    id: str
    title: str | None
    status: str | None
    value: Money | None
    period: Period
    goals: Sequence[Goal]
    condition: str | None


@dataclass(frozen=True, slots=True)
class Release:
    """A release. `clause`, `no_clause_reason` and `signed_on` are those of our extension; `notice` is the first notice
    among the tender's documents."""

    ocid: str
    id: str | None
    issued_on: str | None
    buyer: Organisation | None
    programme: str | None
    reference: str | None
    title: str | None
    kind: str | None
    method: str | None
    method_details: str | None
    tenderers: int | None
    notice: str | None
    clause: Mapping[str, Any]
    no_clause_reason: str | None
    signed_on: str | None
    whole: Lot
    lots: Sequence[Lot]
    contracts: Sequence[Contract]

    @property
    def is_ours(self) -> bool:
        """Whether it says all that our extension asks for, so that nothing is left to a person but the owner."""
        return bool(self.clause) or self.no_clause_reason is not None


def release_of(body: Json) -> Release:
    """Reads a release. Raises ReleaseRefused."""
    tender, parties = _object(body, "tender"), _parties(body)
    budget = _object(_object(body, "planning", ""), "budget", "planning.")
    buyer = body.get("buyer") or tender.get("procuringEntity")
    notices = (
        _text(one, "id", "tender.documents.")
        for one in _objects(tender, "documents", "tender.")
        if one.get("documentType") == "tenderNotice"
    )
    return Release(
        ocid=str(_text(body, "ocid")),
        id=_text(body, "id"),
        issued_on=_text(body, "date"),
        buyer=None if not isinstance(buyer, dict) else _organisation(buyer, parties, "buyer."),
        programme=_text(budget, "project", "planning.budget."),
        reference=_text(tender, "id", "tender."),
        title=_text(tender, "title", "tender."),
        kind=_text(tender, "mainProcurementCategory", "tender."),
        method=_text(tender, "procurementMethod", "tender."),
        method_details=_text(tender, "procurementMethodDetails", "tender."),
        tenderers=_count(tender, "numberOfTenderers", "tender."),
        notice=next(notices, None),
        clause=_object(tender, "employmentClause", "tender."),
        no_clause_reason=_text(tender, "noEmploymentClauseReason", "tender."),
        signed_on=_text(tender, "signedDate", "tender."),
        whole=_lot(tender, "", "tender."),
        lots=[
            _lot(one, _text(one, "id", "tender.lots.") or str(number), "tender.lots.")
            for number, one in enumerate(_objects(tender, "lots", "tender."), 1)
        ],
        contracts=list(_contracts(body, parties)),
    )


def _lot(body: Json, lot_id: str, place: str) -> Lot:
    goals = [
        Goal(_text(one, "goal", f"{place}sustainability."), _text(one, "description", f"{place}sustainability."))
        for one in _objects(body, "sustainability", place)
    ]
    terms = _object(body, "contractTerms", place)
    return Lot(
        lot_id,
        _text(body, "title", place),
        _text(body, "status", place),
        _money(body, "value", place),
        _period(body, "contractPeriod", place),
        goals,
        _text(terms, "performanceTerms", f"{place}contractTerms."),
    )


# --- Contracts and whom they are with


def _contracts(body: Json, parties: Mapping[str, Json]) -> Iterator[Contract]:
    """The contracts, then the awards that have none: a release of an award comes before that of its contract."""
    awards = {_text(one, "id", "awards.") or "": one for one in _objects(body, "awards")}
    rest = dict(awards)
    for one in _objects(body, "contracts"):
        award_id = _text(one, "awardID", "contracts.") or ""
        rest.pop(award_id, None)
        yield _contract(one, awards.get(award_id, {}), parties)
    for award in rest.values():
        if _text(award, "status", "awards.") not in NO_CONTRACT and _objects(award, "suppliers", "awards."):
            yield _contract({}, award, parties)


def _contract(body: Json, award: Json, parties: Mapping[str, Json]) -> Contract:
    own = _object(body, "employmentObligation", "contracts.")
    suppliers = _objects(award, "suppliers", "awards.") or _objects(body, "suppliers", "contracts.")
    helpers = _objects(own, "subcontractors", "contracts.employmentObligation.")
    awarded = _period(award, "contractPeriod", "awards.")
    return Contract(
        id=_text(body, "id", "contracts."),
        title=_text(body, "title", "contracts.") or _text(award, "title", "awards."),
        status=_text(body, "status", "contracts."),
        signed_on=_text(body, "dateSigned", "contracts."),
        awarded_on=_text(award, "date", "awards."),
        period=_period(body, "period", "contracts.") if _object(body, "period", "contracts.") else awarded,
        value=_money(body, "value", "contracts.") or _money(award, "value", "awards."),
        suppliers=[_organisation(one, parties, "awards.suppliers.") for one in suppliers],
        subcontractors=[_organisation(one, parties, "contracts.subcontractors.") for one in helpers],
        lots=frozenset(map(str, _list(award, "relatedLots", "awards."))),
        own=own,
        payments=list(_payments(body)),
    )


def _payments(contract: Json) -> Iterator[Payment]:
    implementation = _object(contract, "implementation", "contracts.")
    place = "contracts.implementation.transactions."
    for one in _objects(implementation, "transactions", "contracts.implementation."):
        yield Payment(_text(one, "id", place) or "", _text(one, "date", place), _money(one, "value", place))


def _parties(body: Json) -> dict[str, Json]:
    return {key: one for one in _objects(body, "parties") if (key := _text(one, "id", "parties."))}


def _organisation(reference: Json, parties: Mapping[str, Json], place: str) -> Organisation:
    """Whoever a reference means: what stands in the list of parties, and what it says itself."""
    party = parties.get(_text(reference, "id", place) or "", {})
    identifier = _object(party, "identifier", "parties.") or _object(reference, "identifier", place)
    address = _object(party, "address", "parties.") or _object(reference, "address", place)
    names = (_text(party, "name", "parties."), _text(reference, "name", place), _text(identifier, "legalName", place))
    return Organisation(
        name=next((name for name in names if name), None),
        scheme=_text(identifier, "scheme", f"{place}identifier."),
        identifier=_text(identifier, "id", f"{place}identifier."),
        country=_text(address, "countryName", f"{place}address."),
    )


# --- Fields by their type


def _text(holder: Json, name: str, place: str = "") -> str | None:
    """A text, or a number as a text (an id may be either); None where it is empty or absent."""
    value = holder.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | None):
        raise ReleaseRefused("ocds_wrong_type", f"{place}{name}")
    return None if value is None else str(value).strip() or None


def _count(holder: Json, name: str, place: str) -> int | None:
    value = holder.get(name)
    if isinstance(value, bool) or not isinstance(value, int | None):
        raise ReleaseRefused("ocds_wrong_type", f"{place}{name}")
    return value


def _object(holder: Json, name: str, place: str = "") -> Json:
    """An object; an empty one where it is absent."""
    value = holder.get(name)
    if not isinstance(value, dict | None):
        raise ReleaseRefused("ocds_wrong_type", f"{place}{name}")
    return value or {}


def _list(holder: Json, name: str, place: str = "") -> list[Any]:
    value = holder.get(name)
    if not isinstance(value, list | None):
        raise ReleaseRefused("ocds_wrong_type", f"{place}{name}")
    return value or []


def _objects(holder: Json, name: str, place: str = "") -> list[Json]:
    found = _list(holder, name, place)
    if not all(isinstance(one, dict) for one in found):
        raise ReleaseRefused("ocds_wrong_type", f"{place}{name}")
    return found


def _money(holder: Json, name: str, place: str) -> Money | None:
    """An amount with its currency; None where there is no amount."""
    value = _object(holder, name, place)
    amount, field = value.get("amount"), f"{place}{name}.amount"
    if isinstance(amount, dict) and len(amount) == 1:
        amount = next((amount[form] for form in AMOUNTS if form in amount), amount)
    if amount is None:
        return None
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal | str) or len(str(amount)) > LONGEST_AMOUNT:
        raise ReleaseRefused("ocds_wrong_type", field)
    try:
        exact = Decimal(amount)
    except ArithmeticError:
        raise ReleaseRefused("ocds_wrong_type", field) from None
    if not exact.is_finite():
        raise ReleaseRefused("ocds_wrong_type", field)
    return Money(exact, _text(value, "currency", f"{place}{name}."))


def _period(holder: Json, name: str, place: str) -> Period:
    value, within = _object(holder, name, place), f"{place}{name}."
    return Period(*(_text(value, day, within) for day in ("startDate", "endDate", "maxExtentDate")))
