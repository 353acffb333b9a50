"""Charts of a project's figures. Typst draws them as bars; the alternative text has every figure that they show.

A chart never says what no table or sentence says: it is there for the eye.
"""

from collections.abc import Iterator, Sequence

from app.language import figures
from app.language.catalogues import msgid
from app.language.formats import capitalised, number
from app.language.labels import label
from app.language.project_sentences import reached, reached_percent
from app.rules.codes import FigureUnit
from app.rules.cohorts import Branch, Flow
from app.services.reports import ReportedIndicator
from app.web.report_pdf.blocks import Bar, Block, Chart, Tone
from app.web.report_pdf.chapter_words import ChapterWords

ALTERNATIVE = msgid("Bar chart. {bars}.")
TARGETS = msgid("How much of each target is reached")
SHARES = msgid("The shares and their intervals")
SHARES_NOTE = msgid("The bars run from 0 to 100 %. The line at the end of a bar is the 95 % interval.")
FLOW = msgid("What became of those who started, {period}")
OVER_TIME = msgid("{name}, period by period")
FEWEST_OVER_TIME = 3
"""So many figures of one indicator make a chart; two are told by the trend."""


def _chart(words: ChapterWords, caption: str, bars: Sequence[Bar], note: str = "") -> Chart:
    told = "; ".join(f"{bar.label}: {bar.value}" for bar in bars)
    return Chart(caption, words.say(ALTERNATIVE, bars=told), tuple(bars), note)


def of_targets(words: ChapterWords) -> Iterator[Block]:
    """How far each target is, where there is a figure to hold against it."""
    bars = [bar for one in words.found.indicators if (bar := _target(words, one)) is not None]
    if bars:
        yield _chart(words, words.say(TARGETS), bars)


def _target(words: ChapterWords, one: ReportedIndicator) -> Bar | None:
    progress = one.summary.progress
    if one.latest is None or progress is None or one.summary.facts.unit is FigureUnit.YES_NO:
        return None
    share = min(reached_percent(progress), 100) / 100
    held = words.line(one, one.latest).value if one.summary.total is None else words.total(one.summary)
    value = f"{held} · {reached(progress, words.language)}"
    met = progress.met and not one.summary.beyond_target_day
    return Bar(words.name_of(one), value, share, tone=Tone.GOOD if met else Tone.PLAIN)


def of_flow(words: ChapterWords, flow: Flow) -> Chart:
    """Those who started, and how many of them finished, still take part and dropped out."""
    bars = [Bar(_stage(words, "started"), number(flow.started, words.language), 1.0)]
    bars += [
        _branch(words, branch, flow.started)
        for branch in (flow.finished, flow.taking_part, flow.dropped_out)
        if branch.count
    ]
    period = figures.period(flow.period_start, flow.period_end, words.language)
    return _chart(words, words.say(FLOW, period=period), bars)


def _stage(words: ChapterWords, stage: str) -> str:
    return capitalised(label("cohort_stage", stage, words.language))


def _branch(words: ChapterWords, branch: Branch, started: int) -> Bar:
    count = branch.count or 0
    told = number(count, words.language)
    if branch.percent is not None:
        told += f" · {figures.amount(branch.percent, FigureUnit.PERCENT, words.language, reported=False)}"
    return Bar(_stage(words, branch.value), told, min(count / started, 1) if started else 0)


def of_shares(words: ChapterWords, together: Sequence[ReportedIndicator]) -> Iterator[Block]:
    """Shares of one group of people, each with its interval."""
    bars = [bar for one in together if (bar := _share(words, one)) is not None]
    if len(bars) > 1:
        note = words.say(SHARES_NOTE) if any(bar.low is not None for bar in bars) else ""
        yield _chart(words, words.say(SHARES), bars, note)


def _share(words: ChapterWords, one: ReportedIndicator) -> Bar | None:
    line = None if one.latest is None else words.line(one, one.latest)
    if line is None or line.whisker is None:
        return None
    low, high = (None if end is None else float(end) / 100 for end in (line.whisker.low, line.whisker.high))
    value = line.value if line.interval is None else f"{line.value} ({line.interval})"
    return Bar(words.name_of(one), value, float(line.whisker.share) / 100, low, high)


def over_time(words: ChapterWords, one: ReportedIndicator) -> Iterator[Block]:
    """The whole figures of an indicator beside one another, where there are enough of them."""
    told = [figure for figure in one.earlier if not figure.facts.breakdown]
    told += [] if one.latest is None else [one.latest]
    numbers = [(figure, float(figure.facts.figure)) for figure in told if figure.facts.figure is not None]
    if len(numbers) < FEWEST_OVER_TIME or min(value for _, value in numbers) < 0:
        return
    largest = max(value for _, value in numbers) or 1
    lines = [(words.line(one, figure), value) for figure, value in numbers]
    bars = [Bar(line.period, line.value, value / largest) for line, value in lines]
    yield _chart(words, words.say(OVER_TIME, name=words.name_of(one)), bars)
