"""What is known of a project in a few sentences: what became of people, the main figures, how far the target is."""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from app.language import figures, formats
from app.language.catalogues import msgid, msgids, translated
from app.language.headlines import Part
from app.rules.cohorts import Flow
from app.rules.indicators import Progress
from app.rules.outcomes import IndicatorFacts, ObservationFacts

ALL_KNOWN = msgid("{started} started, {dropped_out} dropped out and {finished} finished ({period}).")
FINISHED_KNOWN = msgid("{started} started and {finished} finished ({period}).")
DROPPED_OUT_KNOWN = msgid("{started} started and {dropped_out} dropped out ({period}).")
STARTED_KNOWN = msgid("{started} started ({period}).")
STILL_THERE = msgids("{taking_part} is still taking part.", "{taking_part} are still taking part.", by="taking_part")
FIGURE = "{name}: {figure}."
TARGET = msgid("{name}: the target is {target}, and {reached} of it is reached.")
TARGET_MET = msgid("{name}: {figure}; the target, {target}, is met.")
NOTHING = msgid("No figures have been recorded for this period.")

FIGURES_TOLD = 3
ALMOST = 99
"""Per cent: a target that is not met is never said to be reached in full."""
_OPENS, _CLOSES = "\ue000", "\ue001"
"""Private signs around what is shown strong while a sentence is made; no text has them."""


class Known(NamedTuple):
    """A figure with the name of its indicator in the reader's language."""

    name: str
    indicator: IndicatorFacts
    observation: ObservationFacts
    progress: Progress | None
    beyond_target_day: bool = False
    """Whether the figure speaks of days after the one by which the target was to be reached."""


def reached_percent(progress: Progress) -> int:
    """How much of a target is reached, in whole per cent."""
    percent = int((100 * progress.reached).quantize(Decimal(1), ROUND_HALF_UP))
    return percent if progress.met else min(percent, ALMOST)


def reached(progress: Progress, language: str) -> str:
    return f"{formats.number(reached_percent(progress), language)}{formats.NO_BREAK_SPACE}%"


def known_parts(flow: Flow | None, known: Sequence[Known], language: str) -> list[Part]:
    """The sentences as one text, cut at what matters most: how far the first target is. `known` are the headline
    figures; those of the flow are not told twice."""
    sentences = [*_of_flow(flow, language), *_of_figures(flow, known, language)]
    text = " ".join(sentences) or translated(NOTHING, language)
    pieces = re.split(f"{_OPENS}(.*?){_CLOSES}", text)
    return [Part(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece]


def _of_flow(flow: Flow | None, language: str) -> Iterable[str]:
    if flow is None:
        return
    match (flow.dropped_out.count is not None, flow.finished.count is not None):
        case (True, True):
            text = ALL_KNOWN
        case (False, True):
            text = FINISHED_KNOWN
        case (True, False):
            text = DROPPED_OUT_KNOWN
        case _:
            text = STARTED_KNOWN
    yield translated(text, language).format(
        started=formats.number(flow.started, language),
        dropped_out=formats.number(flow.dropped_out.count or 0, language),
        finished=formats.number(flow.finished.count or 0, language),
        period=figures.period(flow.period_start, flow.period_end, language),
    )
    if flow.taking_part.count:
        left = formats.number(flow.taking_part.count, language)
        yield translated(STILL_THERE, language, flow.taking_part.count).format(taking_part=left)


def _of_figures(flow: Flow | None, known: Sequence[Known], language: str) -> Iterable[str]:
    of_flow = set() if flow is None else {one.key for one in flow.cohort if one is not None}
    targeted = next((one for one in known if one.progress is not None), None)
    told = [one for one in known if one.indicator.key not in of_flow and one.observation.figure is not None]
    for one in told[:FIGURES_TOLD]:
        if one is not targeted:
            written = figures.with_unit(one.indicator, one.observation, language)
            yield FIGURE.format(name=one.name, figure=written)
    if targeted is not None and targeted.progress is not None:
        yield _of_target(targeted, targeted.progress, language)


def _of_target(one: Known, progress: Progress, language: str) -> str:
    met = progress.met and not one.beyond_target_day
    return translated(TARGET_MET if met else TARGET, language).format(
        name=one.name,
        figure=f"{_OPENS}{figures.with_unit(one.indicator, one.observation, language)}{_CLOSES}",
        target=figures.target_by(one.indicator, language),
        reached=f"{_OPENS}{reached(progress, language)}{_CLOSES}",
    )
