"""A project's follow-up: what was intended and what came of it, figure by figure, with charts that say the same."""

from collections.abc import Iterable

from app.language.catalogues import msgid
from app.language.project_sentences import Known, known_parts
from app.web.report_pdf import charts, part_tables, result_tables
from app.web.report_pdf.blocks import Block, Heading
from app.web.report_pdf.blocks import Text as Paragraph
from app.web.report_pdf.chapter_words import ChapterWords
from app.web.report_pdf.survey_tables import survey_tables

FOLLOW_UP = msgid("Follow-up and effectiveness")


def follow_up(words: ChapterWords) -> Iterable[Block]:
    yield Heading(2, words.say(FOLLOW_UP))
    yield _known(words)
    if words.found.flow is not None:
        yield charts.of_flow(words, words.found.flow)
    yield from charts.of_targets(words)
    yield from result_tables.results(words)
    for one in words.found.indicators:
        yield from charts.over_time(words, one)
        for dimension, parts in one.parts.items():
            yield part_tables.of_parts(words, one, dimension, parts)
    yield from part_tables.earlier(words)
    for outcome in words.found.surveys:
        yield from survey_tables(words, outcome)


def _known(words: ChapterWords) -> Paragraph:
    """What is known in a few sentences, of what may be told."""
    known = [
        Known(words.name_of(one), one.summary.facts, held, one.summary.progress, one.summary.beyond_target_day)
        for one in words.found.headlines
        if one.latest is not None and (held := one.summary.held) is not None
    ]
    pieces: list[str] = []
    for part in known_parts(words.found.flow, known, words.language):
        if part.is_key != (len(pieces) % 2 == 1):
            pieces.append("")
        pieces.append(part.text)
    return Paragraph(tuple(pieces))
