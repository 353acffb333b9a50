"""What came of a closed survey, question by question. Small counts are folded before they come here."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.language import figures
from app.language.catalogues import msgid
from app.language.formats import capitalised, number
from app.language.own_words import own_words
from app.rules.codes import FigureUnit, QuestionKind
from app.rules.surveys import SurveyResult
from app.services.survey_answers import SurveyOutcome
from app.web.report_pdf.blocks import Block, Cell, Column, Heading, Table, Tone
from app.web.report_pdf.blocks import Text as Paragraph
from app.web.report_pdf.chapter_words import ChapterWords, of_people
from app.web.survey_questions import option_names

SURVEY = msgid("Survey: {title}")
ANSWERED = msgid("{count} answered.")
TOO_FEW = msgid("Too few answered for anything to be told of it.")
IN_OWN_WORDS = msgid("Answers in people's own words are not part of the report.")
QUESTION, ANSWER, COUNT, SHARE = msgid("Question"), msgid("Answer"), msgid("Count"), msgid("Share")
FOLDED = msgid("Options with small counts are left out.")
MEAN = msgid("mean {mean}")


def survey_tables(words: ChapterWords, outcome: SurveyOutcome) -> Iterator[Block]:
    survey = outcome.found.survey
    title = own_words(survey.title, words.language)
    yield Heading(3, words.say(SURVEY, title=title))
    yield Paragraph((words.say(ANSWERED, count=number(outcome.found.answered, words.language)),))
    rows: list[tuple[Cell, ...]] = []
    for asked, result in zip(survey.questions, outcome.results, strict=True):
        rows += _rows(words, asked, result)
    if rows:
        titles = ((QUESTION, 5.0), (ANSWER, 3.6), (COUNT, 1.4), (SHARE, 2.2))
        columns = tuple(Column(words.say(text), width, figures=text in {COUNT, SHARE}) for text, width in titles)
        folded = any(result.folded for result in outcome.results)
        yield Table(title, columns, tuple(rows), words.say(FOLDED) if folded else "")
    if any(one["kind"] == QuestionKind.TEXT for one in survey.questions):
        yield Paragraph((words.say(IN_OWN_WORDS),), Tone.QUIET)


def _rows(words: ChapterWords, asked: dict[str, Any], result: SurveyResult) -> list[tuple[Cell, ...]]:
    """A row for each option that may be told, the question standing before the first of them."""
    if asked["kind"] == QuestionKind.TEXT:
        return []
    question = own_words(asked["words"], words.language)
    if result.n is None:
        return [(Cell(question), Cell(words.say(TOO_FEW)), Cell(), Cell())]
    small = [of_people(number(result.n, words.language))]
    if result.mean is not None:
        small.append(words.say(MEAN, mean=number(result.mean, words.language)))
    named, names = Cell(question, tuple(small)), option_names(asked, words.language)
    rows: list[tuple[Cell, ...]] = []
    for place, option in enumerate(result.counts):
        share = option.count / result.n
        told = figures.amount(_percent(option.count, result.n), FigureUnit.PERCENT, words.language, reported=False)
        name = capitalised(names.get(option.option, option.option))
        rows.append(
            (
                named if place == 0 else Cell(),
                Cell(name),
                Cell(number(option.count, words.language)),
                Cell(told, share=share),
            )
        )
    return rows or [(named, Cell(), Cell(), Cell())]


def _percent(count: int, n: int) -> Decimal:
    return Decimal(100 * count) / n
