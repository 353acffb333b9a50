"""Examines a deployment: its settings, what it depends on, and whether its work is done. It changes nothing."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.orm import Session

from app.config import Settings
from app.jobs.doctor import databases, folders, others, settings, work
from app.jobs.doctor.findings import Finding, Findings, Level, examined
from app.storage import schema
from app.storage.session import Database

__all__ = ["Finding", "Level", "examine"]


def examine(environ: Mapping[str, str], clock: Callable[[], datetime], *, thorough: bool = False) -> Iterator[Finding]:
    """All findings about the deployment that these variables describe. `thorough` reads the whole database too."""
    read = settings.read(environ)
    yield from examined("Settings", partial(settings.examine, read))
    if read.settings is None:
        return
    if "SIEPP_DATABASE_URL" not in read.unusable:
        yield from examined(databases.ABOUT, partial(_database, read.settings, clock, thorough))
    if "SIEPP_SMTP_URL" not in read.unusable:
        yield from examined("Mail server", partial(others.mail, read.settings))
        if read.settings.smtp is None:
            yield from examined("Mail folder", partial(folders.of_mails, read.settings.mail_dir))
    yield from examined("Disk", partial(folders.room, "Disk of temporary files", Path(tempfile.gettempdir())))
    yield from examined("Identity provider", partial(others.identity_provider, read.settings.oidc))


def _database(given: Settings, clock: Callable[[], datetime], thorough: bool) -> Findings:
    url = make_url(given.database_url)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        yield from folders.of_database(file)
        if not file.is_file():
            return
    database = databases.opened(given.database_url)
    try:
        yield from _opened(database, given, clock, thorough)
    finally:
        database.dispose()


def _opened(database: Database, given: Settings, clock: Callable[[], datetime], thorough: bool) -> Findings:
    reached = databases.reached(database)
    yield reached
    if reached.level is Level.WRONG:
        return
    yield databases.newest_schema(database)
    with database.reading() as session:
        yield from databases.server(session, clock)
    if schema.is_current(database.engine):
        with database.reading() as session:
            yield from examined("Work", partial(_work, session, given, clock(), thorough))
    if thorough:
        yield from databases.whole_file(database)


def _work(session: Session, given: Settings, now: datetime, thorough: bool) -> Findings:
    yield from work.examine(session, given, now)
    if thorough:
        yield from work.whole_trail(session)
