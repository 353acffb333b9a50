"""What the parts of a project's chapter share: its words, and the sources with their numbers."""

from collections.abc import Iterable

from app.language.catalogues import Text, msgid, translated
from app.language.own_words import own_words
from app.services.project_summaries import Figure, IndicatorSummary
from app.services.reports import ReportedIndicator, ReportedProject
from app.web.figure_words import FigureLine, FigureWords
from app.web.project_words import project_name, project_period
from app.web.report_pdf.blocks import Cell

INDICATOR, TARGET, ACTUAL = msgid("Indicator"), msgid("Target"), msgid("Actual")
PERIOD, SOURCE = msgid("Period"), msgid("Source")
SURE = msgid("95 % interval {interval}")
TO_CHECK = msgid("to be checked")
WITHHELD = msgid("not told: a small count")
NOT_KNOWN = msgid("no figure yet")


def say(text: Text, language: str, form: int = 1, /, **values: object) -> str:
    """A marked text in a language, filled in; `form` is the number that chooses between one and many."""
    return translated(text, language, form).format(**values)


def of_people(n: str) -> str:
    """How many people a figure speaks of, as every language says it."""
    return f"n = {n}"


class Sources:
    """The sources of a chapter; each has its number from where it is named first."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, source: str) -> int:
        return self._numbers.setdefault(source, len(self._numbers) + 1)

    def listed(self) -> tuple[str, ...]:
        return tuple(self._numbers)


class ChapterWords:
    """The words of one project's chapter in one language."""

    def __init__(self, found: ReportedProject, language: str, public: bool) -> None:
        self.found, self.language, self.public = found, language, public
        self.project = found.project
        self.figures = FigureWords(self.project.slug, language)
        self.sources = Sources()

    @property
    def name(self) -> str:
        return project_name(self.project, self.language)

    @property
    def period(self) -> str:
        return project_period(self.project, self.language)

    def say(self, text: Text, form: int = 1, /, **values: object) -> str:
        return say(text, self.language, form, **values)

    def own(self, words: Iterable[dict[str, str]]) -> list[str]:
        """What people wrote in several languages, each in the reader's."""
        return [own_words(one, self.language) for one in words]

    def name_of(self, one: ReportedIndicator) -> str:
        return own_words(one.summary.row.name, self.language)

    def indicator(self, one: ReportedIndicator) -> Cell:
        """An indicator's name, with its definition small below."""
        return Cell(self.name_of(one), (own_words(one.summary.row.definition, self.language),))

    def line(self, one: ReportedIndicator, figure: Figure) -> FigureLine:
        return self.figures.figure(one.summary, figure)

    def total(self, found: IndicatorSummary) -> str:
        """Figures of several periods added up; "" where they are not."""
        return "" if found.total is None else self.figures.total(found.facts, found.total)

    def actual(self, one: ReportedIndicator, *, noted: bool = True) -> Cell:
        """The latest figure of an indicator as a cell says it; `noted` with its trend and its note."""
        if one.latest is None:
            return Cell(self.say(WITHHELD if one.withheld else NOT_KNOWN))
        line = self.line(one, one.latest)
        if not noted:
            small = (of_people(line.people),) if line.people and not line.in_words else ()
            return Cell(line.value, small, alert=self.say(TO_CHECK) if line.doubts else "")
        trend, told = one.summary.trend, []
        if one.summary.total is not None:
            told.append(self.total(one.summary))
        if trend is not None and not self.public:
            told.append(self.figures.trend(one.summary.facts, trend))
        return self.cell(one, line, *told)

    def cell(self, one: ReportedIndicator, line: FigureLine, *more: str) -> Cell:
        """A figure with its n, its interval and its note small below. What is told in words only is the figure."""
        note = line.note if one.notes else ""
        small = [of_people(line.people)] if line.people and not line.in_words else []
        small += [self.say(SURE, interval=line.interval)] if line.interval else []
        small += [*more, *([] if line.in_words or not note else [note])]
        text = (note or line.value) if line.in_words else line.value
        return Cell(text, tuple(small), alert=self.say(TO_CHECK) if line.doubts else "")

    def when(self, line: FigureLine) -> Cell:
        """The period of a figure, and whether it is final."""
        return Cell(line.period, (line.status,))

    def source(self, *lines: FigureLine) -> Cell:
        return Cell(sources=tuple(dict.fromkeys(self.sources.number(line.source) for line in lines)))
