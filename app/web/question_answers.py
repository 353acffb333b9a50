"""A question about a project's figures by form: what is doubtful, the figures behind it, and what was found."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from app.language import figures
from app.language.own_words import breakdown_name, own_words
from app.language.questions import question_sentence
from app.rules.errors import NotFound
from app.schemas.observations import QuestionAnswer
from app.services import observations, projects, questions
from app.services.acting import Permission
from app.services.observations import Recorded
from app.services.questions import Asked
from app.storage import indicators
from app.storage.observations import to_facts
from app.web.forms import FormView
from app.web.project_notices import address
from app.web.visiting import Look, Submit, Visit

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class FigureBehind:
    """One of the figures that a question is about."""

    id: str
    key: str
    indicator: str
    part: str
    figure: str
    people: int | None
    period: str
    source: str


@router.get("/projects/{slug}/questions/{key}")
def show(slug: str, key: str, visit: Look) -> Response:
    return _page(visit, slug, key, FormView())


@router.post("/projects/{slug}/questions/{key}")
def answer(slug: str, key: str, submission: Submit) -> Response:
    def write() -> str:
        command = submission.form.command(QuestionAnswer)
        questions.answer_question(submission.session, slug, key, command, submission.act)
        return address(f"/projects/{slug}/questions", "question_answered")

    projects.hold_project(submission.session, slug, submission.act)  # who may not write learns it before what is wrong
    return submission.save(write, lambda view: _page(submission, slug, key, view))


def _page(visit: Visit, slug: str, key: str, view: FormView) -> Response:
    found = projects.find_project(visit.session, slug, visit.act.actor)
    asked = _asked(visit, slug, key)
    about = set(asked.question.observation_ids)
    recorded = observations.list_observations(visit.session, slug, None, visit.act)
    return visit.page(
        "question_answers/page.html",
        view=view,
        project=found.project,
        project_name=own_words(found.project.name, visit.language),
        asked=asked,
        sentence=question_sentence(asked.question.code, asked.question.values, visit.language),
        behind=[_behind(one, visit.language) for one in recorded if one.observation.id in about],
        may_write=projects.may_write(visit.session, found, visit.act.actor, Permission.OUTCOMES),
        timezone=visit.state.settings.timezone,
    )


def _asked(visit: Visit, slug: str, key: str) -> Asked:
    """Raises NotFound where the figures do not ask it (any more)."""
    listed = questions.list_questions(visit.session, slug, visit.act)
    asked = next((one for one in listed if one.question.key == key), None)
    if asked is None:
        raise NotFound("not_found")
    return asked


def _behind(recorded: Recorded, language: str) -> FigureBehind:
    row, indicator = recorded.observation, recorded.indicator
    facts = to_facts(row, indicator.key)
    return FigureBehind(
        id=row.id,
        key=indicator.key,
        indicator=own_words(indicator.name, language),
        part=breakdown_name(indicator.category_names, row.breakdown.items(), language),
        figure=figures.with_unit(indicators.to_facts(indicator), facts, language),
        people=facts.people,
        period=figures.period(row.period_start, row.period_end, language),
        source=row.source,
    )
