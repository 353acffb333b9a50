"""SQLite's own way: a copy of the whole file while others write, what is wrong with one, and one file that is ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, NullPool, create_engine, event, make_url

from app.storage.backup.trouble import IN_USE, BackupTrouble
from app.storage.session import make_engine


def path_of(url: str) -> Path:
    """The file of an SQLite database. Raises BackupTrouble where it is kept in memory only."""
    name = make_url(url).database
    if not name or name == ":memory:":
        raise BackupTrouble("The database is kept in memory only: name a file in SIEPP_DATABASE_URL.")
    return Path(name)


def copy_while_used(engine: Engine, target: Path) -> None:
    """Copies a database in one reading, so that others go on writing and the copy is of one moment. It stands in one
    file, which only its owner may read, without a journal beside it. Raises BackupTrouble where it is not whole."""
    target.touch(mode=0o600)
    with engine.connect() as source, closing(sqlite3.connect(target)) as copied:
        database = source.connection.driver_connection
        assert isinstance(database, sqlite3.Connection)  # noqa: S101 - engines of SQLite have no other
        database.backup(copied)
        copied.execute("PRAGMA journal_mode = DELETE")
    check(target)


def check(path: Path) -> None:
    """Raises BackupTrouble where the file is not whole, or a row refers to one that is not there."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        if found != ["ok"]:
            raise BackupTrouble(f"The database is damaged, as PRAGMA integrity_check says: {found[0]}.")
        strayed = connection.execute("PRAGMA foreign_key_check").fetchone()
        if strayed is not None:
            raise BackupTrouble(f"A row of the table {strayed[0]} refers to one of {strayed[2]} that is not there.")


@contextmanager
def looking_into(path: Path) -> Iterator[Engine]:
    """An engine that reads a file which nobody writes to, and leaves no file beside it."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def filling(path: Path) -> Iterator[Engine]:
    """An engine over a file that has no name yet: where anything goes wrong it is thrown away, so it needs no journal,
    and waits for the disk once at the end."""
    path.touch(mode=0o600)
    engine = make_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _without_journal)
    try:
        yield engine
    finally:
        engine.dispose()


def _without_journal(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = OFF").close()
    connection.execute("PRAGMA synchronous = OFF").close()


def take_over(path: Path) -> None:
    """Makes sure that nobody has an existing database open, and that no journal of it is left beside it. Raises
    BackupTrouble where someone has."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=1)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise BackupTrouble(IN_USE) from error


def check_no_journal(path: Path) -> None:
    """What a database left when it was moved away would be played into the next one by that name, and spoil it. Raises
    BackupTrouble."""
    for suffix in ("-wal", "-journal"):
        left = path.with_name(path.name + suffix)
        if left.exists():
            raise BackupTrouble(f"{left.name} belongs to a database that was here: move it away too, to where that is.")
