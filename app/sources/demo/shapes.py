"""What the demo portfolio is written in: tenders with their deals, and everything that happened under a deal, dated.

Codes are those of app.rules, days are calendar days, money is whole euros net of VAT. Units, people and suppliers are
named by their keys in `city`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.rules.codes import Role

Clause = Mapping[str, object]
"""A clause as the API takes it."""


@dataclass(frozen=True, slots=True)
class Office:
    """A unit; `above` is the key of the unit it belongs to, empty for the root."""

    name: str
    above: str = ""
    liaison: str = ""
    lead_days: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    language: str = "fi"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Someone who may use the demo, with a token that everybody knows."""

    person: Person
    role: Role
    token: str


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    business_id: str
    contact: Person


@dataclass(frozen=True, slots=True)
class Job:
    """A job. `replaces` is the place of the one it goes on with among the deal's jobs, `party` that of the employing
    party among the deal's parties."""

    starts_on: date
    group: str
    channel: str
    form: str = "employment"
    hours: str = "37.5"
    agreed_on: date | None = None
    planned_end_on: date | None = None
    ended_on: date | None = None
    end_reason: str | None = None
    replaces: int | None = None
    party: int | None = None


@dataclass(frozen=True, slots=True)
class Bought:
    on: date
    euros: int


@dataclass(frozen=True, slots=True)
class Option:
    ends_on: date
    taken_on: date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Beside the lead; `supplier` is a key, `role` member or subcontractor."""

    supplier: str
    role: str


@dataclass(frozen=True, slots=True)
class Decision:
    """An adjustment by `delta` positions or, with 0, the closing of the obligation."""

    on: date
    reference: str
    reason: str
    delta: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class NewOwner:
    """A handover; `owner` is a key."""

    on: date
    owner: str
    text: str


@dataclass(frozen=True, slots=True)
class Deal:
    """A contract: supplier, period, owner, and what happened under it. `unit` is empty where the buying unit owns it,
    `value` is None where nobody knows it."""

    reference: str
    supplier: str
    starts_on: date
    ends_on: date
    owner: str
    value: int | None = None
    unit: str = ""
    committed: int | None = None
    counts_from: date | None = None
    terminated_on: date | None = None
    termination_decided_on: date | None = None
    options: tuple[Option, ...] = ()
    parties: tuple[Party, ...] = ()
    jobs: tuple[Job, ...] = ()
    purchases: tuple[Bought, ...] = ()
    decisions: tuple[Decision, ...] = ()
    remarks: tuple[Remark, ...] = ()
    handover: NewOwner | None = None


@dataclass(frozen=True, slots=True)
class Tender:
    """A procurement with its deals; without a clause it says why there is none."""

    reference: str
    title: str
    unit: str
    kind: str
    value: int
    signed_on: date
    clause: Clause | None = None
    deals: tuple[Deal, ...] = ()
    programme: str | None = None
    method: str | None = None
    procedure: str = "avoin menettely"
    no_clause_reason: str | None = None
