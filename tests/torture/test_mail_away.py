"""A week without a mail server: nobody is told twice, nobody is forgotten, and what no longer holds is not sent."""

import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import select

from app.jobs.scheduler import Scheduler
from app.storage.models import Message
from app.storage.session import Database
from tests.conftest import SetClock
from tests.notifications.smtp_servers import Mailbox, mail_server
from tests.scenarios import cities, looking
from tests.scenarios.cities import DAY
from tests.scenarios.work import Job
from tests.torture.amounts import WHOLE
from tests.torture.figures import tell

AWAY = timedelta(days=7)
STEP = timedelta(minutes=30) if WHOLE else timedelta(hours=8)
"""Between two rings of the bell: each tries ten messages, which takes its time."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def city(sqlite_city: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(sqlite_city, tmp_path / "city.db")
    database = Database(f"sqlite:///{tmp_path / 'city.db'}")
    yield database
    database.dispose()


def ring_until(city: Database, clock: SetClock, port: int, pause: timedelta) -> None:
    """The bells of so long, with the mail server at that port."""
    ringing = Scheduler(Job(city.engine.url.render_as_string(), clock.now, port).settings(), city, clock)
    until = clock.now + pause
    while clock.now < until:
        ringing.catch_up()
        ringing.post()
        clock.now += STEP


def test_after_a_week_without_a_mail_server_everybody_hears_once_of_what_still_holds(city: Database) -> None:
    clock, mailbox = SetClock(DAY), Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    ring_until(city, clock, port, AWAY)
    waiting = queued(city)
    assert len(waiting) >= cities.OWNERS
    assert min(waiting.values()) > 2, "hardly tried"
    with mail_server(mailbox) as port:
        ring_until(city, clock, port, timedelta(hours=24))
    assert queued(city) == {}
    looking.assert_nothing_is_half_written(city)
    looking.assert_nothing_is_left_to_tell(city, clock.today)
    arrived = Counter(
        str(message_from_bytes(bytes(one.original_content or b""))["Message-ID"]) for one in mailbox.arrived
    )
    assert set(arrived.values()) == {1}
    with city.reading() as session:
        sent = session.scalars(
            select(Message.message_id).where(Message.status == "sent", Message.sent_at > clock.now - AWAY)
        )
        assert set(sent) == set(arrived)
    tell("mail server away for a week", waiting=len(waiting), most_attempts=max(waiting.values()), mails=len(arrived))


def queued(city: Database) -> dict[str, int]:
    """Attempts of each message that waits."""
    with city.reading() as session:
        rows = session.execute(select(Message.id, Message.attempts).where(Message.status == "queued"))
        return {row.id: row.attempts for row in rows}
