"""A project's page in words: what its template says beyond the figures themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from app.language import figures
from app.language.catalogues import msgid, msgid_in, translated, translated_in
from app.language.formats import capitalised, day, euros, number
from app.language.headlines import Part
from app.language.labels import label
from app.language.own_words import category_name, own_words
from app.language.project_sentences import Known, known_parts
from app.language.questions import percent
from app.rules.codes import Dimension
from app.rules.cohorts import STEP_OF_STAGE, Branch, Flow
from app.rules.outcomes import IndicatorFacts
from app.rules.risks import HeatCell, heat_map
from app.services.project_summaries import Money, ProjectSummary, RiskSummary
from app.storage.funding import amount_of
from app.storage.models import Funding, Project
from app.web import flow_picture
from app.web.charts import per_cent
from app.web.figure_words import FigureWords, IndicatorLine, PartLine, QuestionLine, rounded
from app.web.flow_picture import Leaf, Picture
from app.web.share_tables import ShareTable, share_tables
from app.web.timetables import Timetable, timetable

WORD_JOINER = "\N{WORD JOINER}"
"""Behind a dash: no line breaks there, within a range or a period."""
FROM_ON = msgid("from {starts_on} on")
LEVELS = {
    "low": msgid_in("risk", "low"),
    "moderate": msgid_in("risk", "moderate"),
    "high": msgid_in("risk", "high"),
}
"""The level alone, for the cells of the heat map."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts of an indicator by a dimension."""

    line: IndicatorLine
    dimension: str
    parts: list[PartLine]


@dataclass(frozen=True, slots=True)
class FlowWords:
    """What became of a cohort: the picture, and the same as a list. `doubts` are open questions about it."""

    flow: Flow
    period: str
    started: Leaf
    stages: tuple[Leaf, ...]
    picture: Picture
    doubts: tuple[QuestionLine, ...]


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk with its number on the heat map."""

    number: int
    found: RiskSummary
    name: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """A source of money or a use of it: its sum and share where they are known, and the width of its bar."""

    row: Funding
    name: str
    amount: str | None
    share: str | None
    width: str


def project_name(project: Project, language: str) -> str:
    return own_words(project.name, language)


def project_period(project: Project, language: str) -> str:
    if project.ends_on is None:
        return translated(FROM_ON, language).format(starts_on=day(project.starts_on, language))
    return figures.period(project.starts_on, project.ends_on, language)


class ProjectWords:
    """The words for one project in one language; each group of figures is made once."""

    def __init__(self, summary: ProjectSummary, language: str) -> None:
        self.summary, self.language = summary, language
        self.project = summary.found.project
        self.figures = FigureWords(self.project.slug, language)
        self.address = f"/projects/{self.project.slug}"

    # --- What it is

    @property
    def name(self) -> str:
        return project_name(self.project, self.language)

    @property
    def about(self) -> str:
        return own_words(self.project.summary or {}, self.language)

    @property
    def period(self) -> str:
        return project_period(self.project, self.language)

    def texts(self, listed: Iterable[Mapping[str, str]]) -> list[str]:
        """What people wrote in several languages, each in the reader's."""
        return [own_words(one, self.language) for one in listed]

    def relations(self) -> list[tuple[str, str, object]]:
        """How another project is related, its name, and its slug where it is here too."""
        found = []
        for one in self.project.relations:
            kind = capitalised(label("relation_kind", str(one["kind"]), self.language))
            found.append((kind, self._own(one["name"]), one.get("slug")))
        return found

    def _own(self, words: object) -> str:
        return own_words(words, self.language) if isinstance(words, dict) else ""

    # --- Figures

    @cached_property
    def lines(self) -> list[IndicatorLine]:
        return [self.figures.indicator(one) for one in self.summary.indicators]

    @property
    def headlines(self) -> list[IndicatorLine]:
        return [one for one in self.lines if one.summary.row.headline]

    @cached_property
    def known(self) -> list[Part]:
        """What is known, in a few sentences."""
        known = [
            Known(one.name, one.summary.facts, held, one.summary.progress, one.summary.beyond_target_day)
            for one in self.headlines
            if (held := one.summary.held) is not None
        ]
        parts = known_parts(self.summary.flow, known, self.language)
        return [Part(part.text.replace("–", f"–{WORD_JOINER}"), part.is_key) for part in parts]

    @cached_property
    def tables(self) -> list[ShareTable]:
        return share_tables(self.summary, self.figures)

    @property
    def others(self) -> list[IndicatorLine]:
        """Figures that neither the headlines nor the tables show."""
        return [one for one in self._rest if one.latest is not None and not one.latest.in_words]

    @property
    def findings(self) -> list[IndicatorLine]:
        """What is told in words only."""
        return [one for one in self.lines if one.latest is not None and one.latest.in_words]

    @property
    def unknown(self) -> list[IndicatorLine]:
        """Defined, but without a figure in the period; parts alone are shown as a breakdown."""
        return [one for one in self._rest if one.latest is None and not one.summary.parts]

    @property
    def _rest(self) -> list[IndicatorLine]:
        in_tables = {one.row.key for one in self.summary.indicators if one.row.table is not None}
        return [one for one in self.lines if not one.summary.row.headline and one.key not in in_tables]

    @property
    def breakdowns(self) -> list[Breakdown]:
        """Parts that neither the flow nor a table of shares shows."""
        shown = self._shown_by_flow()
        return [
            Breakdown(line, label("dimension", dimension, self.language), self.figures.parts(line.summary, parts))
            for line in self.lines
            if line.summary.row.table is None
            for dimension, parts in line.summary.parts.items()
            if (line.key, dimension) not in shown
        ]

    @cached_property
    def questions(self) -> list[QuestionLine]:
        """What someone is to answer."""
        return [self.figures.question(one) for one in self.summary.asked if one.open]

    @property
    def money_questions(self) -> list[QuestionLine]:
        return [one for one in self.questions if not one.asked.question.indicators]

    # --- The cohort

    def _shown_by_flow(self) -> set[tuple[str, Dimension]]:
        """Breakdowns all of whose parts the flow has, in its own period."""
        flow = self.summary.flow
        if flow is None:
            return set()
        cohort = flow.cohort
        stages = ((cohort.dropped_out, flow.dropped_out_in), (cohort.finished, flow.next_steps))
        return {
            (indicator.key, STEP_OF_STAGE[indicator.stage])
            for indicator, steps in stages
            if indicator is not None and indicator.stage is not None and steps
        }

    @cached_property
    def flow(self) -> FlowWords | None:
        flow = self.summary.flow
        if flow is None:
            return None
        cohort = flow.cohort
        stages = (
            self._stage(flow.finished, cohort.finished, flow.next_steps),
            self._stage(flow.taking_part, None, ()),
            self._stage(flow.dropped_out, cohort.dropped_out, flow.dropped_out_in),
        )
        known = tuple(
            one for one in stages if one.branch.count or (one.branch.count == 0 and one.look != "taking_part")
        )
        started = self._stage(Branch("started", flow.started, None), None, ())
        keys = {one.key for one in cohort if one is not None}
        doubts = [one for one in self.questions if keys & set(one.asked.question.indicators)]
        return FlowWords(
            flow=flow,
            period=figures.period(flow.period_start, flow.period_end, self.language),
            started=started,
            stages=known,
            picture=flow_picture.draw(flow, started.count, started.name, known),
            doubts=tuple(doubts),
        )

    def _stage(self, branch: Branch, indicator: IndicatorFacts | None, steps: tuple[Branch, ...]) -> Leaf:
        name = self._with_share(self._stage_name(branch.value), branch)
        names = self._category_names(indicator)
        dimension = None if indicator is None or indicator.stage is None else STEP_OF_STAGE[indicator.stage]
        leaves = [
            Leaf(
                step,
                branch.value,
                number(step.count or 0, self.language),
                self._with_share(category_name(names, dimension or "", step.value, self.language), step),
            )
            for step in steps
        ]
        return Leaf(branch, branch.value, number(branch.count or 0, self.language), name, tuple(leaves))

    def _stage_name(self, value: str) -> str:
        return label("cohort_stage", value, self.language)

    def _category_names(self, indicator: IndicatorFacts | None) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        rows = (one.row for one in self.summary.indicators if indicator is not None and one.row.key == indicator.key)
        return next((row.category_names for row in rows), {})

    def _with_share(self, name: str, branch: Branch) -> str:
        if branch.percent is None:
            return name
        return f"{name} ({percent(rounded(branch.percent), self.language)})"

    # --- Timetable, risks, money

    @cached_property
    def timetable(self) -> Timetable | None:
        return timetable(self.summary.timetable, self.summary.as_of, self.language)

    @cached_property
    def risks(self) -> list[RiskLine]:
        return [
            RiskLine(place, one, own_words(one.risk.name, self.language), tuple(self.texts(one.risk.measures)))
            for place, one in enumerate(self.summary.risks, 1)
        ]

    @property
    def heat_map(self) -> tuple[tuple[HeatCell, ...], ...]:
        return heat_map(one.facts for one in self.summary.risks)

    def risk_number(self, risk_id: str) -> int:
        return next(one.number for one in self.risks if one.found.risk.id == risk_id)

    def level(self, level: str) -> str:
        """The level of a cell: low, moderate or high."""
        return translated_in("risk", LEVELS[level], self.language)

    def money_lines(self, rows: Iterable[Funding], money: Money) -> list[MoneyLine]:
        """Sources or uses with their sums and shares of the budget."""
        return [self._money_line(row, money.budget_cents) for row in rows]

    def _money_line(self, row: Funding, budget: int | None) -> MoneyLine:
        cents = amount_of(row, budget)
        share = row.share_percent
        told = None if share is None else percent(share, self.language)
        width: Decimal = Decimal(0) if share is None else share
        if share is None and cents is not None and budget:
            width = Decimal(100 * cents) / budget
            told = percent(rounded(width), self.language)
        amount = None if cents is None else euros(cents, self.language)
        shown = per_cent(float(min(width, Decimal(100))))
        return MoneyLine(row, own_words(row.name, self.language), amount, told, shown)
