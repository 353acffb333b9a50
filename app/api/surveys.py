"""/projects/{slug}/surveys and /surveys/{id}: questionnaires, paper forms, and what came of them.

Whoever has a survey's link answers on a page (web/survey_forms.py), not here: no answer carries who gave it.
"""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, in_pages
from app.http.state import State
from app.http.writing import Write
from app.rules.policy import SMALL_COUNT
from app.rules.surveys import SurveyResult
from app.schemas.surveys import (
    OptionCountRead,
    SurveyAnswerCreate,
    SurveyAnswerTaken,
    SurveyChange,
    SurveyCreate,
    SurveyList,
    SurveyQuestionRead,
    SurveyRead,
    SurveyResultRead,
    SurveyResults,
)
from app.services import survey_answers, surveys
from app.services.survey_answers import SurveyOutcome
from app.services.surveys import SurveyFound

router = APIRouter(tags=["projects"])
PLAIN = (
    *("id", "key", "title", "intro", "languages", "asks_for_call", "on_paper", "period_start", "period_end"),
    *("status", "opened_at", "closed_at"),
)


def link_of(found: SurveyFound, state: State) -> str | None:
    """The address of the form, for those who may write the project."""
    return f"{state.settings.base_url}/s/{found.survey.secret}" if found.may_write else None


def read_model(found: SurveyFound, state: State) -> SurveyRead:
    """A survey as the API gives it."""
    row = found.survey
    return SurveyRead(
        **{name: getattr(row, name) for name in PLAIN},
        project=found.project.project.slug,
        questions=[SurveyQuestionRead(**one) for one in row.questions],
        answered=found.answered,
        link=link_of(found, state),
    )


def outcome_model(outcome: SurveyOutcome) -> SurveyResults:
    """What came of a survey as the API gives it."""
    return SurveyResults(
        survey_id=outcome.found.id,
        answered=outcome.found.answered,
        smallest_group=SMALL_COUNT,
        results=[_result(one) for one in outcome.results],
    )


def _result(result: SurveyResult) -> SurveyResultRead:
    return SurveyResultRead(
        question=result.key,
        n=result.n,
        counts=[
            OptionCountRead(option=one.option, count=one.count, share=one.count / result.n if result.n else 0)
            for one in result.counts
        ],
        folded=list(result.folded),
        mean=result.mean,
        texts=list(result.texts),
    )


@router.get("/projects/{slug}/surveys", response_model=SurveyList, summary="Surveys of a project")
def list_surveys(slug: str, read: Read, pages: Pages) -> Response:
    """The newest first."""
    page, cursor = in_pages(pages, surveys.list_surveys(read.session, slug, read.act), lambda one: one.id)
    return answer(SurveyList(items=[read_model(one, read.state) for one in page], next_cursor=cursor))


@router.post("/projects/{slug}/surveys", status_code=201, response_model=SurveyRead, summary="Begin a survey")
def define_survey(slug: str, command: SurveyCreate, write: Write) -> Response:
    """As a draft: nobody can answer before it is opened."""
    found = surveys.define_survey(write.session, slug, command, write.act)
    return write.created(read_model(found, write.state), f"/api/v1/surveys/{found.id}", found.survey.version)


@router.get("/surveys/{survey_id}", response_model=SurveyRead, summary="One survey")
def read_survey(survey_id: PathKey, read: Read) -> Response:
    """While it is open only how many have answered."""
    found = surveys.find_survey(read.session, survey_id, read.act)
    return answer(read_model(found, read.state), found.survey.version)


@router.patch("/surveys/{survey_id}", response_model=SurveyRead, summary="Change the draft of a survey")
def change_survey(survey_id: PathKey, command: SurveyChange, write: Write) -> Response:
    """Changes only the fields sent. Once opened, nothing of it changes any more."""
    found = surveys.change_survey(write.session, survey_id, command, write.act, write.expected_version)
    return write.answer(read_model(found, write.state), found.survey.version)


@router.post("/surveys/{survey_id}/open", response_model=SurveyRead, summary="Open a survey")
def open_survey(survey_id: PathKey, write: Write) -> Response:
    """From now on whoever has its link can answer."""
    found = surveys.open_survey(write.session, survey_id, write.act, write.expected_version)
    return write.answer(read_model(found, write.state), found.survey.version)


@router.post("/surveys/{survey_id}/close", response_model=SurveyRead, summary="Close a survey")
def close_survey(survey_id: PathKey, write: Write) -> Response:
    """No more answers are taken, and those that came become preliminary figures of the indicators that the questions
    name. Closing once more changes nothing."""
    found = surveys.close_survey(write.session, survey_id, write.act, write.expected_version)
    return write.answer(read_model(found, write.state), found.survey.version)


@router.post(
    "/surveys/{survey_id}/answers", status_code=201, response_model=SurveyAnswerTaken, summary="Enter a paper form"
)
def enter_paper_answer(survey_id: PathKey, command: SurveyAnswerCreate, write: Write) -> Response:
    """`once` is a random text made for the form: sent again, it counts once. Nothing names the answer afterwards."""
    found = survey_answers.enter_paper_answer(write.session, survey_id, command, write.act)
    body = SurveyAnswerTaken(survey_id=found.id, answered=found.answered)
    return write.created(body, f"/api/v1/surveys/{found.id}")


@router.get("/surveys/{survey_id}/results", response_model=SurveyResults, summary="Results of a closed survey")
def read_results(survey_id: PathKey, read: Read) -> Response:
    """Counts, shares, means and free answers; what too few answered is not shown. 409 while the survey is open."""
    return answer(outcome_model(survey_answers.results(read.session, survey_id, read.act)))
