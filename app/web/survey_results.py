"""What came of a survey in words: each question with its bars, its mean or its free answers, and what is not shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.language.formats import number
from app.language.own_words import own_words
from app.language.questions import percent
from app.rules.codes import QuestionKind
from app.rules.surveys import SurveyResult
from app.services.survey_answers import SurveyOutcome
from app.web.charts import per_cent
from app.web.survey_questions import option_names


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
    names = option_names(kept, language)
    return ResultLine(
        words=own_words(kept["words"], language),
        kind=QuestionKind(kept["kind"]),
        n=result.n,
        bars=_bars(result, names, language),
        folded=[names.get(one, one) for one in result.folded],
        mean="" if result.mean is None else number(result.mean, language),
        low=own_words(kept["low"] or {}, language),
        high=own_words(kept["high"] or {}, language),
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
