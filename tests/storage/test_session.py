"""Connections that are kept: what one request leaves behind, the next never meets."""

import pytest
from sqlalchemy import text

from app.storage.session import Database
from tests.postgres_copies import drop, fresh_copy


@pytest.mark.postgres
def test_a_connection_given_back_in_the_middle_of_a_statement_is_given_to_nobody(postgres_url: str) -> None:
    url = fresh_copy(postgres_url)
    database = Database(url)
    with database.engine.connect() as connection:
        left = connection.connection.dbapi_connection
        left.pgconn.send_query(b"SELECT pg_sleep(30)")  # type: ignore[union-attr]
    with database.engine.connect() as connection:
        assert connection.connection.dbapi_connection is not left
        assert connection.scalar(text("SELECT 1")) == 1
    database.dispose()
    drop(url)
