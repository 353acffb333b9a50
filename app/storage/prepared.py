"""Queries asked by every request, and rows written by every write: written once for each database, and run by its
driver.

SQLAlchemy makes a statement's text once, but goes a long way each time it runs one: for a query of one row it takes
ten times as long as SQLite does to answer it. These take the short way, in the session's own transaction.
"""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Insert, Select, Update, bindparam, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.storage.models.table import Table

Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]


class _OnceForEach:
    """A statement, and how each database's driver takes it."""

    def __init__(self, statement: Statement | Insert | Update) -> None:
        self._statement = statement
        self._written: dict[str, _Written] = {}

    def _for(self, connection: Connection) -> "_Written":
        written = self._written.get(connection.dialect.name)
        if written is None:
            written = self._written[connection.dialect.name] = _Written(self._statement, connection.dialect)
        return written


class Prepared(_OnceForEach):
    """A SELECT of columns, with one `bindparam` for each value; many ids come as one (`lists.listed`), never by `in_`.
    Like any statement of columns it does not see what the session has not flushed."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(statement)
        self._row: Any = namedtuple("Row", [column.key for column in statement.selected_columns])  # type: ignore[misc]

    def all(self, session: Session, **values: Any) -> list[Any]:
        """The rows, with the columns' names. Raises SQLAlchemy's DBAPIError where the database fails."""
        connection = session.connection()
        return list(map(self._row._make, self._for(connection).rows(connection, values)))

    def one_or_none(self, session: Session, **values: Any) -> Any:
        """The only row, where there is one."""
        rows = self.all(session, **values)
        return rows[0] if rows else None


class PreparedWrite(_OnceForEach):
    """An INSERT or UPDATE with one `bindparam` for each value; columns left out keep what the database gives them."""

    def run(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Once for each row, past the mapper; what the session has not flushed is not there yet. Raises SQLAlchemy's
        DBAPIError where the database fails."""
        if rows:
            connection = session.connection()
            self._for(connection).write(connection, rows)


def into(model: type[Table], *left_out: str) -> PreparedWrite:
    """Adds rows to a model's table, with all its columns but those left out."""
    names = [column.key for column in model.__table__.columns if column.key not in left_out]
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    return PreparedWrite(insert(model).values(values).inline())


class _Written:
    """A statement as one database's driver takes it."""

    def __init__(self, statement: Statement | Insert | Update, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = compiled.string
        self.places: Sequence[str] | None = compiled.positiontup
        self.fixed = {name: compiled.params[name] for bind, name in compiled.bind_names.items() if not bind.required}
        """What no caller gives; a value that one forgot is missed, and not taken for none."""
        self.to_driver = {
            name: processor
            for bind, name in compiled.bind_names.items()
            if (processor := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        read = () if isinstance(statement, Insert | Update) else tuple(statement.selected_columns)
        self.gives_rows = bool(read)
        self.from_driver = [
            (place, processor)
            for place, column in enumerate(read)
            if (processor := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        rows = self._run(connection, self._sent(values), many=False)
        return [self._read(row) for row in rows] if self.from_driver else rows

    def write(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        sent = [self._sent(row) for row in rows]
        many = len(sent) > 1
        self._run(connection, sent if many else sent[0], many=many)

    def _sent(self, values: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **values}
        for name, processor in self.to_driver.items():
            given[name] = processor(given[name])
        return given if self.places is None else tuple(given[name] for name in self.places)

    def _run(self, connection: Connection, sent: Any, *, many: bool) -> Sequence[Sequence[Any]]:
        cursor = connection.connection.cursor()
        try:
            # Whoever watches the connection sees this too.
            connection.dispatch.before_cursor_execute(connection, cursor, self.text, sent, None, many)
            (cursor.executemany if many else cursor.execute)(self.text, sent)
            rows = cursor.fetchall() if self.gives_rows else ()
            connection.dispatch.after_cursor_execute(connection, cursor, self.text, sent, None, many)
        except Exception as error:
            raise _told(connection, self.text, error) from error
        finally:
            cursor.close()
        return rows

    def _read(self, row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place, processor in self.from_driver:
            values[place] = processor(values[place])
        return values


def _told(connection: Connection, text: str, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy tells it; a connection that broke is not used again."""
    dialect = connection.dialect
    driver = dialect.loaded_dbapi
    if not isinstance(error, driver.Error):
        return error
    broke = dialect.is_disconnect(error, connection.connection, None)
    if broke:
        connection.invalidate(error)
    return DBAPIError.instance(text, None, error, driver.Error, True, broke, dialect)
