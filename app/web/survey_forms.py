"""/s/{secret}: the form that anyone with a survey's link answers, in their own language, without a trace.

It takes no notice of who may have signed in, sets no cookie and runs no script. In place of a session, the form carries
a random text that the service has signed: what comes back was shown by us, and counts once however often it is sent.
"""

import hashlib
import hmac
import secrets
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.http.state import State, state_of
from app.language.own_words import own_words
from app.language.survey_words import LANGUAGE_NAMES, direction, survey_words, wanted_language
from app.rules.codes import SurveyStatus
from app.rules.errors import Conflict, NotFound
from app.rules.surveys import Fault
from app.schemas.surveys import SURVEY_LANGUAGES, CallbackCreate, SurveyAnswerCreate
from app.services import survey_answers
from app.services.acting import Act, Channel, Where
from app.storage.models import Survey
from app.web import survey_questions
from app.web.forms import Form
from app.web.pages import POLICY, fragment
from app.web.visiting import STRANGER, Fields, FormRefused, from_ourselves

router = APIRouter(prefix="/s", include_in_schema=False)
SIGNED, LANGUAGE = "form", "language"
"""Fields of the form itself."""
GONE = 410


@router.get("/{secret}")
def ask(request: Request, secret: str, language: str = "") -> Response:
    survey = _survey(request, secret)
    if survey is None or survey.status != SurveyStatus.OPEN:
        return _nothing_here(request, survey, language)
    return form_page(request, survey, _language(request, survey, language))


@router.post("/{secret}")
def send(request: Request, secret: str, fields: Fields) -> Response:
    """Keeps the answers and thanks; where they do not fit, the form comes back as it was filled in."""
    _check_origin(request)
    survey, form = _survey(request, secret), Form(fields, "fi")
    if survey is None or survey.status != SurveyStatus.OPEN:
        return _nothing_here(request, survey, form.text(LANGUAGE))
    language = _language(request, survey, form.text(LANGUAGE))
    once = _once(request, survey, form)
    answers, faults = survey_questions.read(survey, form)
    if once is None or faults:
        return form_page(request, survey, language, form, faults, "" if once else "open_too_long")
    state = state_of(request)
    command = SurveyAnswerCreate.model_validate({"answers": answers, "once": once})
    try:
        with state.database.writing() as session:
            survey_answers.give_answer(session, secret, command, _act(state))
    except Conflict as conflict:
        return _refused(request, survey, language, form, conflict)
    return RedirectResponse(f"/s/{secret}/thanks?language={language}", 303)


def _refused(request: Request, survey: Survey, language: str, form: Form, conflict: Conflict) -> Response:
    """The survey was closed meanwhile, or takes no more today."""
    if conflict.code != "survey_full":
        return _page(request, survey, language, "survey_forms/nothing.html", GONE, title="closed", more="closed_more")
    return form_page(request, survey, language, form, (), "survey_full", status=409)


@router.get("/{secret}/thanks")
def thank(request: Request, secret: str, language: str = "", done: str = "") -> Response:
    """Shown to whoever comes: that it was shown says nothing of an answer."""
    survey = _survey(request, secret)
    if survey is None:
        return _nothing_here(request, survey, language)
    return _thanks(request, survey, _language(request, survey, language), called=done == "number")


@router.post("/{secret}/call")
def leave_number(request: Request, secret: str, fields: Fields) -> Response:
    """Consent to a call: a form of its own, with nothing in it that an answer has."""
    _check_origin(request)
    survey, form = _survey(request, secret), Form(fields, "fi")
    if survey is None or survey.status != SurveyStatus.OPEN or not survey.asks_for_call:
        return _nothing_here(request, survey, form.text(LANGUAGE))
    language = _language(request, survey, form.text(LANGUAGE))
    if not _signed(request, survey, form.text(SIGNED)):
        return _thanks(request, survey, language, error="open_too_long")
    try:
        command = CallbackCreate(phone=form.text("phone"))
    except ValidationError:
        return _thanks(request, survey, language, error="phone_wrong")
    state = state_of(request)
    try:
        with state.database.writing() as session:
            survey_answers.leave_number(session, secret, command, _act(state))
    except Conflict as conflict:
        return _refused(request, survey, language, form, conflict)
    return RedirectResponse(f"/s/{secret}/thanks?language={language}&done=number", 303)


# --- What a form carries


def _signature(state: State, survey: Survey, once: str) -> str:
    told = f"survey:{survey.id}:{once}".encode()
    return hmac.new(state.settings.secret_key.encode(), told, hashlib.sha256).hexdigest()


def _made(state: State, survey: Survey) -> str:
    once = secrets.token_urlsafe(16)
    return f"{once}.{_signature(state, survey, once)}"


def _signed(request: Request, survey: Survey, text: str) -> str | None:
    """The random text of a form that we have shown; None for any other."""
    once, _, signature = text.partition(".")
    right = _signature(state_of(request), survey, once)
    return once if hmac.compare_digest(signature.encode(), right.encode()) else None


def _once(request: Request, survey: Survey, form: Form) -> str | None:
    return _signed(request, survey, form.text(SIGNED))


def _check_origin(request: Request) -> None:
    if not from_ourselves(request, state_of(request)):
        raise FormRefused("form_expired")


# --- What is shown


def form_page(
    request: Request,
    survey: Survey,
    language: str,
    form: Form | None = None,
    faults: list[Fault] | tuple[Fault, ...] = (),
    general: str = "",
    *,
    status: int = 422,
    preview: bool = False,
) -> Response:
    """The form, empty or as it was filled in; a preview cannot be sent."""
    general = next((fault.code for fault in faults if not fault.key), general)
    return _page(
        request,
        survey,
        language,
        "survey_forms/form.html",
        status if faults or general else 200,
        questions=survey_questions.shown(survey, language, form, faults),
        general=general,
        signed="" if preview else _kept_or_made(request, survey, form),
        preview=preview,
    )


def _kept_or_made(request: Request, survey: Survey, form: Form | None) -> str:
    """A form that comes back is still the same form."""
    kept = form.text(SIGNED) if form is not None else ""
    return kept if kept and _signed(request, survey, kept) else _made(state_of(request), survey)


def _thanks(request: Request, survey: Survey, language: str, *, called: bool = False, error: str = "") -> Response:
    asks = survey.asks_for_call and survey.status == SurveyStatus.OPEN and not called
    signed = _made(state_of(request), survey)
    variables = {"asks": asks, "called": called, "error": error, "signed": signed}
    return _page(request, survey, language, "survey_forms/thanks.html", 422 if error else 200, **variables)


def _nothing_here(request: Request, survey: Survey | None, language: str) -> Response:
    """A closed survey, or a link behind which there is none."""
    if survey is not None:
        shown = _language(request, survey, language)
        return _page(request, survey, shown, "survey_forms/nothing.html", GONE, title="closed", more="closed_more")
    shown = language if language in SURVEY_LANGUAGES else _asked_for(request, SURVEY_LANGUAGES)
    return _page(request, None, shown, "survey_forms/nothing.html", 404, title="unknown", more="unknown_more")


def _page(
    request: Request, survey: Survey | None, language: str, template: str, status: int = 200, **variables: Any
) -> Response:
    html = fragment(
        template,
        "fi",  # every word of it comes with `words` or from the survey
        shown_language=language,
        direction=direction(language),
        words=survey_words(language),
        survey=survey,
        title_words=own_words(survey.title, language) if survey else "",
        intro=own_words(survey.intro or {}, language) if survey else "",
        names=[(one, LANGUAGE_NAMES[one], direction(one)) for one in (survey.languages if survey else ())],
        path=request.url.path.replace("/call", "/thanks"),
        **variables,
    )
    return HTMLResponse(html, status, headers={"Content-Security-Policy": POLICY, "Content-Language": language})


# --- Whose it is


def _survey(request: Request, secret: str) -> Survey | None:
    with state_of(request).database.reading() as session:
        try:
            return survey_answers.survey_behind(session, secret)
        except NotFound:
            return None


def _language(request: Request, survey: Survey, chosen: str) -> str:
    return chosen if chosen in survey.languages else _asked_for(request, survey.languages)


def _asked_for(request: Request, languages: Any) -> str:
    return wanted_language(request.headers.get("accept-language"), languages)


def _act(state: State) -> Act:
    """Without the address: nobody is to find out who answers."""
    now = state.clock()
    return Act(STRANGER, now, state.day_at(now), Where(Channel.WEB))
