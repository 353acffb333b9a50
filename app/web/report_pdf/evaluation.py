"""A project's evaluation: which targets are met, how the timetable and the risks stand, which figures are doubtful."""

from collections.abc import Iterable, Iterator

from app.language import figures, formats
from app.language.catalogues import msgid, msgids
from app.language.formats import capitalised, day, number, number_word
from app.language.labels import label
from app.language.own_words import own_words
from app.language.questions import question_sentence
from app.rules.milestones import MilestoneState
from app.rules.risks import RiskLevel, heat_map
from app.services.project_summaries import RiskSummary, Step
from app.services.questions import Asked
from app.web.report_pdf.blocks import Block, Bullets, Cell, Column, Heading, Numbered, Table, Tone
from app.web.report_pdf.blocks import Text as Paragraph
from app.web.report_pdf.chapter_words import ChapterWords

EVALUATION = msgid("Evaluation")
NO_TARGETS = msgid("There is no target yet that a figure could be held against.")
NO_FIGURES = msgid("There is no figure yet to hold against a target.")
ALL_MET = msgids(
    "The one target with a figure to hold against it is met.",
    "All {count} targets with a figure to hold against them are met.",
    by="count",
)
NONE_MET = msgids(
    "The one target with a figure to hold against it is not met.",
    "None of the {count} targets with a figure to hold against them is met.",
    by="count",
)
SOME_MET = msgid("Of the {count} targets with a figure to hold against them, {met} are met and {open} are not.")
TIMETABLE = msgid("Timetable as of {day}")
STEP, WHEN, STATE = msgid("Step"), msgid("When"), msgid("State")
DONE_ON = msgid("on {day}")
RISKS = msgid("Risks as of {day}")
RISK, LIKELIHOOD, IMPACT, LEVEL = msgid("What may happen"), msgid("Likelihood"), msgid("Impact"), msgid("Level")
MEASURES = msgid("Measures")
REVIEW_DUE = msgid("to be looked at again")
HEAT_MAP = msgid("Risks by likelihood and impact")
HEAT_NOTE = msgid("The numbers are those of the risks in the table before. 1 is the least, {most} the most.")
LIKELIHOOD_OF = msgid("Likelihood {degree}")
IMPACT_OF = msgid("Impact {degree}")
TO_CHECK = msgid("Figures to be checked")
ANSWERED = msgid("Checked already")
ANSWER = msgid("{question} Answer: {answer}")
ONLY_WHICH = msgids(
    "One figure or table waits to be checked: {names}.",
    "{count} figures or tables wait to be checked: {names}.",
    by="count",
)
NOTHING_TO_CHECK = msgid("None of the figures is doubtful by the service's checks.")
REMARKS = msgid("What else a reader should know")
SOURCES = msgid("Sources")
STATES = {MilestoneState.DONE: Tone.GOOD, MilestoneState.LATE: Tone.BAD, MilestoneState.UNDER_WAY: Tone.PLAIN}
LEVELS = {RiskLevel.HIGH: Tone.BAD, RiskLevel.MODERATE: Tone.ALERT, RiskLevel.LOW: Tone.GOOD}


def evaluation(words: ChapterWords) -> Iterable[Block]:
    yield Heading(2, words.say(EVALUATION))
    yield Paragraph((_targets(words),))
    summary = words.found.summary
    as_of = day(summary.as_of, words.language)
    if summary.timetable:
        yield _timetable(words, summary.timetable, as_of)
    if summary.risks:
        yield from _risks(words, summary.risks, as_of)
    yield from _doubts(words)
    if words.project.remarks:
        yield Heading(3, words.say(REMARKS))
        yield Bullets(tuple(words.own(words.project.remarks)))
    if words.sources.listed():
        yield Heading(3, words.say(SOURCES))
        yield Numbered(words.sources.listed())


def _targets(words: ChapterWords) -> str:
    held = [
        one.summary.progress.met and not one.summary.beyond_target_day
        for one in words.found.indicators
        if one.latest is not None and one.summary.progress is not None
    ]
    if not held:
        facts = [one.summary.facts for one in words.found.indicators]
        aimed = any(one.target_min is not None or one.target_max is not None for one in facts)
        return words.say(NO_FIGURES if aimed else NO_TARGETS)
    count, met, missed = formats.counts((len(held), sum(held), len(held) - sum(held)), words.language)
    if all(held) or not any(held):
        return words.say(ALL_MET if all(held) else NONE_MET, len(held), count=count)
    return words.say(SOME_MET, count=count, met=met, open=missed)


def _timetable(words: ChapterWords, steps: Iterable[Step], as_of: str) -> Table:
    titles = ((STEP, 6.0), (WHEN, 3.2), (STATE, 2.8))
    columns = tuple(Column(words.say(title), width) for title, width in titles)
    return Table(words.say(TIMETABLE, day=as_of), columns, tuple(_step(words, step) for step in steps))


def _step(words: ChapterWords, step: Step) -> tuple[Cell, ...]:
    row = step.milestone
    package = () if row.package is None else (own_words(row.package, words.language),)
    done = (
        ()
        if row.done_on is None or step.state is not MilestoneState.DONE
        else (words.say(DONE_ON, day=day(row.done_on, words.language)),)
    )
    state = capitalised(label("milestone_state", step.state, words.language))
    return (
        Cell(own_words(row.name, words.language), package),
        Cell(figures.period(row.starts_on, row.ends_on, words.language)),
        Cell(state, done, tone=STATES.get(step.state, Tone.QUIET)),
    )


def _risks(words: ChapterWords, risks: tuple[RiskSummary, ...], as_of: str) -> Iterator[Block]:
    numbers = {one.facts.id: str(place) for place, one in enumerate(risks, 1)}
    titles = ((RISK, 4.4), (LIKELIHOOD, 1.8), (IMPACT, 1.5), (LEVEL, 2.2), (MEASURES, 5.6))
    columns = tuple(Column(words.say(title), width, title in {LIKELIHOOD, IMPACT}) for title, width in titles)
    yield Table(words.say(RISKS, day=as_of), columns, tuple(_risk(words, one, numbers) for one in risks))
    rows = []
    for cells in heat_map(one.facts for one in risks):
        row = [Cell(words.say(LIKELIHOOD_OF, degree=cells[0].likelihood))]
        row += [Cell(", ".join(numbers[one] for one in cell.risk_ids), tone=LEVELS[cell.level]) for cell in cells]
        rows.append(tuple(row))
    impacts = [Column(words.say(IMPACT_OF, degree=cell.impact), 1) for cell in heat_map(())[0]]
    note = words.say(HEAT_NOTE, most=len(impacts))
    yield Table(words.say(HEAT_MAP), (Column("", 1.4), *impacts), tuple(rows), note)


def _risk(words: ChapterWords, one: RiskSummary, numbers: dict[str, str]) -> tuple[Cell, ...]:
    name = f"{numbers[one.facts.id]}. {own_words(one.risk.name, words.language)}"
    level = capitalised(label("risk_level", one.level, words.language))
    return (
        Cell(name),
        Cell(number(one.risk.likelihood, words.language)),
        Cell(number(one.risk.impact, words.language)),
        Cell(level, alert=words.say(REVIEW_DUE) if one.review_due else "", tone=LEVELS[one.level]),
        Cell("", tuple(words.own(one.risk.measures))),
    )


def _doubts(words: ChapterWords) -> Iterator[Block]:
    """What is doubtful, as sentences; in the public form only of which figures, since the sentences hold counts."""
    waiting = [one for one in words.found.summary.asked if one.open]
    answered = [one for one in words.found.summary.asked if one.answer is not None]
    yield Heading(3, words.say(TO_CHECK))
    if not waiting:
        yield Paragraph((words.say(NOTHING_TO_CHECK),))
    elif words.public:
        names = "; ".join(dict.fromkeys(_about(words, one) for one in waiting))
        count = number_word(len(waiting), words.language)
        yield Paragraph((words.say(ONLY_WHICH, len(waiting), count=count, names=names),))
    else:
        yield Bullets(tuple(_question(words, one) for one in waiting))
    if answered and not words.public:
        yield Heading(3, words.say(ANSWERED))
        yield Bullets(tuple(_answer(words, one) for one in answered))


def _about(words: ChapterWords, asked: Asked) -> str:
    names = {one.summary.row.key: own_words(one.summary.row.name, words.language) for one in words.found.indicators}
    told = [names[key] for key in asked.question.indicators if key in names]
    return ", ".join(told) or capitalised(label("question", asked.question.code, words.language))


def _question(words: ChapterWords, asked: Asked) -> str:
    text = question_sentence(asked.question.code, asked.question.values, words.language)
    return f"{_about(words, asked)}: {text}"


def _answer(words: ChapterWords, asked: Asked) -> str:
    answer = "" if asked.answer is None else asked.answer.answer
    return words.say(ANSWER, question=_question(words, asked), answer=answer)
