"""Rows of a ledger that are there already are looked up one by one: any other way, thousands of rows of thousands of
contracts hold SQLite for seconds, and nobody else can write."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.storage import held_rows, ledger_rows
from app.storage.models.table import Table
from app.storage.session import Database

ROWS = [("a" * 32, "key"), ("b" * 32, "other")]


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """PostgreSQL goes by what it knows of the rows; SQLite, without such knowledge, by the form of the question."""
    made = Database(f"sqlite:///{tmp_path / 'rows.db'}")
    Table.metadata.create_all(made.engine)
    yield made
    made.dispose()


def plan(database: Database, ask: Callable[[Session], object]) -> str:
    """How the database finds the answer."""
    asked: list[Any] = []

    def keep(*args: Any) -> None:
        asked.append(args[2:4])

    with database.reading() as session:
        event.listen(database.engine, "before_cursor_execute", keep)
        ask(session)
        event.remove(database.engine, "before_cursor_execute", keep)
        connection = session.connection()
        found = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", given).all() for one, given in asked]
    return "\n".join(row[-1] for rows in found for row in rows)


@pytest.mark.parametrize("only", [None, ledger_rows.replaced(), ledger_rows.counting()], ids=["any", "gone", "counts"])
def test_a_row_of_a_contract_is_one_look_up(sqlite: Database, only: Any) -> None:
    found = plan(sqlite, lambda session: ledger_rows.known_keys(session, ROWS, only))
    assert "INDEX uq_purchase_row_key (contract_id=? AND row_key=?)" in found


@pytest.mark.parametrize("root_id", [None, "r"])
@pytest.mark.parametrize("superseded_too", [True, False])
def test_a_row_that_waits_for_somebody_is_one_look_up(
    sqlite: Database, root_id: str | None, superseded_too: bool
) -> None:
    found = plan(sqlite, lambda session: held_rows.held_keys(session, ["key"], root_id, superseded_too=superseded_too))
    assert "INDEX ix_held_row_row_key (row_key=?)" in found
