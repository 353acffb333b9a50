"""The last chapter: the main figures of all projects beside one another, never added up."""

from collections.abc import Iterable

from app.language import figures
from app.language.catalogues import msgid
from app.services.reports import Report, ReportedProject
from app.web.report_pdf.blocks import Block, Cell, Column, Heading, Table
from app.web.report_pdf.blocks import Text as Paragraph
from app.web.report_pdf.chapter_words import ACTUAL, INDICATOR, PERIOD, TARGET, ChapterWords, say

SUMMARY = msgid("Summary")
BESIDE = msgid(
    "The main figures of the projects stand beside one another, each in its own definition. There is no total: the "
    "figures count different things over different periods, and the same people may be in several of them."
)


def summing_up(report: Report, language: str) -> Iterable[Block]:
    yield Heading(1, say(SUMMARY, language))
    yield Paragraph((say(BESIDE, language),))
    titles = ((INDICATOR, 5.0), (TARGET, 3.0), (ACTUAL, 3.2), (PERIOD, 3.0))
    columns = tuple(Column(say(title, language), width) for title, width in titles)
    for one in report.projects:
        words = ChapterWords(one, language, report.wanted.public)
        if one.headlines:
            yield Table(words.name, columns, tuple(_rows(words, one)))


def _rows(words: ChapterWords, found: ReportedProject) -> Iterable[tuple[Cell, ...]]:
    for one in found.headlines:
        line = None if one.latest is None else words.line(one, one.latest)
        yield (
            Cell(words.name_of(one)),
            Cell(figures.target_by(one.summary.facts, words.language) or "–"),
            words.actual(one, noted=False),
            Cell() if line is None else words.when(line),
        )
