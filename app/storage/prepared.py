"""Queries asked by every request: written once for each database, and run by its driver.

SQLAlchemy makes a statement's text once, but goes a long way each time it runs one: for a query of one row it takes
ten times as long as SQLite does to answer it. These take the short way, in the session's own transaction.
"""

from collections import namedtuple
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]


class Prepared:
    """A SELECT of columns, with one `bindparam` for each value; many ids come as one (`lists.listed`), never by `in_`.
    Like any statement of columns it does not see what the session has not flushed."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._row: Any = namedtuple("Row", [column.key for column in statement.selected_columns])  # type: ignore[misc]
        self._written: dict[str, _Written] = {}

    def all(self, session: Session, **values: Any) -> list[Any]:
        """The rows, with the columns' names. Raises SQLAlchemy's DBAPIError where the database fails."""
        connection = session.connection()
        written = self._written.get(connection.dialect.name)
        if written is None:
            written = self._written[connection.dialect.name] = _Written(self._statement, connection.dialect)
        return list(map(self._row._make, written.rows(connection, values)))

    def one_or_none(self, session: Session, **values: Any) -> Any:
        """The only row, where there is one."""
        rows = self.all(session, **values)
        return rows[0] if rows else None


class _Written:
    """A statement as one database's driver takes it."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = compiled.string
        self.places: Sequence[str] | None = compiled.positiontup
        self.fixed = compiled.params
        self.to_driver = {
            name: processor
            for bind, name in compiled.bind_names.items()
            if (processor := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        self.from_driver = [
            (place, processor)
            for place, column in enumerate(statement.selected_columns)
            if (processor := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]

    def rows(self, connection: Connection, values: dict[str, Any]) -> Sequence[Sequence[Any]]:
        given = self.fixed | values
        for name, processor in self.to_driver.items():
            given[name] = processor(given[name])
        sent: Any = given if self.places is None else tuple(given[name] for name in self.places)
        cursor = connection.connection.cursor()
        try:
            # Whoever watches the connection sees this too.
            connection.dispatch.before_cursor_execute(connection, cursor, self.text, sent, None, False)
            cursor.execute(self.text, sent)
            rows = cursor.fetchall()
            connection.dispatch.after_cursor_execute(connection, cursor, self.text, sent, None, False)
        except Exception as error:
            raise _told(connection, self.text, error) from error
        finally:
            cursor.close()
        return [self._read(row) for row in rows] if self.from_driver else rows

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
