"""The table of a project's intended results, that of its other figures, and those of figures that share their n."""

from collections.abc import Iterator, Sequence

from app.language import figures
from app.language.catalogues import msgid
from app.language.formats import number
from app.services.reports import ReportedIndicator
from app.web.report_pdf import charts
from app.web.report_pdf.blocks import Block, Cell, Column, Table
from app.web.report_pdf.chapter_words import ACTUAL, INDICATOR, PERIOD, SOURCE, TARGET, ChapterWords

INTENDED = msgid("Intended result")
RESULTS = msgid("Intended results, their targets and what came of them")
OTHERS = msgid("Other figures and findings")
ANSWERS_OF_ONE_GROUP = msgid("Figures of one group of people, n = {n}")
FIGURES_TOGETHER = msgid("Figures that belong together")
OF_RESULTS = ((INTENDED, 3.9), (TARGET, 2.8), (ACTUAL, 3.6), (PERIOD, 2.9), (SOURCE, 1.2))
OF_OTHERS = ((INDICATOR, 5.0), (ACTUAL, 5.0), (PERIOD, 3.0), (SOURCE, 1.2))
"""Titles of the columns, and their widths beside one another."""


def results(words: ChapterWords) -> Iterator[Block]:
    shown = [one for one in words.found.indicators if one.latest is not None or one.withheld or not one.parts]
    alone = [one for one in shown if one.summary.row.table is None]
    intended = [one for one in alone if figures.target(one.summary.facts, words.language) is not None]
    others = [one for one in alone if one not in intended]
    if intended:
        yield _table(words, words.say(RESULTS), OF_RESULTS, [_with_target(words, one) for one in intended])
    if others:
        yield _table(words, words.say(OTHERS), OF_OTHERS, [_row(words, one) for one in others])
    for key in dict.fromkeys(one.summary.row.table for one in shown if one.summary.row.table is not None):
        together = [one for one in shown if one.summary.row.table == key]
        yield _table(words, _caption(words, together), OF_OTHERS, [_row(words, one) for one in together])
        yield from charts.of_shares(words, together)


def _table(
    words: ChapterWords, caption: str, titles: Sequence[tuple[str, float]], rows: Sequence[tuple[Cell, ...]]
) -> Table:
    return Table(caption, tuple(Column(words.say(title), width) for title, width in titles), tuple(rows))


def _row(words: ChapterWords, one: ReportedIndicator) -> tuple[Cell, ...]:
    known = None if one.latest is None else words.line(one, one.latest)
    return (
        words.indicator(one),
        words.actual(one),
        Cell() if known is None else words.when(known),
        Cell() if known is None else words.source(known),
    )


def _with_target(words: ChapterWords, one: ReportedIndicator) -> tuple[Cell, ...]:
    first, *rest = _row(words, one)
    return (first, Cell(figures.target_by(one.summary.facts, words.language) or ""), *rest)


def _caption(words: ChapterWords, together: Sequence[ReportedIndicator]) -> str:
    people = {one.latest.facts.people for one in together if one.latest is not None}
    n = people.pop() if len(people) == 1 else None
    if n is None:
        return words.say(FIGURES_TOGETHER)
    return words.say(ANSWERS_OF_ONE_GROUP, n=number(n, words.language))
