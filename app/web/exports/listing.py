"""What a list is as a file: its name, its columns in the reader's language, where its rows come from.

Every one is for the city's own use, and its name says so: what may leave the city is published as public tables.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.language.catalogues import msgid, translated
from app.language.labels import label
from app.services.acting import Act
from app.web.spreadsheets import Cell, Column, Kind, Spreadsheet, written
from app.web.visiting import Visit

Row = TypeVar("Row")
INTERNAL = {"fi": "sisainen", "sv": "intern", "en": "internal"}
"""In names of files, of letters that every header can carry."""
FOR_OWN_USE = msgid("For the city's own use, not to be published")
YES, NO = msgid("yes"), msgid("no")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a file: in which language, and in which time zone moments are told."""

    language: str
    timezone: ZoneInfo

    def word(self, kind: str, code: str | None) -> Cell:
        return None if code is None else label(kind, code, self.language)

    def words(self, kind: str, codes: Iterable[str] | None) -> Cell:
        return None if codes is None else ", ".join(label(kind, code, self.language) for code in codes)

    def yes_or_no(self, told: bool) -> str:
        return translated(YES if told else NO, self.language)

    def moment(self, at: datetime | None) -> Cell:
        """As the clock on the wall showed it."""
        return None if at is None else at.astimezone(self.timezone).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Titled(Generic[Row]):
    """A column: its title in a language, its width in characters, and a row's cell in it."""

    title: Callable[[str], str]
    width: int
    cell: Callable[[Row, Reader], Cell]


def titled(text: str, width: int, cell: Callable[[Row, Reader], Cell]) -> Titled[Row]:
    """A column with a marked text as its title."""
    return Titled(lambda language: translated(text, language), width, cell)


def at(path: str) -> Callable[[Any, Reader], Cell]:
    """What stands there in a row as it is: "job.starts_on"."""
    get = attrgetter(path)
    return lambda row, _reader: get(row)


def euros(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents).scaleb(-2)


@dataclass(frozen=True, slots=True)
class Asked(Generic[Row]):
    """What is asked of a list: what gives its rows, and what it is narrowed down to, for the trail."""

    rows: Callable[[Session, Act], Iterable[Row]]
    narrowed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """A list as a file. `subject` is what the trail calls its rows; `asked` reads a visit's address, and is None where
    a filter of it does not fit, which `page` then says; `everything` is for who sees all of it at once, None for a list
    that belongs to one thing."""

    subject: str
    title: str
    file_names: Mapping[str, str]
    columns: Sequence[Titled[Row]]
    asked: Callable[[Visit], Asked[Row] | None]
    page: str = "/"
    everything: Asked[Row] | None = None

    def file(self, kind: Kind, asked: Asked[Row], session: Session, act: Act, reader: Reader) -> Spreadsheet:
        """The rows asked for as a file."""
        columns = [self._column(one, reader) for one in self.columns]
        title, remark = translated(self.title, reader.language), translated(FOR_OWN_USE, reader.language)
        return written(kind, title, columns, asked.rows(session, act), reader.language, act.now, remark)

    def _column(self, one: Titled[Row], reader: Reader) -> Column[Row]:
        return Column(one.title(reader.language), one.width, lambda row: one.cell(row, reader))

    def file_name(self, language: str) -> str:
        return f"{self.file_names[language]}-{INTERNAL[language]}"


def addresses(path: str, query: Iterable[tuple[str, str]] | Mapping[str, str] = ()) -> dict[str, str]:
    """Where the list's files are, by kind; for links beside the list."""
    asked = urlencode(list(query.items()) if isinstance(query, Mapping) else list(query))
    return {kind.value: f"{path}.{kind}" + (f"?{asked}" if asked else "") for kind in Kind}
