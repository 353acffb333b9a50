"""Brings the database to the newest schema; several processes that start at once are safe."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

import migrations

HERE = Path(migrations.__file__).parent


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config


def migrate(engine: Engine) -> None:
    """Runs the migrations not yet run."""
    config = _config()
    with engine.execution_options(write=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest schema."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return at == ScriptDirectory.from_config(_config()).get_current_head()
