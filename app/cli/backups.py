"""Commands for backups: taking one while the service runs, and bringing one back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError

from app.cli.opening import cli, opened
from app.http.state import State
from app.jobs import backups, restoring
from app.jobs.backups import Taken
from app.jobs.restoring import Restored
from app.services.acting import COMMAND_LINE, SYSTEM, Act
from app.storage.backup.archive import Form, TrailSum
from app.storage.backup.trouble import BackupTrouble

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@cli.command()
@FILE
@click.option("--portable", is_flag=True, help="In the form that both kinds of database take.")
def backup(file: Path, portable: bool) -> None:
    """Write a backup of the whole database to FILE, a new file that only you may read. The service may run meanwhile.

    Without --portable the form is that of the database itself: a copy of the file of SQLite, or what pg_dump writes of
    PostgreSQL. Both are quicker; the portable form is the way from one kind of database into the other.

    What is in FILE is as confidential as the database: docs/operations.md says how to keep it.
    """
    with opened(current=False) as state, _told_in_a_sentence():
        form = Form.PORTABLE if portable else backups.own_form(state.database)
        taken = backups.take(state.database, file, form, _act(state))
    _tell_taken(file, taken)


@cli.command()
@FILE
def restore(file: Path) -> None:
    """Bring the backup in FILE back into the empty database of SIEPP_DATABASE_URL. Stop the service first.

    All of it comes back, compared with what was written down when it was taken, or nothing. For SQLite name a file that
    is not there yet; PostgreSQL needs a database without rows.
    """
    if not file.is_file():
        raise click.ClickException(f"There is no file {file.name}.")
    with opened(current=False) as state, _told_in_a_sentence():
        restored = restoring.restore(state.database, file, _act(state))
    _tell_restored(restored)


def _act(state: State) -> Act:
    now = state.clock()
    return Act(SYSTEM, now, state.day_at(now), COMMAND_LINE)


@contextmanager
def _told_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except BackupTrouble as error:
        raise click.ClickException(str(error)) from None
    except (OperationalError, InterfaceError):
        raise  # told as everywhere
    except DatabaseError as error:
        raise click.ClickException(f"The database cannot be read or written: {type(error.orig).__name__}.") from None
    except OSError as error:
        raise click.ClickException(
            f"The file cannot be read or written: {error.strerror or 'no reason given'}."
        ) from None


def _tell_taken(file: Path, taken: Taken) -> None:
    manifest = taken.manifest
    click.echo(
        f"{file}: {len(manifest.tables)} tables with {manifest.rows} rows, schema {manifest.schema}, form "
        f"{manifest.form}, {taken.size} bytes."
    )
    click.echo(f"Its seal is {taken.seal}: noted elsewhere, it proves later that the file is this one.")
    if not taken.in_trail:
        click.echo("The audit trail does not tell of it: nothing could be written there.", err=True)
    _tell_trail(manifest.trail)


def _tell_restored(restored: Restored) -> None:
    manifest = restored.manifest
    click.echo(f"Restored as of {manifest.taken_at}, written by siepp {manifest.siepp} (seal {restored.seal}).")
    for name, table in manifest.tables.items():
        if table.rows:
            click.echo(f"  {name}: {table.rows}")
    how = "each row as it was taken" if manifest.form is Form.PORTABLE else "as many rows as were taken"
    click.echo(f"Verified: {len(manifest.tables)} tables with {manifest.rows} rows, {how}; every reference holds.")
    if not restored.current:
        click.echo(f"Its schema is {manifest.schema}, an older one: run siepp migrate, then siepp audit verify.")
    _tell_trail(manifest.trail)


def _tell_trail(trail: TrailSum | None) -> None:
    """A broken trail is told as a failure, though the backup is what there is: someone must look into it."""
    if trail is None:
        return
    if trail.broken_at is not None:
        raise click.ClickException(f"It was written, but its audit trail is broken at entry {trail.broken_at}.")
    click.echo(f"The audit trail holds: {trail.entries} entries, the last hash is {trail.head_hash}.")
