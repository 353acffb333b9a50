"""Answers to surveys, from whoever has the link or from paper; what may be shown of them; numbers left for a call.

The trail says nothing of an answer that came by the link: with the time and the order of the entries whose it is could
be told in a small group. Of a paper form it says who typed one in, not what it said. Of a number left for a call it
says that someone was called, never the number.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.rules import surveys as rules
from app.rules.codes import SurveyStatus
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.rules.surveys import SurveyResult
from app.schemas.surveys import CallbackCreate, SurveyAnswerCreate
from app.services import trail
from app.services.acting import Act
from app.services.surveys import SurveyFound, find_survey, list_surveys, questions_of, require_writer
from app.storage import surveys
from app.storage.models import Survey, SurveyCallback

MOST_ANSWERS_A_DAY = 500
"""To one survey: twice the women whom the largest project is to reach in two years. More is a machine, and must not
fill the database."""


@dataclass(frozen=True, slots=True)
class SurveyOutcome:
    """A closed survey with what may be shown of each question, in their order."""

    found: SurveyFound
    results: Sequence[SurveyResult]


def survey_behind(session: Session, secret: str) -> Survey:
    """The survey whose link this is, open or closed. Raises NotFound where there is none, or it is still a draft."""
    survey = surveys.by_secret(session, secret)
    if survey is None or survey.status == SurveyStatus.DRAFT:
        raise NotFound("not_found")
    return survey


def give_answer(session: Session, secret: str, command: SurveyAnswerCreate, act: Act) -> None:
    """Keeps what someone answered by the link. Raises RuleBroken where it does not fit the questions, Conflict where
    the survey is closed or has taken all it takes in a day."""
    _put(session, survey_behind(session, secret), command, act)


def enter_paper_answer(session: Session, survey_id: str, command: SurveyAnswerCreate, act: Act) -> SurveyFound:
    """Keeps what someone answered on paper. For those who may write the survey's project."""
    found = find_survey(session, survey_id, act)
    require_writer(found, session, act)
    if not found.survey.on_paper:
        raise Conflict("survey_not_on_paper")
    _put(session, found.survey, command, act)
    trail.record(session, act, "entered", "survey_answer", found.id, {})
    return find_survey(session, survey_id, act)


def _put(session: Session, survey: Survey, command: SurveyAnswerCreate, act: Act) -> None:
    questions = questions_of(survey)
    for fault in rules.faults(questions, command.answers):
        raise RuleBroken(fault.code, f"answers.{fault.key}".removesuffix("."), maximum=rules.LONGEST_TEXT)
    _take(session, survey, act)
    digest = hashlib.sha256(f"{survey.id}:{command.once}".encode()).hexdigest()
    in_order = {one.key: command.answers[one.key] for one in questions if one.key in command.answers}
    surveys.put_answer(session, survey.id, digest[:32], in_order)


def _take(session: Session, survey: Survey, act: Act) -> None:
    if surveys.take(session, survey.id, act.today, MOST_ANSWERS_A_DAY):
        return
    session.refresh(survey)  # it may have been closed since it was looked up
    raise Conflict("survey_full") if survey.status == SurveyStatus.OPEN else Conflict("survey_not_open")


def results(session: Session, survey_id: str, act: Act) -> SurveyOutcome:
    """What came of a survey. Raises Conflict while it is not closed: each new answer could be told by subtraction."""
    found = find_survey(session, survey_id, act)
    if found.status is not SurveyStatus.CLOSED:
        raise Conflict("survey_results_not_yet")
    return _outcome(session, found)


def results_within(
    session: Session, slug: str, act: Act, since: date | None = None, until: date | None = None
) -> list[SurveyOutcome]:
    """What came of a project's closed surveys that speak of days from a day to a day, the newest first."""
    listed = list_surveys(session, slug, act)
    closed = [one for one in listed if one.status is SurveyStatus.CLOSED]
    return [_outcome(session, one) for one in closed if _ends_within(one.survey, since, until)]


def _ends_within(survey: Survey, since: date | None, until: date | None) -> bool:
    """Whether the days that the answers speak of end then; where a survey does not say, the day it was closed."""
    end = survey.period_end or (None if survey.closed_at is None else survey.closed_at.date())
    return end is not None and (since is None or end >= since) and (until is None or end <= until)


def _outcome(session: Session, found: SurveyFound) -> SurveyOutcome:
    return SurveyOutcome(found, rules.results(questions_of(found.survey), surveys.answers_of(session, found.id)))


# --- Telephone numbers


def leave_number(session: Session, secret: str, command: CallbackCreate, act: Act) -> None:
    """Keeps a number for one call later, apart from every answer. Raises NotFound where the survey asks for none,
    Conflict where it is closed or has taken all it takes in a day."""
    survey = survey_behind(session, secret)
    if not survey.asks_for_call:
        raise NotFound("not_found")
    _take(session, survey, act)
    surveys.add_callback(session, survey.id, command.phone, rules.callback_kept_until(act.today))


def list_callbacks(session: Session, survey_id: str, act: Act) -> Sequence[SurveyCallback]:
    """The numbers left, for those who may write the survey's project."""
    found = find_survey(session, survey_id, act)
    require_writer(found, session, act)
    return surveys.callbacks_of(session, found.id)


def mark_called(session: Session, survey_id: str, callback_id: str, act: Act) -> None:
    """The call was made: the number is erased. Raises NotFound where it is gone already."""
    found = find_survey(session, survey_id, act)
    require_writer(found, session, act)
    row = surveys.get_callback(session, callback_id)
    if row is None or row.survey_id != found.id or not surveys.erase_callback(session, callback_id):
        raise NotFound("not_found")
    trail.record(session, act, "called", "survey_callback", found.id, {})


def erase_old_numbers(session: Session, act: Act) -> int:
    """Erases the numbers whose time is over, and says how many those were."""
    erased = surveys.erase_callbacks_kept_until_before(session, act.today)
    if erased:
        trail.record(session, act, "erased", "survey_callback", "expired", {"count": erased})
    return erased
