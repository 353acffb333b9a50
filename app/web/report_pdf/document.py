"""A report as a document: the first page, the introduction, a chapter for each project, and the summary."""

from app.language.catalogues import msgid, msgid_in, translated_in
from app.language.formats import day
from app.services.reports import Report
from app.web.project_words import project_name
from app.web.report_pdf.blocks import Block, Document, Heading, Title, Words
from app.web.report_pdf.chapter_words import ChapterWords, say
from app.web.report_pdf.evaluation import evaluation
from app.web.report_pdf.follow_up import follow_up
from app.web.report_pdf.introduction import introduction, period_words
from app.web.report_pdf.presentation import presentation
from app.web.report_pdf.summing_up import summing_up

PROJECTS = msgid("Outcomes of projects")
INTERNAL, PUBLIC = msgid("Internal form"), msgid("Public form")
MADE_ON, FIGURES_UNTIL, FIGURES_FROM = msgid("Made on"), msgid("Figures until"), msgid("Figures from")
PRELIMINARY = msgid(
    "Figures are preliminary or final. A preliminary figure may still change, because its period goes on or not "
    "everything has been recorded; a final one changes only by a correction that leaves a trace."
)
CONTENTS, TABLE = msgid_in("report", "Contents"), msgid_in("report", "Table")
CHART, PAGE = msgid_in("report", "Figure"), msgid_in("report", "page")


def document_of(report: Report, language: str, *, of_one: bool = False) -> Document:
    """The report in a language; `of_one` is a report of one project, whose name is its title."""
    chapters: list[tuple[Block, ...]] = [tuple(introduction(report, language))]
    chapters += [_chapter(ChapterWords(one, language, report.wanted.public)) for one in report.projects]
    if not of_one and report.projects:
        chapters.append(tuple(summing_up(report, language)))
    title = project_name(report.projects[0].project, language) if of_one else say(PROJECTS, language)
    return Document(language, report.made_on, _title(report, title, language), _words(language), chapters)


def _chapter(words: ChapterWords) -> tuple[Block, ...]:
    return (Heading(1, words.name), *presentation(words), *follow_up(words), *evaluation(words))


def _title(report: Report, title: str, language: str) -> Title:
    wanted = report.wanted
    facts = [(say(MADE_ON, language), day(report.made_on, language))]
    if wanted.since is not None:
        facts.append((say(FIGURES_FROM, language), day(wanted.since, language)))
    facts.append((say(FIGURES_UNTIL, language), day(wanted.until, language)))
    return Title(
        city=", ".join(report.city),
        title=title,
        period=period_words(report, language),
        form=say(PUBLIC if wanted.public else INTERNAL, language),
        facts=tuple(facts),
        explanation=say(PRELIMINARY, language),
    )


def _words(language: str) -> Words:
    contents, table, chart, page = (translated_in("report", text, language) for text in (CONTENTS, TABLE, CHART, PAGE))
    return Words(contents, table, chart, page)
