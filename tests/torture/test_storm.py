"""Three schedulers and two web processes over one PostgreSQL, one of them killed each second while clients write.

Time goes 600 times as fast for the service, so that days with their checks pass meanwhile.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.jobs import daily_check
from app.storage.models import Alert, JobRun, Message
from app.storage.session import Database
from tests.notifications.smtp_servers import Mailbox, mail_server
from tests.postgres_copies import drop, fresh_copy
from tests.scenarios import cities, looking, work
from tests.scenarios.work import Job
from tests.torture import clients, running
from tests.torture.amounts import STORM_SECONDS
from tests.torture.clients import assert_written_once, chosen, statuses
from tests.torture.figures import tell
from tests.torture.running import HastyClock, Running

SPEED = 600
START = datetime(2019, 9, 16, 3, 0, tzinfo=UTC)
"""An hour before the daily check of the city's great day."""
CLIENTS = 4
ANSWERING_SECONDS = 4
SETTLING_SECONDS = 180
HELSINKI = ZoneInfo("Europe/Helsinki")

pytestmark = [
    pytest.mark.kill,
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.timeout(STORM_SECONDS + 600),
    pytest.mark.skipif(not running.have_faketime(), reason="libfaketime is not installed (Debian: faketime)"),
]


@pytest.fixture
def city(postgres_url: str) -> Iterator[Database]:
    url = fresh_copy(postgres_url)
    cities.build(url)
    database = Database(url)
    yield database
    database.dispose()
    drop(url)


def test_whoever_is_killed_nothing_is_lost_doubled_or_missed(city: Database, tmp_path: Path) -> None:
    mailbox, clock = Mailbox(seconds_before_answer=0.01), HastyClock(START, SPEED)
    url, contract_ids = city.engine.url.render_as_string(hide_password=False), chosen(city)
    with mail_server(mailbox) as smtp_port:
        settings = running.environment(url, tmp_path / "service", smtp_port)
        webs = [running.web(settings, tmp_path / f"web{number}.log") for number in range(2)]
        everybody = [*webs, *(running.scheduler(settings, tmp_path / f"scheduler{number}.log") for number in range(3))]
        for process in everybody:
            process.start(clock)
        for web in webs:
            web.wait_until_ready()
        writing = clients.start(CLIENTS, [web.port for web in webs], contract_ids, seed=STORM_SECONDS)
        kills = _storm(everybody, clock)
        clients.end(writing)
        _settle(city, everybody, clock)
        exits = [process.stop() for process in everybody]
        end = clock()
        for hours in (1, 8, 16):  # what a killed one had taken, and what it had put off
            work.deliver(city, Job(url, end + timedelta(hours=hours), smtp_port))
    assert exits == [0] * 5
    assert statuses(writing).keys() <= {200, 201, 409, 503, None}
    figures = assert_written_once(city, writing)
    figures |= _assert_every_mail_came(city, mailbox)
    figures |= _assert_no_check_was_missed(city, end)
    tell(
        "storm", seconds=STORM_SECONDS, simulated_hours=round((end - START).total_seconds() / 3600), **kills, **figures
    )


def _storm(everybody: list[Running], clock: HastyClock) -> dict[str, int]:
    """Each second one of those that have come to their work, whichever, is killed and started anew. A web process must
    have answered for a while: its first answers take a second or two, and one that never gives any shows nothing."""
    chance, kills = random.Random(STORM_SECONDS), Counter[str]()
    until = time.monotonic() + STORM_SECONDS
    while time.monotonic() < until:
        time.sleep(1)
        at_work = [one for one in everybody if one.has_worked_for(ANSWERING_SECONDS if one.port else 0)]
        if not at_work:
            continue
        process = chance.choice(at_work)
        process.kill()
        process.start(clock)
        kills["web_kills" if process.port else "scheduler_kills"] += 1
    return dict(kills)


def _settle(database: Database, everybody: list[Running], clock: HastyClock) -> None:
    """Waits until those that were started last have come to their work, and the schedulers have made up for what the
    storm kept them from. Told to stop before, a process would simply be gone, as any that has not begun."""
    until = time.monotonic() + SETTLING_SECONDS
    while time.monotonic() < until:
        all_there = all(process.has_worked_for(0) for process in everybody)
        if all_there and daily_check.is_done(database, clock().astimezone(HELSINKI)):
            return
        time.sleep(0.5)
    raise AssertionError("no check of the day, though nobody is killed any more")


def _assert_every_mail_came(database: Database, mailbox: Mailbox) -> dict[str, int]:
    """Each message arrived, with one Message-ID; a second copy says the very same. No reminder is told twice."""
    looking.assert_nothing_is_half_written(database)
    arrived: dict[str, set[bytes]] = {}
    for one in mailbox.arrived:
        content = bytes(one.original_content or b"")
        arrived.setdefault(str(message_from_bytes(content)["Message-ID"]), set()).add(content)
    with database.reading() as session:
        messages = session.execute(
            select(Message.message_id, Message.status).where(Message.created_at >= START - timedelta(days=2))
        ).all()
        alerts = {f"<{one}@example.org>" for one in session.scalars(select(Alert.id))}
    assert {status for _, status in messages} <= {"sent", "withdrawn"}
    sent, withdrawn = ({one for one, status in messages if status == found} for found in ("sent", "withdrawn"))
    assert sent <= arrived.keys()
    # Besides, those who run the service are told that mails wait; and whoever sent a mail may have been killed before
    # noting it, and what it said have held no longer when another came to it.
    assert arrived.keys() - sent <= withdrawn | alerts
    # Those mails are worded when they are sent, of what holds then: a second one may say more.
    assert [one for one, contents in arrived.items() if len(contents) > 1 and one not in alerts] == []
    assert len(arrived) >= cities.OWNERS
    return {"mails": len(arrived), "second_copies": len(mailbox.arrived) - len(arrived)}


def _assert_no_check_was_missed(database: Database, end: datetime) -> dict[str, int]:
    """Each day has its check, and at the end all is as the facts say."""
    first, last = START.astimezone(HELSINKI).date(), end.astimezone(HELSINKI).date()
    days = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    with database.reading() as session:
        checked: set[date] = set(session.scalars(select(JobRun.for_on).where(JobRun.finished_at.is_not(None))))
    assert days <= checked
    looking.assert_stored_is_live(database, last)
    looking.assert_trail_holds(database)
    return {"checks": len(days)}
