"""Surveys, the answers to them, and the numbers of those who agreed to a call."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import case, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.rules.codes import SurveyStatus
from app.storage.models import Survey, SurveyAnswer, SurveyCallback
from app.storage.upsert import insert_new


def get(session: Session, survey_id: str) -> Survey | None:
    """As the database has it now."""
    return session.get(Survey, survey_id, populate_existing=True)


def hold(session: Session, survey_id: str) -> Survey:
    """Keeps a survey as it is until the transaction ends: what was being answered is in, and no more comes."""
    wanted = select(Survey).where(Survey.id == survey_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def by_secret(session: Session, secret: str) -> Survey | None:
    return session.scalars(select(Survey).where(Survey.secret == secret)).one_or_none()


def keys_of_project(session: Session, project_id: str) -> set[str]:
    return set(session.scalars(select(Survey.key).where(Survey.project_id == project_id)))


def of_project(session: Session, project_id: str) -> Sequence[Survey]:
    """The newest first."""
    wanted = select(Survey).where(Survey.project_id == project_id).order_by(Survey.created_at.desc(), Survey.id.desc())
    return session.scalars(wanted).all()


def answered(session: Session, survey_ids: Iterable[str]) -> dict[str, int]:
    """How many have answered each survey; those that nobody has answered are left out."""
    counted = select(SurveyAnswer.survey_id, func.count()).where(SurveyAnswer.survey_id.in_(list(survey_ids)))
    return {row[0]: row[1] for row in session.execute(counted.group_by(SurveyAnswer.survey_id))}


def take(session: Session, survey_id: str, today: date, most: int) -> bool:
    """Counts one more form of the day. False where the survey is not open, or `most` forms have come today. The survey
    stays locked until the transaction ends, so that closing it waits for the answer, or the answer for the closing."""
    same_day = Survey.taken_on == today
    counted = case((same_day, Survey.taken + 1), else_=1)
    room = or_(Survey.taken_on.is_(None), Survey.taken_on != today, Survey.taken < most)
    wanted = update(Survey).where(Survey.id == survey_id, Survey.status == SurveyStatus.OPEN, room)
    result = session.execute(wanted.values(taken_on=today, taken=counted).execution_options(synchronize_session=False))
    return int(result.rowcount) == 1  # type: ignore[attr-defined]


def put_answer(session: Session, survey_id: str, answer_id: str, answers: Mapping[str, Any]) -> None:
    """Keeps the answers of one form; what it said before, where it was sent before, is replaced."""
    row = {"id": answer_id, "survey_id": survey_id, "answers": dict(answers)}
    if not insert_new(session, SurveyAnswer, [row]):
        same = (SurveyAnswer.id == answer_id, SurveyAnswer.survey_id == survey_id)
        session.execute(update(SurveyAnswer).where(*same).values(answers=dict(answers)))


def answers_of(session: Session, survey_id: str) -> list[dict[str, Any]]:
    """All answers, in an order that tells nothing."""
    wanted = select(SurveyAnswer.answers).where(SurveyAnswer.survey_id == survey_id).order_by(SurveyAnswer.id)
    return list(session.scalars(wanted))


def mix_answers(session: Session, survey_id: str) -> None:
    """Writes all answers anew in the order of new random ids: neither their ids nor their places in the database's
    files tell any more which came when, nor does a form that someone still has open lead to one."""
    found = answers_of(session, survey_id)
    mixed = sorted((uuid4().hex, number) for number in range(len(found)))
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.survey_id == survey_id))
    rows = [{"id": answer_id, "survey_id": survey_id, "answers": found[number]} for answer_id, number in mixed]
    if rows:
        session.execute(insert(SurveyAnswer), rows)


# --- Telephone numbers


def add_callback(session: Session, survey_id: str, phone: str, keep_until: date) -> None:
    """A number that is there already is left as it is."""
    row = {"id": uuid4().hex, "survey_id": survey_id, "phone": phone, "keep_until": keep_until}
    insert_new(session, SurveyCallback, [row])


def callbacks_of(session: Session, survey_id: str) -> Sequence[SurveyCallback]:
    """In an order that tells nothing."""
    wanted = select(SurveyCallback).where(SurveyCallback.survey_id == survey_id).order_by(SurveyCallback.id)
    return session.scalars(wanted).all()


def get_callback(session: Session, callback_id: str) -> SurveyCallback | None:
    return session.get(SurveyCallback, callback_id)


def erase_callback(session: Session, callback_id: str) -> bool:
    """Whether it was still there."""
    result = session.execute(delete(SurveyCallback).where(SurveyCallback.id == callback_id))
    return int(result.rowcount) == 1  # type: ignore[attr-defined]


def erase_callbacks_kept_until_before(session: Session, today: date) -> int:
    """Erases the numbers whose time is over, and says how many those were."""
    result = session.execute(delete(SurveyCallback).where(SurveyCallback.keep_until < today))
    return int(result.rowcount)  # type: ignore[attr-defined]
