"""Shares of the same answerers as tables: figures that stand in one table of their source share their n."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from app.language.catalogues import msgid, translated
from app.language.formats import capitalised
from app.services.project_summaries import IndicatorSummary, ProjectSummary
from app.web.figure_words import FigureLine, FigureWords, QuestionLine

TITLE = msgid("Answers of the same group")
TITLE_N = msgid("Answers of the same group, n = {n}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: an indicator's figure, or one of its parts, indented under its name."""

    name: str
    address: str
    line: FigureLine | None
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class ShareTable:
    """`sources` and `periods` are those of all rows, each once."""

    key: str
    title: str
    periods: tuple[str, ...]
    sources: tuple[str, ...]
    rows: tuple[Row, ...]
    questions: tuple[QuestionLine, ...]
    has_intervals: bool


def share_tables(summary: ProjectSummary, words: FigureWords) -> list[ShareTable]:
    """The project's tables, in the order of their first indicators."""
    by_table: dict[str, list[IndicatorSummary]] = {}
    for one in summary.indicators:
        if one.row.table is not None and (one.latest is not None or one.parts):
            by_table.setdefault(one.row.table, []).append(one)
    return [_table(key, found, words) for key, found in by_table.items()]


def _table(key: str, found: list[IndicatorSummary], words: FigureWords) -> ShareTable:
    rows = tuple(chain.from_iterable(_rows(one, words) for one in found))
    lines = [row.line for row in rows if row.line is not None]
    people = {line.people for line in lines}
    n = next(iter(people)) if len(people) == 1 else None
    title = translated(TITLE if n is None else TITLE_N, words.language).format(n=n)
    asked = {one.question.key: one for summary in found for one in summary.asked if one.open}
    return ShareTable(
        key=key,
        title=title,
        periods=_once(line.period for line in lines),
        sources=_once(line.source for line in lines),
        rows=rows,
        questions=tuple(words.question(one) for one in asked.values()),
        has_intervals=any(line.interval for line in lines),
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _rows(found: IndicatorSummary, words: FigureWords) -> Iterable[Row]:
    line = words.indicator(found)
    if line.latest is not None or found.parts:
        yield Row(line.name, line.address, line.latest)
    for parts in found.parts.values():
        for part in parts:
            told = words.figure(found, found.figure_of(part))
            yield Row(capitalised(told.part), line.address, told, is_part=True)
