"""What a summary says of an indicator: its latest figure, progress, trend, history, age, interval and breakdowns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from app.rules import policy
from app.rules.codes import Dimension, Direction, FigureUnit
from app.rules.figures import COUNTED, figure_of, is_exact, most, oldest_first, standing, wholes
from app.rules.outcomes import IndicatorFacts, ObservationFacts
from app.rules.shares import Interval, wilson, wilson_of_percent

Observations = Iterable[ObservationFacts]
TOTAL = "total:"
"""Begins the ids of figures added up, which are kept nowhere."""
PLACES = 4
"""Decimals of the finest figure: sums are made of whole numbers."""


class Change(StrEnum):
    """Which way a figure has gone."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


class Progress(NamedTuple):
    """How far a figure is on its way. `reached` is the share of the target that is reached, 1 where it just is; an
    indicator that is to go down has reached 0.5 of it at twice the target. `missing` is what lacks, in the unit."""

    reached: Decimal
    met: bool
    missing: Decimal


class Trend(NamedTuple):
    """A figure beside the one before it of the same kind. `better` is None where the indicator has no direction or
    nothing changed."""

    change: Change
    by: Decimal
    previous: ObservationFacts
    better: bool | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole. `count` is None where only a percentage is known; `percent` is its share, in percent: of the
    whole, or of the parts together where the whole is not known or smaller than they are. Of a rate it is the rate."""

    value: str
    count: Decimal | None
    percent: Decimal | None
    observation: ObservationFacts


def history(
    indicator: IndicatorFacts, observations: Observations, first: date | None = None, last: date | None = None
) -> tuple[ObservationFacts, ...]:
    """The whole figures of an indicator whose period ends from `first` to `last`, oldest first. A preliminary figure
    is left out once there is a final one of the same period."""
    return tuple(one for one in wholes(standing(observations), indicator.key) if _ends_within(one, first, last))


def _ends_within(observation: ObservationFacts, first: date | None, last: date | None) -> bool:
    return (first is None or observation.period_end >= first) and (last is None or observation.period_end <= last)


def latest(
    indicator: IndicatorFacts, observations: Observations, first: date | None = None, last: date | None = None
) -> ObservationFacts | None:
    """The whole figure whose period ends last in a period; on one day final before preliminary, then the longer period.
    A finding in words only is the latest where there is no figure."""
    found = history(indicator, observations, first, last)
    figures = tuple(one for one in found if one.figure is not None) or found
    return figures[-1] if figures else None


def so_far(
    indicator: IndicatorFacts, observations: Observations, first: date | None = None, last: date | None = None
) -> ObservationFacts | None:
    """What is held against the target: the latest figure or, where figures accumulate and there are several exact
    ones, all of them as one figure over the whole time; nobody is counted twice where periods overlap."""
    now = latest(indicator, observations, first, last)
    found = [one for one in history(indicator, observations, first, last) if is_exact(one)]
    if now is None or not indicator.accumulates or len(found) < 2:
        return now
    total = most((one.period_start, one.period_end, int(figure_of(one).scaleb(PLACES))) for one in found)
    return now._replace(
        id=TOTAL + indicator.key,
        value=Decimal(total) / 10**PLACES,
        period_start=min(one.period_start for one in found),
        period_end=max(one.period_end for one in found),
    )


def progress(indicator: IndicatorFacts, observation: ObservationFacts) -> Progress | None:
    """How far an observation is on the way to the indicator's target; None without a target or a figure.

    The target is met from its lower end on where the indicator is to go up, down to its upper end where it is to go
    down, and between both where it has no direction. Of a figure given as a range the less favourable end counts.
    """
    figure = observation.figure
    if figure is None or (indicator.target_min is None and indicator.target_max is None):
        return None
    least, greatest = _limits(indicator)
    upper = figure if observation.value_max is None else observation.value_max
    if least is not None and figure < least:
        return Progress(_ratio(figure, least), False, least - figure)
    if greatest is not None and upper > greatest:
        return Progress(_ratio(greatest, upper), False, upper - greatest)
    if least is None:
        return Progress(Decimal(1), True, Decimal(0))
    return Progress(_ratio(figure, least), True, Decimal(0))


def _limits(indicator: IndicatorFacts) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest figure with which the target is met."""
    low, high = indicator.target_min, indicator.target_max
    if indicator.direction is Direction.DOWN:
        return None, low if high is None else high
    if indicator.direction is Direction.UP:
        return high if low is None else low, None
    return low, high


def _ratio(part: Decimal, whole: Decimal) -> Decimal:
    """Their quotient; 0 where it says nothing, since what is to grow from or to zero or less has no share."""
    return max(part / whole, Decimal(0)) if whole > 0 else Decimal(0)


def trend(
    indicator: IndicatorFacts, observations: Observations, first: date | None = None, last: date | None = None
) -> Trend | None:
    """The latest exact figure of a period beside the latest one before it of the same kind, which may be older than
    the period; None where there are fewer than two."""
    found = [one for one in history(indicator, observations, None, last) if is_exact(one)]
    if not found or not _ends_within(found[-1], first, last):
        return None
    now = found[-1]
    before = [one for one in found if one.period_end < now.period_end and _comparable(indicator, one, now)]
    if not before:
        return None
    by = figure_of(now) - figure_of(before[-1])
    change = Change.SAME if by == 0 else Change.UP if by > 0 else Change.DOWN
    better = None if by == 0 or indicator.direction is None else change.value == indicator.direction.value
    return Trend(change, by, before[-1], better)


def _comparable(indicator: IndicatorFacts, one: ObservationFacts, other: ObservationFacts) -> bool:
    """What is counted grows with the period: it is compared between periods that start on the same day (how far one
    has come) or are about as long. Shares and scores are compared whatever the period."""
    if indicator.unit not in COUNTED and indicator.unit is not FigureUnit.EUROS:
        return True
    if one.period_start == other.period_start:
        return True
    shorter, longer = sorted((other_days.period_end - other_days.period_start).days + 1 for other_days in (one, other))
    return 100 * (longer - shorter) <= policy.SAME_LENGTH_WITHIN_PERCENT * longer


def age_days(observation: ObservationFacts, today: date) -> int:
    """How many days ago the period that a figure speaks of ended; 0 while it goes on."""
    return max((today - observation.period_end).days, 0)


def interval(indicator: IndicatorFacts, observation: ObservationFacts) -> Interval | None:
    """The 95 % interval of a share whose n is known, in percent; None for what is no share of people."""
    if indicator.unit is not FigureUnit.PERCENT or not is_exact(observation):
        return None
    if observation.numerator is not None and observation.denominator:
        sound = 0 <= observation.numerator <= observation.denominator
        return wilson(observation.numerator, observation.denominator) if sound else None
    percent, people = figure_of(observation), observation.people
    return wilson_of_percent(percent, people) if people and 0 <= percent <= 100 else None


def breakdowns(
    indicator: IndicatorFacts, observations: Observations, first: date | None = None, last: date | None = None
) -> dict[Dimension, tuple[Part, ...]]:
    """By dimension the parts of the latest period that has some, the largest first."""
    stand = [one for one in standing(observations) if one.indicator == indicator.key and _ends_within(one, first, last)]
    found: dict[Dimension, tuple[Part, ...]] = {}
    for dimension in sorted({one.breakdown[0][0] for one in stand if len(one.breakdown) == 1}):
        parts = [one for one in stand if len(one.breakdown) == 1 and one.breakdown[0][0] is dimension]
        period = (parts[-1].period_start, parts[-1].period_end)
        of_period = [one for one in parts if (one.period_start, one.period_end) == period]
        whole = next(
            (one for one in wholes(stand, indicator.key) if (one.period_start, one.period_end) == period), None
        )
        found[dimension] = _parts(indicator, of_period, whole)
    return found


def _parts(
    indicator: IndicatorFacts, observations: list[ObservationFacts], whole: ObservationFacts | None
) -> tuple[Part, ...]:
    figures = [one.figure for one in observations if one.figure is not None]
    among = max(sum(figures, Decimal(0)), whole.figure if whole and whole.figure is not None else Decimal(0))
    parts = (_part(indicator, one, among) for one in sorted(observations, key=oldest_first))
    return tuple(sorted(parts, key=lambda part: (part.observation.figure is None, -(part.observation.figure or 0))))


def _part(indicator: IndicatorFacts, observation: ObservationFacts, among: Decimal) -> Part:
    figure, value = observation.figure, observation.breakdown[0][1]
    if indicator.unit is FigureUnit.PERCENT:
        count = None if observation.numerator is None else Decimal(observation.numerator)
        return Part(value, count, figure, observation)
    if indicator.unit in COUNTED or indicator.unit is FigureUnit.EUROS:
        percent = 100 * figure / among if figure is not None and among > 0 else None
        return Part(value, figure, percent, observation)
    return Part(value, None, None, observation)
