"""What a figure must be to be recorded at all. What is merely doubtful is asked about (app/rules/plausibility.py)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from app.rules.codes import FigureUnit
from app.rules.errors import RuleBroken
from app.rules.figures import COUNTED, is_final
from app.rules.outcomes import IndicatorFacts, ObservationFacts
from app.rules.shares import rounds_to


def check_observation(
    indicator: IndicatorFacts,
    observation: ObservationFacts,
    others: Iterable[ObservationFacts],
    today: date,
    *,
    has_note: bool = False,
) -> None:
    """Raises RuleBroken for the first thing that cannot be. `others` are the project's observations that are not
    voided; the one being corrected may be among them. `has_note`: a finding may be in words only."""
    _check_period(observation, today)
    _check_breakdown(indicator, observation)
    _check_share(indicator, observation)
    _check_given(observation, has_note)
    _check_value(indicator, "value", observation.value)
    _check_value(indicator, "value_max", observation.value_max)
    _check_overlap(observation, others)


def _check_period(observation: ObservationFacts, today: date) -> None:
    """A preliminary figure may speak of a period that still goes on."""
    if observation.period_end < observation.period_start:
        raise RuleBroken("period_reversed", "period_end")
    if observation.period_start > today:
        raise RuleBroken("period_in_future", "period_start")
    if is_final(observation) and observation.period_end > today:
        raise RuleBroken("period_in_future", "period_end")


def _check_breakdown(indicator: IndicatorFacts, observation: ObservationFacts) -> None:
    for dimension, _ in observation.breakdown:
        if dimension not in indicator.dimensions:
            raise RuleBroken("breakdown_not_allowed", f"breakdown.{dimension}")


def _check_share(indicator: IndicatorFacts, observation: ObservationFacts) -> None:
    """The numerator, the denominator and n. More than all of them is doubtful, and no error."""
    numerator, denominator = observation.numerator, observation.denominator
    for field, given in (("numerator", numerator), ("denominator", denominator)):
        if given is not None and indicator.unit is not FigureUnit.PERCENT:
            raise RuleBroken("numerator_not_percent", field)
    if denominator == 0:
        raise RuleBroken("denominator_zero", "denominator")
    if denominator is None and numerator is not None:
        raise RuleBroken("numerator_without_denominator", "denominator")
    if numerator is None and denominator is not None:
        raise RuleBroken("denominator_without_numerator", "numerator")
    for field, given, minimum in (
        ("numerator", numerator, 0),
        ("denominator", denominator, 1),
        ("n", observation.n, 1),
    ):
        if given is not None and given < minimum:
            raise RuleBroken("out_of_range", field, minimum=minimum, maximum=None)
    value = observation.value
    if value is not None and numerator is not None and denominator and not rounds_to(value, numerator, denominator):
        raise RuleBroken("value_contradicts_numerator", "value")


def _check_given(observation: ObservationFacts, has_note: bool) -> None:
    """There is a figure or a note; and the upper end of a range has a lower one that is not above it."""
    value, value_max = observation.value, observation.value_max
    if value is None and (value_max is not None or (observation.numerator is None and not has_note)):
        raise RuleBroken("value_required", "value")
    if value is not None and value_max is not None and value_max < value:
        raise RuleBroken("range_reversed", "value_max")


def _check_value(indicator: IndicatorFacts, field: str, value: Decimal | None) -> None:
    """A value that its unit can have: people and things are whole, scores lie on their scale, yes is 1 and no 0."""
    if value is None:
        return
    if indicator.unit in COUNTED and (value < 0 or value != value.to_integral_value()):
        raise RuleBroken("not_whole", field)
    minimum, maximum = _limits(indicator)
    outside = (minimum is not None and value < minimum) or (maximum is not None and value > maximum)
    between = indicator.unit is FigureUnit.YES_NO and value not in {0, 1}
    if outside or between:
        raise RuleBroken("out_of_range", field, minimum=minimum, maximum=maximum)


def _limits(indicator: IndicatorFacts) -> tuple[Decimal | None, Decimal | None]:
    if indicator.unit is FigureUnit.SCORE:
        return indicator.scale_min, indicator.scale_max
    if indicator.unit is FigureUnit.YES_NO:
        return Decimal(0), Decimal(1)
    return (Decimal(0), None) if indicator.unit is FigureUnit.PERCENT else (None, None)


def _check_overlap(observation: ObservationFacts, others: Iterable[ObservationFacts]) -> None:
    """Two final figures of one thing must not speak of one day; of preliminary ones the later stands."""
    if not is_final(observation):
        return
    part = (observation.indicator, sorted(observation.breakdown))
    for other in others:
        if other.id == observation.id or not is_final(other):
            continue
        if (other.indicator, sorted(other.breakdown)) == part and _overlap(observation, other):
            raise RuleBroken("observation_overlaps", "period_start", first=other.period_start, last=other.period_end)


def _overlap(one: ObservationFacts, other: ObservationFacts) -> bool:
    return one.period_start <= other.period_end and other.period_start <= one.period_end
