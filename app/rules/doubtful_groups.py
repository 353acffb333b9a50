"""People who cannot be: more answerers than their group has, fewer than answered before, a cohort that loses count."""

from collections.abc import Iterator
from typing import NamedTuple

from app.rules import policy
from app.rules.codes import Direction
from app.rules.cohorts import Cohort, Flow, cohorts, flows
from app.rules.figures import COUNTED, GroupSizes, by_key, figure_of, is_exact, most, wholes
from app.rules.outcomes import WHOLE, IndicatorFacts, ObservationFacts, ProjectFacts
from app.rules.parts import WHAT_BECAME
from app.rules.questions import Question, QuestionCode, Weight, asked


class Answerers(NamedTuple):
    """How many a table's figures of one period speak of, and how many their group is known to have."""

    n: int
    group: int
    figures: tuple[ObservationFacts, ...]
    behind: tuple[ObservationFacts, ...]


def answerers(facts: ProjectFacts) -> Iterator[Answerers]:
    """For each table, period, n and group; figures of an age group or an area, whose n is their own, are left out."""
    indicators = by_key(facts)
    found: dict[tuple[object, ...], list[ObservationFacts]] = {}
    for one in facts.observations:
        indicator = indicators.get(one.indicator)
        if indicator is None or indicator.unit in COUNTED or one.people is None or not _of_all(one):
            continue
        table = (indicator.table or indicator.key, indicator.counted_among, one.period_start, one.period_end)
        found.setdefault((*table, one.people), []).append(one)
    groups = GroupSizes(facts)
    for figures in found.values():
        above, people = indicators[figures[0].indicator].counted_among, figures[0].people
        first, last = figures[0].period_start, figures[0].period_end
        size = None if above is None else groups.size(above, first, last)
        if above is not None and people is not None and size is not None:
            behind = (one for one in wholes(facts.observations, above) if one.period_start <= last)
            yield Answerers(people, size, tuple(figures), tuple(behind))


def _of_all(observation: ObservationFacts) -> bool:
    return all(dimension in WHAT_BECAME for dimension, _ in observation.breakdown)


def answerers_doubted(facts: ProjectFacts) -> Iterator[Question]:
    """An n larger than the group, or so much smaller that those who are missing may think otherwise."""
    for found in answerers(facts):
        about, values = (*found.figures, *found.behind), {"n": found.n, "group": found.group}
        if found.n > found.group:
            yield asked(QuestionCode.N_BEYOND_GROUP, about, values)
        elif 100 * (found.group - found.n) > policy.LOST_ANSWERERS_PERCENT * found.group:
            yield asked(QuestionCode.N_SHRINKS, about, values, weight=Weight.NOTE)


def falling_counts(facts: ProjectFacts) -> Iterator[Question]:
    """A count that has been followed from one day on and is smaller later than it was before."""
    indicators = by_key(facts)
    highest: dict[tuple[object, ...], ObservationFacts] = {}
    for one in facts.observations:
        indicator = indicators.get(one.indicator)
        if indicator is None or indicator.unit not in COUNTED or not is_exact(one):
            continue
        if indicator.direction is Direction.DOWN:  # what is to go down, a queue, is no running count
            continue
        series = (one.indicator, tuple(sorted(one.breakdown)), one.period_start)
        before = highest.setdefault(series, one)
        if figure_of(one) >= figure_of(before):
            highest[series] = one
        elif one.period_end > before.period_end:
            figures = {"figure": figure_of(one), "figure_before": figure_of(before)}
            days = {"starts_on": one.period_start, "ends_on": one.period_end, "before_ends_on": before.period_end}
            yield asked(QuestionCode.N_SHRINKS, (before, one), {**figures, **days})


def cohorts_doubted(facts: ProjectFacts) -> Iterator[Question]:
    """A flow whose figures of one period do not add up; else more who came out by the end of a period than had
    started by then."""
    doubted = [flow for flow in flows(facts) if flow.adds_up is False]
    for flow in doubted:
        yield _flow_doubted(facts, flow)
    for cohort in cohorts(facts):
        if cohort not in [flow.cohort for flow in doubted]:
            yield from _more_out_than_in(facts, cohort)


def _flow_doubted(facts: ProjectFacts, flow: Flow) -> Question:
    period = (flow.period_start, flow.period_end)
    keys = {indicator.key for indicator in flow.cohort if indicator is not None}
    about = [
        one
        for one in facts.observations
        if one.indicator in keys and one.breakdown == WHOLE and (one.period_start, one.period_end) == period
    ]
    return _asked(about, flow.started, flow.dropped_out.count or 0, flow.finished.count or 0)


def _asked(about: list[ObservationFacts], started: int, dropped_out: int, finished: int) -> Question:
    values = {"started": started, "dropped_out": dropped_out, "finished": finished}
    difference = {"difference": dropped_out + finished - started}
    return asked(QuestionCode.COHORT_DOES_NOT_ADD_UP, about, values | difference)


def _more_out_than_in(facts: ProjectFacts, cohort: Cohort) -> Iterator[Question]:
    """Nobody leaves twice: over periods that do not overlap, those who left are added up, and so are those who
    started. Asked at the first day on which more had left."""
    ends = sorted({one.period_end for stage in cohort[1:] for one in _counted(facts, stage)})
    for day in ends:
        started = [one for one in _counted(facts, cohort.started) if one.period_start <= day]
        dropped_out = [one for one in _counted(facts, cohort.dropped_out) if one.period_end <= day]
        finished = [one for one in _counted(facts, cohort.finished) if one.period_end <= day]
        sums = [_people(started), _people(dropped_out), _people(finished)]
        if started and sums[1] + sums[2] > sums[0]:
            yield _asked([*started, *dropped_out, *finished], *sums)
            return


def _counted(facts: ProjectFacts, indicator: IndicatorFacts | None) -> list[ObservationFacts]:
    return [] if indicator is None else [one for one in wholes(facts.observations, indicator.key) if is_exact(one)]


def _people(observations: list[ObservationFacts]) -> int:
    return most((one.period_start, one.period_end, int(figure_of(one))) for one in observations)
