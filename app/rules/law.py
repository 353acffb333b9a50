"""Dated Finnish facts that advice on a clause stands on, each with its validity, its source and its mark.

A fact is `VERIFIED` where it was read in a public source, else `UNVERIFIED`: recollection, which may be shown with that
mark but is never the only ground for advice. `in_force` therefore gives verified rows only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from app.rules.facts import EmploymentForm


class Mark(StrEnum):
    """How far a fact may be relied on."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class LawFact:
    """What held from `valid_from` to `valid_until`, both days included; None where it has no such limit."""

    valid_from: date | None
    valid_until: date | None
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCondition(LawFact):
    """What fulfils the work condition of unemployment security (työssäoloehto).

    `months` of work; a week counted from `weekly_hours`, a month from `monthly_pay_cents` and for one half from
    `half_month_pay_cents`.
    """

    months: int
    weekly_hours: int | None = None
    monthly_pay_cents: int | None = None
    half_month_pay_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesCharged(LawFact):
    """Whether the municipality pays its share of the benefit also for days in a service such as a work trial."""

    charged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion(LawFact):
    """A clause is considered, and one person is in proportion, for each so many cents of a procurement's value."""

    cents_for_one: int


WORK_CONDITIONS = (
    WorkCondition(
        valid_from=None,
        valid_until=date(2024, 9, 1),
        source="Employment authority: 26 calendar weeks of at least 18 hours within 28 months",
        mark=Mark.VERIFIED,
        months=6,
        weekly_hours=18,
    ),
    WorkCondition(
        valid_from=date(2024, 9, 2),
        valid_until=None,
        source="Employment authority: 12 months with pay of at least 930 € (465–929 € count half) within 28 months",
        mark=Mark.VERIFIED,
        months=12,
        monthly_pay_cents=930_00,
        half_month_pay_cents=465_00,
    ),
)
"""Nine months of work fulfilled it with room until the reform; since then nine months alone do not. The 26 weeks are
kept as six months, since a clause counts in months."""

SERVICES_CHARGED = (
    ServicesCharged(
        valid_from=date(2006, 1, 1),
        valid_until=date(2024, 12, 31),
        source="Kela, news 5/2024: only time as an unemployed job seeker was charged",
        mark=Mark.VERIFIED,
        charged=False,
    ),
    ServicesCharged(
        valid_from=date(2025, 1, 1),
        valid_until=None,
        source="Kela, news 5/2024: time in employment services is charged too",
        mark=Mark.VERIFIED,
        charged=True,
    ),
)
"""Since 2025 only real employment relieves the municipality."""

PROPORTIONS = (
    Proportion(
        valid_from=None,
        valid_until=None,
        source="Helsinki: suitability of the clause considered in every procurement over 200 000 euros",
        mark=Mark.VERIFIED,
        cents_for_one=200_000_00,
    ),
)
"""Suppliers want the clause in proportion to the procurement: more than one person for so much value is heavy."""

PAID_WORK = frozenset({EmploymentForm.EMPLOYMENT, EmploymentForm.APPRENTICESHIP})
"""Forms of employment with an employer's pay; the others are services or studies."""

Fact = TypeVar("Fact", bound=LawFact)


def holding_on(facts: Sequence[Fact], day: date) -> list[Fact]:
    """The rows valid on a day, whatever their mark."""
    return [
        fact
        for fact in facts
        if (fact.valid_from is None or fact.valid_from <= day) and (fact.valid_until is None or day <= fact.valid_until)
    ]


def in_force(facts: Sequence[Fact], day: date) -> Fact | None:
    """The verified row that holds on a day, on which advice may stand; None where nothing verified is known."""
    return next((fact for fact in holding_on(facts, day) if fact.mark is Mark.VERIFIED), None)
