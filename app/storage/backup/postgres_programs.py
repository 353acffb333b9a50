"""PostgreSQL's own way: pg_dump and pg_restore, which come with its client programs."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from psycopg.pq import Conninfo
from sqlalchemy import Connection, Engine, make_url, text

from app.storage.backup.archive import copy_blocks
from app.storage.backup.trouble import BackupTrouble

LOCK_WAIT = "30s"
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""All that the programs get of the service's environment: its secrets are none of their business."""
INSTEAD = "or take the portable form (siepp backup --portable), which needs no program"


def export_snapshot(connection: Connection) -> str:
    """The name by which pg_dump sees what this transaction sees."""
    return str(connection.scalar(text("SELECT pg_export_snapshot()")))


def able_to_dump(connection: Connection) -> str:
    """Where pg_dump is, which reads servers of its own version and older ones. Raises BackupTrouble."""
    program = _program("pg_dump")
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\(PostgreSQL\) (\d+)", told)
    server = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10000
    if found and int(found.group(1)) < server:
        raise BackupTrouble(
            f"pg_dump {found.group(1)} cannot read a server of PostgreSQL {server}: install its client programs of "
            f"version {server}, {INSTEAD}."
        )
    return program


def dump(connection: Connection, tables: Iterable[str], target: IO[bytes]) -> None:
    """Writes the tables as pg_dump does, as this transaction sees them. Raises BackupTrouble."""
    program = able_to_dump(connection)
    schema = connection.scalar(text("SELECT current_schema()"))
    named = [f'--table="{schema}"."{table}"' for table in tables]
    options = ["--format=custom", f"--snapshot={export_snapshot(connection)}", f"--lock-wait-timeout={LOCK_WAIT}"]
    with _running([program, *options, *named, "--no-owner", "--no-privileges"], connection.engine) as running:
        copy_blocks(_pipe(running.stdout), target)


def restore(engine: Engine, source: IO[bytes]) -> None:
    """Brings back what `dump` wrote, in one transaction. Raises BackupTrouble, and then nothing was changed."""
    program = _program("pg_restore")
    once = ["--single-transaction", "--exit-on-error", "--clean", "--if-exists", "--no-owner", "--no-privileges"]
    command = [program, *once, f"--dbname={engine.url.database or ''}"]
    with _running(command, engine) as running, suppress(BrokenPipeError):  # it gave up; why is asked next
        copy_blocks(source, _pipe(running.stdin))


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    assert end is not None  # noqa: S101 - asked for
    return end


@contextmanager
def _running(command: Sequence[str], engine: Engine) -> Iterator[subprocess.Popen[bytes]]:
    """A program over a database; leaving waits for its end. Raises BackupTrouble where it was no good one."""
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 - a program found by its name, and no shell
            [*command, "--no-password"],
            env=_environment(engine),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as process,
    ):
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        process.communicate()
        if process.returncode:
            raise BackupTrouble(f"{Path(command[0]).name} failed: {_first_error(said)}")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupTrouble(
            f"{name} is not on this computer: install the client programs of PostgreSQL (postgresql-client), {INSTEAD}."
        )
    return found


def _environment(engine: Engine) -> dict[str, str]:
    """How to reach the database, in the variables that PostgreSQL's programs read: on a command line everyone who has
    an account on the computer would see the password."""
    _, wanted = engine.dialect.create_connect_args(make_url(engine.url))
    names = {option.keyword.decode(): (option.envvar or b"").decode() for option in Conninfo.get_defaults()}
    reached = {names.get(keyword, ""): str(value) for keyword, value in wanted.items() if value not in ("", None)}
    reached.pop("", None)
    return {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ} | reached


def _first_error(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read(8192).decode("utf-8", "replace").splitlines()
    told = [line for line in lines if "error:" in line.lower() or "could not execute" in line] or lines
    return (told[0].split("error:", 1)[-1].strip() if told else "it did not say why")[:300]
