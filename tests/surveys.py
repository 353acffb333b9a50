"""A project with indicators, and a survey of it: put there through the services, for the tests of every layer."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.schemas.indicators import IndicatorCreate
from app.schemas.projects import ProjectCreate
from app.schemas.surveys import CallbackCreate, SurveyAnswerCreate, SurveyCreate
from app.services import indicators, projects, survey_answers, surveys
from app.services.acting import Act, Actor, GrantedRole
from app.services.projects import ProjectFound
from app.services.surveys import SurveyFound
from app.storage.models import Unit
from tests.portfolio import Portfolio

SLUG = "digirasti"
NAME = {"fi": "Digirasti", "sv": "Digirasti", "en": "Digirasti"}
INDICATORS: Sequence[dict[str, Any]] = (
    {"key": "useful", "unit": "percent"},
    {"key": "grade", "unit": "score", "scale_min": 1, "scale_max": 5},
    {"key": "situation_after", "unit": "percent", "dimensions": ["situation"]},
    {"key": "participants", "unit": "people"},
)
OPTIONS = [
    {"key": one, "words": {"fi": f"{one} (fi)", "en": f"{one} (en)"}} for one in ("unemployed", "at_work", "other")
]
USEFUL = {
    "key": "useful",
    "kind": "agreement",
    "words": {"fi": "Kurssista oli hyötyä.", "en": "The course was useful."},
    "indicator": "useful",
    "flow": "share",
    "shared": ["agree"],
}
GRADE = {
    "key": "grade",
    "kind": "scale",
    "words": {"fi": "Arvosana", "en": "Grade"},
    "low": {"fi": "Huono", "en": "Poor"},
    "high": {"fi": "Hyvä", "en": "Good"},
    "indicator": "grade",
    "flow": "mean",
}
SITUATION = {
    "key": "situation",
    "kind": "single",
    "words": {"fi": "Tilanne", "en": "Situation"},
    "options": OPTIONS,
    "indicator": "situation_after",
    "flow": "shares_by",
    "dimension": "situation",
}
WORDS = {"key": "words", "kind": "text", "words": {"fi": "Mitä muuta?", "en": "What else?"}}
SURVEY: dict[str, Any] = {
    "key": "end-of-course",
    "title": {"fi": "Loppukysely", "en": "End-of-course survey"},
    "languages": ["fi", "en"],
    "questions": [USEFUL, GRADE, SITUATION, WORDS],
    "asks_for_call": True,
    "period_start": "2019-01-01",
    "period_end": "2019-02-28",
}
"""Its figures speak of days before the tests' first day, 1.3.2019."""


def act_of(city: Portfolio, role: Role, root: str | None = None) -> Act:
    """A user with a role over the whole city, or over another one."""
    with city.database.reading() as session:
        path = session.scalars(select(Unit.path).where(Unit.id == (root or city.root))).one()
    actor = Actor(f"user-{role}", str(role), f"{role}@example.org", "en", (GrantedRole(role, path),))
    return replace(city.act(), actor=actor)


def a_project(city: Portfolio, slug: str = SLUG) -> None:
    """With its indicators."""
    command = ProjectCreate(slug=slug, unit_id=city.division, name=NAME, starts_on=date(2018, 4, 1))
    with city.database.writing() as session:
        projects.add_project(session, command, city.act())
        for one in INDICATORS:
            indicator = IndicatorCreate.model_validate(
                {"name": {"fi": one["key"]}, "definition": {"fi": "Näin laskettu."}} | one
            )
            indicators.define_indicator(session, slug, indicator, city.act())


def a_survey(city: Portfolio, *, opened: bool = True, **changes: Any) -> SurveyFound:
    """A survey of the project, open unless told otherwise."""
    with city.database.writing() as session:
        found = surveys.define_survey(session, SLUG, SurveyCreate.model_validate(SURVEY | changes), city.act())
        return surveys.open_survey(session, found.id, city.act()) if opened else found


def answer(session: Session, found: SurveyFound, act: Act, once: str | None = None, **answers: Any) -> None:
    """Someone answers by the link."""
    command = SurveyAnswerCreate(answers=answers, once=once or secrets.token_urlsafe(16))
    survey_answers.give_answer(session, found.survey.secret, command, act)


def answered(city: Portfolio, found: SurveyFound, *people: dict[str, Any]) -> None:
    """So many people answer."""
    with city.database.writing() as session:
        for one in people:
            answer(session, found, city.act(), **one)


def closed(city: Portfolio, found: SurveyFound) -> SurveyFound:
    with city.database.writing() as session:
        return surveys.close_survey(session, found.id, city.act())


def settle_surveys(city: Portfolio, text: str) -> dict[str, str]:
    """Ids by the noun that stands before them in an address; every text that can be typed holds `text`."""
    if SLUG not in {one.project.slug for one in _projects(city)}:
        a_project(city)
    words = {"fi": text, "en": text}
    questions = [one | {"words": words} for one in (USEFUL, GRADE, SITUATION, WORDS)]
    found = a_survey(city, title=words, intro=words, questions=questions)
    with city.database.writing() as session:
        survey_answers.leave_number(session, found.survey.secret, CallbackCreate(phone="+358 40 3"), city.act())
        [number] = survey_answers.list_callbacks(session, found.id, city.act())
        return {"projects": SLUG, "surveys": found.id, "calls": number.id, "wording": "new"}


def _projects(city: Portfolio) -> Sequence[ProjectFound]:
    with city.database.reading() as session:
        return projects.list_projects(session, city.act().actor)
