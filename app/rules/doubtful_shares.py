"""Shares and means that no whole number out of their n can give, and shares of more than all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.rules import policy
from app.rules.codes import FigureUnit
from app.rules.figures import by_key, figure_of, group_size, groups_above, is_exact
from app.rules.outcomes import IndicatorFacts, ObservationFacts, ProjectFacts
from app.rules.parts import HUNDRED, are_shares_of_one, part_groups, rounding_allowed
from app.rules.questions import Question, QuestionCode, asked
from app.rules.shares import mean_possible, possible
from app.rules.tables import Mean, ShareTable, fits, fitting_n


class Answers(NamedTuple):
    """The reported figures of one table, period and n, with what they say together."""

    indicators: tuple[IndicatorFacts, ...]
    period_start: date
    period_end: date
    n: int
    shares: tuple[ObservationFacts, ...]
    means: tuple[ObservationFacts, ...]
    figures: ShareTable


def impossible(facts: ProjectFacts) -> Iterator[Question]:
    """One question for the shares and one for the means of each table that its n cannot give."""
    for answers in reported_tables(facts):
        if not fits(answers.figures, answers.n):
            yield from _asked_about(facts, answers)


def _asked_about(facts: ProjectFacts, answers: Answers) -> Iterator[Question]:
    """Where each share alone is possible, the parts cannot add up to n: then no percentage is named."""
    n = answers.n
    percents = tuple(figure_of(one) for one in answers.shares if not possible(figure_of(one), n))
    means = tuple(mean.value for mean in answers.figures.means if not mean_possible(mean.value, n, *mean[1:]))
    up_to = searched_to(facts, answers)
    found: dict[str, object] = {"n": n, "fitting_n": fitting_n(answers.figures, up_to), "up_to": up_to}
    about = (*answers.shares, *answers.means)
    if percents or not means:
        yield asked(QuestionCode.SHARE_IMPOSSIBLE, about, {"percents": _each_once(percents), **found})
    if means:
        yield asked(QuestionCode.MEAN_IMPOSSIBLE, about, {"means": _each_once(means), **found})


def _each_once(values: Iterable[Decimal]) -> tuple[Decimal, ...]:
    return tuple(sorted(set(values), reverse=True))


def searched_to(facts: ProjectFacts, answers: Answers) -> int:
    """The number of people up to which other n are looked for: the size of the topmost group that is known, else some
    more than the n that was reported."""
    known = [
        size
        for indicator in answers.indicators
        for group in groups_above(facts, indicator)
        if (size := group_size(facts, group.key, answers.period_start, answers.period_end)) is not None
    ]
    limit = max(known) if known else answers.n + policy.FITTING_N_MARGIN
    return min(limit, policy.FITTING_N_MOST)


def reported_tables(facts: ProjectFacts) -> Iterator[Answers]:
    """The reported percentages and scores of a project by the table they stand in, their period and their n."""
    indicators = by_key(facts)
    found: dict[tuple[str, date, date, int], list[ObservationFacts]] = defaultdict(list)
    for one in facts.observations:
        indicator = indicators.get(one.indicator)
        if indicator is not None and one.n and _is_reported(indicator, one):
            found[indicator.table or indicator.key, one.period_start, one.period_end, one.n].append(one)
    whole_of = _wholes(facts)
    for (_, first, last, n), observations in found.items():
        shares = tuple(one for one in observations if indicators[one.indicator].unit is FigureUnit.PERCENT)
        means = tuple(one for one in observations if indicators[one.indicator].unit is FigureUnit.SCORE)
        figures = ShareTable(
            tuple(figure_of(one) for one in shares if one.id not in whole_of),
            tuple(_parts_together(shares, whole_of)),
            tuple(_mean(indicators[one.indicator], one) for one in means),
        )
        named = dict.fromkeys(one.indicator for one in observations)
        yield Answers(tuple(indicators[key] for key in named), first, last, n, shares, means, figures)


def _is_reported(indicator: IndicatorFacts, observation: ObservationFacts) -> bool:
    """A share that was counted has nothing to be found out; one beyond 100 % is asked about as such."""
    if not is_exact(observation) or observation.numerator is not None:
        return False
    if indicator.unit is FigureUnit.PERCENT:
        return 0 <= figure_of(observation) <= HUNDRED
    return indicator.unit is FigureUnit.SCORE and _whole_scale(indicator)


def _whole_scale(indicator: IndicatorFacts) -> bool:
    """Whether answers on the scale are whole numbers, as they are where its ends are."""
    ends = (indicator.scale_min, indicator.scale_max)
    return all(end is not None and end == end.to_integral_value() for end in ends)


def _mean(indicator: IndicatorFacts, observation: ObservationFacts) -> Mean:
    return Mean(figure_of(observation), int(indicator.scale_min or 0), int(indicator.scale_max or 0))


def _wholes(facts: ProjectFacts) -> dict[str, int]:
    """By the id of an observation the number of the whole that it is a part of, where the parts have one n and make up
    100 % as far as rounding allows. Others are asked about as parts, and stand here for themselves."""
    found: dict[str, int] = {}
    for number, group in enumerate(part_groups(facts)):
        parts = group.parts
        together = are_shares_of_one(group) and group.exact and len({part.n for part in parts}) == 1
        if together and abs(group.total - HUNDRED) <= rounding_allowed(parts):
            found |= {part.id: number for part in parts if part.id not in found}
    return found


def _parts_together(shares: Sequence[ObservationFacts], whole_of: dict[str, int]) -> Iterator[tuple[Decimal, ...]]:
    for number in dict.fromkeys(whole_of[one.id] for one in shares if one.id in whole_of):
        yield tuple(figure_of(one) for one in shares if whole_of.get(one.id) == number)


def over_100(facts: ProjectFacts) -> Iterator[Question]:
    """Shares of more than all there are. Said "about" or as a range they are no less doubtful."""
    indicators = by_key(facts)
    for one in facts.observations:
        indicator, figure = indicators.get(one.indicator), one.figure
        if indicator is None or indicator.unit is not FigureUnit.PERCENT or figure is None:
            continue
        if one.numerator is not None and one.denominator is not None and one.numerator > one.denominator:
            values = {"numerator": one.numerator, "denominator": one.denominator}
            yield asked(QuestionCode.SHARE_OVER_100, (one,), values)
        elif max(figure, one.value_max or figure) > HUNDRED:
            yield asked(QuestionCode.SHARE_OVER_100, (one,), {"percent": max(figure, one.value_max or figure)})
