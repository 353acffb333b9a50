"""A row in every table, whatever tables there are, with the values that are hardest to carry."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Connection, Text, cast, func, insert, select
from sqlalchemy import Table as CoreTable
from sqlalchemy import null as sql_null

from app.storage.models import AuditEntry, AuditHead, AuditPayload, Position, RememberedAnswer, Table, Unit

LARGEST = 2**63 - 1
DAY = date(2020, 2, 29)
MOMENT = datetime(2019, 10, 27, 0, 30, 0, 1, UTC)
"""In the hour that comes twice in Helsinki, and a microsecond."""
TEXT = "Ä😀 \"'\\\n\t;|\u2028"
WORDS: dict[str, Any] = {"fi": TEXT, "tyhjä": None, "suuri": 2**70, "osa": 0.1, "lista": [1, {"ö": []}]}
AUDITED = {AuditEntry.__tablename__, AuditPayload.__tablename__, AuditHead.__tablename__}
_numbers = count(1)


def fill_empty_tables(connection: Connection) -> None:
    """One row in each table that has none, the audit trail's left alone; and in some more what only they can hold."""
    for table in Table.metadata.sorted_tables:
        if table.name not in AUDITED and not connection.scalar(select(func.count()).select_from(table)):
            connection.execute(insert(table).values(_row(connection, table)))
    _null_of_both_kinds(connection)
    _references_ahead(connection)


def _null_of_both_kinds(connection: Connection) -> None:
    table: Any = RememberedAnswer.__table__
    for headers in (sql_null(), None, {"Location": TEXT}):
        connection.execute(insert(table).values(_row(connection, table) | {"headers": headers}))


def _references_ahead(connection: Connection) -> None:
    """Rows that refer to a row of their own table whose key comes after theirs."""
    units: Any = Unit.__table__
    above, below = (_row(connection, units) | {"id": letter * 32} for letter in "zy")
    connection.execute(insert(units), [above | {"parent_id": None}, below | {"parent_id": above["id"]}])
    positions: Any = Position.__table__
    first, second = (_row(connection, positions) | {"id": letter * 32} for letter in "zy")
    connection.execute(insert(positions), [first | {"replaces_id": None}, second | {"replaces_id": first["id"]}])


def _row(connection: Connection, table: CoreTable) -> dict[str, Any]:
    number = next(_numbers)
    return {str(column.key): _value(connection, table, column, number) for column in table.columns}


def _value(connection: Connection, table: CoreTable, column: Column[Any], number: int) -> Any:
    for key in column.foreign_keys:
        if key.column.table is not table:
            return connection.scalar(select(key.column).limit(1))
    codes = _codes(table, column)
    if codes or column.foreign_keys:
        return codes[0] if codes else None
    kind = column.type
    if isinstance(kind, JSON):
        return WORDS
    python = kind.python_type
    if python is int:
        # The numbering of rows stops at the largest: keys stay small.
        return LARGEST - number if isinstance(kind, BigInteger) and not column.primary_key else number % 4 + 1
    if python is str:
        length = getattr(kind, "length", None)
        return f"{number:032x}"[-length:] if length else f"{number} {TEXT}"
    values = {Decimal: Decimal("78.50"), date: DAY, datetime: MOMENT, bool: True}
    return values[python]


def _codes(table: CoreTable, column: Column[Any]) -> list[str]:
    """What a check of the table lets a column hold, where it lists it."""
    checks = [one for one in table.constraints if isinstance(one, CheckConstraint)]
    listed = [re.match(rf"{column.name} IN \((.*)\)$", str(one.sqltext)) for one in checks]
    return [code for found in listed if found for code in re.findall(r"'([^']*)'", found.group(1))]


def rows_of(connection: Connection, table: CoreTable) -> list[tuple[Any, ...]]:
    """The rows by their key; JSON as its text, so that null in it is not no value."""
    shown = [cast(one, Text).label(one.name) if isinstance(one.type, JSON) else one for one in table.columns]
    places = [place for place, column in enumerate(table.columns) if column.primary_key]
    rows = [tuple(row) for row in connection.execute(select(*shown))]
    exact = [tuple(str(v) if isinstance(v, Decimal) else v for v in row) for row in rows]  # 78.0 is not 78
    return sorted(exact, key=lambda row: [row[place] for place in places])
