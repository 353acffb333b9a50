"""/projects: all projects beside one another; the page of one project in a period."""

from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from app.language.sums import sum_sentence
from app.rules.errors import RuleBroken
from app.schemas.project_summaries import ProjectPeriod, SumQuestion
from app.services import project_summaries, projects, surveys
from app.services.acting import Permission, may_somewhere
from app.services.project_summaries import ProjectSummary
from app.web import project_notices
from app.web.forms import Form, FormView, FormWrong
from app.web.project_words import ProjectWords
from app.web.visiting import Look, Visit

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A project on the overview. `may_write`: the visitor may record its figures."""

    words: ProjectWords
    may_write: bool


@router.get("/projects")
def list_projects(visit: Look) -> Response:
    """Each with its headline figures in their own definitions; below it why two figures are not added up."""
    listed = projects.list_projects(visit.session, visit.act.actor)
    found = project_summaries.summaries(visit.session, listed, visit.act)
    shown = [Shown(ProjectWords(one, visit.language), _may_write(visit, one)) for one in found]
    form, reasons = _sum_asked(visit)
    may_add = may_somewhere(visit.act.actor, Permission.PROJECTS)
    return visit.page("projects/list.html", form.status, shown=shown, form=form, reasons=reasons, may_add=may_add)


def _sum_asked(visit: Visit) -> tuple[FormView, list[str] | None]:
    """The form with two figures, and why they are not added up where both were chosen."""
    form = _sent(visit, SumQuestion)
    if not form.values:
        return FormView(), None
    try:
        asked = form.command(SumQuestion)
        reasons = project_summaries.sum_reasons(visit.session, (asked.one, asked.other), visit.act)
    except (FormWrong, RuleBroken) as error:
        return form.view(error), None
    view = FormView.of({"one": asked.one, "other": asked.other})
    return view, [sum_sentence(one, visit.language) for one in reasons]


@router.get("/projects/{slug}")
def show(slug: str, visit: Look) -> Response:
    """A period that is none is told beside the fields; the page is then of all figures as of today."""
    form, summary = _summary_asked(visit, slug)
    return visit.page(
        "projects/page.html",
        form.status,
        words=ProjectWords(summary, visit.language),
        summary=summary,
        form=form,
        in_period=summary.since is not None or summary.as_of != visit.act.today,
        may_write=_may_write(visit, summary),
        may_change=projects.may_write(visit.session, summary.found, visit.act.actor, Permission.PROJECTS),
        notice=project_notices.notice(visit, visit.request.query_params),
        units=projects.unit_names(visit.session, summary.found),
        surveys=surveys.list_surveys(visit.session, slug, visit.act),
    )


def _summary_asked(visit: Visit, slug: str) -> tuple[FormView, ProjectSummary]:
    form = _sent(visit, ProjectPeriod)
    try:
        asked = form.command(ProjectPeriod)
        summary = _summarised(visit, slug, asked)
    except (FormWrong, RuleBroken) as error:
        return form.view(error), project_summaries.summarise_project(visit.session, slug, visit.act)
    return FormView.of({"from_on": asked.from_on, "to_on": asked.to_on}), summary


def _sent(visit: Visit, schema: type[BaseModel]) -> Form:
    """What the address asks of a schema; it may say other things beside."""
    sent = visit.request.query_params.multi_items()
    return Form([(name, value) for name, value in sent if name in schema.model_fields], visit.language)


def _summarised(visit: Visit, slug: str, asked: ProjectPeriod) -> ProjectSummary:
    try:
        return project_summaries.summarise_project(visit.session, slug, visit.act, asked.from_on, asked.to_on)
    except RuleBroken as error:
        raise RuleBroken(error.code, "to_on") from error


def _may_write(visit: Visit, summary: ProjectSummary) -> bool:
    return projects.may_write(visit.session, summary.found, visit.act.actor, Permission.OUTCOMES)
