"""Takes a backup: of one moment, while the service runs, into one sealed file that stands there whole or not at all."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, func, select, table
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.services import backups
from app.services.acting import Act
from app.storage import audit, schema
from app.storage.backup import archive, postgres_programs, sqlite_files
from app.storage.backup.archive import Archive, Form, Manifest, TableSum, TrailSum
from app.storage.backup.carrying import Sum, carried_tables
from app.storage.backup.emptiness import table_names
from app.storage.backup.trouble import BackupTrouble
from app.storage.backup.workspace import give_name, workspace
from app.storage.session import Database

SQLITE_MEMBER, POSTGRES_MEMBER = "database.sqlite", "database.pgdump"


class Taken(NamedTuple):
    """A backup that was taken: what is in it, its size, its seal (SHA-256), and whether the trail tells of it."""

    manifest: Manifest
    size: int
    seal: str
    in_trail: bool


def own_form(database: Database) -> Form:
    """The form in which the kind of database itself keeps backups."""
    return Form.SQLITE if database.engine.dialect.name == "sqlite" else Form.POSTGRESQL


def take(database: Database, path: Path, form: Form, act: Act) -> Taken:
    """Writes a backup to a new file. Raises BackupTrouble."""
    _check_possible(database, path, form)
    told = _tell(database, form, act)
    with workspace(path.parent) as folder:
        made = folder / "backup"
        with archive.writing(made) as file:
            manifest = _CONTENTS[form](database, file, folder, act.now)
            file.close_with(manifest)
        with archive.reading(made) as opened:  # as it lies there, from the first byte to the last
            seal = opened.seal
        size = made.stat().st_size
        give_name(made, path)
    return Taken(manifest, size, seal, told)


def member_name(table_name: str) -> str:
    """Where the portable form keeps the rows of a table."""
    return f"tables/{table_name}.jsonl"


def trail_sum(session: Session) -> TrailSum:
    """How the audit trail stands, walked from end to end."""
    found = audit.verify(session)
    return TrailSum(found.entries, found.head_hash, found.broken_at)


def row_counts(connection: Connection) -> dict[str, TableSum]:
    """How many rows each table has, whatever release made it."""
    counting = {name: select(func.count()).select_from(table(name)) for name in table_names(connection)}
    return {name: TableSum(connection.scalar(count) or 0) for name, count in counting.items()}


def _check_possible(database: Database, path: Path, form: Form) -> None:
    """Before the trail tells of it."""
    if not path.parent.is_dir():
        raise BackupTrouble(f"There is no folder {path.parent}.")
    if path.exists():
        raise BackupTrouble(f"There is already a file {path.name}: name another one.")
    if own_form(database) is Form.SQLITE and not sqlite_files.path_of(str(database.engine.url)).exists():
        raise BackupTrouble("There is no database yet.")
    if form is Form.POSTGRESQL:
        with database.reading() as session:
            postgres_programs.able_to_dump(session.connection())


def _tell(database: Database, form: Form, act: Act) -> bool:
    """Whether the trail could be told. A backup matters most where nothing can be written any more, and is not refused
    for that; nor before a migration, whose trail may look otherwise."""
    if not schema.is_current(database.engine):
        return False
    try:
        with database.writing() as session:
            backups.record_taken(session, form, act)
    except OperationalError:
        return False
    return True


def _portable(database: Database, file: Archive, _folder: Path, now: datetime) -> Manifest:
    """Every row of every table, in one reading of the database."""
    sums: dict[str, TableSum] = {}
    with database.reading() as session:
        connection = session.connection()
        revision = _revision(connection)
        if revision != schema.newest():
            raise BackupTrouble("The database does not have the newest schema: run siepp migrate, or leave --portable.")
        for carried in carried_tables(connection.dialect.name):
            found = Sum()
            with file.member(member_name(carried.name)) as member:
                for line in found.over(carried.lines(connection)):
                    member.write(line)
            sums[carried.name] = TableSum(found.rows, found.sha256, carried.columns)
        return _manifest(Form.PORTABLE, revision, now, sums, trail_sum(session))


def _sqlite(database: Database, file: Archive, folder: Path, now: datetime) -> Manifest:
    copied = folder / SQLITE_MEMBER
    sqlite_files.copy_while_used(database.engine, copied)
    with file.member(SQLITE_MEMBER) as member, copied.open("rb") as source:
        archive.copy_blocks(source, member)
    with sqlite_files.looking_into(copied) as engine, Session(engine) as session:
        return _manifest_of(Form.SQLITE, session, now)


def _postgresql(database: Database, file: Archive, _folder: Path, now: datetime) -> Manifest:
    """What pg_dump writes, and what is in it as the same moment shows it."""
    with database.reading() as session:
        connection = session.connection()
        with file.member(POSTGRES_MEMBER, packed=False) as member:
            postgres_programs.dump(connection, table_names(connection), member)
        return _manifest_of(Form.POSTGRESQL, session, now)


_CONTENTS = {Form.PORTABLE: _portable, Form.SQLITE: _sqlite, Form.POSTGRESQL: _postgresql}


def _manifest_of(form: Form, session: Session, now: datetime) -> Manifest:
    connection = session.connection()
    revision = _revision(connection)
    trail = trail_sum(session) if revision == schema.newest() else None
    return _manifest(form, revision, now, row_counts(connection), trail)


def _manifest(
    form: Form, revision: str, now: datetime, tables: dict[str, TableSum], trail: TrailSum | None
) -> Manifest:
    taken_at = now.astimezone(UTC).isoformat(timespec="seconds")
    return Manifest(form, version("siepp"), revision, taken_at, tables, trail)


def _revision(connection: Connection) -> str:
    found = schema.revision(connection)
    if found is None:
        raise BackupTrouble("The database holds nothing of siepp.")
    return found
