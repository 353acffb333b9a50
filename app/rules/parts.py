"""Parts of a whole: the observations of one period that break one figure down by one dimension."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.rules.codes import Dimension, FigureUnit
from app.rules.figures import by_key, figure_of, is_exact
from app.rules.outcomes import Breakdown, IndicatorFacts, ObservationFacts, ProjectFacts
from app.rules.shares import half_unit
from app.rules.sums import ADDABLE

WHAT_BECAME = frozenset({Dimension.NEXT_STEP, Dimension.SITUATION, Dimension.PHASE})
"""Dimensions by which percentages are the parts of one whole: each person came to one of the values. By any other
dimension (an age group, an area, a measure) a percentage is that group's own rate, and rates add up to nothing."""

HUNDRED = Decimal(100)


class PartGroup(NamedTuple):
    """The parts of one figure in one period by one dimension, and the figure itself where it was observed. `base` is
    what the figure itself is a part of: nothing, or one of another dimension's values."""

    indicator: IndicatorFacts
    dimension: Dimension
    base: Breakdown
    period_start: date
    period_end: date
    parts: tuple[ObservationFacts, ...]
    whole: ObservationFacts | None

    @property
    def exact(self) -> bool:
        """Whether every figure in it can be calculated with."""
        return all(map(is_exact, self.parts)) and (self.whole is None or is_exact(self.whole))

    @property
    def total(self) -> Decimal:
        """What the parts add up to."""
        return sum(map(figure_of, self.parts), Decimal(0))


def part_groups(facts: ProjectFacts) -> tuple[PartGroup, ...]:
    """Every group of parts in a project's figures (as `settled` gives them), oldest first. A figure broken down by two
    dimensions is a part in two groups."""
    found: dict[tuple[str, Dimension, Breakdown, date, date], list[ObservationFacts]] = defaultdict(list)
    by_breakdown: dict[tuple[str, Breakdown, date, date], ObservationFacts] = {}
    for one in facts.observations:
        if one.figure is not None:
            by_breakdown[one.indicator, tuple(sorted(one.breakdown)), one.period_start, one.period_end] = one
        for pair in one.breakdown:
            base = tuple(sorted(other for other in one.breakdown if other != pair))
            found[one.indicator, pair[0], base, one.period_start, one.period_end].append(one)
    indicators = by_key(facts)
    return tuple(
        PartGroup(
            indicators[key], dimension, base, first, last, tuple(parts), by_breakdown.get((key, base, first, last))
        )
        for (key, dimension, base, first, last), parts in found.items()
        if key in indicators
    )


def are_shares_of_one(group: PartGroup) -> bool:
    """Whether a group's percentages are the parts of one whole: at least two of them, by what became of people, of the
    same people, and beside no other whole than all of them. A single percentage is a mention, not a breakdown."""
    return (
        group.indicator.unit is FigureUnit.PERCENT
        and group.dimension in WHAT_BECAME
        and len(group.parts) > 1
        and len({part.people for part in group.parts} - {None}) <= 1
        and (group.whole is None or group.whole.figure == HUNDRED)
    )


def add_up(unit: FigureUnit, dimension: Dimension) -> bool:
    """Whether the parts of a figure by a dimension come to a sum: counts and money, and shares of what became of
    people."""
    return unit in ADDABLE or (unit is FigureUnit.PERCENT and dimension in WHAT_BECAME)


def rounding_allowed(parts: Iterable[ObservationFacts]) -> Decimal:
    """How far reported percentages may be from 100 together: half a unit of the last decimal for each of them."""
    return sum((half_unit(figure_of(part)) for part in parts if part.numerator is None), Decimal(0))
