"""Whether a database holds anything that a restore would destroy."""

from collections.abc import Sequence

from sqlalchemy import Connection, column, exists, inspect, select, table


def filled_tables(connection: Connection) -> list[str]:
    """Names of the tables, ours or others', that hold more than a fresh migration leaves there."""
    return [name for name in table_names(connection) if _is_filled(connection, name)]


def table_names(connection: Connection) -> Sequence[str]:
    """All tables of a database, whatever release made them."""
    return sorted(inspect(connection).get_table_names())


def _is_filled(connection: Connection, name: str) -> bool:
    """The migrations leave two rows: which of them was the last, and where the audit trail begins."""
    if name == "alembic_version":
        return False
    rows = select(1).select_from(table(name))
    if name == "audit_head":
        rows = rows.where(column("seq") > 0)
    return bool(connection.scalar(select(exists(rows))))
