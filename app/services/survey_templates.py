"""Where a survey begins: with nothing, with a questionnaire that comes with the service, or as a copy of another."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.language.own_words import own_words
from app.rules.codes import DEFAULT_LANGUAGE, SurveyStatus
from app.rules.errors import RuleBroken
from app.schemas.surveys import SurveyCreate, SurveyStart
from app.schemas.text import code_from
from app.services import projects, survey_wording, surveys
from app.services.acting import Act
from app.services.projects import ProjectFound
from app.services.surveys import SurveyFound
from app.sources.surveys import Questionnaire, questionnaires
from app.storage import indicators
from app.storage import surveys as rows
from app.storage.models import Survey

COPIED = ("title", "intro", "languages", "questions", "asks_for_call", "on_paper")
LONGEST_KEY = 50
QUESTIONNAIRE, COPY = "questionnaire", "survey"
"""What stands before the key of a questionnaire or the id of a survey, in `based_on`."""


def load_templates(session: Session, found: ProjectFound, act: Act) -> list[SurveyFound]:
    """Puts the questionnaires of a project into it as drafts, those that it does not have yet. For `siepp demo` and
    `siepp import outcomes`; may be run again."""
    there = rows.keys_of_project(session, found.id)
    return [
        _define(session, found, one.body, one.key, act)
        for one in questionnaires()
        if one.project == found.project.slug and one.key not in there
    ]


def start_survey(session: Session, slug: str, command: SurveyStart, act: Act) -> SurveyFound:
    """Begins a draft from what `based_on` names, with a title of its own in the languages it is given in. Raises
    RuleBroken where it names nothing that the actor sees."""
    found = projects.hold_project(session, slug, act)
    body = _body(session, command.based_on or "", act)
    if command.title is not None:
        body["title"] = {**body.get("title", {}), **command.model_dump()["title"]}
    if "title" not in body:
        raise RuleBroken("missing_field", "title")
    return _define(session, found, body, _free_key(session, found, body["title"]), act)


def _body(session: Session, based_on: str, act: Act) -> dict[str, Any]:
    if not based_on:
        return {"languages": ["fi", "sv", "en"]}
    kind, _, name = based_on.partition(":")
    if kind == QUESTIONNAIRE:
        one: Questionnaire | None = next((one for one in questionnaires() if one.key == name), None)
        if one is not None:
            return dict(one.body)
    elif kind == COPY and rows.get(session, name) is not None:
        return _copied(surveys.find_survey(session, name, act).survey)
    raise RuleBroken("survey_source_unknown", "based_on")


def _copied(survey: Survey) -> dict[str, Any]:
    return {name: value for name in COPIED if (value := getattr(survey, name)) is not None}


def _define(session: Session, found: ProjectFound, body: Mapping[str, Any], key: str, act: Act) -> SurveyFound:
    """A question whose indicator this project does not have, or has otherwise, goes without."""
    known = {row.key: row for row in indicators.of_project(session, found.id)}
    command = SurveyCreate.model_validate({**body, "key": key})
    draft = Survey(questions=command.model_dump()["questions"])
    unfit = {one.key for one in surveys.questions_of(draft) if one.indicator and not survey_wording.fits(one, known)}
    unlinked: dict[str, Any] = {"indicator": None, "flow": None, "shared": [], "dimension": None}
    questions = [one.model_copy(update=unlinked) if one.key in unfit else one for one in command.questions]
    return surveys.define_survey(session, found.project.slug, command.model_copy(update={"questions": questions}), act)


def _free_key(session: Session, found: ProjectFound, title: Mapping[str, str]) -> str:
    """A key made of the title, with a number where the project has one of that key."""
    key = code_from(own_words(title, DEFAULT_LANGUAGE), "-")[:LONGEST_KEY].strip("_-") or "survey"
    taken = rows.keys_of_project(session, found.id)
    return next(one for one in _numbered(key, len(taken) + 1) if one not in taken)


def _numbered(key: str, most: int) -> Sequence[str]:
    return [key, *(f"{key}-{number}" for number in range(2, most + 2))]


def sources_for(session: Session, slug: str, act: Act) -> tuple[Sequence[SurveyFound], Sequence[Questionnaire]]:
    """What a survey of this project may begin with: its own surveys, and the questionnaires that came with the service
    and are not among them."""
    own = surveys.list_surveys(session, slug, act)
    there = {one.survey.key for one in own if one.status is SurveyStatus.DRAFT}
    return own, [one for one in questionnaires() if one.key not in there or one.project != slug]
