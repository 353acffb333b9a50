"""The report of projects: which of them, over which period, and what of their figures a reader may see.

A yearly report tells what is known by the year's end since each project began, as the city's own report does. Its
public form leaves out what `rules/public_figures` does not let out of the city; it is made of whole years that are
over, so that two reports of days that lie close do not tell a single person by their difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.rules import public_figures
from app.rules.codes import Dimension
from app.rules.cohorts import Flow
from app.rules.errors import RuleBroken
from app.rules.public_figures import PublicParts, is_folded
from app.schemas.reports import ReportForm, ReportQuestion
from app.services import project_summaries, projects, survey_answers, trail
from app.services.acting import Act
from app.services.project_summaries import Figure, IndicatorSummary, ProjectSummary
from app.services.projects import ProjectFound
from app.services.survey_answers import SurveyOutcome
from app.storage import exports
from app.storage.models import Project


class Wanted(NamedTuple):
    """What a report is of. `since` is None where it tells what is known since a project began; `concerns` are the days
    on which a project must have run to be in it."""

    form: ReportForm
    year: int | None
    since: date | None
    until: date
    concerns: tuple[date, date]

    @property
    def public(self) -> bool:
        return self.form is ReportForm.PUBLIC


@dataclass(frozen=True, slots=True)
class ReportedIndicator:
    """An indicator with what the report's reader may see of it. `earlier` are its figures beside the latest one and the
    parts; `withheld` is whether its latest figure is left out."""

    summary: IndicatorSummary
    latest: Figure | None
    withheld: bool
    parts: dict[Dimension, PublicParts]
    earlier: tuple[Figure, ...]
    notes: bool
    """Whether the notes on its figures may be read."""


@dataclass(frozen=True, slots=True)
class ReportedProject:
    """A chapter: `flow` is None where there is none or it may not be told, `surveys` are the closed ones."""

    summary: ProjectSummary
    units: tuple[str, ...]
    indicators: tuple[ReportedIndicator, ...]
    flow: Flow | None
    surveys: tuple[SurveyOutcome, ...]

    @property
    def project(self) -> Project:
        return self.summary.found.project

    @property
    def headlines(self) -> list[ReportedIndicator]:
        return [one for one in self.indicators if one.summary.row.headline]


@dataclass(frozen=True, slots=True)
class Report:
    """A report: `city` are the names of the organisations whose projects are in it."""

    wanted: Wanted
    made_on: date
    city: tuple[str, ...]
    projects: tuple[ReportedProject, ...]


def wanted_report(question: ReportQuestion, today: date) -> Wanted:
    """What a question asks for; this year where it does not say. Raises RuleBroken where the days are reversed or to
    come, or a public report is not of a year that is over."""
    form = question.form or ReportForm.INTERNAL
    if form is ReportForm.PUBLIC and (question.from_on or question.to_on):
        raise RuleBroken("public_report_of_days", "form")
    if question.from_on or question.to_on:
        first, last = question.from_on or date.min, min(question.to_on or today, today)
        if last < first:
            raise RuleBroken("report_reversed", "to_on")
        return Wanted(form, None, question.from_on, last, (first, last))
    year = question.year or today.year
    if year > today.year:
        raise RuleBroken("report_to_come", "year")
    if form is ReportForm.PUBLIC and year == today.year:
        raise RuleBroken("public_report_too_early", "year")
    first, last = date(year, 1, 1), date(year, 12, 31)
    return Wanted(form, year, None, min(last, today), (first, last))


def report_of_projects(session: Session, wanted: Wanted, act: Act) -> Report:
    """The chapters of all projects that the actor sees and the days concern, in their order."""
    listed = projects.list_projects(session, act.actor)
    return _report(session, [one for one in listed if _may_concern(one.project, wanted)], wanted, act)


def report_of_project(session: Session, slug: str, wanted: Wanted, act: Act) -> Report:
    """The chapter of one project, whether the days concern it or not. Raises NotFound as `find_project` does."""
    return _report(session, [projects.find_project(session, slug, act.actor)], wanted, act)


def record_report_taken(session: Session, wanted: Wanted, slugs: Sequence[str], language: str, act: Act) -> None:
    """Leaves in the trail who took which report of which projects, and for whom it was made."""
    payload = {
        "form": wanted.form.value,
        "from": None if wanted.since is None else wanted.since.isoformat(),
        "to": wanted.until.isoformat(),
        "language": language,
        "projects": list(slugs),
    }
    trail.record(session, act, "exported", "report", wanted.until.isoformat(), payload)


def _may_concern(project: Project, wanted: Wanted) -> bool:
    """Whether a project had begun by the last day and was not over before the first."""
    first, last = wanted.concerns
    ends = project.may_continue_until or project.ends_on
    return project.starts_on <= last and (ends is None or ends >= first)


def _report(session: Session, listed: Sequence[ProjectFound], wanted: Wanted, act: Act) -> Report:
    root_ids = list(dict.fromkeys(found.project.root_id for found in listed))
    names = exports.unit_names(session, root_ids)
    chapters = tuple(_chapter(session, found, wanted, act) for found in listed)
    return Report(wanted, act.today, tuple(names[one] for one in root_ids), chapters)


def _chapter(session: Session, found: ProjectFound, wanted: Wanted, act: Act) -> ReportedProject:
    slug = found.project.slug
    summary = project_summaries.summarise_project(session, slug, act, wanted.since, wanted.until)
    shown = _public(summary) if wanted.public else _whole(summary)
    return ReportedProject(
        summary=summary,
        units=tuple(projects.unit_names(session, found)),
        indicators=shown,
        flow=None if summary.flow is None or (wanted.public and is_folded(summary.flow)) else summary.flow,
        surveys=_surveys(session, slug, wanted, act),
    )


def _whole(summary: ProjectSummary) -> tuple[ReportedIndicator, ...]:
    """Every indicator with all that is known of it."""
    return tuple(
        ReportedIndicator(
            one,
            one.latest,
            withheld=False,
            parts={dimension: PublicParts(parts, None, False) for dimension, parts in one.parts.items()},
            earlier=(*_before(one), *one.others),
            notes=True,
        )
        for one in summary.indicators
    )


def _before(one: IndicatorSummary) -> list[Figure]:
    """The whole figures beside the latest."""
    latest = None if one.latest is None else one.latest.facts
    return [figure for figure in one.history if figure.facts != latest]


def _public(summary: ProjectSummary) -> tuple[ReportedIndicator, ...]:
    """Every indicator with what of it may leave the city."""
    facts = summary.facts
    figures = [figure.facts for one in summary.indicators for figure in one.history]
    withheld = public_figures.withheld(facts, figures)
    return tuple(
        ReportedIndicator(
            one,
            None if one.latest is None or one.latest.facts.id in withheld else one.latest,
            withheld=one.latest is not None and one.latest.facts.id in withheld,
            parts={
                dimension: public_figures.public_parts(facts, one.facts, dimension, parts)
                for dimension, parts in one.parts.items()
            },
            earlier=tuple(figure for figure in _before(one) if figure.facts.id not in withheld),
            notes=one.facts.unit not in public_figures.OF_PEOPLE,
        )
        for one in summary.indicators
    )


def _surveys(session: Session, slug: str, wanted: Wanted, act: Act) -> tuple[SurveyOutcome, ...]:
    """What may be shown of the surveys closed in the period, the earliest first. They fold small counts themselves."""
    return tuple(reversed(survey_answers.results_within(session, slug, act, wanted.since, wanted.until)))
