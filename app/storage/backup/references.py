"""Rows that refer to others of their own table may come before them: what is checked at each row is checked at the
end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, inspect, text


@contextmanager
def awaiting_references(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Within the connection's transaction; leaving it checks, and puts back how PostgreSQL checks from then on."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))  # until the transaction ends
        yield
        return
    own = _own_references(connection, tables)
    _alter(connection, own, "DEFERRABLE INITIALLY DEFERRED")
    yield
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    _alter(connection, own, "NOT DEFERRABLE")


def _own_references(connection: Connection, tables: Sequence[str]) -> list[tuple[str, str]]:
    """Tables that refer to themselves, each with the name of the constraint."""
    keys = [(name, key) for name in tables for key in inspect(connection).get_foreign_keys(name)]
    return [(name, str(key["name"])) for name, key in keys if key["referred_table"] == name]


def _alter(connection: Connection, constraints: Sequence[tuple[str, str]], how: str) -> None:
    quote = connection.dialect.identifier_preparer.quote
    for table, constraint in constraints:
        connection.execute(text(f"ALTER TABLE {quote(table)} ALTER CONSTRAINT {quote(constraint)} {how}"))
