"""The first chapter: which projects, how to read their figures, and what the words mean."""

from collections.abc import Iterable

from app.language import figures
from app.language.catalogues import Text, msgid, msgids
from app.language.formats import capitalised, day, number, number_word
from app.rules.policy import SMALL_COUNT
from app.services.reports import Report, ReportedProject
from app.web.project_words import project_name, project_period
from app.web.report_pdf.blocks import Block, Bullets, Cell, Column, Heading, Table, Terms, Tone
from app.web.report_pdf.blocks import Text as Paragraph
from app.web.report_pdf.chapter_words import say

INTRODUCTION = msgid("Introduction")
PROJECTS = msgids(
    "This report tells the outcomes of one project.",
    "This report tells the outcomes of {count} projects.",
    by="count",
)
SINCE_BEGINNING = msgid(
    "It holds the figures of periods that ended by {until}, since each project began, as they were recorded by "
    "{made_on}."
)
BETWEEN = msgid(
    "It holds the figures of periods that ended from {since} to {until}, as they were recorded by {made_on}."
)
NO_PROJECTS = msgid("No project that you can see ran in this period.")
IN_REPORT = msgid("Projects in this report")
PROJECT, PERIOD, INDICATORS, QUESTIONS = msgid("Project"), msgid("Period"), msgid("Indicators"), msgid("To be checked")

HOW_TO_READ = msgid("How to read the figures")
READING: tuple[Text, ...] = (
    msgid(
        "Every figure has a definition, a period and a source; where it speaks of people, also an n, the number of "
        "people it is drawn from. Sources have numbers in square brackets and are listed at the end of each chapter."
    ),
    msgid(
        "A preliminary figure may still change: its period goes on, or not everything has been recorded. A final one "
        "changes only by a correction, and what it was before is kept."
    ),
    msgid(
        "Figures of different projects are never added up, nor are different figures of one project. Each has a "
        "definition of its own, and nobody knows whether the same people are in several of them, since no names are "
        "kept."
    ),
    msgid(
        "The interval beside a share shows how far chance may have moved it: the fewer people were asked, the wider it "
        "is. In 95 of 100 such surveys the true share lies within it (Wilson's method)."
    ),
    msgid(
        "A figure marked “to be checked” does not go together with others, or cannot have come about as it was "
        "reported. What is doubtful about it is told under “Evaluation”."
    ),
    msgid("Figures whose source is “The service's own contracts” are counted from the contracts and typed by nobody."),
)
FOR_INSIDE = msgid(
    "This is the internal form. It holds counts of so few people that someone may be recognised. Keep it within the "
    "city, and give the public form to others."
)
FOR_EVERYONE = msgid(
    "This is the public form. So that nobody can be recognised, counts of fewer than {limit} people are not told, nor "
    "are counts from which such a one could be worked out: small parts of a breakdown are put together as “others”, "
    "and where that is not enough a larger part with them. How people are spread over groups and areas is told only in "
    "the public tables of each quarter. Notes on figures of people are left out."
)

CONCEPTS = msgid("Concepts")
CONCEPT_TERMS: tuple[tuple[Text, Text], ...] = (
    (
        msgid("Follow-up"),
        msgid(
            "Regular work alongside a project: those who carry it out hold the figures against what was agreed, and "
            "correct the course while it can still be corrected."
        ),
    ),
    (
        msgid("Effectiveness"),
        msgid(
            "The part of the results that shows in people and in the way services work: what changed in a stated time "
            "because of what was done. It often shows only after years. The figures of the first years tell the "
            "direction."
        ),
    ),
    (
        msgid("Evaluation"),
        msgid(
            "A judgement of what the results are worth and whether the means were in proportion. Whoever uses public "
            "money answers for it, and an evaluation gives the grounds."
        ),
    ),
)


def introduction(report: Report, language: str) -> Iterable[Block]:
    yield Heading(1, say(INTRODUCTION, language))
    if not report.projects:
        yield Paragraph((say(NO_PROJECTS, language),), Tone.QUIET)
        return
    yield Paragraph((f"{_projects(report, language)} {_period(report, language)}",))
    yield _table(report, language)
    yield Heading(2, say(HOW_TO_READ, language))
    public = report.wanted.public
    limit = number_word(SMALL_COUNT, language)
    yield Paragraph((say(FOR_EVERYONE if public else FOR_INSIDE, language, limit=limit),), Tone.ALERT)
    yield Bullets(tuple(say(text, language) for text in READING))
    yield Heading(2, say(CONCEPTS, language))
    yield Terms(tuple((say(word, language), (say(meaning, language),)) for word, meaning in CONCEPT_TERMS))


def _projects(report: Report, language: str) -> str:
    count = len(report.projects)
    return say(PROJECTS, language, count, count=number_word(count, language))


def _period(report: Report, language: str) -> str:
    wanted = report.wanted
    days = {"until": day(wanted.until, language), "made_on": day(report.made_on, language)}
    if wanted.since is None:
        return say(SINCE_BEGINNING, language, **days)
    return say(BETWEEN, language, since=day(wanted.since, language), **days)


def _table(report: Report, language: str) -> Table:
    titles = ((PROJECT, 5.0), (PERIOD, 4.0), (INDICATORS, 1.6), (QUESTIONS, 1.8))
    columns = tuple(
        Column(say(title, language), width, figures=place > 1) for place, (title, width) in enumerate(titles)
    )
    return Table(say(IN_REPORT, language), columns, tuple(_row(one, language) for one in report.projects))


def _row(one: ReportedProject, language: str) -> tuple[Cell, ...]:
    return (
        Cell(project_name(one.project, language)),
        Cell(project_period(one.project, language)),
        Cell(number(len(one.indicators), language)),
        Cell(number(one.summary.open_questions, language)),
    )


def period_words(report: Report, language: str) -> str:
    """The period as the first page says it: the year, or its days."""
    wanted = report.wanted
    if wanted.year is not None:
        return str(wanted.year)
    first = wanted.since or min((one.project.starts_on for one in report.projects), default=wanted.until)
    return capitalised(figures.period(first, wanted.until, language))
