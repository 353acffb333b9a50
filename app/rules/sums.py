"""Why two figures cannot be added up. The service adds nothing itself; this is what it answers when asked."""

from enum import StrEnum
from typing import NamedTuple

from app.rules.codes import FigureUnit
from app.rules.figures import COUNTED
from app.rules.outcomes import IndicatorFacts, ObservationFacts

ADDABLE = COUNTED | {FigureUnit.EUROS}


class SumReason(StrEnum):
    """Why not, the plainest reason first."""

    DIFFERENT_UNIT = "different_unit"
    NEVER_ADDED = "never_added"
    DIFFERENT_DEFINITION = "different_definition"
    DIFFERENT_PERIOD = "different_period"
    SAME_PEOPLE = "same_people"


class Summand(NamedTuple):
    """A figure of a project, which is named by its slug."""

    project: str
    indicator: IndicatorFacts
    observation: ObservationFacts


def sum_reasons(one: Summand, other: Summand) -> tuple[SumReason, ...]:
    """Every reason why two figures cannot be added up; none only for two parts of one figure by the same dimension.

    A definition belongs to its project: an indicator of the same name elsewhere counts something else, and its people
    may be the same.
    """
    reasons = []
    if one.indicator.unit is not other.indicator.unit:
        reasons.append(SumReason.DIFFERENT_UNIT)
    if not {one.indicator.unit, other.indicator.unit} <= ADDABLE:
        reasons.append(SumReason.NEVER_ADDED)
    if not _same_definition(one, other):
        reasons.append(SumReason.DIFFERENT_DEFINITION)
    if _period(one) != _period(other):
        reasons.append(SumReason.DIFFERENT_PERIOD)
    if not (_same_definition(one, other) and _period(one) == _period(other) and _parts_of_one(one, other)):
        reasons.append(SumReason.SAME_PEOPLE)
    return tuple(reasons)


def _same_definition(one: Summand, other: Summand) -> bool:
    return (one.project, one.indicator.key) == (other.project, other.indicator.key)


def _period(summand: Summand) -> tuple[object, object]:
    return summand.observation.period_start, summand.observation.period_end


def _parts_of_one(one: Summand, other: Summand) -> bool:
    """Whether the two are broken down by the same dimensions and differ in the value of exactly one."""
    first, second = dict(one.observation.breakdown), dict(other.observation.breakdown)
    return first.keys() == second.keys() and sum(first[dimension] != second[dimension] for dimension in first) == 1
