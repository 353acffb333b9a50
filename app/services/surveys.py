"""Surveys of a project: worded as a draft, opened to whoever has the link, closed; then the answers become figures.

Wording, languages and questions of an open survey stay as they are: answers to two wordings are no one figure.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.language.own_words import own_words
from app.rules import surveys as rules
from app.rules.codes import DEFAULT_LANGUAGE, AnswerFlow, Dimension, FigureStatus, QuestionKind, SurveyStatus
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.rules.surveys import SurveyQuestion
from app.schemas.observations import ObservationCreate
from app.schemas.surveys import SurveyChange, SurveyCreate
from app.services import holding, observations, projects, survey_wording, trail
from app.services.acting import Act, Permission
from app.services.projects import ProjectFound
from app.storage import indicators, surveys
from app.storage.models import Survey, new_id

SECRET = "secret"  # noqa: S105 - a column's name
KEPT_OUT_OF_THE_TRAIL = frozenset({SECRET, "taken_on", "taken"})


@dataclass(frozen=True, slots=True)
class SurveyFound:
    """A survey with its project, how many have answered it, and whether the actor may write it."""

    survey: Survey
    project: ProjectFound
    answered: int
    may_write: bool

    @property
    def id(self) -> str:
        return self.survey.id

    @property
    def status(self) -> SurveyStatus:
        return SurveyStatus(self.survey.status)


def questions_of(survey: Survey) -> list[SurveyQuestion]:
    """The questions as the rules know them."""
    return [_question(one) for one in survey.questions]


def _question(kept: dict[str, Any]) -> SurveyQuestion:
    return SurveyQuestion(
        key=kept["key"],
        kind=QuestionKind(kept["kind"]),
        options=tuple(option["key"] for option in kept["options"]),
        scale_min=kept["scale_min"],
        scale_max=kept["scale_max"],
        required=kept["required"],
        indicator=kept["indicator"],
        flow=AnswerFlow(kept["flow"]) if kept["flow"] else None,
        shared=tuple(kept["shared"]),
        dimension=Dimension(kept["dimension"]) if kept["dimension"] else None,
    )


def define_survey(session: Session, slug: str, command: SurveyCreate, act: Act) -> SurveyFound:
    """Begins a survey, as a draft. Raises Conflict where the project has one of that key, RuleBroken naming the field
    where questions, options or what flows into indicators do not fit together."""
    found = projects.hold_project(session, slug, act)
    if command.key in surveys.keys_of_project(session, found.id):
        raise Conflict("key_taken", "key")
    survey = Survey(
        id=new_id(),
        project_id=found.id,
        status=SurveyStatus.DRAFT,
        secret=secrets.token_hex(16),
        taken=0,
        created_at=act.now,
        **command.model_dump(),
    )
    _check(session, survey)
    session.add(survey)
    _record(session, act, "created", survey)
    return _described(session, survey, found, act)


def change_survey(
    session: Session, survey_id: str, command: SurveyChange, act: Act, expected_version: int | None = None
) -> SurveyFound:
    """Changes what was sent. Raises Conflict once the survey is no draft any more."""
    survey, found = hold_survey(session, survey_id, act, expected_version)
    if survey.status != SurveyStatus.DRAFT:
        raise Conflict("survey_not_draft")
    for name, value in command.model_dump(include=command.model_fields_set).items():
        setattr(survey, name, value)
    with session.no_autoflush:
        _check(session, survey)
    _record(session, act, "changed", survey)
    return _described(session, survey, found, act)


def open_survey(session: Session, survey_id: str, act: Act, expected_version: int | None = None) -> SurveyFound:
    """Lets people answer. Raises RuleBroken naming what is not yet worded in every language of the survey, or where it
    is not said which period its figures speak of."""
    survey, found = hold_survey(session, survey_id, act, expected_version)
    if survey.status != SurveyStatus.DRAFT:
        raise Conflict("survey_not_draft")
    survey_wording.check_whole(survey, act.today)
    survey.status, survey.opened_at = SurveyStatus.OPEN, act.now
    _record(session, act, "opened", survey)
    return _described(session, survey, found, act)


def close_survey(session: Session, survey_id: str, act: Act, expected_version: int | None = None) -> SurveyFound:
    """Takes no more answers and records what came as preliminary figures of the indicators that the questions name.
    Closing once more changes nothing. A figure whose indicator has gone another way meanwhile is left out."""
    survey, found = hold_survey(session, survey_id, act, expected_version)
    if survey.status == SurveyStatus.CLOSED:
        return _described(session, survey, found, act)
    if survey.status != SurveyStatus.OPEN:
        raise Conflict("survey_not_open")
    survey.status, survey.closed_at = SurveyStatus.CLOSED, act.now
    session.flush()
    surveys.mix_answers(session, survey.id)
    _record(session, act, "closed", survey)
    for command in _figures(session, survey, act):
        observations.record_in(session, found, command, act)
    return _described(session, survey, found, act)


def _figures(session: Session, survey: Survey, act: Act) -> list[ObservationCreate]:
    """The figures that the answers give. A survey closed before its period was over speaks of the days until then."""
    if survey.period_start is None or survey.period_end is None:
        return []
    known = {row.key: row for row in indicators.of_project(session, survey.project_id)}
    asked = [one for one in questions_of(survey) if one.indicator is None or survey_wording.fits(one, known)]
    figures = rules.figures(asked, rules.results(asked, surveys.answers_of(session, survey.id)))
    period_end = max(min(survey.period_end, act.today), survey.period_start)
    return [
        ObservationCreate(
            indicator=figure.indicator,
            period_start=survey.period_start,
            period_end=period_end,
            value=figure.value,
            numerator=figure.numerator,
            denominator=figure.denominator,
            n=figure.n,
            breakdown=dict(figure.breakdown),
            status=FigureStatus.PRELIMINARY,
            source=own_words(survey.title, DEFAULT_LANGUAGE),
        )
        for figure in figures
    ]


# --- Finding


def list_surveys(session: Session, slug: str, act: Act) -> list[SurveyFound]:
    """A project's surveys, the newest first."""
    found = projects.find_project(session, slug, act.actor)
    rows = surveys.of_project(session, found.id)
    answered = surveys.answered(session, [row.id for row in rows])
    may_write = projects.may_write(session, found, act.actor, Permission.OUTCOMES)
    return [SurveyFound(row, found, answered.get(row.id, 0), may_write) for row in rows]


def find_survey(session: Session, survey_id: str, act: Act) -> SurveyFound:
    """Raises NotFound where there is none or its project is none of the actor's."""
    survey, found = _find(session, survey_id, act)
    return _described(session, survey, found, act)


def require_writer(found: SurveyFound, session: Session, act: Act) -> None:
    """Raises Forbidden unless the actor may write the survey's project."""
    projects.require_project(session, found.project, act.actor, Permission.OUTCOMES)


def hold_survey(
    session: Session, survey_id: str, act: Act, expected_version: int | None = None
) -> tuple[Survey, ProjectFound]:
    """The survey, for writing: neither it nor its project changes, and nobody answers, until the transaction ends."""
    _, found = _find(session, survey_id, act)
    found = projects.hold_found(session, found, act)
    survey = surveys.hold(session, survey_id)
    holding.check_version(survey, expected_version)
    return survey, found


def _find(session: Session, survey_id: str, act: Act) -> tuple[Survey, ProjectFound]:
    survey = surveys.get(session, survey_id)
    if survey is None:
        raise NotFound("not_found")
    return survey, projects.find_by_id(session, survey.project_id, act.actor)


def _described(session: Session, survey: Survey, found: ProjectFound, act: Act) -> SurveyFound:
    session.flush()
    answered = surveys.answered(session, [survey.id]).get(survey.id, 0)
    return SurveyFound(survey, found, answered, projects.may_write(session, found, act.actor, Permission.OUTCOMES))


def _check(session: Session, survey: Survey) -> None:
    if survey.period_start and survey.period_end and survey.period_end < survey.period_start:
        raise RuleBroken("survey_period_reversed", "period_end")
    if len(set(survey.languages)) < len(survey.languages):
        raise RuleBroken("listed_twice", "languages")
    known = {row.key: row for row in indicators.of_project(session, survey.project_id)}
    survey_wording.check_questions(questions_of(survey), known)


def _record(session: Session, act: Act, action: str, survey: Survey) -> None:
    """The trail has no need of the secret of the link."""
    trail.record_row(session, act, action, survey, but=KEPT_OUT_OF_THE_TRAIL)
