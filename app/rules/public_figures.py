"""What of a project's figures may stand in a report that leaves the city: no small count may tell who is meant.

Counts of people are told only where neither the part nor what remains of its whole is small. Every breakdown goes
through `folding.folded_counts`, the one implementation; this module says which counts it is given:

- How people are spread over groups, areas, ages and languages stands in the tables that are published of each quarter
  and frozen (rules/public_tables.py), and never here: from two reports, or a report and a table, between which figures
  were corrected or have grown, a few newcomers of a group could be had by subtraction.
- What a breakdown leaves of its whole counts as one more part, or it would be had by subtraction.
- Percentages are the counts they come from: of how many people must be known, or nothing of the part is told. A rate of
  a part (a measure's own) is a table of two: those of whom it is true, and the others.
- Those who finished, who still take part and who dropped out are one table; where one of them is folded, shares among
  the cohort are not told either.
- Parts by two dimensions, parts of earlier periods and notes on figures of people are not told at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.rules import policy
from app.rules.codes import CohortStage, Dimension, FigureUnit
from app.rules.cohorts import Flow, flows
from app.rules.figures import by_key, figure_of, group_size, is_exact, settled
from app.rules.folding import Folded, folded_counts
from app.rules.indicators import Part
from app.rules.outcomes import IndicatorFacts, ObservationFacts, ProjectFacts
from app.rules.parts import HUNDRED, WHAT_BECAME, rounding_allowed
from app.rules.public_tables import PUBLIC_DIMENSIONS

OF_PEOPLE = frozenset({FigureUnit.PEOPLE, FigureUnit.PERCENT, FigureUnit.SCORE})
"""Units whose figures speak of people, and whose notes may too."""
STAGES = (CohortStage.FINISHED, CohortStage.DROPPED_OUT)
REST = ""
"""The part that a breakdown leaves of its whole."""
HALF = Decimal("0.5")


class PublicParts(NamedTuple):
    """A breakdown as it may leave the city: the parts that are told, and how many people all others are together, where
    that may be said. `folded` where anything was left out."""

    parts: tuple[Part, ...]
    others: int | None
    folded: bool


NOTHING = PublicParts((), None, True)


def public_parts(
    facts: ProjectFacts, indicator: IndicatorFacts, dimension: Dimension, parts: Sequence[Part]
) -> PublicParts:
    """The parts of an indicator's figure by one dimension. The facts are all of the project's."""
    if indicator.unit not in OF_PEOPLE:
        return PublicParts(tuple(parts), None, False)
    if dimension in PUBLIC_DIMENSIONS:
        return NOTHING
    if indicator.unit is FigureUnit.SCORE:
        return _kept(parts, [part for part in parts if _enough(part.observation.people)])
    if indicator.unit is FigureUnit.PEOPLE:
        return _counted(facts, indicator, parts)
    people = {part.observation.people for part in parts}
    if dimension in WHAT_BECAME and len(parts) > 1 and len(people) == 1:
        return _shares_of_one(parts, next(iter(people)))
    return _kept(parts, [part for part in parts if _rate_may_be_told(part.observation)])


def withheld(facts: ProjectFacts, figures: Iterable[ObservationFacts]) -> frozenset[str]:
    """Ids of the whole figures that may not be told. The facts are all of the project's, the figures may be some that
    are computed besides."""
    facts = settled(facts)
    folded = [flow for flow in flows(facts) if is_folded(flow)]
    indicators = by_key(facts)
    return frozenset(
        one.id
        for one in figures
        if one.indicator in indicators and not _may_be_told(facts, indicators[one.indicator], one, folded)
    )


def folded_flow(flow: Flow) -> Folded:
    """What became of a cohort as it may leave the city, by stage; what most ask for is folded last."""
    branches = [flow.finished, flow.dropped_out]
    if flow.taking_part.count:  # that nobody is left is plain from the other two
        branches.insert(1, flow.taking_part)
    return folded_counts({branch.value: branch.count for branch in branches if branch.count is not None})


def is_folded(flow: Flow) -> bool:
    return folded_flow(flow).is_folded or flow.started < policy.SMALL_COUNT


# --- Whole figures


def _may_be_told(facts: ProjectFacts, indicator: IndicatorFacts, one: ObservationFacts, folded: Sequence[Flow]) -> bool:
    if indicator.unit not in OF_PEOPLE:
        return True
    if one.figure is None or _speaks_of(indicator, one, folded):
        return False
    if indicator.unit is FigureUnit.SCORE:
        return one.people is None or _enough(one.people)
    if indicator.unit is FigureUnit.PERCENT:
        return indicator.counted_among is None or one.people is None or _both_large(_count(one), one.people)
    if not is_exact(one):
        return one.figure >= policy.SMALL_COUNT
    among = indicator.counted_among and group_size(facts, indicator.counted_among, one.period_start, one.period_end)
    if among:
        return _both_large(int(one.figure), among)
    return _enough(int(one.figure))


def _speaks_of(indicator: IndicatorFacts, one: ObservationFacts, folded: Iterable[Flow]) -> bool:
    """Whether a figure is of a cohort that is folded: one of its stages, or a share among its people."""
    for flow in folded:
        of_flow = [stage.key for stage in flow.cohort if stage is not None]
        same_days = (one.period_start, one.period_end) == (flow.period_start, flow.period_end)
        if same_days and indicator.stage in STAGES and indicator.key in of_flow:
            return True
        if same_days and indicator.unit is FigureUnit.PERCENT and indicator.counted_among in of_flow:
            return True
    return False


# --- Parts


def _counted(facts: ProjectFacts, indicator: IndicatorFacts, parts: Sequence[Part]) -> PublicParts:
    if not parts or not all(is_exact(part.observation) for part in parts):
        return NOTHING
    first, last = parts[0].observation.period_start, parts[0].observation.period_end
    counts = {part.value: int(part.count or 0) for part in parts}
    whole = _whole(facts, indicator, first, last)
    people = sum(counts.values())
    if whole is not None and (whole.id in withheld(facts, [whole]) or int(whole.figure or 0) < people):
        return NOTHING
    return _folded(parts, counts, 0 if whole is None else int(whole.figure or 0) - people)


def _whole(facts: ProjectFacts, indicator: IndicatorFacts, first: date, last: date) -> ObservationFacts | None:
    for one in settled(facts).observations:
        if (one.indicator, one.breakdown, one.period_start, one.period_end) == (indicator.key, (), first, last):
            return one if is_exact(one) else None
    return None


def _shares_of_one(parts: Sequence[Part], people: int | None) -> PublicParts:
    """Shares of what became of people, as the counts they come from. What rounding leaves belongs to no part; those
    beyond it, of whom no share tells, are one more."""
    if not people:
        return NOTHING
    counts = {part.value: _count(part.observation) for part in parts}
    reported = [part.observation for part in parts if part.observation.figure is not None]
    rounded = abs(HUNDRED - sum(map(figure_of, reported))) <= rounding_allowed(reported)
    return _folded(parts, counts, 0 if rounded else people - sum(counts.values()))


def _folded(parts: Sequence[Part], counts: Mapping[str, int], rest: int) -> PublicParts:
    """Categories in the order of their codes, which does not depend on the counts; the rest stands last."""
    listed = {code: counts[code] for code in sorted(counts)} | ({REST: rest} if rest > 0 else {})
    folded = folded_counts(listed)
    shown = {code for code, _ in folded.shown}
    return PublicParts(tuple(part for part in parts if part.value in shown), folded.others, folded.is_folded)


def _kept(parts: Sequence[Part], told: Sequence[Part]) -> PublicParts:
    return PublicParts(tuple(told), None, len(told) < len(parts))


def _rate_may_be_told(one: ObservationFacts) -> bool:
    return bool(one.people) and _both_large(_count(one), one.people or 0)


def _count(one: ObservationFacts) -> int:
    """How many people a share stands for, as near as it can be told."""
    if one.numerator is not None:
        return one.numerator
    return int((one.figure or Decimal(0)) * (one.people or 0) / 100 + HALF)


def _both_large(part: int, whole: int) -> bool:
    """Whether neither the part nor what remains of the whole is small."""
    return part <= whole and not folded_counts({"part": part, REST: whole - part}).is_folded


def _enough(people: int | None) -> bool:
    return people is not None and people >= policy.SMALL_COUNT
