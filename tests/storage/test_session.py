"""Connections that are kept: what one request leaves behind, the next never meets, and one that leads nowhere is opened
anew."""

import gc
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from app.storage import session as sessions
from app.storage.session import Database
from tests.postgres_copies import drop, fresh_copy


@pytest.fixture
def on_postgres(postgres_url: str) -> Iterator[Database]:
    url = fresh_copy(postgres_url)
    database = Database(url)
    yield database
    database.dispose()
    drop(url)


def lent(database: Database) -> int:
    """How many connections nobody gave back."""
    gc.collect()
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


@pytest.mark.postgres
def test_a_connection_given_back_in_the_middle_of_a_statement_is_given_to_nobody(on_postgres: Database) -> None:
    database = on_postgres
    with database.engine.connect() as connection:
        left = connection.connection.dbapi_connection
        left.pgconn.send_query(b"SELECT pg_sleep(30)")  # type: ignore[union-attr]
    with database.engine.connect() as connection:
        assert connection.connection.dbapi_connection is not left
        assert connection.scalar(text("SELECT 1")) == 1


@pytest.mark.postgres
def test_a_reading_session_that_nobody_closed_gives_its_connection_back(on_postgres: Database) -> None:
    on_postgres._read().execute(text("SELECT 1"))
    assert lent(on_postgres) == 0
    with on_postgres.writing() as session:
        assert session.scalar(text("SELECT current_setting('transaction_read_only')")) == "off"


@pytest.mark.postgres
def test_a_reading_session_in_the_middle_of_a_statement_gives_its_connection_back(on_postgres: Database) -> None:
    session = on_postgres._read()
    left = session.connection().connection.dbapi_connection
    left.pgconn.send_query(b"SELECT pg_sleep(30)")  # type: ignore[union-attr]
    with pytest.raises(OperationalError):
        session.close()
    del session
    assert lent(on_postgres) == 0
    assert on_postgres.is_up()


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
