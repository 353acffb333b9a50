"""What a notice tells that a registration can use. Texts are as they stand in it; nothing is judged here."""

from typing import NamedTuple


class Amount(NamedTuple):
    """Money as written: a decimal, and the code of its currency."""

    text: str
    currency: str


class Company(NamedTuple):
    """An organisation: BT-500 name, BT-501 identifier, BT-514 country by its three letters."""

    name: str | None
    identifier: str | None
    country: str | None


class Award(NamedTuple):
    """A contract with one tenderer, as far as it is about one lot."""

    reference: str | None = None
    """BT-150."""
    title: str | None = None
    """BT-721."""
    signed_on: str | None = None
    """BT-145, as written."""
    awarded_on: str | None = None
    """BT-1451, as written."""
    value: Amount | None = None
    """BT-720."""
    lead: Company | None = None
    members: tuple[Company, ...] = ()
    subcontractors: tuple[Company, ...] = ()
    subcontracted_percent: str | None = None
    """BT-555."""
    subcontracted: str | None = None
    """BT-554."""
    withheld: tuple[str, ...] = ()
    """Codes of fields that are not published."""
    lots: int = 1
    """In how many lots' results the same tender stands: its value is of all of them together."""
    differs: bool = False
    """The contract names another tender than the lot's result does."""


class Result(NamedTuple):
    """How the competition for a lot ended."""

    statuses: tuple[str, ...] = ()
    """BT-142: selec-w, clos-nw, open-nw."""
    reason: str | None = None
    """BT-144: why nobody was chosen."""
    tenders: int | None = None
    """BT-759: how many came in."""
    framework: Amount | None = None
    """BT-709: at most so much is bought."""
    awards: tuple[Award, ...] = ()
    withheld: tuple[str, ...] = ()


class Period(NamedTuple):
    """BT-536 and BT-537 as written, or BT-36 (a number and DAY, WEEK, MONTH or YEAR), or BT-538 (UNLIMITED …)."""

    starts_on: str | None = None
    ends_on: str | None = None
    length: int | None = None
    unit: str | None = None
    open: str | None = None


class Lot(NamedTuple):
    """A part of the procedure that is awarded by itself."""

    id: str
    """BT-137."""
    title: str | None = None
    """BT-21."""
    reference: str | None = None
    """BT-22."""
    nature: str | None = None
    """BT-23: services, supplies, works."""
    estimate: Amount | None = None
    """BT-27."""
    framework: str | None = None
    """BT-765: none, or what kind of framework agreement."""
    framework_maximum: Amount | None = None
    """BT-271."""
    period: Period = Period()
    renewals: int | None = None
    """BT-58."""
    renewals_text: str | None = None
    """BT-57."""
    options_text: str | None = None
    """BT-54."""
    strategies: tuple[str, ...] = ()
    """BT-06."""
    objectives: tuple[str, ...] = ()
    """BT-775."""
    conditions: tuple[str, ...] = ()
    """BT-70."""
    reserved: tuple[str, ...] = ()
    """BT-71, and "execution" for BT-736."""
    employment_condition: bool | None = None
    opportunities: int | None = None
    """National statistics of Hilma: whether an employment clause is used, and how many it is estimated to employ."""
    withheld: tuple[str, ...] = ()
    result: Result | None = None
    """None where the notice tells of no result for it."""


class Notice(NamedTuple):
    """A contract notice, or one of its result."""

    id: str
    """BT-701."""
    version: str | None
    """BT-757."""
    procedure: str
    """BT-04: the same in all notices of a procedure. Its own id, where a notice has none."""
    issued_on: str | None
    """BT-05, as written."""
    kind: str | None
    """BT-02: cn-standard, can-standard …"""
    is_award: bool
    number: str | None
    """Under which it was published in the Official Journal."""
    is_cancelled: bool
    """BT-140: a change that calls the procedure off."""
    buyers: tuple[Company, ...]
    title: str | None
    reference: str | None
    nature: str | None
    procedure_type: str | None
    """BT-105: open, restricted …"""
    estimate: Amount | None
    lots: tuple[Lot, ...]
