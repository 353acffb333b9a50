"""What a report is made of, in the reader's language and in the order of reading. Its looks are report.typ's business.

Texts are texts: nothing in them is markup, whoever wrote them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Tone(StrEnum):
    """What a colour stands for; a word always says the same."""

    PLAIN = "plain"
    GOOD = "good"
    ALERT = "alert"
    BAD = "bad"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `strong` pieces are those in between: plain, strong, plain, strong."""

    pieces: tuple[str, ...]
    tone: Tone = Tone.PLAIN
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]
    kind: str = "bullets"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list whose numbers are referred to, such as the sources."""

    items: tuple[str, ...]
    kind: str = "numbered"


@dataclass(frozen=True, slots=True)
class Terms:
    """Words with what is said of each, one line or several."""

    items: tuple[tuple[str, tuple[str, ...]], ...]
    kind: str = "terms"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text with what is said small below it, and a bar of `share` (0 to 1) beside it where there is one."""

    text: str = ""
    small: tuple[str, ...] = ()
    alert: str = ""
    share: float | None = None
    tone: Tone = Tone.PLAIN
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is a share of the table's, beside those of the other columns; figures stand at the right."""

    title: str
    width: float
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Its first column names the rows."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: `share` is the bar's length, `low` and `high` the ends of its interval, all from 0 to 1."""

    label: str
    value: str
    share: float
    low: float | None = None
    high: float | None = None
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars; `alternative` says the same to whoever does not see them."""

    caption: str
    alternative: str
    bars: tuple[Bar, ...]
    note: str = ""
    kind: str = "chart"


Block = Heading | Text | Bullets | Numbered | Terms | Table | Chart


@dataclass(frozen=True, slots=True)
class Title:
    """The first page."""

    city: str
    title: str
    period: str
    form: str
    facts: tuple[tuple[str, str], ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class Words:
    """What Typst writes by itself."""

    contents: str
    table: str
    chart: str
    page: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. A block list per chapter: each begins on a page of its own."""

    language: str
    made_on: date
    title: Title
    words: Words
    chapters: Sequence[Sequence[Block]]

    def as_data(self) -> dict[str, Any]:
        """The document as plain JSON values."""
        plain = asdict(self)
        plain["made_on"] = [self.made_on.year, self.made_on.month, self.made_on.day]
        return plain


def plain(*texts: str) -> list[Block]:
    """Paragraphs, without those that are empty."""
    return [Text((text,)) for text in texts if text]
