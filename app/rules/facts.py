"""Frozen inputs of the rules: what is recorded about one contract, without anything about who is employed.

Dates are calendar days in the city's time zone, both ends inclusive; money is whole cents. Voided rows never become
facts: they count for nothing on any day. Positions and purchases are named tuples because the daily check makes
millions of them.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from app.rules import policy

if TYPE_CHECKING:
    from app.rules.kept_standings import KeptStandings


class ClauseType(StrEnum):
    FIXED_COUNT = "fixed_count"
    PURCHASE_THRESHOLD = "purchase_threshold"
    AWARD_CRITERION = "award_criterion"


class Completion(StrEnum):
    """Whether the months must be full by the contract's end, or only begun by it."""

    WITHIN_CONTRACT = "within_contract"
    MAY_FOLLOW_CONTRACT = "may_follow_contract"


class EmploymentForm(StrEnum):
    EMPLOYMENT = "employment"
    APPRENTICESHIP = "apprenticeship"
    WORK_TRIAL = "work_trial"
    ON_THE_JOB_LEARNING = "on_the_job_learning"
    INTERNSHIP = "internship"


class TargetGroup(StrEnum):
    LONG_TERM_UNEMPLOYED = "long_term_unemployed"
    IMMIGRANT = "immigrant"
    PARTIAL_WORK_ABILITY = "partial_work_ability"
    YOUTH = "youth"
    OTHER_WEAK_POSITION = "other_weak_position"


@dataclass(frozen=True, slots=True)
class FixedCount:
    """An exact number of people: `positions` ≥ 1."""

    positions: int


@dataclass(frozen=True, slots=True)
class PurchaseThreshold:
    """So many people for every `threshold_cents` (> 0) bought, at most `max_positions` where set."""

    threshold_cents: int
    positions_per_threshold: int = 1
    max_positions: int | None = None


@dataclass(frozen=True, slots=True)
class AwardCriterion:
    """Points for promised hires; what this contract's supplier promised (≥ 0)."""

    committed_positions: int


Terms = FixedCount | PurchaseThreshold | AwardCriterion


@dataclass(frozen=True, slots=True)
class ClauseFacts:
    """The clause's terms: `terms` by type, the rest common. `target_groups` None accepts all."""

    terms: Terms
    completion: Completion
    min_duration_months: int = policy.DEFAULT_MIN_DURATION_MONTHS
    min_weekly_hours: Decimal | None = None
    employment_forms: frozenset[str] = frozenset(policy.DEFAULT_EMPLOYMENT_FORMS)
    target_groups: frozenset[str] | None = None
    replacement_allowed: bool = True
    start_within_months: int | None = None
    replacement_within_months: int = policy.DEFAULT_REPLACEMENT_WITHIN_MONTHS


class PositionFacts(NamedTuple):
    """One job. Known from `agreed_on` on (≤ `starts_on`); `logged_on` and `end_recorded_on` are the days it was
    written down, which decide only whether an event is still news."""

    id: str
    starts_on: date
    agreed_on: date
    employment_form: str
    target_group: str
    logged_on: date
    planned_end_on: date | None = None
    ended_on: date | None = None
    end_recorded_on: date | None = None
    weekly_hours: Decimal | None = None
    replaces_id: str | None = None


class PurchaseFacts(NamedTuple):
    """What was bought on a day, net of VAT; credit notes are negative. Several rows of one day may be summed."""

    on_date: date
    amount_cents: int
    recorded_on: date


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """An extension that counts only from `exercised_on`."""

    id: str
    ends_on: date
    exercised_on: date | None = None


@dataclass(frozen=True, slots=True)
class TerminationFacts:
    """The contract's last day brought forward; known from `decided_on`."""

    terminated_on: date
    decided_on: date


@dataclass(frozen=True, slots=True)
class AdjustmentFacts:
    """A decision that changes how many positions are required, from `effective_on`."""

    effective_on: date
    delta: int
    recorded_on: date


@dataclass(frozen=True, slots=True)
class ClosureFacts:
    """The city's decision to close the obligation."""

    effective_on: date


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """Everything the judgement of one contract depends on.

    `counts_from` is resolved (the contract's start unless set); `registered_on` is the day the contract came into the
    service and `last_recorded_on` the last day anything was recorded on it: both matter to reminders only. `kept` is
    what is left of a contract whose jobs retention erased: it then has no positions, and stands as it stood.
    """

    clause: ClauseFacts
    starts_on: date
    ends_on: date
    counts_from: date
    registered_on: date
    last_recorded_on: date
    lead_days: int = policy.DEFAULT_LEAD_DAYS
    value_cents: int | None = None
    options: tuple[OptionFacts, ...] = ()
    termination: TerminationFacts | None = None
    adjustments: tuple[AdjustmentFacts, ...] = ()
    closure: ClosureFacts | None = None
    positions: tuple[PositionFacts, ...] = ()
    purchases: tuple[PurchaseFacts, ...] = ()
    kept: "KeptStandings | None" = None
