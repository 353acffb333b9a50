"""Parts that do not add up to their whole, or are larger than it."""

from collections.abc import Iterator
from decimal import Decimal

from app.rules.figures import COUNTED, GroupSizes, by_key, figure_of, is_exact, is_final
from app.rules.outcomes import WHOLE, ObservationFacts, ProjectFacts
from app.rules.parts import HUNDRED, PartGroup, are_shares_of_one, part_groups, rounding_allowed
from app.rules.questions import Question, QuestionCode, Weight, asked
from app.rules.sums import ADDABLE


def not_adding_up(facts: ProjectFacts) -> Iterator[Question]:
    """What is doubtful about each group of parts."""
    for group in part_groups(facts):
        if not group.exact:
            continue
        if group.indicator.unit in ADDABLE and group.whole is not None:
            yield from _counts(group, group.whole)
        elif are_shares_of_one(group):
            yield from _percentages(group)


def _counts(group: PartGroup, whole: ObservationFacts) -> Iterator[Question]:
    """Counts add up exactly. Fewer than the whole are no wonder while figures are preliminary, or where a single part
    is mentioned; more than the whole always are."""
    total, amount = group.total, figure_of(whole)
    larger = [part for part in group.parts if figure_of(part) > amount]
    for part in larger:
        values = {"part": figure_of(part), "whole": amount, **_unit(group)}
        yield asked(QuestionCode.PART_EXCEEDS_WHOLE, (part, whole), values)
    complete = len(group.parts) > 1 and all(map(is_final, (*group.parts, whole)))
    if not larger and (total > amount or (total < amount and complete)):
        yield _do_not_add_up(group, amount)


def _percentages(group: PartGroup) -> Iterator[Question]:
    """Percentages add up to 100 as far as their rounding allows; where they were counted, exactly."""
    counted = {part.denominator for part in group.parts if part.numerator is not None}
    if len(counted) == 1 and all(part.numerator is not None for part in group.parts):
        away = Decimal(sum(part.numerator or 0 for part in group.parts) - (counted.pop() or 0))
    else:
        away = group.total - HUNDRED
    if abs(away) > rounding_allowed(group.parts):
        if away > 0 or all(map(is_final, group.parts)):
            yield _do_not_add_up(group, HUNDRED)
    elif away:
        values = {"total": group.total, "whole": HUNDRED, "parts": len(group.parts), **_unit(group)}
        yield asked(QuestionCode.PARTS_ROUNDED, group.parts, values, weight=Weight.NOTE)


def _do_not_add_up(group: PartGroup, whole: Decimal) -> Question:
    about = group.parts if group.whole is None else (*group.parts, group.whole)
    sums = {"total": group.total, "whole": whole, "difference": group.total - whole, "parts": len(group.parts)}
    return asked(QuestionCode.PARTS_DO_NOT_ADD_UP, about, sums | _unit(group))


def _unit(group: PartGroup) -> dict[str, object]:
    return {"unit": group.indicator.unit.value, "dimension": group.dimension.value}


def beyond_group(facts: ProjectFacts) -> Iterator[Question]:
    """Counts that are larger than the count of those they are among. The stages of a cohort are looked at as such."""
    indicators = by_key(facts)
    groups = GroupSizes(facts)
    for one in facts.observations:
        indicator = indicators.get(one.indicator)
        if indicator is None or indicator.unit not in COUNTED or indicator.stage is not None or not is_exact(one):
            continue
        group = indicators.get(indicator.counted_among or "")
        if group is None or group.unit is not indicator.unit or one.breakdown != WHOLE:
            continue
        size = groups.size(group.key, one.period_start, one.period_end)
        if size is not None and figure_of(one) > size:
            about = (one, *_figures_behind(facts, group.key, one))
            values = {"part": figure_of(one), "whole": Decimal(size), "unit": indicator.unit.value}
            yield asked(QuestionCode.PART_EXCEEDS_WHOLE, about, values)


def _figures_behind(facts: ProjectFacts, key: str, one: ObservationFacts) -> Iterator[ObservationFacts]:
    """The group's whole figures that were begun by the end of an observation."""
    for other in facts.observations:
        if other.indicator == key and other.breakdown == WHOLE and other.period_start <= one.period_end:
            yield other
