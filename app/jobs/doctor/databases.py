"""Examines the database: whether it answers, its schema, and what of its set-up could lose or show what is in it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.jobs.doctor.findings import Finding, Findings, look, well, wrong
from app.storage import condition, schema
from app.storage.backup import sqlite_files
from app.storage.backup.trouble import BackupTrouble
from app.storage.condition import PostgresServer
from app.storage.session import Database, KeepsNoText

ABOUT = "Database"
OLDEST_POSTGRES = 14
"""Older ones get no corrections any more (postgresql.org, versioning)."""
CONNECT_SECONDS = "10"
SKEW_WRONG, SKEW_SEEN = timedelta(seconds=60), timedelta(seconds=5)
"""A minute apart, a mail is sent before it was queued."""


def opened(url: str) -> Database:
    """A server that does not answer is not waited for longer than people wait."""
    wanted = make_url(url)
    if wanted.get_backend_name() != "sqlite" and "connect_timeout" not in wanted.query:
        wanted = wanted.update_query_dict({"connect_timeout": CONNECT_SECONDS})
    return Database(wanted.render_as_string(hide_password=False))


def reached(database: Database) -> Finding:
    """Whether it answers, and why not."""
    url = database.engine.url
    told = url.render_as_string(hide_password=True).partition("?")[0]
    try:
        with database.reading() as session:
            session.connection()
            schema.revision(session.connection())
    except DBAPIError as error:
        why = " ".join(str(error.orig).split())[:300]
        for secret in filter(None, (url.password, *url.query.values())):
            why = why.replace(str(secret), "…")
        return wrong(ABOUT, f"{told} cannot be reached: {why.rstrip('.')}.")
    except KeepsNoText as error:
        return wrong(ABOUT, str(error))
    return well(ABOUT, f"{told} answers.")


def newest_schema(database: Database) -> Finding:
    with database.reading() as session:
        found = schema.revision(session.connection())
    newest = schema.newest()
    if found == newest:
        return well("Schema", f"It is the newest one, {newest}.")
    if found is None:
        return wrong("Schema", "The database is empty: run siepp migrate, or siepp restore.")
    if schema.knows(found):
        return wrong("Schema", f"It is {found}, the newest is {newest}: take a backup, then run siepp migrate.")
    return wrong("Schema", f"It is {found}, made by a newer release than this one: install that release here too.")


def server(session: Session, clock: Callable[[], datetime]) -> Findings:
    """What matters of the kind of database that it is."""
    if session.get_bind().dialect.name == "sqlite":
        mode = condition.journal_mode(session)
        if mode != "wal":
            yield wrong(ABOUT, f"SQLite keeps its journal as {mode}, not wal: its file system does not let it.")
        return
    before = clock()
    found = condition.postgres_server(session)
    after = clock()
    yield from _of_server(found)
    yield _clocks(before - found.now, found.now - after)


def _of_server(found: PostgresServer) -> Findings:
    about = "PostgreSQL"
    if found.version < OLDEST_POSTGRES:
        yield wrong(about, f"Version {found.version} gets no corrections any more: take {OLDEST_POSTGRES} or newer.")
    else:
        yield well(about, f"It is version {found.version}.")
    if found.timezone != "UTC":
        yield wrong(about, "The session is not in UTC: what stands between does not pass on the options of sessions.")
    if found.encoding != "UTF8":
        yield wrong(about, f"The database keeps texts as {found.encoding}: make it anew with UTF8.")
    if found.superuser:
        yield wrong(about, "The service comes as a superuser: give it a role of its own that owns only this database.")
    if found.standby:
        yield wrong(about, "This is a standby, which takes no writes: set SIEPP_DATABASE_URL to the primary.")
    if not (found.fsync and found.full_page_writes) or found.synchronous_commit == "off":
        yield wrong(
            about,
            "What was written can be lost when the machine stops: turn on fsync, full_page_writes and "
            "synchronous_commit.",
        )
    if not (found.local or found.encrypted):
        yield wrong(about, "The connection is not encrypted: add ?sslmode=verify-full to SIEPP_DATABASE_URL.")


def _clocks(ahead: timedelta, behind: timedelta) -> Finding:
    """`ahead` and `behind` are how far this computer's clock is at the least."""
    apart = max(ahead, behind, timedelta(0))
    told = f"This computer and the database are {apart.total_seconds():.0f} s apart"
    if apart > SKEW_WRONG:
        return wrong("Clock", f"{told}: let both follow a time server.")
    if apart > SKEW_SEEN:
        return look("Clock", f"{told}.")
    return well("Clock", "This computer and the database agree.")


def whole_file(database: Database) -> Findings:
    """Every page and every reference of an SQLite file."""
    if database.engine.dialect.name != "sqlite":
        return
    try:
        sqlite_files.check(sqlite_files.path_of(str(database.engine.url)))
    except BackupTrouble as error:
        yield wrong("Database file", f"{error} Restore the last backup.")
    else:
        yield well("Database file", "Every page and every reference is whole.")
