"""What the rules know of a project's outcomes: indicators, observations, cohorts and money, as frozen facts.

A percentage is in percent (78 is 78 %), never in parts of one; money in euros here is a Decimal, exact.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.rules.codes import CohortStage, Dimension, Direction, FigureStatus, FigureUnit

Breakdown = tuple[tuple[Dimension, str], ...]
"""Which part of the whole a figure is of, by dimension, in the order of their codes; () is the whole."""
WHOLE: Breakdown = ()


class IndicatorFacts(NamedTuple):
    """What a figure means. Where figures of periods that do not overlap may be added up towards the target, it
    `accumulates`. `table` names the table in which figures of one group of answerers stand: they share their
    n. `counted_among` is the key of the indicator whose people these are among. A score lies on a scale."""

    key: str
    unit: FigureUnit
    direction: Direction | None = None
    target_min: Decimal | None = None
    target_max: Decimal | None = None
    target_on: date | None = None
    dimensions: frozenset[Dimension] = frozenset()
    scale_min: Decimal | None = None
    scale_max: Decimal | None = None
    table: str | None = None
    counted_among: str | None = None
    stage: CohortStage | None = None
    accumulates: bool = False


class ObservationFacts(NamedTuple):
    """A figure of an indicator over a period, both ends inclusive.

    `value` is None where a share is given by numerator and denominator, or where the finding is in words only;
    `value_max` is the upper end of a figure given as a range; `approximate` where the source says "about". A value has
    as many decimals as it was reported with: 78 and 78.0 are not the same.
    """

    id: str
    indicator: str
    period_start: date
    period_end: date
    value: Decimal | None = None
    value_max: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    n: int | None = None
    breakdown: Breakdown = WHOLE
    status: FigureStatus = FigureStatus.FINAL
    approximate: bool = False

    @property
    def figure(self) -> Decimal | None:
        """The figure in the indicator's unit: as reported, or the share of the numerator in percent."""
        if self.value is not None or self.numerator is None or not self.denominator:
            return self.value
        return Decimal(100 * self.numerator) / self.denominator

    @property
    def people(self) -> int | None:
        """How many the figure speaks of: its n, or the denominator of a share."""
        return self.n if self.n is not None else self.denominator


class FundingFacts(NamedTuple):
    """Money of a project in whole cents; `budget_cents` is the whole as it was reported. Sources whose amount is not
    known have a share of the budget in percent."""

    budget_cents: int | None
    source_cents: tuple[int, ...] = ()
    used_cents: int = 0


class ProjectFacts(NamedTuple):
    """All that is known of a project's outcomes."""

    starts_on: date
    ends_on: date | None
    indicators: tuple[IndicatorFacts, ...] = ()
    observations: tuple[ObservationFacts, ...] = ()
    funding: FundingFacts = FundingFacts(None)
