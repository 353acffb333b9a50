"""Looks whether the service does its work, and sends alerts: beside the scheduler, or from another machine."""

from collections.abc import Callable
from datetime import datetime

import structlog

from app.config import Settings
from app.jobs import delivery
from app.jobs.stopping import Stopping, never
from app.rules.watch import Trouble
from app.services import watch
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.services.watch import Claimed, Watching
from app.storage.session import Database
from notifications.envelope import build_email
from notifications.senders import PermanentSendError, Sender, TemporarySendError

log = structlog.get_logger(__name__)


def look(
    database: Database,
    settings: Settings,
    sender: Sender,
    clock: Callable[[], datetime],
    stopping: Stopping = never,
) -> list[Trouble]:
    """What is wrong, after those who run the service were told as far as mails go out. What is new is in the log as
    well: the mail about a mail server that is away waits for that server."""
    watching = Watching(settings.check_at, settings.timezone, settings.alert_to, delivery.sender_of(settings))
    now = clock()
    here = now.astimezone(settings.timezone)
    act = Act(SYSTEM, now, here.date(), BY_ITSELF)
    with database.reading() as session:
        found = watch.find_troubles(session, settings.check_at, here, act)
    if found:
        with database.writing() as session:
            new = watch.queue_alerts(session, found, watching, act)
        for trouble in new:
            log.error("service_trouble", trouble=trouble.value, day=act.today.isoformat())
    _deliver(
        database, sender, lambda: None if stopping() else _claim(database, found, watching, clock, settings), clock
    )
    return found


def _claim(
    database: Database, found: list[Trouble], watching: Watching, clock: Callable[[], datetime], settings: Settings
) -> Claimed | None:
    now = clock()
    act = Act(SYSTEM, now, now.astimezone(settings.timezone).date(), BY_ITSELF)
    with database.reading() as session:  # mostly there is none, and nothing is written
        if not watch.any_waits(session, now):
            return None
    with database.writing() as session:
        return watch.claim_next(session, found, watching, act)


def _deliver(
    database: Database, sender: Sender, claim: Callable[[], Claimed | None], clock: Callable[[], datetime]
) -> None:
    """Until none is due, or the mail server is plainly away, or the process is to end."""
    while (claimed := claim()) is not None:
        if claimed.envelope is None:
            continue
        try:
            sender.send(build_email(claimed.envelope), claimed.envelope.sender.email, claimed.envelope.recipients)
        except TemporarySendError as error:
            with database.writing() as session:
                watch.put_off(session, claimed, error.reason, clock())
            return
        except (PermanentSendError, ValueError) as error:
            log.error("alert_refused", alert_id=claimed.alert_id)
            with database.writing() as session:
                watch.refuse(session, claimed, str(error))
        else:
            with database.writing() as session:
                watch.sent(session, claimed, clock())
