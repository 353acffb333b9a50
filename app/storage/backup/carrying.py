"""Rows as a backup carries them: one line of JSON each, the same line from either kind of database.

Everything follows from the tables' columns, so a new table is carried without a word here; a column of a type that
nobody has thought about is refused, which a test notices before a city does. JSON travels as the text that is kept,
so that null inside it stays apart from no value at all, and no number becomes another.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Enum,
    Integer,
    MetaData,
    Select,
    String,
    Text,
    TypeDecorator,
    cast,
    insert,
    select,
)
from sqlalchemy import Table as CoreTable
from sqlalchemy.types import TypeEngine

from app.storage.models import Table
from app.storage.types import Instant

CHUNK_ROWS = 200
"""Rows held at once: a mail's row is a hundred times as wide as a purchase's, and these must fit as well."""


class JsonText(TypeDecorator[str]):
    """PostgreSQL's JSON as its text."""

    impl = Text
    cache_ok = True

    def bind_expression(self, bindparam: Any) -> Any:
        return cast(bindparam, JSON)

    def column_expression(self, column: Any) -> Any:
        return cast(column, Text)


@dataclass(slots=True)
class Sum:
    """How many lines went by, and the SHA-256 of them in their order."""

    rows: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    def over(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            self.rows += 1
            self._digest.update(line)
            yield line

    @property
    def sha256(self) -> str:
        return str(self._digest.hexdigest())


class Carried:
    """A table as it is carried from and to databases of a kind; `name` and `columns` are those of the database."""

    def __init__(self, table: CoreTable, kind: str) -> None:
        self.name = str(table.name)
        self.columns = [str(column.name) for column in table.columns]
        plain = [Column(c.name, _plain_type(c, kind), primary_key=c.primary_key) for c in table.columns]
        self._table = CoreTable(table.name, MetaData(), *plain)
        self._types = [column.type for column in plain]
        self._kind = kind

    def lines(self, connection: Connection) -> Iterator[bytes]:
        """The rows by their key, in the order of its bytes: the same in every database, whatever its language is."""
        shown = [(place, _SHOWN[type(kind)]) for place, kind in enumerate(self._types) if type(kind) in _SHOWN]
        with connection.execute(self._ordered, execution_options={"yield_per": CHUNK_ROWS}) as rows:
            for row in rows:
                values = list(row)
                for place, show in shown:
                    values[place] = None if values[place] is None else show(values[place])
                yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    @cached_property
    def _ordered(self) -> Select[Any]:
        text = self._kind != "sqlite"
        keys = self._table.primary_key.columns
        return select(self._table).order_by(
            *(key.collate("C") if text and isinstance(key.type, String) else key for key in keys)
        )

    def load(self, connection: Connection, lines: Iterable[bytes]) -> None:
        """Inserts rows written by `lines`. Raises ValueError where one has another number of values."""
        adding = insert(self._table)
        chunk: list[dict[str, Any]] = []
        for line in lines:
            chunk.append(self._row(line))
            if len(chunk) == CHUNK_ROWS:
                connection.execute(adding, chunk)
                chunk = []
        if chunk:
            connection.execute(adding, chunk)

    def _row(self, line: bytes) -> dict[str, Any]:
        values = json.loads(line)
        for place, kind in enumerate(self._types):
            if values[place] is not None and type(kind) in _READ:
                values[place] = _READ[type(kind)](values[place])
        return dict(zip(self.columns, values, strict=True))


def carried_tables(kind: str) -> list[Carried]:
    """All tables, each after those it refers to, for databases of a kind ("sqlite", "postgresql")."""
    return [Carried(table, kind) for table in Table.metadata.sorted_tables]


def sums(connection: Connection) -> Mapping[str, Sum]:
    """What the tables of a database hold, by name."""
    found = {}
    for table in carried_tables(connection.dialect.name):
        found[table.name] = Sum()
        for _ in found[table.name].over(table.lines(connection)):
            pass
    return found


def _plain_type(column: Column[Any], kind: str) -> TypeEngine[Any]:
    """How a column's values are read and written here: as the database keeps them, moments apart, in which the two
    kinds differ. Raises TypeError for a type that is not known to survive the way."""
    given = column.type
    if isinstance(given, Instant):
        return Instant()
    kept = given.impl_instance if isinstance(given, TypeDecorator) else given
    if isinstance(kept, JSON):
        return Text() if kind == "sqlite" else JsonText()
    if isinstance(kept, Integer | Boolean | Date) or (isinstance(kept, String) and not isinstance(kept, Enum)):
        return kept
    raise TypeError(f"{column} has a type that a backup does not carry: {given!r}")


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


_SHOWN: Mapping[type, Callable[[Any], Any]] = {Instant: _moment, Date: date.isoformat}
_READ: Mapping[type, Callable[[Any], Any]] = {Instant: datetime.fromisoformat, Date: date.fromisoformat}
