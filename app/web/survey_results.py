"""What came of a survey in words: each question with its bars, its mean or its free answers, and what is not shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.language.formats import number
from app.language.questions import percent
from app.language.survey_words import survey_words
from app.rules.codes import QuestionKind
from app.rules.surveys import FIXED_OPTIONS, SurveyResult
from app.services.survey_answers import SurveyOutcome
from app.web.charts import per_cent
from app.web.survey_questions import capital, in_language


@dataclass(frozen=True, slots=True)
class ResultBar:
    """An option with how many chose it, their share, and the width of its bar."""

    name: str
    count: int
    share: str
    width: str


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A question with what may be shown of its answers. `n` is None where too few answered; `folded` names options
    that few chose, `low` and `high` the ends of a scale."""

    words: str
    kind: QuestionKind
    n: int | None
    bars: Sequence[ResultBar]
    folded: Sequence[str]
    mean: str
    low: str
    high: str
    texts: Sequence[str]


def lines(outcome: SurveyOutcome, language: str) -> list[ResultLine]:
    """The questions in their order."""
    asked = outcome.found.survey.questions
    return [_line(kept, result, language) for kept, result in zip(asked, outcome.results, strict=True)]


def _line(kept: dict[str, Any], result: SurveyResult, language: str) -> ResultLine:
    kind = QuestionKind(kept["kind"])
    names = _names(kept, kind, language)
    return ResultLine(
        words=in_language(kept["words"], language),
        kind=kind,
        n=result.n,
        bars=_bars(result, names, language),
        folded=[names.get(one, one) for one in result.folded],
        mean="" if result.mean is None else number(result.mean, language),
        low=in_language(kept["low"] or {}, language),
        high=in_language(kept["high"] or {}, language),
        texts=result.texts,
    )


def _bars(result: SurveyResult, names: dict[str, str], language: str) -> list[ResultBar]:
    if result.n is None:
        return []
    made = []
    for one in result.counts:
        share = Decimal(100 * one.count) / result.n
        written = percent(share.quantize(Decimal(1)), language)
        made.append(ResultBar(names.get(one.option, one.option), one.count, written, per_cent(float(share))))
    return made


def _names(kept: dict[str, Any], kind: QuestionKind, language: str) -> dict[str, str]:
    if kind in FIXED_OPTIONS:
        words = survey_words(language)
        return {code: capital(words[code]) for code in FIXED_OPTIONS[kind]}
    return {one["key"]: in_language(one["words"], language) for one in kept["options"]}
