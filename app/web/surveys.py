"""/projects/{slug}/surveys and /surveys/{id}: a project's surveys for those who run it, and what came of them."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.language.own_words import own_words
from app.language.survey_words import LANGUAGE_NAMES
from app.rules.codes import SurveyStatus
from app.rules.policy import SMALL_COUNT
from app.schemas.surveys import SurveyStart
from app.services import indicators, projects, survey_answers, survey_templates, surveys
from app.services.acting import Permission
from app.services.surveys import SurveyFound
from app.web import survey_results
from app.web.forms import VERSION, FormView
from app.web.project_words import project_name
from app.web.visiting import Look, Submit, Visit

router = APIRouter(include_in_schema=False)


def survey_page(visit: Visit, template: str, found: SurveyFound, **variables: Any) -> Response:
    """A page of one survey; every such page names it and its project."""
    return visit.page(
        template,
        found=found,
        survey=found.survey,
        survey_title=own_words(found.survey.title, visit.language),
        project=found.project.project,
        project_name=project_name(found.project.project, visit.language),
        language_names=LANGUAGE_NAMES,
        **variables,
    )


# --- A project's surveys


@router.get("/projects/{slug}/surveys")
def list_surveys(slug: str, visit: Look) -> Response:
    listed = surveys.list_surveys(visit.session, slug, visit.act)
    found = projects.find_project(visit.session, slug, visit.act.actor)
    return visit.page(
        "surveys/list.html",
        project=found.project,
        project_name=project_name(found.project, visit.language),
        listed=[(one, own_words(one.survey.title, visit.language)) for one in listed],
        may_write=projects.may_write(visit.session, found, visit.act.actor, Permission.OUTCOMES),
    )


@router.get("/projects/{slug}/surveys/new")
def new(slug: str, visit: Look) -> Response:
    return _new_page(visit, slug, FormView())


def _new_page(visit: Visit, slug: str, view: FormView) -> Response:
    found = projects.find_project(visit.session, slug, visit.act.actor)
    projects.require_project(visit.session, found, visit.act.actor, Permission.OUTCOMES)
    own, others = survey_templates.sources_for(visit.session, slug, visit.act)
    copies = [(f"{survey_templates.COPY}:{one.id}", own_words(one.survey.title, visit.language)) for one in own]
    ready = [(f"{survey_templates.QUESTIONNAIRE}:{one.key}", own_words(one.title, visit.language)) for one in others]
    return visit.page(
        "surveys/new.html",
        view=view,
        project=found.project,
        project_name=project_name(found.project, visit.language),
        copies=copies,
        ready=ready,
    )


@router.post("/projects/{slug}/surveys/new")
def start(slug: str, submission: Submit) -> Response:
    def write() -> str:
        command = submission.form.command(SurveyStart)
        found = survey_templates.start_survey(submission.session, slug, command, submission.act)
        return f"/surveys/{found.id}?done=started"

    return submission.save(write, lambda view: _new_page(submission, slug, view))


# --- One survey


@router.get("/surveys/{survey_id}")
def show(survey_id: PathKey, visit: Look, done: str = "") -> Response:
    return _page(visit, survey_id, FormView(), done)


def _page(visit: Visit, survey_id: str, view: FormView, done: str = "") -> Response:
    found = surveys.find_survey(visit.session, survey_id, visit.act)
    closed = found.status is SurveyStatus.CLOSED
    outcome = survey_answers.results(visit.session, survey_id, visit.act) if closed else None
    return survey_page(
        visit,
        "surveys/page.html",
        found,
        view=FormView({VERSION: str(found.survey.version)}, view.errors, view.general, view.status),
        done=done,
        form_link=f"{visit.state.settings.base_url}/s/{found.survey.secret}",
        indicator_names=_indicator_names(visit, found),
        asked=[(one, own_words(one["words"], visit.language)) for one in found.survey.questions],
        lines=survey_results.lines(outcome, visit.language) if outcome else [],
        least=SMALL_COUNT,
        timezone=visit.state.settings.timezone,
    )


def _indicator_names(visit: Visit, found: SurveyFound) -> dict[str, str]:
    rows = indicators.list_indicators(visit.session, found.project.project.slug, visit.act)
    return {row.key: own_words(row.name, visit.language) for row in rows}


@router.post("/surveys/{survey_id}/open")
def open_survey(survey_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        version = submission.form.expected_version
        surveys.open_survey(submission.session, survey_id, submission.act, version)
        return f"/surveys/{survey_id}?done=opened"

    return submission.save(write, lambda view: _page(submission, survey_id, view))


@router.get("/surveys/{survey_id}/close")
def ask_to_close(survey_id: PathKey, visit: Look) -> Response:
    """Closing cannot be taken back: what it does is said first."""
    return _close_page(visit, survey_id, FormView())


def _close_page(visit: Visit, survey_id: str, view: FormView) -> Response:
    found = surveys.find_survey(visit.session, survey_id, visit.act)
    surveys.require_writer(found, visit.session, visit.act)
    flows = any(one["indicator"] for one in found.survey.questions)
    version = FormView({VERSION: str(found.survey.version)}, view.errors, view.general, view.status)
    return survey_page(visit, "surveys/close.html", found, view=version, least=SMALL_COUNT, flows=flows)


@router.post("/surveys/{survey_id}/close")
def close_survey(survey_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        version = submission.form.expected_version
        surveys.close_survey(submission.session, survey_id, submission.act, version)
        return f"/surveys/{survey_id}?done=closed"

    return submission.save(write, lambda view: _close_page(submission, survey_id, view))
