"""Figures of a project in words: one line for each, as the overview, the project's page and an indicator's page show
them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.language import figures
from app.language.catalogues import msgid, translated
from app.language.formats import capitalised, number
from app.language.labels import label
from app.language.own_words import breakdown_name, category_name, own_words
from app.language.project_sentences import reached, reached_percent
from app.language.questions import percent, question_sentence
from app.rules.codes import Computation, FigureUnit
from app.rules.indicators import Change, Part, Trend, interval
from app.rules.outcomes import IndicatorFacts, ObservationFacts
from app.rules.shares import Interval
from app.services.project_summaries import Figure, IndicatorSummary
from app.services.questions import Asked
from app.storage.models import Indicator
from app.web.charts import per_cent

FROM_CONTRACTS = msgid("The service's own contracts")
TRENDS: Mapping[Change, str] = {
    Change.UP: msgid("{by} more than before ({before})"),
    Change.DOWN: msgid("{by} less than before ({before})"),
    Change.SAME: msgid("the same as before ({before})"),
}
TOTAL = msgid("{figure} in all ({period})")
WHOLE = Decimal(100)
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question as a sentence; `address` is where it is listed."""

    key: str
    text: str
    address: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Bar:
    """How far a figure is on the way to its target: words, and the width of what is filled in per cent."""

    target: str
    reached: str | None
    width: str
    met: bool
    beyond_day: bool
    """Whether the figure speaks of days after the one by which the target was to be reached."""


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a whole: how many, its share, and the widths of its bar and of its interval's ends in per cent."""

    name: str
    count: str | None
    share: str | None
    width: str
    figure: "FigureLine"


@dataclass(frozen=True, slots=True)
class Whisker:
    """A share as it is drawn: places in per cent of the width; no ends where the interval is not known."""

    share: str
    low: str | None
    high: str | None


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure in words. `part` says which part of the whole it is of, `people` its n, `whisker` is of shares."""

    figure: Figure
    value: str
    unit: str
    part: str
    period: str
    people: str | None
    status: str
    source: str
    note: str
    interval: str | None
    whisker: Whisker | None
    doubts: tuple[QuestionLine, ...]

    @property
    def in_words(self) -> bool:
        return self.figure.facts.figure is None


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator with its latest figure in words. `parts` are by dimension."""

    summary: IndicatorSummary
    name: str
    definition: str
    address: str
    latest: FigureLine | None
    age: str | None
    total: str | None
    bar: Bar | None
    trend: str | None
    questions: tuple[QuestionLine, ...]

    @property
    def key(self) -> str:
        return self.summary.row.key


@dataclass(frozen=True, slots=True)
class FigureWords:
    """The words for the figures of one project in one language."""

    slug: str
    language: str

    def indicator_address(self, key: str) -> str:
        return f"/projects/{self.slug}/indicators/{key}"

    def indicator(self, found: IndicatorSummary) -> IndicatorLine:
        row, latest = found.row, found.latest
        return IndicatorLine(
            summary=found,
            name=own_words(row.name, self.language),
            definition=own_words(row.definition, self.language),
            address=self.indicator_address(row.key),
            latest=None if latest is None else self.figure(found, latest),
            age=None if found.age_days is None else figures.age(found.age_days, self.language),
            total=None if found.total is None else self.total(found.facts, found.total),
            bar=self.bar(found),
            trend=None if found.trend is None else self.trend(found.facts, found.trend),
            questions=tuple(self.question(one) for one in found.asked if one.open),
        )

    def figure(self, found: IndicatorSummary, one: Figure) -> FigureLine:
        facts, row, sure = one.facts, one.row, interval(found.facts, one.facts)
        return FigureLine(
            figure=one,
            value=figures.figure(found.facts, facts, self.language),
            unit=figures.unit_word(found.facts, facts, self.language),
            part=breakdown_name(found.row.category_names, facts.breakdown, self.language),
            period=figures.period(facts.period_start, facts.period_end, self.language),
            people=self.people(facts),
            status=label("figure_status", facts.status, self.language),
            source=translated(FROM_CONTRACTS, self.language) if row is None else row.source,
            note="" if row is None or row.note is None else own_words(row.note, self.language),
            interval=None if sure is None else self.interval(sure),
            whisker=whisker(found.facts, facts, sure),
            doubts=self.doubts(found.asked, facts),
        )

    def people(self, facts: ObservationFacts) -> str | None:
        if facts.value is None and facts.numerator is not None and facts.denominator is not None:
            return f"{number(facts.numerator, self.language)} / {number(facts.denominator, self.language)}"
        return None if facts.people is None else number(facts.people, self.language)

    def interval(self, ends: Interval) -> str:
        return figures.between(*ends, FigureUnit.PERCENT, self.language)

    def total(self, indicator: IndicatorFacts, total: ObservationFacts) -> str:
        """Figures of several periods added up."""
        return translated(TOTAL, self.language).format(
            figure=figures.with_unit(indicator, total, self.language),
            period=figures.period(total.period_start, total.period_end, self.language),
        )

    def bar(self, found: IndicatorSummary) -> Bar | None:
        target, progress = figures.target_by(found.facts, self.language), found.progress
        if target is None:
            return None
        if progress is None:
            return Bar(target, None, "0", met=False, beyond_day=False)
        width, beyond = per_cent(min(reached_percent(progress), 100)), found.beyond_target_day
        return Bar(target, reached(progress, self.language), width, progress.met and not beyond, beyond)

    def trend(self, indicator: IndicatorFacts, trend: Trend) -> str:
        by = figures.amount(abs(trend.by), indicator.unit, self.language)
        before = figures.period(trend.previous.period_start, trend.previous.period_end, self.language)
        return translated(TRENDS[trend.change], self.language).format(by=by, before=before)

    def parts(self, found: IndicatorSummary, parts: Iterable[Part]) -> list[PartLine]:
        """The parts of a whole as rows of bars, on the scale of the whole."""
        return [self._part(found, part, found.figure_of(part)) for part in parts]

    def _part(self, found: IndicatorSummary, part: Part, one: Figure) -> PartLine:
        line, dimension = self.figure(found, one), one.facts.breakdown[0][0].value
        count: str | None = line.value
        share = None if part.percent is None else percent(rounded(part.percent), self.language)
        if found.facts.unit is FigureUnit.PERCENT:
            count, share = None if part.count is None else number(part.count, self.language), line.value
        return PartLine(
            name=capitalised(category_name(found.row.category_names, dimension, part.value, self.language)),
            count=count,
            share=share,
            width=per_cent(float(min(max(part.percent or Decimal(0), Decimal(0)), WHOLE))),
            figure=line,
        )

    def doubts(self, asked: Iterable[Asked], facts: ObservationFacts) -> tuple[QuestionLine, ...]:
        """The open questions in which a figure has a part."""
        return tuple(self.question(one) for one in asked if one.open and facts.id in one.question.observation_ids)

    def question(self, asked: Asked) -> QuestionLine:
        question = asked.question
        return QuestionLine(
            key=question.key,
            text=question_sentence(question.code, question.values, self.language),
            address=f"/projects/{self.slug}/questions#question-{question.key}",
            asked=asked,
        )

    def computation(self, row: Indicator) -> str | None:
        return None if row.computation is None else label("computation", Computation(row.computation), self.language)


def rounded(value: Decimal) -> Decimal:
    """A share that was calculated: whole, as its count stands beside it; with a decimal where it is almost 0 or all."""
    return value.quantize(TENTH if 0 < value < 1 or WHOLE - 1 < value < WHOLE else Decimal(1), ROUND_HALF_UP)


def whisker(indicator: IndicatorFacts, facts: ObservationFacts, ends: Interval | None) -> Whisker | None:
    """Where a share and its interval are drawn; None for what is no share from 0 to 100 %."""
    value = facts.figure
    if indicator.unit is not FigureUnit.PERCENT or value is None or not 0 <= value <= WHOLE:
        return None
    low, high = (None, None) if ends is None else (per_cent(float(end)) for end in ends)
    return Whisker(per_cent(float(value)), low, high)
