"""Surveys: which answers fit their questions, what may be shown of them, and what becomes figures.

Answers are shown only once a survey is closed (services/surveys.py): while it is open each new one could be told by
subtraction. Opinions, which are statements and scales, are shown whole from SMALLEST_GROUP answers on. What people are
or do, which is everything else, is folded so that no count of fewer than that is shown or can be worked out.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.rules import policy
from app.rules.codes import AnswerFlow, Dimension, QuestionKind
from app.rules.dates import ONE_DAY, add_months
from app.rules.folding import folded_counts
from app.rules.outcomes import WHOLE, Breakdown

Answer = str | int | Sequence[str]
"""An option's key, a point on a scale, the keys of several options, or a text."""
Answers = Mapping[str, Answer]
"""By the question's key; questions without an answer are left out."""
YES, NO = "yes", "no"
AGREE, DISAGREE = "agree", "disagree"
FIXED_OPTIONS = {QuestionKind.YES_NO: (YES, NO), QuestionKind.AGREEMENT: (AGREE, DISAGREE)}
OPINIONS = frozenset({QuestionKind.AGREEMENT, QuestionKind.SCALE})
"""A statement or a grade says nothing of who someone is: the share of 83 who agreed may be 96 %."""
LONGEST_TEXT = 2000
"""Signs of a text: a page of paper."""
MEAN_PLACES = Decimal("0.01")


class SurveyQuestion(NamedTuple):
    """What the rules know of a survey's question. `indicator` is the key of the indicator whose figures come from its
    answers, `flow` says how: `shared` are the options whose share it is, `dimension` what the options break it down by.
    """

    key: str
    kind: QuestionKind
    options: tuple[str, ...] = ()
    scale_min: int = 1
    scale_max: int = 5
    required: bool = False
    indicator: str | None = None
    flow: AnswerFlow | None = None
    shared: tuple[str, ...] = ()
    dimension: Dimension | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """The keys to choose from, in their order; the points of a scale as texts."""
        if self.kind is QuestionKind.SCALE:
            return tuple(str(point) for point in range(self.scale_min, self.scale_max + 1))
        return FIXED_OPTIONS.get(self.kind, self.options)


class Fault(NamedTuple):
    """What is wrong with the answer to a question, as an error's code; an empty key is the form as a whole."""

    code: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class OptionCount:
    """How many chose an option."""

    option: str
    count: int


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What may be shown of the answers to a question.

    `n` is how many answered it, None where they are too few to say anything. `counts` are the options that may be
    shown, `folded` those that may not; `mean` is of a scale, exact to hundredths; `texts` stand in an order that tells
    nothing.
    """

    key: str
    n: int | None = None
    counts: tuple[OptionCount, ...] = ()
    folded: tuple[str, ...] = ()
    mean: Decimal | None = None
    texts: tuple[str, ...] = ()

    def count_of(self, option: str) -> int | None:
        """How many chose an option; None where that may not be said."""
        return next((one.count for one in self.counts if one.option == option), None)


class Figure(NamedTuple):
    """A figure of an indicator that answers gave: a share by numerator and denominator, or a value with its n."""

    indicator: str
    breakdown: Breakdown
    value: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    n: int | None = None


# --- What fits


def faults(questions: Sequence[SurveyQuestion], answers: Mapping[str, object]) -> list[Fault]:
    """What is wrong with answers, in the order of the questions; nothing where they fit."""
    known = {question.key for question in questions}
    found = [Fault("survey_question_unknown", key) for key in answers if key not in known]
    for question in questions:
        if question.key in answers:
            found += _unfit(question, answers[question.key])
        elif question.required:
            found.append(Fault("survey_answer_missing", question.key))
    return found if found or answers else [Fault("survey_answer_empty")]


def _unfit(question: SurveyQuestion, given: object) -> list[Fault]:
    if isinstance(given, str) and question.kind is QuestionKind.TEXT and len(given) > LONGEST_TEXT:
        return [Fault("survey_answer_too_long", question.key)]
    return [] if _fits(question, given) else [Fault("survey_answer_unfit", question.key)]


def _fits(question: SurveyQuestion, given: object) -> bool:
    match question.kind, given:
        case QuestionKind.TEXT, str():
            return bool(given.strip())
        case QuestionKind.MULTIPLE, list() | tuple():
            return bool(given) and len(set(given)) == len(given) and set(given) <= set(question.options)
        case QuestionKind.SCALE, int():
            return not isinstance(given, bool) and question.scale_min <= given <= question.scale_max
        case QuestionKind.SINGLE | QuestionKind.YES_NO | QuestionKind.AGREEMENT, str():
            return given in question.choices
    return False


# --- What may be shown


def results(questions: Sequence[SurveyQuestion], answers: Sequence[Answers]) -> list[SurveyResult]:
    """What may be shown of each question, in their order."""
    return [_result(question, [one[question.key] for one in answers if question.key in one]) for question in questions]


def _result(question: SurveyQuestion, given: Sequence[Answer]) -> SurveyResult:
    if len(given) < policy.SMALL_COUNT:
        return SurveyResult(question.key)
    if question.kind is QuestionKind.TEXT:
        return SurveyResult(question.key, len(given), texts=_out_of_order(question.key, map(str, given)))
    shown = _shown(question, Counter(_chosen(given)), len(given))
    mean = None
    if question.kind is QuestionKind.SCALE:
        mean = (Decimal(sum(int(str(one)) for one in given)) / len(given)).quantize(MEAN_PLACES)
    return SurveyResult(
        question.key,
        len(given),
        tuple(OptionCount(option, count) for option, count in shown.items()),
        tuple(choice for choice in question.choices if choice not in shown),
        mean,
    )


def _chosen(given: Iterable[Answer]) -> Iterable[str]:
    for answer in given:
        yield from answer if isinstance(answer, list | tuple) else (str(answer),)


def _shown(question: SurveyQuestion, chosen: Counter[str], n: int) -> dict[str, int]:
    """How many chose each option, of those that may be shown. Where several may be chosen, each is a table of its own:
    of those who chose it and those who did not."""
    counts = {choice: chosen[choice] for choice in question.choices}
    if question.kind in OPINIONS:
        return counts
    if question.kind is not QuestionKind.MULTIPLE:
        return dict(folded_counts(counts).shown)
    return {one: count for one, count in counts.items() if not folded_counts({one: count, "": n - count}).is_folded}


def _out_of_order(key: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Texts in an order of chance that is another one for each question, so that one person's cannot be put together,
    and the same at every look, so that looking often tells nothing."""
    return tuple(sorted(texts, key=lambda text: (hashlib.sha256(f"{key}\n{text}".encode()).digest(), text)))


# --- What becomes figures


def figures(questions: Sequence[SurveyQuestion], found: Sequence[SurveyResult]) -> list[Figure]:
    """The figures that results give to indicators; what may not be shown gives none."""
    made: list[Figure] = []
    for question, result in zip(questions, found, strict=True):
        if question.indicator is not None and result.n is not None:
            made += _figures(question, result, question.indicator, result.n)
    return made


def _figures(question: SurveyQuestion, result: SurveyResult, indicator: str, n: int) -> Iterable[Figure]:
    match question.flow:
        case AnswerFlow.MEAN:
            yield Figure(indicator, WHOLE, value=result.mean, n=n)
        case AnswerFlow.SHARE:
            counts = [result.count_of(option) for option in question.shared]
            known = [count for count in counts if count is not None]
            if len(known) == len(counts):
                yield Figure(indicator, WHOLE, numerator=sum(known), denominator=n)
        case AnswerFlow.COUNTS_BY | AnswerFlow.SHARES_BY if question.dimension is not None:
            for one in result.counts:
                part = ((question.dimension, one.option),)
                if question.flow is AnswerFlow.SHARES_BY:
                    yield Figure(indicator, part, numerator=one.count, denominator=n)
                else:
                    yield Figure(indicator, part, value=Decimal(one.count), n=n)


# --- How long a telephone number is kept


def callback_kept_until(today: date) -> date:
    """The last day on which a number left today is kept: the end of a month, which does not tell the day it came."""
    last_month = add_months(today, policy.CALLBACK_KEPT_MONTHS)
    return add_months(last_month.replace(day=1), 1) - ONE_DAY
