"""What the commands begin with: the group they belong to, settings and database, one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click
from sqlalchemy.orm import Session

from app import logs, telemetry
from app.config import load_settings
from app.garbage import looking_for_no_cycles
from app.http.state import State
from app.services.acting import COMMAND_LINE, SYSTEM, Act
from app.storage import schema
from app.storage.session import Database

MODULES: dict[str, tuple[str, ...]] = {
    "audit": ("records",),
    "backup": ("backups",),
    "check": ("serving",),
    "companies": ("companies",),
    "demo": ("serving",),
    "doctor": ("doctor",),
    "export": ("records", "exports", "open_data", "outcomes"),
    "grant": ("people",),
    "import": ("records", "imports", "outcomes"),
    "migrate": ("serving",),
    "restore": ("backups",),
    "scheduler": ("serving",),
    "send": ("serving",),
    "serve": ("serving",),
    "token": ("people",),
    "unit": ("people",),
    "user": ("people",),
    "watch": ("watching",),
}
"""By command the modules of this package that make it, and what is below it."""


class Commands(click.Group):
    """Commands that are read when they are wanted: whoever adds a user need not wait for what the web server needs."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(MODULES)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        with looking_for_no_cycles():
            for module in MODULES.get(name, ()):
                import_module(f"app.cli.{module}")
        return super().get_command(context, name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Follows whether the employment clauses of a city's contracts are met.

    Settings come from the environment (SIEPP_DATABASE_URL, SIEPP_SECRET_KEY, …).
    """


@contextmanager
def opened(*, current: bool = True) -> Iterator[State]:
    """Settings and database, whose schema must be the newest unless `current` is False."""
    settings = load_settings()
    logs.configure(settings.log_format)
    database = Database(settings.database_url, settings.secret_key)
    telemetry.start(database.engine)
    try:
        if current and not schema.is_current(database.engine):
            raise click.ClickException("The database does not have the newest schema: run siepp migrate.")
        yield State(settings, database)
    finally:
        database.dispose()


@contextmanager
def writing() -> Iterator[tuple[Session, Act]]:
    """One transaction of the command line, which acts for the whole database; the clock is read here."""
    with opened() as state, state.database.writing() as session:
        now = state.clock()
        yield session, Act(SYSTEM, now, state.day_at(now), COMMAND_LINE)
