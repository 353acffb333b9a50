"""Paper forms entered one after another, how the form looks to others, and whom to call."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.http.reading import PathKey
from app.language.survey_words import survey_words
from app.rules.codes import SurveyStatus
from app.rules.errors import Conflict, RuleBroken
from app.rules.surveys import LONGEST_TEXT, Answer, Fault
from app.schemas.surveys import SurveyAnswerCreate
from app.services import survey_answers, surveys
from app.services.surveys import SurveyFound
from app.web import survey_forms, survey_questions
from app.web.forms import ONCE, Form, FormView
from app.web.surveys import survey_page
from app.web.visiting import Look, Submit, Visit

router = APIRouter(prefix="/surveys/{survey_id}", include_in_schema=False)


@router.get("/preview")
def preview(survey_id: PathKey, visit: Look, language: str = "") -> Response:
    """The form as others see it; nothing can be sent."""
    found = surveys.find_survey(visit.session, survey_id, visit.act)
    chosen = language if language in found.survey.languages else found.survey.languages[0]
    return survey_forms.form_page(visit.request, found.survey, chosen, preview=True)


@router.get("/paper")
def paper(survey_id: PathKey, visit: Look, done: str = "") -> Response:
    """Where no paper form can be entered, the survey's own page says why."""
    try:
        return _paper_page(visit, survey_id, FormView(), done=done)
    except Conflict:
        return RedirectResponse(f"/surveys/{survey_id}", 303)


def _paper_page(visit: Visit, survey_id: str, view: FormView, form: Form | None = None, done: str = "") -> Response:
    """Shown in the language of whoever enters the form, whatever language it was filled in."""
    found = surveys.find_survey(visit.session, survey_id, visit.act)
    surveys.require_writer(found, visit.session, visit.act)
    if found.status is not SurveyStatus.OPEN:
        raise Conflict("survey_not_open")
    if not found.survey.on_paper:
        raise Conflict("survey_not_on_paper")
    faults = _faults(found, form) if form is not None else []
    return survey_page(
        visit,
        "surveys/paper.html",
        found,
        view=view,
        done=done,
        questions=survey_questions.shown(found.survey, visit.language, form, faults),
        words=survey_words(visit.language),
        general=next((fault.code for fault in faults if not fault.key), ""),
    )


def _faults(found: SurveyFound, form: Form) -> list[Fault]:
    return survey_questions.read(found.survey, form)[1]


@router.post("/paper")
def enter(survey_id: PathKey, submission: Submit) -> Response:
    """After one form comes the next."""
    form = submission.form

    def write() -> str:
        found = surveys.find_survey(submission.session, survey_id, submission.act)
        surveys.require_writer(found, submission.session, submission.act)
        answers, faults = survey_questions.read(found.survey, form)
        for fault in faults:
            raise RuleBroken(fault.code, "", maximum=LONGEST_TEXT)
        command = _command(answers, form)
        survey_answers.enter_paper_answer(submission.session, survey_id, command, submission.act)
        return f"/surveys/{survey_id}/paper?done=entered"

    return submission.save(write, lambda view: _paper_page(submission, survey_id, view, form))


def _command(answers: dict[str, Answer], form: Form) -> SurveyAnswerCreate:
    """The random text of the page's form is the paper form's too: sent twice, it counts once."""
    sent = {"answers": answers, "once": form.text(ONCE)}
    try:
        return SurveyAnswerCreate.model_validate(sent)
    except ValueError:
        raise RuleBroken("form_expired") from None


@router.get("/calls")
def calls(survey_id: PathKey, visit: Look, done: str = "") -> Response:
    """The numbers left for a call, for those who may write the project. They stand on no other page."""
    found = surveys.find_survey(visit.session, survey_id, visit.act)
    rows = survey_answers.list_callbacks(visit.session, survey_id, visit.act)
    return survey_page(visit, "surveys/calls.html", found, rows=rows, done=done, view=FormView())


@router.post("/calls/{callback_id}")
def called(survey_id: PathKey, callback_id: PathKey, submission: Submit) -> Response:
    """The call was made: the number goes."""

    def write() -> str:
        survey_answers.mark_called(submission.session, survey_id, callback_id, submission.act)
        return f"/surveys/{survey_id}/calls?done=called"

    return submission.save(write, lambda _view: calls(survey_id, submission))
