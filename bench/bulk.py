"""Rows into a table as fast as the database takes them: executemany on SQLite, COPY on PostgreSQL."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Engine, text

AT_A_TIME = 50_000


def put(engine: Engine, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Adds rows of text, whole numbers and None, days and moments as ISO text; gives their number."""
    write = _executemany if engine.dialect.name == "sqlite" else _copy
    connection = engine.raw_connection()
    try:
        count = write(connection.cursor(), table, columns, rows)
        connection.commit()
    finally:
        connection.close()
    return count


def _executemany(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of our own
    count, left = 0, iter(rows)
    cursor.execute("BEGIN IMMEDIATE")
    while chunk := list(islice(left, AT_A_TIME)):
        cursor.executemany(statement, chunk)
        count += len(chunk)
    return count


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def settle(engine: Engine) -> None:
    """Lets PostgreSQL learn what it holds, as its own upkeep would by and by; SQLite has none, and never knows."""
    if engine.dialect.name == "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
