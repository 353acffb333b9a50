"""Figures by part (an age group, a next step), and every other figure that the period has, so that none is lost."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from app.language import figures
from app.language.catalogues import msgid
from app.language.formats import capitalised, number
from app.language.labels import label
from app.rules.codes import Dimension
from app.rules.public_figures import PublicParts
from app.services.reports import ReportedIndicator
from app.web.figure_words import FigureLine, PartLine
from app.web.report_pdf.blocks import Block, Cell, Column, Table, Tone
from app.web.report_pdf.blocks import Text as Paragraph
from app.web.report_pdf.chapter_words import INDICATOR, PERIOD, SOURCE, TO_CHECK, ChapterWords, of_people

BY = msgid("{name} by {dimension}, {period}")
PART, COUNT, SHARE, FIGURE = msgid("Part"), msgid("Count"), msgid("Share"), msgid("Figure")
OTHERS = msgid("others together")
ALL_FOLDED = msgid("Not told by part: the counts are small.")
SOME_FOLDED = msgid("Small counts are folded: a part that is not listed may be nobody or a few.")
FROM_SOURCE = msgid("Source {numbers}.")
EARLIER = msgid("Earlier figures and other parts")
COLUMNS = ((PART, 6.0, False), (COUNT, 2.0, True), (SHARE, 6.0, True))
"""Their titles, their widths beside one another, and whether figures stand in them."""


def of_parts(words: ChapterWords, one: ReportedIndicator, dimension: Dimension, parts: PublicParts) -> Block:
    """The parts of one period by one dimension, as a table with a bar of each share."""
    first = one.summary.parts[dimension][0].observation
    period = figures.period(first.period_start, first.period_end, words.language)
    named = label("dimension", dimension, words.language)
    caption = words.say(BY, name=words.name_of(one), dimension=named, period=period)
    if not parts.parts:
        return Paragraph((f"{caption}. {words.say(ALL_FOLDED)}",), Tone.QUIET)
    lines = words.figures.parts(one.summary, parts.parts)
    notes = {line.figure.note if one.notes else "" for line in lines}
    rows: list[tuple[Cell, ...]] = [
        _part(words, line, part.percent, noted=one.notes and len(notes) > 1)
        for part, line in zip(parts.parts, lines, strict=True)
    ]
    if parts.others is not None:
        rows.append((Cell(capitalised(words.say(OTHERS))), Cell(number(parts.others, words.language)), Cell()))
    columns = [Column(words.say(title), width, figures) for title, width, figures in COLUMNS]
    if not any(count.text for _, count, _ in rows):  # rates of groups have no counts
        columns, rows = [columns[0], columns[2]], [(name, share) for name, _, share in rows]
    said = [*(notes if len(notes) == 1 else ()), *_told_of_all(words, [line.figure for line in lines])]
    said += [words.say(SOME_FOLDED)] if parts.folded else []
    return Table(caption, tuple(columns), tuple(rows), " ".join(filter(None, said)))


def _told_of_all(words: ChapterWords, lines: Iterable[FigureLine]) -> list[str]:
    """Whether the parts are final, and where they come from: once for all of them."""
    listed = list(lines)
    statuses = dict.fromkeys(capitalised(line.status) for line in listed)
    numbers = dict.fromkeys(f"[{words.sources.number(line.source)}]" for line in listed)
    return [f"{' / '.join(statuses)}.", words.say(FROM_SOURCE, numbers=", ".join(numbers))]


def _part(words: ChapterWords, line: PartLine, percent: Decimal | None, *, noted: bool) -> tuple[Cell, ...]:
    """A part with its count and its share."""
    figure = line.figure
    small = (of_people(figure.people),) if figure.people else ()
    alert = words.say(TO_CHECK) if figure.doubts else ""
    share = None if percent is None else float(percent) / 100
    return (
        Cell(line.name, (figure.note,) if noted and figure.note else ()),
        Cell(line.count or "", alert=alert if line.share is None else ""),
        Cell(line.share or "", small, alert="" if line.share is None else alert, share=share),
    )


def earlier(words: ChapterWords) -> Iterator[Block]:
    """The figures beside the latest ones and the parts."""
    rows = []
    for one in words.found.indicators:
        for figure in one.earlier:
            line = words.line(one, figure)
            name = Cell(words.name_of(one), (line.part,) if line.part else ())
            rows.append((name, words.cell(one, line), words.when(line), words.source(line)))
    if rows:
        titles = ((INDICATOR, 5.0), (FIGURE, 4.4), (PERIOD, 3.0), (SOURCE, 1.2))
        yield Table(words.say(EARLIER), tuple(Column(words.say(title), width) for title, width in titles), tuple(rows))
