"""Brings a backup back into an empty database: all of it, compared with what was written down when it was taken, or
nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from alembic.util import CommandError
from sqlalchemy import Connection, Engine, delete, func, select, text
from sqlalchemy.exc import InterfaceError, OperationalError, StatementError
from sqlalchemy.orm import Session

from app.jobs.backups import POSTGRES_MEMBER, SQLITE_MEMBER, member_name, own_form, row_counts, trail_sum
from app.services import backups
from app.services.acting import Act
from app.storage import audit, schema
from app.storage.backup import archive, postgres_programs, sqlite_files
from app.storage.backup.archive import Form, Manifest, Opened
from app.storage.backup.carrying import Carried, Sum, carried_tables, sums
from app.storage.backup.emptiness import filled_tables, table_names
from app.storage.backup.references import awaiting_references
from app.storage.backup.trouble import IN_USE, BackupTrouble
from app.storage.backup.workspace import give_name, workspace
from app.storage.models import AuditHead, Table
from app.storage.session import Database

LOCK_WAIT = "3s"
"""Who holds a table for longer is a service that should have been stopped."""


class Restored(NamedTuple):
    """What came back and was found as it was; `current` is whether the database has the newest schema."""

    manifest: Manifest
    seal: str
    current: bool


def restore(database: Database, path: Path, act: Act) -> Restored:
    """Raises BackupTrouble, and then the database is as it was."""
    with archive.reading(path) as opened:
        manifest = opened.manifest
        _check_form(manifest, database)
        _check_schema(manifest)
        if own_form(database) is Form.SQLITE:
            _into_new_file(database, opened, act)
        elif manifest.form is Form.PORTABLE:
            with database.engine.begin() as connection:
                _load(connection, opened, act)
        else:
            _with_pg_restore(database, opened, act)
        return Restored(manifest, opened.seal, manifest.schema == schema.newest())


def _check_form(manifest: Manifest, database: Database) -> None:
    if manifest.form not in (Form.PORTABLE, own_form(database)):
        kind = {Form.SQLITE: "SQLite", Form.POSTGRESQL: "PostgreSQL"}[manifest.form]
        raise BackupTrouble(
            f"The backup has {kind}'s own form, which no other database takes: restore it into one of that kind, then "
            "move on with siepp backup --portable."
        )


def _check_schema(manifest: Manifest) -> None:
    """The databases' own forms may be older, as one taken before a migration is: siepp migrate brings them on."""
    if manifest.schema == schema.newest():
        return
    if not schema.knows(manifest.schema):
        raise BackupTrouble(
            f"The backup was made by siepp {manifest.siepp} with the schema {manifest.schema}, which this release does "
            f"not know: install siepp {manifest.siepp} or a newer one."
        )
    if manifest.form is Form.PORTABLE:
        raise BackupTrouble(
            f"The backup has the schema {manifest.schema}, this release {schema.newest()}: restore it with siepp "
            f"{manifest.siepp}, which made it, then run siepp migrate with this one."
        )


# --- Into SQLite: a new file that gets its name at the end


def _into_new_file(database: Database, opened: Opened, act: Act) -> None:
    target = sqlite_files.path_of(str(database.engine.url))
    _check_file(database.engine, target)
    with workspace(target.parent) as folder:
        made = folder / "restored"
        if opened.manifest.form is Form.PORTABLE:
            with sqlite_files.filling(made) as engine, engine.execution_options(write=True).begin() as connection:
                _load(connection, opened, act)
        else:
            _unpack(opened, made, act)
        sqlite_files.check(made)
        database.dispose()
        _check_file(database.engine, target)  # once more: filling it took its time
        give_name(made, target, replace=target.exists())


def _check_file(engine: Engine, target: Path) -> None:
    """Where a file is there already, it is empty and nobody uses it."""
    if not target.exists():
        sqlite_files.check_no_journal(target)
        return
    if target.stat().st_size:
        with engine.connect() as connection:
            _check_empty(connection)
    engine.dispose()
    sqlite_files.take_over(target)


def _unpack(opened: Opened, made: Path, act: Act) -> None:
    made.touch(mode=0o600)
    with opened.member(SQLITE_MEMBER) as source, made.open("wb") as target:
        archive.copy_blocks(source, target)
    sqlite_files.check(made)
    with sqlite_files.filling(made) as engine, engine.execution_options(write=True).begin() as connection:
        _finish(connection, opened, act)


# --- Into PostgreSQL


def _with_pg_restore(database: Database, opened: Opened, act: Act) -> None:
    with database.engine.begin() as connection:
        _lock_and_check_empty(connection)
    with opened.member(POSTGRES_MEMBER) as source:
        postgres_programs.restore(database.engine, source)
    with database.engine.begin() as connection:
        _finish(connection, opened, act)


def _lock_and_check_empty(connection: Connection) -> None:
    """Nobody writes meanwhile: who wants to waits, and finds the database filled."""
    names = table_names(connection)
    if names and connection.dialect.name == "postgresql":
        quote = connection.dialect.identifier_preparer.quote
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'"))
        try:
            connection.execute(text(f"LOCK TABLE {', '.join(map(quote, names))} IN ACCESS EXCLUSIVE MODE"))
        except OperationalError as error:
            raise BackupTrouble(IN_USE) from error
    _check_empty(connection)


def _check_empty(connection: Connection) -> None:
    filled = filled_tables(connection)
    if filled:
        raise BackupTrouble(
            f"The database is not empty ({', '.join(filled[:3])}): a restore overwrites nothing. Name an empty one in "
            "SIEPP_DATABASE_URL."
        )


# --- Row by row, into either


def _load(connection: Connection, opened: Opened, act: Act) -> None:
    """Schema and rows in the connection's transaction."""
    _lock_and_check_empty(connection)
    try:
        schema.migrate_within(connection)
    except CommandError:
        raise BackupTrouble("The database's schema is newer than this version of siepp.") from None
    tables = carried_tables(connection.dialect.name)
    _check_tables(opened.manifest, tables)
    connection.execute(delete(AuditHead))
    with awaiting_references(connection, [table.name for table in tables]):
        for table in tables:
            _load_table(connection, opened, table)
    _move_sequences(connection)
    _finish(connection, opened, act)


def _check_tables(manifest: Manifest, tables: list[Carried]) -> None:
    if {table.name: table.columns for table in tables} != {name: t.columns for name, t in manifest.tables.items()}:
        raise BackupTrouble("The backup holds other tables than its schema has: it is not what siepp has written.")


def _load_table(connection: Connection, opened: Opened, table: Carried) -> None:
    found = Sum()
    with opened.member(member_name(table.name)) as member, _fitting(table.name, found):
        table.load(connection, found.over(member))
    told = opened.manifest.tables[table.name]
    if (found.rows, found.sha256) != (told.rows, told.sha256):
        raise BackupTrouble(f"The rows of the table {table.name} are not those that were taken.")


@contextmanager
def _fitting(name: str, found: Sum) -> Iterator[None]:
    """What one kind of database takes, another may not: SQLite keeps texts of any length."""
    try:
        yield
    except (OperationalError, InterfaceError):  # it went away, or has no room: no row's fault
        raise
    except (StatementError, ValueError) as error:
        raise BackupTrouble(
            f"A row of the table {name} before row {found.rows + 1} does not fit into this database "
            f"({type(error).__name__}); nothing was restored."
        ) from error


def _move_sequences(connection: Connection) -> None:
    """The numbers that PostgreSQL gives go on after the last one given. SQLite looks for itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in Table.metadata.sorted_tables:
        numbered = table.autoincrement_column
        if numbered is None:
            continue
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, numbered.name)))
        last = connection.scalar(select(func.max(numbered)))
        if sequence is not None and last is not None:
            connection.execute(select(func.setval(sequence, last)))


# --- Whatever way it came


def _finish(connection: Connection, opened: Opened, act: Act) -> None:
    """Compares what is there with what was taken, and leaves word of it in the trail."""
    manifest = opened.manifest
    _COMPARED[manifest.form](connection, manifest)
    if manifest.trail is None or manifest.schema != schema.newest():
        return
    with Session(connection) as session:
        if trail_sum(session) != manifest.trail:
            raise BackupTrouble("The audit trail is not the one that was taken.")
        backups.record_restored(session, opened.seal, manifest.taken_at, act)
        audit.write_links(session)


def _compare_rows(connection: Connection, manifest: Manifest) -> None:
    there = sums(connection)
    differing = [name for name, told in manifest.tables.items() if there[name].sha256 != told.sha256]
    if differing:
        raise BackupTrouble(f"The rows of {', '.join(differing)} are not what was taken.")


def _compare_counts(connection: Connection, manifest: Manifest) -> None:
    if row_counts(connection) != manifest.tables:
        raise BackupTrouble("The tables do not hold as many rows as were taken: do not use this database.")


_COMPARED: dict[Form, Callable[[Connection, Manifest], None]] = {
    Form.PORTABLE: _compare_rows,
    Form.SQLITE: _compare_counts,
    Form.POSTGRESQL: _compare_counts,
}
