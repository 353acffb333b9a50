"""/projects: the overview of all projects, one project's outcomes in a period, and why figures are not added up."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.api import projects as project_api
from app.api import questions, surveys
from app.http.reading import Pages, Read, answer, in_pages
from app.language.own_words import category_name
from app.language.sums import sum_sentence
from app.rules.cohorts import Branch, Flow
from app.rules.indicators import Part
from app.schemas.fields import Day, cents_to_money
from app.schemas.project_summaries import (
    BranchRead,
    FigureRead,
    FlowRead,
    IndicatorSummaryRead,
    MoneyRead,
    PartRead,
    ProjectList,
    ProjectOverview,
    ProjectSummaryRead,
    RiskSummaryRead,
    SourceRead,
    StepRead,
    SumRead,
    SumReasonRead,
    SurveyOutcomeRead,
    TotalRead,
    TrendRead,
)
from app.services import project_summaries, projects, survey_answers
from app.services.project_summaries import Figure, IndicatorSummary, Money, ProjectSummary, RiskSummary, Step
from app.services.survey_answers import SurveyOutcome
from app.storage.funding import amount_of
from app.storage.models import Funding

router = APIRouter(tags=["projects"])
OF_INDICATOR = (
    *("key", "name", "definition", "unit", "direction", "target_min", "target_max", "target_on"),
    *("computation", "headline"),
)
OF_FIGURE = (
    *("value_max", "numerator", "denominator", "n", "period_start", "period_end", "status", "approximate"),
)  # fmt: skip
SHARE_PLACES = 4


def figure_model(figure: Figure) -> FigureRead:
    """A figure as a summary gives it."""
    facts, row = figure.facts, figure.row
    return FigureRead(
        **{name: getattr(facts, name) for name in OF_FIGURE},
        id=None if row is None else row.id,
        value=facts.figure,
        breakdown={dimension.value: value for dimension, value in facts.breakdown},
        source=None if row is None else row.source,
        note=None if row is None else row.note,
    )


def _part(found: IndicatorSummary, dimension: str, part: Part, language: str) -> PartRead:
    name = category_name(found.row.category_names, dimension, part.value, language)
    share = None if part.percent is None else round(float(part.percent) / 100, SHARE_PLACES)
    return PartRead(value=part.value, name=name, count=part.count, share=share)


def _trend(found: IndicatorSummary) -> TrendRead | None:
    trend = found.trend
    if trend is None:
        return None
    return TrendRead(
        change=trend.change, by=trend.by, previous_period_end=trend.previous.period_end, better=trend.better
    )


def _total(found: IndicatorSummary) -> TotalRead | None:
    total = found.total
    if total is None:
        return None
    return TotalRead(value=total.figure, period_start=total.period_start, period_end=total.period_end)


def indicator_model(found: IndicatorSummary, language: str) -> IndicatorSummaryRead:
    """An indicator with what is known of it."""
    progress, interval = found.progress, found.interval
    return IndicatorSummaryRead(
        **{name: getattr(found.row, name) for name in OF_INDICATOR},
        progress=None if progress is None else round(float(progress.reached), SHARE_PLACES),
        target_met=None if progress is None else progress.met,
        latest=None if found.latest is None else figure_model(found.latest),
        total=_total(found),
        age_days=found.age_days,
        interval=None if interval is None else (float(interval[0]), float(interval[1])),
        trend=_trend(found),
        breakdowns={
            dimension: [_part(found, dimension, part, language) for part in parts]
            for dimension, parts in found.parts.items()
        },
        history=[figure_model(one) for one in found.history],
        others=[figure_model(one) for one in found.others],
        questions=[questions.read_model(one, language) for one in found.asked],
    )


def _branch(branch: Branch) -> BranchRead:
    share = None if branch.percent is None else round(float(branch.percent) / 100, SHARE_PLACES)
    return BranchRead(value=branch.value, count=branch.count, share=share)


def flow_model(flow: Flow) -> FlowRead:
    """What became of a cohort."""
    return FlowRead(
        period_start=flow.period_start,
        period_end=flow.period_end,
        final=flow.final,
        started=flow.started,
        dropped_out=_branch(flow.dropped_out),
        finished=_branch(flow.finished),
        taking_part=_branch(flow.taking_part),
        dropped_out_in=[_branch(one) for one in flow.dropped_out_in],
        next_steps=[_branch(one) for one in flow.next_steps],
        adds_up=flow.adds_up,
    )


def _step(step: Step) -> StepRead:
    names = set(StepRead.model_fields) - {"state"}
    return StepRead(**{name: getattr(step.milestone, name) for name in names}, state=step.state)


def _risk(found: RiskSummary) -> RiskSummaryRead:
    names = set(RiskSummaryRead.model_fields) - {"level", "review_due"}
    return RiskSummaryRead(
        **{name: getattr(found.risk, name) for name in names}, level=found.level, review_due=found.review_due
    )


def _source(row: Funding, budget_cents: int | None) -> SourceRead:
    amount = amount_of(row, budget_cents)
    return SourceRead(
        name=row.name,
        amount_eur=None if amount is None else cents_to_money(amount),
        share_percent=row.share_percent,
        until_on=row.until_on,
    )


def money_model(money: Money, language: str) -> MoneyRead:
    """Money as the API gives it."""
    return MoneyRead(
        total=None if money.budget_cents is None else cents_to_money(money.budget_cents),
        sources=[_source(row, money.budget_cents) for row in money.sources],
        sources_total=None if money.sources_cents is None else cents_to_money(money.sources_cents),
        used=cents_to_money(money.used_cents),
        uses=[_source(row, money.budget_cents) for row in money.uses],
        questions=[questions.read_model(one, language) for one in money.asked],
    )


def _survey(outcome: SurveyOutcome) -> SurveyOutcomeRead:
    survey = outcome.found.survey
    return SurveyOutcomeRead(
        **surveys.outcome_model(outcome).model_dump(),
        key=survey.key,
        title=survey.title,
        period_start=survey.period_start,
        period_end=survey.period_end,
    )


def summary_model(
    found: ProjectSummary, outcomes: Sequence[SurveyOutcome], further_unit_ids: list[str], language: str
) -> ProjectSummaryRead:
    """A project's outcomes as the API gives them."""
    return ProjectSummaryRead(
        project=project_api.read_model(found.found.project, further_unit_ids),
        as_of=found.as_of,
        indicators=[indicator_model(one, language) for one in found.indicators],
        cohort=None if found.flow is None else flow_model(found.flow),
        surveys=[_survey(one) for one in outcomes],
        timetable=[_step(one) for one in found.timetable],
        risks=[_risk(one) for one in found.risks],
        money=money_model(found.money, language),
        questions=[questions.read_model(one, language) for one in found.asked],
    )


@router.get("/projects", response_model=ProjectList, summary="All projects beside one another")
def list_projects(read: Read, pages: Pages) -> Response:
    """Each with its headline figures in their own definitions. They are never added up: `/projects/sum` says why."""
    listed = projects.list_projects(read.session, read.act.actor)
    page, cursor = in_pages(pages, listed, lambda found: found.id)
    items = []
    for one in project_summaries.summaries(read.session, page, read.act):
        project = project_api.read_model(one.found.project, projects.further_unit_ids(read.session, one.found))
        headlines = [indicator_model(headline, read.language) for headline in one.headlines]
        items.append(ProjectOverview(**project.model_dump(), indicators=headlines, open_questions=one.open_questions))
    return answer(ProjectList(items=items, next_cursor=cursor))


@router.get("/projects/sum", response_model=SumRead, summary="Why two figures are not added up")
def ask_for_sum(
    read: Read,
    of: Annotated[
        list[str], Query(min_length=2, max_length=2, description="Two figures, each as SLUG.KEY of its indicator.")
    ],
) -> Response:
    """Figures of projects are never added up. This says why not, of any two."""
    reasons = project_summaries.sum_reasons(read.session, of, read.act)
    told = [SumReasonRead(code=reason, text=sum_sentence(reason, read.language)) for reason in reasons]
    return answer(SumRead(addable=False, reasons=told))


@router.get("/projects/{slug}/summary", response_model=ProjectSummaryRead, summary="Outcomes of a project")
def read_summary(
    slug: str,
    read: Read,
    since: Annotated[Day | None, Query(alias="from", description="Figures of periods that end on or after it.")] = None,
    until: Annotated[Day | None, Query(alias="to", description="Last day; today by default.")] = None,
) -> Response:
    """Latest figures, progress, trend, cohort, breakdowns, timetable, risks, money, and what is doubtful."""
    found = project_summaries.summarise_project(read.session, slug, read.act, since, until)
    further = projects.further_unit_ids(read.session, found.found)
    outcomes = survey_answers.results_within(read.session, slug, read.act, since, until)
    return answer(summary_model(found, outcomes, further, read.language))
