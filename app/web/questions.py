"""What is doubtful in a project's figures: what waits for an answer, what is worth knowing, what was answered."""

from collections.abc import Iterable

from fastapi import APIRouter
from starlette.responses import Response

from app.language.own_words import own_words
from app.services import indicators, projects, questions
from app.services.acting import Permission
from app.services.questions import Asked
from app.web import project_notices
from app.web.figure_words import FigureWords, QuestionLine
from app.web.project_words import project_name
from app.web.visiting import Look

router = APIRouter(include_in_schema=False)


@router.get("/projects/{slug}/questions")
def list_questions(slug: str, visit: Look) -> Response:
    found = projects.find_project(visit.session, slug, visit.act.actor)
    asked = questions.list_questions(visit.session, slug, visit.act)
    words = FigureWords(slug, visit.language)

    def lines(chosen: Iterable[Asked]) -> list[QuestionLine]:
        return [words.question(one) for one in chosen]

    return visit.page(
        "questions/list.html",
        name=project_name(found.project, visit.language),
        address=f"/projects/{slug}",
        open=lines(one for one in asked if one.open),
        notes=lines(one for one in asked if not one.open and one.answer is None),
        answered=lines(one for one in asked if one.answer is not None),
        names={
            row.key: own_words(row.name, visit.language)
            for row in indicators.list_indicators(visit.session, slug, visit.act)
        },
        may_write=projects.may_write(visit.session, found, visit.act.actor, Permission.OUTCOMES),
        notice=project_notices.notice(visit, visit.request.query_params),
        timezone=visit.state.settings.timezone,
    )
