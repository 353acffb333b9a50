"""Which of a project's observations stand, and how many people a group is known to have.

An observation is exact where the source gave one figure and did not say "about"; only exact ones are calculated with.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from app.rules.codes import FigureStatus, FigureUnit
from app.rules.outcomes import WHOLE, Breakdown, IndicatorFacts, ObservationFacts, ProjectFacts

COUNTED = frozenset({FigureUnit.PEOPLE, FigureUnit.COUNT})
"""Units whose figures are whole and never negative."""


def by_key(facts: ProjectFacts) -> dict[str, IndicatorFacts]:
    """The project's indicators by their keys."""
    return {indicator.key: indicator for indicator in facts.indicators}


def standing(observations: Iterable[ObservationFacts]) -> tuple[ObservationFacts, ...]:
    """One observation for each indicator, period and breakdown, oldest period first: a final figure stands before a
    preliminary one, and among several the one recorded last (ids grow with time)."""
    found: dict[tuple[str, date, date, Breakdown], ObservationFacts] = {}
    for observation in sorted(observations, key=lambda one: (is_final(one), one.id)):
        part = tuple(sorted(observation.breakdown))
        found[observation.indicator, observation.period_start, observation.period_end, part] = observation
    return tuple(sorted(found.values(), key=oldest_first))


def settled(facts: ProjectFacts) -> ProjectFacts:
    """The same facts with the standing observations only; what looks into them many times wants it done once."""
    return facts._replace(observations=standing(facts.observations))


def oldest_first(observation: ObservationFacts) -> tuple[date, bool, int, str, Breakdown, str]:
    """Sorts by the period's last day; on the same day preliminary before final and the shorter period first."""
    days = (observation.period_end - observation.period_start).days
    last = (tuple(sorted(observation.breakdown)), observation.id)
    return observation.period_end, is_final(observation), days, observation.indicator, *last


def is_final(observation: ObservationFacts) -> bool:
    return observation.status is FigureStatus.FINAL


def is_exact(observation: ObservationFacts) -> bool:
    """Whether there is one figure that can be calculated with."""
    return observation.figure is not None and observation.value_max is None and not observation.approximate


def wholes(observations: Iterable[ObservationFacts], key: str) -> Iterator[ObservationFacts]:
    """The observations of an indicator that are of no part."""
    return (one for one in observations if one.indicator == key and one.breakdown == WHOLE)


def group_size(facts: ProjectFacts, key: str, first: date, last: date) -> int | None:
    """How many people an indicator's exact figures speak of, as a limit for what is counted among them in a period;
    None where it is not known. The facts are as `settled` gives them.

    That is its figure of the very same period or, where there is none, the most that its figures begun by then can
    speak of: those over periods that do not overlap are added up, since nobody may have been counted twice. A count
    speaks of as many as it says, any other figure of its n.
    """
    indicator = by_key(facts).get(key)
    if indicator is None:
        return None
    known = [
        (one.period_start, one.period_end, size)
        for one in wholes(facts.observations, key)
        if one.period_start <= last and (size := _size(indicator, one)) is not None
    ]
    same = [size for begun, ended, size in known if (begun, ended) == (first, last)]
    return same[0] if same else most(known) if known else None


def _size(indicator: IndicatorFacts, observation: ObservationFacts) -> int | None:
    if indicator.unit not in COUNTED:
        return observation.people
    return int(figure_of(observation)) if is_exact(observation) else None


def figure_of(observation: ObservationFacts) -> Decimal:
    """The figure of an observation that has one; raises ValueError where it has none."""
    if observation.figure is None:
        raise ValueError(f"observation {observation.id} has no figure")
    return observation.figure


def most(counts: Iterable[tuple[date, date, int]]) -> int:
    """The largest sum of counts whose periods (first day, last day) do not overlap."""
    listed = sorted(counts, key=lambda count: count[1])
    last_days = [last for _, last, _ in listed]
    best = [0]
    for place, (first, _, count) in enumerate(listed):
        before = bisect_left(last_days, first, 0, place)
        best.append(max(best[-1], best[before] + count))
    return best[-1]


def groups_above(facts: ProjectFacts, indicator: IndicatorFacts) -> Iterator[IndicatorFacts]:
    """The groups that an indicator's people are among, from the nearest to the topmost; each is given once even where
    they name one another in a circle."""
    indicators, seen = by_key(facts), {indicator.key}
    above = indicator.counted_among
    while above is not None and above in indicators and above not in seen:
        seen.add(above)
        yield indicators[above]
        above = indicators[above].counted_among
