"""Runs the migrations on either database: one at a time, and never waiting long for a lock others hold."""

import os
from typing import Literal

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.types import TypeDecorator

from app.storage.models import Table
from app.storage.session import make_engine

ADVISORY_LOCK = 7_430_001
"""Any number, as long as every copy of the service uses it: two that start at once migrate one after the other."""
LOCK_TIMEOUT = "10s"
"""How long it waits for a table."""


def plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our own column types stand in a migration as what the database sees: a migration must not change with them."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=sqlite,
        render_item=plain_type,
        # Alembic thinks SQLite cannot: two processes would take turns between migrations, and run one twice.
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        if not sqlite:
            # Whoever migrates may take its time; only behind a table that is in use nobody is to wait.
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        context.run_migrations()


def main() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    engine = make_engine(os.environ.get("SIEPP_DATABASE_URL", "sqlite:///siepp.db"))
    with engine.execution_options(write=True).connect() as connection:
        run(connection)
        connection.commit()
    engine.dispose()


main()
