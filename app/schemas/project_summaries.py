"""A project's outcomes in a period, and the overview of all projects."""

from datetime import date

from pydantic import Field

from app.rules.codes import Computation, Dimension, Direction, FigureStatus, FigureUnit
from app.rules.indicators import Change
from app.rules.milestones import MilestoneState
from app.rules.risks import RiskLevel
from app.rules.sums import SumReason
from app.schemas.fields import Day, Input, Line, Listing, Output
from app.schemas.funding import NAME as SOURCE_NAME
from app.schemas.indicators import DEFINITION, FigureOut
from app.schemas.milestones import NAME as STEP_NAME
from app.schemas.observations import SOURCE, QuestionRead
from app.schemas.projects import ProjectRead
from app.schemas.risks import MEASURES
from app.schemas.risks import NAME as RISK_NAME
from app.schemas.surveys import SurveyResults
from app.schemas.words import NAME_EXAMPLE, Words

PERIOD_START, PERIOD_END = "2019-08-01", "2019-11-30"


class FigureRead(Output):
    """A figure over a period."""

    id: str | None = Field(description="Id of the observation; empty where it is computed.", examples=[None])
    value: FigureOut | None = Field(description="The figure; a share in percent; empty: in words only.", examples=[21])
    value_max: FigureOut | None = Field(description="Upper end where it is a range.", examples=[None])
    numerator: int | None = Field(description="Of a share: how many.", examples=[None])
    denominator: int | None = Field(description="Of a share: out of how many.", examples=[None])
    n: int | None = Field(description="How many people it speaks of.", examples=[None])
    period_start: date = Field(description="First day it speaks of.", examples=[PERIOD_START])
    period_end: date = Field(description="Last day it speaks of.", examples=[PERIOD_END])
    breakdown: dict[str, str] = Field(description="Which part of the whole it is of.", examples=[{}])
    status: FigureStatus = Field(description="Preliminary or final.", examples=["final"])
    approximate: bool = Field(description='Whether the source says "about".', examples=[False])
    source: str | None = Field(description="Where it comes from; empty: from the contracts.", examples=[SOURCE])
    note: Words | None = Field(description="What a reader must know of it, by language.", examples=[None])


class PartRead(Output):
    """A part of a whole."""

    value: str = Field(description="Which part.", examples=["language_course"])
    name: str = Field(description="Its name in the reader's language.", examples=["language course"])
    count: FigureOut | None = Field(description="How many; empty where only a share is known.", examples=[4])
    share: float | None = Field(description="Share of the whole, from 0 to 1.", examples=[0.1905])


class TotalRead(Output):
    """Figures of several periods added up."""

    value: FigureOut | None = Field(description="All together, in the indicator's unit.", examples=[39])
    period_start: date = Field(description="First day of the first period.", examples=[PERIOD_START])
    period_end: date = Field(description="Last day of the last period.", examples=["2020-11-30"])


class TrendRead(Output):
    """The latest figure beside the one before it of the same kind."""

    change: Change = Field(description="Which way it went.", examples=["up"])
    by: FigureOut = Field(description="By how much, in the indicator's unit.", examples=[3])
    previous_period_end: date = Field(description="Last day of the figure before.", examples=["2019-07-31"])
    better: bool | None = Field(description="Whether that is the wanted way.", examples=[True])


class IndicatorSummaryRead(Output):
    """What is known of an indicator in the period."""

    key: str = Field(description="What names it in the project.", examples=["finished"])
    name: Words = Field(description="Name by language.", examples=[NAME_EXAMPLE])
    definition: Words = Field(description="What exactly is counted, by language.", examples=[DEFINITION])
    unit: FigureUnit = Field(description="What its figures are; percent is in percent.", examples=["people"])
    direction: Direction | None = Field(description="Which way it is to go.", examples=["up"])
    target_min: FigureOut | None = Field(description="Target, or the lower end of it.", examples=[250])
    target_max: FigureOut | None = Field(description="Upper end of the target.", examples=[None])
    target_on: date | None = Field(description="Day by which to reach it.", examples=["2021-02-28"])
    progress: float | None = Field(description="Share of the target reached; 1 where it is.", examples=[0.084])
    target_met: bool | None = Field(description="Whether the target is met.", examples=[False])
    computation: Computation | None = Field(description="How its figures are computed, if so.", examples=[None])
    headline: bool = Field(description="Whether the overview shows it.", examples=[True])
    latest: FigureRead | None = Field(description="The figure whose period ends last.")
    total: TotalRead | None = Field(
        description="Figures of several periods added up, where they accumulate; held against the target.",
        examples=[None],
    )
    age_days: int | None = Field(description="Days since its period ended.", examples=[30])
    interval: tuple[float, float] | None = Field(
        description="95 % interval (Wilson) of a share of people, in percent.", examples=[[64.0, 86.0]]
    )
    trend: TrendRead | None = Field(description="Beside the figure before.", examples=[None])
    breakdowns: dict[Dimension, list[PartRead]] = Field(description="Parts by dimension, largest first.", examples=[{}])
    history: list[FigureRead] = Field(description="Whole figures, oldest first.", examples=[[]])
    others: list[FigureRead] = Field(
        description="Parts of earlier periods and parts by several dimensions.", examples=[[]]
    )
    questions: list[QuestionRead] = Field(description="What is doubtful about it.", examples=[[]])


class BranchRead(Output):
    """Some of a cohort."""

    value: str = Field(description="Which.", examples=["language_course"])
    count: int | None = Field(description="How many, where known.", examples=[4])
    share: float | None = Field(description="Share of those they are among, from 0 to 1.", examples=[0.1905])


class FlowRead(Output):
    """What became of those who started."""

    period_start: date = Field(description="First day.", examples=[PERIOD_START])
    period_end: date = Field(description="Last day.", examples=[PERIOD_END])
    final: bool = Field(description="Whether all its figures are final.", examples=[True])
    started: int = Field(description="How many started.", examples=[27])
    dropped_out: BranchRead = Field(description="Of the started.")
    finished: BranchRead = Field(description="Of the started.")
    taking_part: BranchRead = Field(description="Neither dropped out nor finished.")
    dropped_out_in: list[BranchRead] = Field(description="Of those who dropped out, by phase.", examples=[[]])
    next_steps: list[BranchRead] = Field(description="Of those who finished.", examples=[[]])
    adds_up: bool | None = Field(description="Whether it adds up; empty where a figure is missing.", examples=[True])


class StepRead(Output):
    """A step of the timetable."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    name: Words = Field(description="What is to happen, by language.", examples=[STEP_NAME])
    package: Words | None = Field(description="Part of the project, by language.", examples=[None])
    starts_on: date = Field(description="First day.", examples=["2020-12-01"])
    ends_on: date = Field(description="Last day.", examples=["2020-12-31"])
    done_on: date | None = Field(description="Day on which it was done.", examples=[None])
    state: MilestoneState = Field(description="What it is on the last day of the period.", examples=["late"])


class RiskSummaryRead(Output):
    """A risk."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    name: Words = Field(description="What may happen, by language.", examples=[RISK_NAME])
    likelihood: int = Field(description="From 1 to 4.", examples=[2])
    impact: int = Field(description="From 1 to 4.", examples=[4])
    level: RiskLevel = Field(description="Both together.", examples=["high"])
    measures: list[Words] = Field(description="What is done about it, by language.", examples=[MEASURES])
    review_on: date | None = Field(description="Day to look at it again.", examples=[None])
    review_due: bool = Field(description="Whether that day has come.", examples=[False])


class SourceRead(Output):
    """A source of money, or money used."""

    name: Words = Field(description="Who gives it, or what it was used for.", examples=[SOURCE_NAME])
    amount_eur: str | None = Field(description="Euros.", examples=["96614.25"])
    share_percent: FigureOut | None = Field(description="Share of the budget, where given.", examples=[75])
    until_on: date | None = Field(description="Of a use: until when.", examples=[None])


class MoneyRead(Output):
    """A project's money."""

    total: str | None = Field(description="The budget in euros.", examples=["128819.00"])
    sources: list[SourceRead] = Field(description="Where it comes from.", examples=[[]])
    sources_total: str | None = Field(description="All sources together, where each is known.", examples=["128819.00"])
    used: str = Field(description="Euros used.", examples=["0.00"])
    uses: list[SourceRead] = Field(description="What for.", examples=[[]])
    questions: list[QuestionRead] = Field(description="What is doubtful about it.", examples=[[]])


class SurveyOutcomeRead(SurveyResults):
    """What came of a closed survey."""

    key: str = Field(description="What names it in the project.", examples=["follow-up"])
    title: Words = Field(description="Its title by language.", examples=[{"en": "A month after the course"}])
    period_start: date | None = Field(description="First day its answers speak of.", examples=[PERIOD_START])
    period_end: date | None = Field(description="Last day they speak of.", examples=[PERIOD_END])


class ProjectSummaryRead(Output):
    """A project's outcomes in a period."""

    project: ProjectRead
    as_of: date = Field(description="Day that timetable, risks and computed figures are of.", examples=[PERIOD_END])
    indicators: list[IndicatorSummaryRead] = Field(description="In the project's order.", examples=[[]])
    cohort: FlowRead | None = Field(description="What became of those who started.")
    surveys: list[SurveyOutcomeRead] = Field(
        description="What came of the closed surveys of the period; what too few answered is left out.", examples=[[]]
    )
    timetable: list[StepRead] = Field(description="In the project's order.", examples=[[]])
    risks: list[RiskSummaryRead] = Field(description="The weightiest first.", examples=[[]])
    money: MoneyRead
    questions: list[QuestionRead] = Field(description="All that is doubtful.", examples=[[]])


class ProjectOverview(ProjectRead):
    """A project with its headline figures, each in its own definition."""

    indicators: list[IndicatorSummaryRead] = Field(description="Headline indicators.", examples=[[]])
    open_questions: int = Field(description="Questions about its figures that wait for an answer.", examples=[2])


class ProjectList(Listing):
    """The overview of all projects. Their figures are never added up."""

    items: list[ProjectOverview] = Field(description="In the order in which they were added.", examples=[[]])


class SumReasonRead(Output):
    """Why two figures are not added up."""

    code: SumReason = Field(description="Code of the reason.", examples=["different_unit"])
    text: str = Field(description="The same as a sentence.", examples=["The figures are of different kinds."])


class SumRead(Output):
    """Whether two figures can be added up."""

    addable: bool = Field(description="Never, of two projects or two indicators.", examples=[False])
    reasons: list[SumReasonRead] = Field(description="Why not.", examples=[[]])


class ProjectPeriod(Input):
    """What a project's page is asked to show."""

    from_on: Day | None = Field(None, description="Figures of periods that end on or after it.", examples=[None])
    to_on: Day | None = Field(None, description="Last day; today by default.", examples=[None])


class SumQuestion(Input):
    """Two figures of which someone asks why they are not added up, each as SLUG.KEY of its indicator."""

    one: Line = Field(description="A figure.", examples=["digirasti.participants"])
    other: Line = Field(description="Another.", examples=["women-to-work.started"])
