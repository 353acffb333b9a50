"""Brings the database to the newest schema; several processes that start at once are safe."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect

import migrations

HERE = Path(migrations.__file__).parent


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config


def migrate(engine: Engine) -> None:
    """Runs the migrations not yet run."""
    with engine.execution_options(write=True).connect() as connection:
        _upgrade(connection)
        connection.commit()


def migrate_within(connection: Connection) -> None:
    """The same as a part of the connection's transaction, which the caller ends."""
    if not connection.in_transaction():
        connection.begin()
    _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """The last migration that the database has seen; None where there is none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def newest() -> str:
    """The newest migration of this release."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def knows(name: str) -> bool:
    """Whether this release has a migration by that name."""
    try:
        return ScriptDirectory.from_config(_config()).get_revision(name) is not None
    except CommandError:
        return False


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest schema."""
    with engine.connect() as connection:
        return revision(connection) == newest()
