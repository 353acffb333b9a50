"""A survey's questions as a form shows them, in one of its languages, and what a browser sent read back as answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.language.formats import capitalised
from app.language.own_words import own_words
from app.language.survey_words import survey_words
from app.rules import surveys as rules
from app.rules.codes import QuestionKind
from app.rules.surveys import FIXED_OPTIONS, Fault, SurveyQuestion
from app.schemas.text import holds_control_characters, holds_identity_code
from app.services.surveys import questions_of
from app.storage.models import Survey
from app.web.forms import LIST, Form

PREFIX = "answer."
"""Before a question's key in the name of its field: a key may be the name of a field of the form itself."""


class Choice(NamedTuple):
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question with what was answered so far and what is wrong with it; `low` and `high` are the ends of a scale."""

    field: str
    kind: QuestionKind
    words: str
    hint: str
    choices: Sequence[Choice]
    low: str
    high: str
    required: bool
    text: str
    error: str


def shown(survey: Survey, language: str, form: Form | None = None, faults: Iterable[Fault] = ()) -> list[ShownQuestion]:
    """The questions in a language, as they were filled in."""
    words = survey_words(language)
    errors = {fault.key: words[fault.code] for fault in faults}
    return [
        _shown(kept, question, language, form, errors.get(question.key, ""))
        for kept, question in zip(survey.questions, questions_of(survey), strict=True)
    ]


def _shown(
    kept: Mapping[str, Any], question: SurveyQuestion, language: str, form: Form | None, error: str
) -> ShownQuestion:
    field, names = field_of(question), option_names(kept, language)
    given = form.all(field) if form is not None else []
    return ShownQuestion(
        field=field,
        kind=question.kind,
        words=own_words(kept["words"], language),
        hint=own_words(kept["hint"] or {}, language),
        choices=[Choice(value, names.get(value, value), value in given) for value in question.choices],
        low=own_words(kept["low"] or {}, language),
        high=own_words(kept["high"] or {}, language),
        required=question.required,
        text="".join(one for one in given if not holds_identity_code(one)),
        error=error,
    )


def option_names(kept: Mapping[str, Any], language: str) -> dict[str, str]:
    """What a question's options are called, by key; points of a scale have no other name."""
    fixed = FIXED_OPTIONS.get(QuestionKind(kept["kind"]))
    if fixed is not None:
        words = survey_words(language)
        return {code: capitalised(words[code]) for code in fixed}
    return {one["key"]: own_words(one["words"], language) for one in kept["options"]}


def field_of(question: SurveyQuestion) -> str:
    """The name of a question's field."""
    return PREFIX + question.key + (LIST if question.kind is QuestionKind.MULTIPLE else "")


def read(survey: Survey, form: Form) -> tuple[dict[str, rules.Answer], list[Fault]]:
    """The answers that a browser sent, and what is wrong with them. A text that holds what must not be kept is no
    answer at all."""
    answers: dict[str, rules.Answer] = {}
    refused: list[Fault] = []
    questions = questions_of(survey)
    for question in questions:
        given = [one for one in form.all(field_of(question)) if one]
        if any(map(holds_identity_code, given)):
            refused.append(Fault("identity_code", question.key))
        elif any(holds_control_characters(one, lines=True) for one in given):
            refused.append(Fault("control_characters", question.key))
        elif given:
            answers[question.key] = _answer(question, given)
    if refused:
        return answers, refused
    return answers, rules.faults(questions, answers)


def _answer(question: SurveyQuestion, given: Sequence[str]) -> rules.Answer:
    if question.kind is QuestionKind.MULTIPLE:
        return list(given)
    first = given[0]
    is_point = question.kind is QuestionKind.SCALE and first in question.choices
    return int(first) if is_point else first
