"""/projects/{slug}/questions: what is doubtful in a project's figures, and what was found."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, Read, answer, in_pages
from app.http.writing import Write
from app.language.questions import question_sentence
from app.schemas.observations import QuestionAnswer, QuestionList, QuestionRead
from app.services import questions
from app.services.questions import Asked

router = APIRouter(tags=["projects"])


def read_model(asked: Asked, language: str) -> QuestionRead:
    """A question as the API gives it."""
    question, answered = asked.question, asked.answer
    return QuestionRead(
        key=question.key,
        code=question.code,
        weight=question.weight,
        text=question_sentence(question.code, question.values, language),
        indicators=list(question.indicators),
        detail=_detail(question.values),
        answer=None if answered is None else answered.answer,
        answered_by=None if answered is None else answered.answered_by,
        answered_at=None if answered is None else answered.answered_at,
    )


def _detail(values: Mapping[str, object]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    """Decimals as JSON numbers, days as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


@router.get("/projects/{slug}/questions", response_model=QuestionList, summary="What is doubtful in the figures")
def list_questions(slug: str, read: Read, pages: Pages) -> Response:
    """Those that wait for an answer first, then notes, then those answered."""
    found = questions.list_questions(read.session, slug, read.act)
    page, cursor = in_pages(pages, found, lambda asked: asked.question.key)
    return answer(QuestionList(items=[read_model(one, read.language) for one in page], next_cursor=cursor))


@router.post(
    "/projects/{slug}/questions/{key}/answer", status_code=201, response_model=QuestionRead, summary="Answer a question"
)
def answer_question(slug: str, key: str, command: QuestionAnswer, write: Write) -> Response:
    """It waits no more while the figures stay; once one of them changes it is asked anew."""
    asked = questions.answer_question(write.session, slug, key, command, write.act)
    return write.created(read_model(asked, write.language), f"/api/v1/projects/{slug}/questions")
