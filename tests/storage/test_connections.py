"""A connection is given back without a transaction, and used again only while it leads anywhere."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.storage import session as sessions
from app.storage.session import Database


def _pid(session: Session) -> int:
    pid: int = session.scalar(text("SELECT pg_backend_pid()"))  # type: ignore[assignment]
    return pid


def _on_postgresql(database: Database) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server that could close a connection")


def test_one_that_the_server_closed_is_opened_anew(database: Database) -> None:
    _on_postgresql(database)
    with database.reading() as one, database.reading() as other:
        first, second = _pid(one), _pid(other)
    with database.writing() as session:
        killer = _pid(session)
        closed = {first, second} - {killer}
        for pid in closed:
            session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        with database.reading() as another:
            assert _pid(another) not in {first, second}


@pytest.mark.parametrize("idle_s", [0.0, 3600.0])
def test_one_that_still_leads_there_is_used_again_whether_it_was_tried_or_not(
    database: Database, monkeypatch: pytest.MonkeyPatch, idle_s: float
) -> None:
    _on_postgresql(database)
    monkeypatch.setattr(sessions, "IDLE_S", idle_s)
    with database.reading() as session:
        before = _pid(session)
    with database.reading() as session:
        assert _pid(session) == before


def test_one_given_back_within_a_transaction_keeps_no_locks(database: Database) -> None:
    raw = database.engine.raw_connection()
    cursor = raw.cursor()
    if database.engine.dialect.name == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
    cursor.execute("UPDATE audit_head SET seq = seq")
    cursor.close()
    raw.close()
    with database.writing() as session:
        session.execute(text("UPDATE audit_head SET seq = seq"))
