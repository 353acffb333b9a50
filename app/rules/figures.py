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


class GroupSizes:
    """How many people the groups of a project are known to have. What asks for many of them keeps one of these: the
    figures of a group are then gone through once. The facts are as `settled` gives them."""

    def __init__(self, facts: ProjectFacts) -> None:
        self._facts, self._indicators = facts, by_key(facts)
        self._known: dict[str, tuple[tuple[date, date, int], ...]] = {}
        self._of_period: dict[tuple[str, date, date], int] = {}
        self._begun_by: dict[tuple[str, date], int | None] = {}

    def size(self, key: str, first: date, last: date) -> int | None:
        """How many people an indicator's exact figures speak of, as a limit for what is counted among them in a period;
        None where it is not known.

        That is its figure of the very same period or, where there is none, the most that its figures begun by then can
        speak of: those over periods that do not overlap are added up, since nobody may have been counted twice. A count
        speaks of as many as it says, any other figure of its n.
        """
        known = self._known_of(key)
        if (key, first, last) in self._of_period:
            return self._of_period[key, first, last]
        if (key, last) not in self._begun_by:
            begun = [one for one in known if one[0] <= last]
            self._begun_by[key, last] = most(begun) if begun else None
        return self._begun_by[key, last]

    def _known_of(self, key: str) -> tuple[tuple[date, date, int], ...]:
        if key not in self._known:
            indicator = self._indicators.get(key)
            figures = () if indicator is None else wholes(self._facts.observations, key)
            self._known[key] = tuple(
                (one.period_start, one.period_end, size)
                for one in figures
                if indicator is not None and (size := _size(indicator, one)) is not None
            )
            for first, last, size in self._known[key]:
                self._of_period.setdefault((key, first, last), size)
        return self._known[key]


def group_size(facts: ProjectFacts, key: str, first: date, last: date) -> int | None:
    """The same of one group in one period."""
    return GroupSizes(facts).size(key, first, last)


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
