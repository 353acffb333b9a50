"""The draft of a survey, worded by form: its title and languages on one page, each question on a page of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.http.reading import PathKey
from app.language.own_words import own_words
from app.rules.codes import AnswerFlow, Dimension, QuestionKind, SurveyStatus
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.rules.surveys import AGREE, YES
from app.schemas.surveys import SURVEY_LANGUAGES, SurveyChange, SurveyQuestionInput
from app.schemas.text import code_from
from app.services import indicators, surveys
from app.services.surveys import SurveyFound
from app.web.forms import VERSION, Form, FormView
from app.web.surveys import survey_page
from app.web.visiting import Look, Submit, Visit

router = APIRouter(prefix="/surveys/{survey_id}", include_in_schema=False)
NEW = "new"
ENDS = ("low", "high")
SCALE = {"scale_min": 1, "scale_max": 5}
BY_DEFAULT = {QuestionKind.AGREEMENT: [AGREE], QuestionKind.YES_NO: [YES]}
"""The share of a statement is of those who agree, of a question of those who say yes."""


def _draft(visit: Visit, survey_id: str) -> SurveyFound:
    found = surveys.find_survey(visit.session, survey_id, visit.act)
    surveys.require_writer(found, visit.session, visit.act)
    if found.status is not SurveyStatus.DRAFT:
        raise Conflict("survey_not_draft")
    return found


# --- Title, languages, period


@router.get("/change")
def change(survey_id: PathKey, visit: Look) -> Response:
    """Where there is nothing to change any more, the survey's own page says so."""
    try:
        survey = _draft(visit, survey_id).survey
    except Conflict:
        return RedirectResponse(f"/surveys/{survey_id}", 303)
    values: dict[str, object] = {
        "languages[]": survey.languages,
        "asks_for_call": survey.asks_for_call,
        "on_paper": survey.on_paper,
        "period_start": survey.period_start,
        "period_end": survey.period_end,
        VERSION: survey.version,
    }
    for name in ("title", "intro"):
        values |= {f"{name}.{language}": words for language, words in (getattr(survey, name) or {}).items()}
    return _change_page(visit, survey_id, FormView.of(values))


def _change_page(visit: Visit, survey_id: str, view: FormView) -> Response:
    return survey_page(visit, "surveys/change.html", _draft(visit, survey_id), view=view, languages_of=SURVEY_LANGUAGES)


@router.post("/change")
def save(survey_id: PathKey, submission: Submit) -> Response:
    form = submission.form

    def write() -> str:
        sent = form.body()
        fixed: dict[str, Any] = {name: form.text(name) == "true" for name in ("asks_for_call", "on_paper")}
        fixed |= {name: sent.get(name) for name in ("intro", "period_start", "period_end")}
        command = form.command(SurveyChange, languages=sent.get("languages", []), **fixed)
        surveys.change_survey(submission.session, survey_id, command, submission.act, form.expected_version)
        return f"/surveys/{survey_id}?done=changed"

    return submission.save(write, lambda view: _change_page(submission, survey_id, view))


# --- One question


@router.get("/wording/{key}")
def word(survey_id: PathKey, key: str, visit: Look) -> Response:
    """The question of this key, or a new one."""
    try:
        found = _draft(visit, survey_id)
    except Conflict:
        return RedirectResponse(f"/surveys/{survey_id}", 303)
    kept = None if key == NEW else _kept(found, key)
    return _wording_page(visit, found, key, FormView.of(_values(found, kept)))


def _kept(found: SurveyFound, key: str) -> dict[str, Any]:
    for one in found.survey.questions:
        if one["key"] == key:
            return dict(one)
    raise NotFound("not_found")


def _values(found: SurveyFound, kept: Mapping[str, Any] | None) -> dict[str, object]:
    """The fields of the form as a question fills them; alternatives stand one on a line."""
    survey = found.survey
    values: dict[str, object] = {VERSION: survey.version, "place": len(survey.questions) + 1, **SCALE}
    if kept is None:
        return values | {"kind": QuestionKind.SINGLE.value}
    values["place"] = [one["key"] for one in survey.questions].index(kept["key"]) + 1
    for name in ("kind", "required", "indicator", "flow", "dimension", *SCALE):
        values[name] = kept[name]
    values["shared[]"] = kept["shared"]
    for language in survey.languages:
        for name in ("words", "hint", *ENDS):
            values[f"{name}.{language}"] = (kept[name] or {}).get(language)
        values[f"lines.{language}"] = "\n".join(option["words"].get(language, "") for option in kept["options"])
    return values


def _wording_page(visit: Visit, found: SurveyFound, key: str, view: FormView) -> Response:
    kept = None if key == NEW else _kept(found, key)
    rows = indicators.list_indicators(visit.session, found.project.project.slug, visit.act)
    options = (kept or {}).get("options", ())
    return survey_page(
        visit,
        "surveys/wording.html",
        found,
        view=view,
        key=key,
        kinds=list(QuestionKind),
        flows=list(AnswerFlow),
        dimensions=list(Dimension),
        places=len(found.survey.questions) + (kept is None),
        indicators=[(row.key, own_words(row.name, visit.language)) for row in rows if row.computation is None],
        options=[(option["key"], own_words(option["words"], visit.language)) for option in options],
    )


@router.post("/wording/{key}")
def save_wording(survey_id: PathKey, key: str, submission: Submit) -> Response:
    """Saves a question at its place, or takes it away where the button says so."""
    form = submission.form

    def write() -> str:
        found = _draft(submission, survey_id)
        kept = None if key == NEW else _kept(found, key)
        others = [one for one in found.survey.questions if one["key"] != key]
        if form.text("remove") != "true":
            others.insert(_place(form, len(others)), _worded(form, found, kept))
        _change_questions(submission, survey_id, others)
        return f"/surveys/{survey_id}?done=worded#questions"

    def again(view: FormView) -> Response:
        return _wording_page(submission, _draft(submission, survey_id), key, view)

    return submission.save(write, again)


def _change_questions(submission: Submit, survey_id: str, questions: Sequence[Mapping[str, Any]]) -> None:
    """What does not fit is told at the fields of this form, which has one question."""
    command = SurveyChange.model_validate({"questions": questions})
    version = submission.form.expected_version
    try:
        surveys.change_survey(submission.session, survey_id, command, submission.act, version)
    except RuleBroken as error:
        field = error.field.split(".", 2)[-1]
        raise RuleBroken(error.code, "lines" if field == "options" else field, **error.values) from error


def _place(form: Form, last: int) -> int:
    text = form.text("place")
    return min(max(int(text), 1) - 1, last) if text.isascii() and text.isdigit() and len(text) < 4 else last


def _worded(form: Form, found: SurveyFound, kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """The question that was typed. Its key stays; a new one's is made of its words."""
    kind = form.text("kind")
    is_scale, has_options = kind == QuestionKind.SCALE, kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}
    sent = form.body()
    fixed: dict[str, Any] = {
        "key": kept["key"] if kept else _free_key(found, sent.get("words") or {}),
        "required": form.text("required") == "true",
        "options": _options(form, found, (kept or {}).get("options", ())) if has_options else [],
        "shared": sent.get("shared", []),
    }
    for name, usual in SCALE.items():
        text = form.text(name)
        fixed[name] = int(text) if is_scale and text.isascii() and text.isdigit() and len(text) < 4 else usual
    if not is_scale:
        fixed |= dict.fromkeys(ENDS)
    if form.text("flow") == AnswerFlow.SHARE and not fixed["shared"] and kind in set(BY_DEFAULT):
        fixed["shared"] = BY_DEFAULT[QuestionKind(kind)]
    return form.command(SurveyQuestionInput, **fixed).model_dump()


def _free_key(found: SurveyFound, words: Mapping[str, str]) -> str:
    return _unlike(code_from(own_words(words, "en")) or "question", {one["key"] for one in found.survey.questions})


def _unlike(key: str, taken: set[str]) -> str:
    numbered = [key, *(f"{key[:50]}_{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in numbered if one not in taken)


def _options(form: Form, found: SurveyFound, kept: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The alternatives, one on a line in each language."""
    languages = found.survey.languages
    typed = {
        one: [line.strip() for line in form.text(f"lines.{one}").splitlines() if line.strip()] for one in languages
    }
    lines = typed[languages[0]]
    for language in languages:
        if typed[language] and len(typed[language]) != len(lines):
            raise RuleBroken("survey_lines_differ", f"lines.{language}")
    worded = [{one: typed[one][place] for one in languages if typed[one]} for place in range(len(lines))]
    keys = _option_keys([words[languages[0]] for words in worded], worded, kept, languages[0])
    return [{"key": key, "words": words} for key, words in zip(keys, worded, strict=True)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _option_keys(
    lines: Sequence[str], worded: Sequence[Mapping[str, str]], kept: Sequence[Mapping[str, Any]], first: str
) -> list[str]:
    """An alternative whose words in the first language are those of an earlier one keeps its key. Where there are as
    many as before, the others were reworded and take the keys that are left, in their order; else they are new."""
    known = {option["words"].get(first): option["key"] for option in kept}
    left = [key for words, key in known.items() if words not in lines] if len(kept) == len(lines) else []
    taken = {option["key"] for option in kept}
    keys = []
    for line, words in zip(lines, worded, strict=True):
        if line in known:
            key = known[line]
        else:
            key = left.pop(0) if left else _unlike(code_from(own_words(words, "en")) or "option", taken)
        taken.add(key)
        keys.append(key)
    return keys
