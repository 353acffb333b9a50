"""Figures that do not go with time: outside the project's own, or far from what came before them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from statistics import median
from typing import NamedTuple

from app.rules import policy
from app.rules.codes import FigureUnit
from app.rules.figures import COUNTED, by_key, figure_of, is_exact
from app.rules.outcomes import IndicatorFacts, ObservationFacts, ProjectFacts
from app.rules.parts import HUNDRED
from app.rules.questions import Question, QuestionCode, asked, written_out
from app.rules.sums import ADDABLE

ZERO = Decimal(0)


def outside_project(facts: ProjectFacts) -> Iterator[Question]:
    """One question for each period of figures that is not within the project's own. It hangs on the days alone: who
    has said that a period is meant so is not asked again with every further figure of it."""
    periods = dict.fromkeys((one.period_start, one.period_end) for one in facts.observations)
    for first, last in periods:
        if first < facts.starts_on or (facts.ends_on is not None and last > facts.ends_on):
            about = [one for one in facts.observations if (one.period_start, one.period_end) == (first, last)]
            days = {"period_start": first, "period_end": last, "starts_on": facts.starts_on, "ends_on": facts.ends_on}
            yield asked(QuestionCode.PERIOD_OUTSIDE_PROJECT, about, days, figures=days.values())


class Step(NamedTuple):
    """What a figure adds: the figure itself over the days of its period, or its growth since the figure before where
    both count from one day on. Shares and scores are the same over one day or many: their `days` are 1."""

    amount: Decimal
    days: int
    before: Decimal
    observation: ObservationFacts


def jumps(facts: ProjectFacts) -> Iterator[Question]:
    """Figures beyond what the figures before them make likely.

    Each is compared with the median of those before it (of what is counted, a day), in units of their usual spread:
    1.4826 times the median absolute deviation, but at least what chance alone would move it.
    """
    indicators = by_key(facts)
    series: dict[tuple[object, ...], list[ObservationFacts]] = defaultdict(list)
    for one in facts.observations:
        if one.indicator in indicators and is_exact(one):
            series[one.indicator, tuple(sorted(one.breakdown))].append(one)
    for observations in series.values():
        indicator = indicators[observations[0].indicator]
        if indicator.unit is not FigureUnit.YES_NO and len(observations) > policy.JUMP_LEAST_HISTORY:
            yield from _jumps_in(indicator, _steps(indicator, observations))


def _steps(indicator: IndicatorFacts, observations: Sequence[ObservationFacts]) -> list[Step]:
    steps = []
    for previous, one in zip([None, *observations], observations, strict=False):
        before, begun = ZERO, one.period_start.toordinal() - 1
        if indicator.unit not in ADDABLE:
            steps.append(Step(figure_of(one), 1, ZERO, one))
            continue
        if previous is not None and previous.period_start == one.period_start and previous.period_end < one.period_end:
            before, begun = figure_of(previous), previous.period_end.toordinal()
        steps.append(Step(figure_of(one) - before, one.period_end.toordinal() - begun, before, one))
    return steps


def _jumps_in(indicator: IndicatorFacts, steps: Sequence[Step]) -> Iterator[Question]:
    for place in range(policy.JUMP_LEAST_HISTORY, len(steps)):
        step, history = steps[place], steps[max(place - policy.JUMP_MOST_HISTORY, 0) : place]
        low, high = _likely(indicator, step, [one.amount / one.days for one in history])
        figure = figure_of(step.observation)
        if not low <= figure <= high:
            values = {"figure": figure, "low": low, "high": high, "history": len(history)}
            hangs_on = [written_out(one.observation) for one in (*history, step)]
            unit = {"unit": indicator.unit.value}
            yield asked(QuestionCode.JUMP, [step.observation], {**values, **unit}, figures=hangs_on)


def _likely(indicator: IndicatorFacts, step: Step, paces: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """From where to where the figure of a step is likely: rounded outwards, to a whole count or a tenth."""
    usual = median(paces)
    spread = policy.MAD_TO_DEVIATION * median(abs(pace - usual) for pace in paces) * step.days
    reach = policy.JUMP_DEVIATIONS * max(spread, _by_chance(indicator, step, usual * step.days))
    place = Decimal(1) if indicator.unit in COUNTED else Decimal("0.1")
    low = (step.before + usual * step.days - reach).quantize(place, ROUND_FLOOR)
    high = (step.before + usual * step.days + reach).quantize(place, ROUND_CEILING)
    if indicator.unit is FigureUnit.PERCENT:
        return max(low, ZERO), min(high, HUNDRED)
    return (max(low, ZERO), high) if indicator.unit in COUNTED else (low, high)


def _by_chance(indicator: IndicatorFacts, step: Step, expected: Decimal) -> Decimal:
    """How far chance alone moves a figure: a count by its square root, a share by its sampling error."""
    if indicator.unit is FigureUnit.PERCENT:
        people = step.observation.people
        error = HUNDRED / (2 * Decimal(people).sqrt()) if people else ZERO
        return max(policy.JUMP_FLOOR_PERCENT, error)
    if indicator.unit is FigureUnit.SCORE:
        return policy.JUMP_FLOOR_SCORE
    share = abs(expected) * policy.JUMP_FLOOR_SHARE
    return max(share, Decimal(1), abs(expected).sqrt()) if indicator.unit in COUNTED else share
