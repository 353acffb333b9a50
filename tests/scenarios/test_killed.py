"""The daily check and the delivery killed at random moments, again and again: nothing lost, doubled or half done.

Each round works on a copy of one city: some processes are killed in a row, then one works undisturbed.
"""

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP

import pytest
from sqlalchemy import func, select

from app.services.queue import LEASE
from app.storage.models import JobRun, Message, StoredJudgement
from app.storage.session import Database
from tests.notifications.smtp_servers import Mailbox, mail_server
from tests.scenarios import looking, work
from tests.scenarios.cities import DAY, OWNERS
from tests.scenarios.conftest import copy_of
from tests.scenarios.processes import Worker, do
from tests.scenarios.work import Job

KILLS = int(os.environ.get("SIEPP_TEST_KILLS") or 15)
"""So many must find the work half done, where there is something to lose; others come on top. scripts/torture: 200."""
MOST_TRIES = 20 * KILLS
"""Where exactly they land is up to the machine's load."""
IN_A_ROW = 6
"""Kills before a whole run, at the most."""
MAILS = 20
"""So many are left to send where the delivery is killed: all of them at each round would take minutes."""
ANSWER_SECONDS = 0.02
"""A mail server takes a moment; a message is then on its way for about as long as it takes to word it."""
MORNING = datetime(2019, 9, 16, 4, 0, 5, tzinfo=UTC)

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(300 + 20 * KILLS)]


@dataclass
class Tally:
    """Kills that found a process at work, by what it had done by then."""

    tries: int = 0
    landed: Counter[str] = field(default_factory=Counter)

    @property
    def kills(self) -> int:
        return self.landed.total()

    def of(self, *states: str) -> int:
        """Kills that found it so; a state is named by how it begins."""
        return sum(number for state, number in self.landed.items() if state.startswith(states))


def rows(database: Database, *conditions: object) -> int:
    """How many rows of the first condition's table fulfil all of them."""
    with database.reading() as session:
        return session.scalar(select(func.count()).where(*conditions)) or 0  # type: ignore[arg-type]


# --- The daily check


@dataclass(frozen=True)
class Reference:
    """What an undisturbed check of the day comes to."""

    told: Counter[looking.Reminded]
    mails: set[tuple[object, ...]]
    history: Counter[tuple[object, ...]]
    seconds: float


@pytest.fixture(scope="module")
def reference(city_url: str) -> Reference:
    """An undisturbed check on a copy of the city; the second one, since the first process finds everything cold."""
    for _ in range(2):
        with copy_of(city_url) as url:
            seconds = do(work.check, Job(url, MORNING))[1]
            database = Database(url)
            found = Reference(looking.told(database), looking.mails(database), looking.history(database), seconds)
            database.dispose()
    assert len({kind for _, kind, _ in found.told}) == 10, "a kind of reminder is not due in this city"
    return found


def mails_of_the_day(database: Database) -> int:
    return rows(database, Message.for_on == DAY, Message.kind == "reminders")


def progress(database: Database) -> str:
    """How far the check of the day came, by what it left."""
    if rows(database, JobRun.for_on == DAY, JobRun.finished_at.is_not(None)):
        return "finished"
    written = mails_of_the_day(database)
    if written:
        return "all mails" if written == OWNERS else "some mails"
    if rows(database, StoredJudgement.judged_on == DAY):
        return "all judged" if not rows(database, StoredJudgement.recheck_on < DAY) else "some judged"
    return "begun" if rows(database, JobRun.for_on == DAY) else "nothing"


def assert_as_undisturbed(database: Database, expected: Reference) -> None:
    looking.assert_nothing_is_half_written(database)
    assert looking.told(database) == expected.told
    assert looking.mails(database) == expected.mails
    assert looking.history(database) == expected.history
    looking.assert_stored_is_live(database, DAY)
    looking.assert_nothing_is_left_to_tell(database, DAY)
    looking.assert_trail_holds(database)
    assert rows(database, JobRun.for_on == DAY, JobRun.finished_at.is_not(None))


def kill_a_check(database: Database, job: Job, expected: Reference, chance: random.Random, tally: Tally) -> None:
    """Kills one check somewhere in the work that is left to it; in the first quarter, the judging, more often."""
    written = mails_of_the_day(database)
    share = max(1 - written / OWNERS, 0.1) if written else chance.choice([0.25, 1])
    tally.tries += 1
    if Worker(work.check, job).kill_after(chance.uniform(0, expected.seconds * share)):
        tally.landed[progress(database)] += 1


def test_a_check_killed_at_random_moments_tells_in_the_end_exactly_what_an_undisturbed_one_tells(
    city_url: str, reference: Reference, chance: random.Random
) -> None:
    tally = Tally()
    while tally.of("some judged", "all judged", "some mails") < KILLS or not tally.of("some mails"):
        assert tally.tries < MOST_TRIES, f"too few kills found the check half done: {tally}"
        with copy_of(city_url) as url:
            database, job = Database(url), Job(url, MORNING)
            for _ in range(chance.randint(1, IN_A_ROW)):
                kill_a_check(database, job, reference, chance, tally)
                looking.assert_nothing_is_half_written(database)
            do(work.check, job)
            assert_as_undisturbed(database, reference)
            database.dispose()
    sys.stdout.write(f"{tally}\n")


# --- The delivery


@pytest.fixture(scope="module")
def queued_url(city_url: str) -> Iterator[str]:
    """The city after its check: mails to owners and of contracts handed over are to be sent, some have gone already."""
    with copy_of(city_url) as url:
        do(work.check, Job(url, MORNING))
        database = Database(url)
        with database.writing() as session:
            queued = session.scalars(select(Message).where(Message.status == "queued").order_by(Message.id)).all()
            for message in queued[MAILS:]:
                message.status, message.next_attempt_at = "sent", None
                message.sent_at = MORNING - timedelta(hours=1)
        database.dispose()
        yield url


@pytest.fixture(scope="module")
def delivery_seconds(queued_url: str) -> float:
    """How long an undisturbed delivery takes, when nothing is cold any more."""
    for _ in range(2):
        with copy_of(queued_url) as url, mail_server(Mailbox(seconds_before_answer=ANSWER_SECONDS)) as port:
            came, seconds = do(work.deliver, Job(url, MORNING, port))
    assert came.sent == MAILS
    return float(seconds)


def waiting(database: Database) -> int:
    return rows(database, Message.status == "queued")


def kill_a_delivery(database: Database, job: Job, seconds: float, chance: random.Random, tally: Tally) -> None:
    before = waiting(database)
    tally.tries += 1
    if Worker(work.deliver, job).kill_after(chance.uniform(0, seconds * before / MAILS)):
        left = waiting(database)
        leased = rows(database, Message.leased_until > job.now + LEASE)
        state = "some sent" if 0 < left < before else "none sent" if left else "all sent"
        tally.landed[f"{state}, one on its way" if leased else state] += 1


def assert_every_mail_arrived(database: Database, mailbox: Mailbox, kills: int) -> int:
    """Each mail came at least once, each copy with the same name and the same bytes. The number of second copies."""
    copies: dict[str, list[bytes]] = {}
    for envelope in mailbox.arrived:
        content = bytes(envelope.original_content or b"")
        message_id = message_from_bytes(content, policy=SMTP)["Message-ID"]
        copies.setdefault(str(message_id), []).append(content)
    with database.reading() as session:
        sent = session.execute(select(Message.message_id, Message.status).where(Message.sent_at >= MORNING)).all()
    assert Counter(status for _, status in sent) == {"sent": MAILS}
    assert set(copies) == {message_id for message_id, _ in sent}
    different = [message_id for message_id, found in copies.items() if len(set(found)) > 1]
    assert not different, f"copies of one message differ: {different}"
    second = sum(len(found) - 1 for found in copies.values())
    assert second <= kills, "more second copies than kills"
    return second


def test_a_delivery_killed_at_random_moments_loses_nothing_and_sends_every_copy_alike(
    queued_url: str, delivery_seconds: float, chance: random.Random
) -> None:
    tally, second_copies = Tally(), 0
    while tally.of("some sent") < KILLS or not tally.of("some sent, one on its way"):
        assert tally.tries < MOST_TRIES, f"too few kills found the delivery half done: {tally}"
        mailbox, kills_before = Mailbox(seconds_before_answer=ANSWER_SECONDS), tally.kills
        with copy_of(queued_url) as url, mail_server(mailbox) as port:
            database, job = Database(url), Job(url, MORNING, port)
            for _ in range(chance.randint(1, IN_A_ROW)):
                kill_a_delivery(database, job, delivery_seconds, chance, tally)
                looking.assert_nothing_is_half_written(database)
                job = job.later(chance.choice([timedelta(seconds=30), LEASE + timedelta(minutes=1)]))
            do(work.deliver, job.later(LEASE))
            assert waiting(database) == 0, "a message stays queued after the leases ran out"
            second_copies += assert_every_mail_arrived(database, mailbox, tally.kills - kills_before)
            looking.assert_trail_holds(database)
            database.dispose()
    sys.stdout.write(f"{tally}, {second_copies} second copies\n")
