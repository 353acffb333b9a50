"""Connections that are kept: what one request leaves behind, the next never meets."""

import gc
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

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
