"""Short calls that build a project's outcomes for the tests of the rules.

The project lasts from 1.3.2019 to 28.2.2021, a figure is of April to October 2019 and final, unless said otherwise.
"""

from datetime import date
from decimal import Decimal
from itertools import count, pairwise

from app.rules.codes import CohortStage, Dimension, Direction, FigureStatus, FigureUnit
from app.rules.outcomes import Breakdown, FundingFacts, IndicatorFacts, ObservationFacts, ProjectFacts
from tests.factories import Day, d

NUMBERS = count(1)
PRELIMINARY = FigureStatus.PRELIMINARY
NO_MONEY = FundingFacts(None)


def indicator(key: str = "finished", unit: str = "people", **changes: object) -> IndicatorFacts:
    """An indicator; a score lies on a scale from 1 to 5."""
    values: dict[str, object] = {"key": key, "unit": FigureUnit(unit)}
    if unit == "score":
        values |= {"scale_min": Decimal(1), "scale_max": Decimal(5)}
    for name in ("target_min", "target_max", "scale_min", "scale_max"):
        if changes.get(name) is not None:
            changes[name] = Decimal(str(changes[name]))
    if "dimensions" in changes:
        changes["dimensions"] = frozenset(map(Dimension, str(changes["dimensions"]).split()))
    if changes.get("direction"):
        changes["direction"] = Direction(str(changes["direction"]))
    if changes.get("stage"):
        changes["stage"] = CohortStage(str(changes["stage"]))
    return IndicatorFacts(**(values | changes))  # type: ignore[arg-type]


def seen(
    key: str = "finished",
    value: int | str | Decimal | None = None,
    start: Day = "1.4.2019",
    end: Day = "31.10.2019",
    **changes: object,
) -> ObservationFacts:
    """An observation; parts are given as `next_step="course"`."""
    parts = {name: str(changes.pop(name)) for name in list(changes) if name in set(Dimension)}
    breakdown: Breakdown = tuple(sorted((Dimension(name), part) for name, part in parts.items()))
    if changes.get("value_max") is not None:
        changes["value_max"] = Decimal(str(changes["value_max"]))
    values: dict[str, object] = {"id": f"{next(NUMBERS):08}", "indicator": key, "breakdown": breakdown}
    values |= {"value": None if value is None else Decimal(value), "period_start": d(start), "period_end": d(end)}
    return ObservationFacts(**(values | changes))  # type: ignore[arg-type]


def share(
    key: str, numerator: int, denominator: int, start: Day = "1.4.2019", end: Day = "31.10.2019"
) -> ObservationFacts:
    """A share that was counted."""
    return seen(key, None, start, end, numerator=numerator, denominator=denominator)


def project(
    *facts: IndicatorFacts | ObservationFacts,
    starts_on: Day = "1.3.2019",
    ends_on: Day | None = "28.2.2021",
    funding: FundingFacts = NO_MONEY,
) -> ProjectFacts:
    """A project with its indicators and observations, in any order."""
    return ProjectFacts(
        starts_on=d(starts_on),
        ends_on=None if ends_on is None else d(ends_on),
        indicators=tuple(fact for fact in facts if isinstance(fact, IndicatorFacts)),
        observations=tuple(fact for fact in facts if isinstance(fact, ObservationFacts)),
        funding=funding,
    )


def months(first: str, how_many: int) -> list[tuple[date, date]]:
    """Calendar months from one on, written "4.2019"."""
    month, year = map(int, first.split("."))
    starts = [date(year + (month - 1 + ahead) // 12, (month - 1 + ahead) % 12 + 1, 1) for ahead in range(how_many + 1)]
    return [(start, date.fromordinal(following.toordinal() - 1)) for start, following in pairwise(starts)]
