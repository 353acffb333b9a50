"""What a clause is worded from, in every language."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.rules.facts import ClauseType, Completion, TargetGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class WordedTerms:
    """The terms a clause is worded from; those of other types than its own are None. Money in cents."""

    type: ClauseType
    completion: Completion
    min_duration_months: int
    min_weekly_hours: Decimal | None
    employment_forms: Sequence[str]
    target_groups: Sequence[str] | None
    replacement_allowed: bool
    start_within_months: int | None
    replacement_within_months: int
    positions: int | None = None
    threshold_cents: int | None = None
    positions_per_threshold: int | None = None
    max_positions: int | None = None
    points_per_position: Decimal | None = None
    max_points: Decimal | None = None

    @property
    def named_groups(self) -> list[str]:
        """The groups accepted, in one order; empty where the clause accepts all."""
        wanted = set(self.target_groups or ())
        return [] if wanted >= set(TargetGroup) else [group for group in TargetGroup if group in wanted]
