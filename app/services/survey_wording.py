"""What a survey's questions must be before they are asked: whole in every language, and fit for their indicators."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.language.survey_words import LANGUAGE_NAMES
from app.rules.codes import AnswerFlow, Dimension, FigureUnit, QuestionKind
from app.rules.errors import RuleBroken
from app.rules.surveys import FIXED_OPTIONS, SurveyQuestion
from app.storage.models import Indicator, Survey

CHOICES = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE})
FEWEST_OPTIONS = 2
FLOWS: dict[AnswerFlow, tuple[frozenset[QuestionKind], frozenset[FigureUnit]]] = {
    AnswerFlow.SHARE: (CHOICES | FIXED_OPTIONS.keys(), frozenset({FigureUnit.PERCENT})),
    AnswerFlow.MEAN: (frozenset({QuestionKind.SCALE}), frozenset({FigureUnit.SCORE})),
    AnswerFlow.COUNTS_BY: (CHOICES, frozenset({FigureUnit.PEOPLE, FigureUnit.COUNT})),
    AnswerFlow.SHARES_BY: (CHOICES, frozenset({FigureUnit.PERCENT})),
}
"""Which kinds of question give which units of figure."""


def check_questions(questions: Sequence[SurveyQuestion], indicators: Mapping[str, Indicator]) -> None:
    """Raises RuleBroken naming the first field that does not fit."""
    keys: set[str] = set()
    for place, question in enumerate(questions):
        field = f"questions.{place}"
        if question.key in keys:
            raise RuleBroken("listed_twice", f"{field}.key")
        keys.add(question.key)
        _check_options(question, f"{field}.options")
        _check_flow(question, indicators, field)


def _check_options(question: SurveyQuestion, field: str) -> None:
    if question.kind not in CHOICES:
        if question.options:
            raise RuleBroken("survey_options_unwanted", field)
    elif len(question.options) < FEWEST_OPTIONS:
        raise RuleBroken("survey_options_missing", field)
    if len(set(question.options)) < len(question.options):
        raise RuleBroken("listed_twice", field)


def _check_flow(question: SurveyQuestion, indicators: Mapping[str, Indicator], field: str) -> None:
    if question.indicator is None and question.flow is None:
        return
    if question.indicator is None or question.flow is None:
        raise RuleBroken("survey_flow_incomplete", f"{field}.{'indicator' if question.flow else 'flow'}")
    if question.indicator not in indicators:
        raise RuleBroken("indicator_unknown", f"{field}.indicator")
    if not fits(question, indicators):
        raise RuleBroken("survey_flow_unfit", f"{field}.flow")


def fits(question: SurveyQuestion, indicators: Mapping[str, Indicator]) -> bool:
    """Whether a question's answers can be figures of the indicator it names."""
    indicator = indicators.get(question.indicator or "")
    if indicator is None or indicator.computation is not None or question.flow is None:
        return False
    kinds, units = FLOWS[question.flow]
    if question.kind not in kinds or indicator.unit not in units:
        return False
    match question.flow:
        case AnswerFlow.MEAN:
            scale = (Decimal(question.scale_min), Decimal(question.scale_max))
            return (indicator.scale_min, indicator.scale_max) == scale
        case AnswerFlow.SHARE:
            several = question.kind is QuestionKind.MULTIPLE and len(question.shared) > 1
            return bool(question.shared) and set(question.shared) <= set(question.choices) and not several
    return question.dimension is not None and Dimension(question.dimension) in indicator.dimensions


def check_whole(survey: Survey, today: date) -> None:
    """Raises RuleBroken naming the first thing that a survey lacks to be opened."""
    if not survey.questions:
        raise RuleBroken("survey_without_questions", "questions")
    for field, words in _texts(survey):
        lacking = [language for language in survey.languages if language not in words]
        if lacking:
            raise RuleBroken("survey_words_missing", field, choices=", ".join(LANGUAGE_NAMES[one] for one in lacking))
    if any(question["indicator"] for question in survey.questions):
        for field in ("period_start", "period_end"):
            if getattr(survey, field) is None:
                raise RuleBroken("survey_period_missing", field)
        if survey.period_start is not None and survey.period_start > today:
            raise RuleBroken("period_in_future", "period_start")


def _texts(survey: Survey) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text that someone who answers reads, with its field."""
    yield "title", survey.title
    if survey.intro:
        yield "intro", survey.intro
    for place, question in enumerate(survey.questions):
        yield from _texts_of(question, f"questions.{place}")


def _texts_of(question: Mapping[str, Any], field: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for name in ("words", "hint", "low", "high"):
        if question[name]:
            yield f"{field}.{name}", question[name]
    for place, option in enumerate(question["options"]):
        yield f"{field}.options.{place}.words", option["words"]
