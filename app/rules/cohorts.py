"""What became of a cohort: who started, dropped out or finished, and the next steps of those who finished."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.rules.codes import CohortStage, Dimension
from app.rules.figures import figure_of, is_exact, is_final, settled, wholes
from app.rules.outcomes import IndicatorFacts, ObservationFacts, ProjectFacts
from app.rules.parts import part_groups

STEP_OF_STAGE = {CohortStage.DROPPED_OUT: Dimension.PHASE, CohortStage.FINISHED: Dimension.NEXT_STEP}
"""What those of a stage are broken down by in the flow: when they left, and where they went."""


class Cohort(NamedTuple):
    """The indicators of one flow."""

    started: IndicatorFacts
    dropped_out: IndicatorFacts | None
    finished: IndicatorFacts | None


@dataclass(frozen=True, slots=True)
class Branch:
    """Some of a cohort. `count` is None where it is not known; `percent` is their share of those they are among: of the
    started, or of their stage."""

    value: str
    count: int | None
    percent: Decimal | None


class Flow(NamedTuple):
    """A cohort in a period. `taking_part` are those who neither dropped out nor finished, None where that is not known
    or would be fewer than none. `adds_up` is None where a figure is missing; `final` where all three figures are."""

    cohort: Cohort
    period_start: date
    period_end: date
    final: bool
    started: int
    dropped_out: Branch
    finished: Branch
    taking_part: Branch
    dropped_out_in: tuple[Branch, ...]
    next_steps: tuple[Branch, ...]
    adds_up: bool | None


def cohorts(facts: ProjectFacts) -> tuple[Cohort, ...]:
    """The flows of a project, one for each indicator of those who started. A later stage belongs to the one it is
    counted among; where a project has only one, also without saying so."""
    starts = [indicator for indicator in facts.indicators if indicator.stage is CohortStage.STARTED]
    return tuple(
        Cohort(
            start,
            _later(facts, start, CohortStage.DROPPED_OUT, len(starts) == 1),
            _later(facts, start, CohortStage.FINISHED, len(starts) == 1),
        )
        for start in starts
    )


def _later(facts: ProjectFacts, start: IndicatorFacts, stage: CohortStage, only: bool) -> IndicatorFacts | None:
    for indicator in facts.indicators:
        if indicator.stage is stage and (only or indicator.counted_among == start.key):
            return indicator
    return None


def flows(facts: ProjectFacts, first: date | None = None, last: date | None = None) -> tuple[Flow, ...]:
    """Every cohort in every period that ends from `first` to `last` and for which it is known how many started, the
    latest period first. Figures of different periods are never put together."""
    facts = settled(facts)
    found = [
        _flow(facts, cohort, start)
        for cohort in cohorts(facts)
        for start in _counts(facts, cohort.started)
        if (first is None or start.period_end >= first) and (last is None or start.period_end <= last)
    ]
    return tuple(sorted(found, key=lambda flow: (flow.period_end, -flow.period_start.toordinal()), reverse=True))


def latest_flow(facts: ProjectFacts, first: date | None = None, last: date | None = None) -> Flow | None:
    """The flow that tells most of a period: the latest one that says what became of people, else the latest."""
    found = flows(facts, first, last)
    telling = (flow for flow in found if flow.dropped_out.count is not None or flow.finished.count is not None)
    return next(telling, found[0] if found else None)


def _counts(facts: ProjectFacts, indicator: IndicatorFacts | None) -> Iterator[ObservationFacts]:
    if indicator is not None:
        yield from filter(is_exact, wholes(facts.observations, indicator.key))


def _flow(facts: ProjectFacts, cohort: Cohort, start: ObservationFacts) -> Flow:
    started = int(figure_of(start))
    dropped_out = _of_period(facts, cohort.dropped_out, start)
    finished = _of_period(facts, cohort.finished, start)
    figures = (start, dropped_out, finished)
    final = all(one is not None and is_final(one) for one in figures)
    left = None
    if dropped_out is not None and finished is not None:
        left = started - int(figure_of(dropped_out)) - int(figure_of(finished))
    return Flow(
        cohort,
        start.period_start,
        start.period_end,
        final,
        started,
        _stage(CohortStage.DROPPED_OUT, dropped_out, started),
        _stage(CohortStage.FINISHED, finished, started),
        _branch("taking_part", left if left is None or left >= 0 else None, started),
        _steps(facts, cohort.dropped_out, dropped_out),
        _steps(facts, cohort.finished, finished),
        None if left is None else left == 0 or (left > 0 and not final),
    )


def _of_period(
    facts: ProjectFacts, indicator: IndicatorFacts | None, start: ObservationFacts
) -> ObservationFacts | None:
    period = (start.period_start, start.period_end)
    return next((one for one in _counts(facts, indicator) if (one.period_start, one.period_end) == period), None)


def _stage(stage: CohortStage, observation: ObservationFacts | None, started: int) -> Branch:
    return _branch(stage.value, None if observation is None else int(figure_of(observation)), started)


def _branch(value: str, count: int | None, among: int) -> Branch:
    return Branch(value, count, Decimal(100 * count) / among if count is not None and among else None)


def _steps(facts: ProjectFacts, indicator: IndicatorFacts | None, stage: ObservationFacts | None) -> tuple[Branch, ...]:
    """The parts of a stage, the largest first, each with its share of the stage; of the parts together, where they are
    more than the stage."""
    if indicator is None or indicator.stage is None or stage is None:
        return ()
    dimension = STEP_OF_STAGE[indicator.stage]
    for group in part_groups(facts):
        if group.dimension is dimension and group.whole == stage:
            exact = [part for part in group.parts if is_exact(part)]
            among = int(max(figure_of(stage), sum(map(figure_of, exact))))
            largest_first = sorted(exact, key=lambda one: (-figure_of(one), one.breakdown))
            return tuple(_branch(part.breakdown[0][1], int(figure_of(part)), among) for part in largest_first)
    return ()
