"""Rows of a ledger that are there already are looked up one by one: any other way, thousands of rows of thousands of
contracts hold SQLite for seconds, and nobody else can write."""

from typing import Any

import pytest

from app.storage import held_rows, ledger_rows
from tests.storage.plans import steps

ROWS = [("a" * 32, "key"), ("b" * 32, "other")]


@pytest.mark.parametrize("only", [None, ledger_rows.replaced(), ledger_rows.counting()], ids=["any", "gone", "counts"])
def test_a_row_of_a_contract_is_one_look_up(sqlite_url: str, only: Any) -> None:
    found = steps(sqlite_url, lambda session: ledger_rows.known_keys(session, ROWS, only))
    assert "INDEX uq_purchase_row_key (contract_id=? AND row_key=?)" in "\n".join(found)


@pytest.mark.parametrize("root_id", [None, "r"])
@pytest.mark.parametrize("superseded_too", [True, False])
def test_a_row_that_waits_for_somebody_is_one_look_up(
    sqlite_url: str, root_id: str | None, superseded_too: bool
) -> None:
    found = steps(
        sqlite_url, lambda session: held_rows.held_keys(session, ["key"], root_id, superseded_too=superseded_too)
    )
    assert "INDEX ix_held_row_row_key (row_key=?)" in "\n".join(found)
