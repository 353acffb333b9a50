"""Two and four processes at the same work at once: each thing is told once, sent once, and nobody waits for ever."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from itertools import chain

import pytest
from sqlalchemy import func, select

from app.storage.models import JobRun, Message, Position, StoredJudgement
from app.storage.session import Database
from tests.notifications.smtp_servers import Mailbox, mail_server
from tests.scenarios import looking, work
from tests.scenarios.cities import DAY, HANDED_OVER, OWNERS
from tests.scenarios.conftest import copy_of
from tests.scenarios.processes import do, do_at_once
from tests.scenarios.work import Job

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MORNING = datetime(2019, 9, 16, 4, 0, 5, tzinfo=UTC)
MAILS = OWNERS + HANDED_OVER
ROUNDS = int(os.environ.get("SIEPP_TEST_ROUNDS") or 1)
"""Each begins with a new copy of the city; scripts/torture: 5."""
PEOPLE = [f"owner{number}@example.org" for number in range(5)]


@pytest.fixture(params=[2, 4])
def number(request: pytest.FixtureRequest) -> int:
    """How many processes work at once."""
    return int(request.param)


@pytest.fixture(scope="module")
def checked_url(city_url: str) -> Iterator[str]:
    """A copy of the city after an undisturbed check of the day."""
    with copy_of(city_url) as url:
        do(work.check, Job(url, MORNING))
        yield url


def contract_ids(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(StoredJudgement.contract_id).order_by(StoredJudgement.contract_id)))


def finished_runs(database: Database, day: date) -> int:
    wanted = select(func.count()).where(JobRun.for_on == day, JobRun.finished_at.is_not(None))
    with database.reading() as session:
        return session.scalar(wanted) or 0


def assert_all_is_well(database: Database, day: date) -> None:
    looking.assert_nothing_is_half_written(database)
    looking.assert_stored_is_live(database, day)
    looking.assert_trail_holds(database)


def test_checks_at_once_tell_together_what_one_tells_alone(city_url: str, checked_url: str, number: int) -> None:
    alone = Database(checked_url)
    for _ in range(ROUNDS):
        with copy_of(city_url) as url:
            database = Database(url)
            counts = do_at_once(*[(work.check, Job(url, MORNING))] * number)
            assert sum(one.mails for one in counts) == OWNERS
            assert sum(one.failed for one in counts) == 0
            assert looking.told(database) == looking.told(alone)
            assert looking.mails(database) == looking.mails(alone)
            assert looking.history(database) == looking.history(alone)
            assert finished_runs(database, DAY) == number
            assert_all_is_well(database, DAY)
            looking.assert_nothing_is_left_to_tell(database, DAY)
            database.dispose()
    alone.dispose()


def test_jobs_logged_while_checks_run_are_judged_and_nothing_is_lost_or_told_twice(
    city_url: str, chance: random.Random
) -> None:
    """Two checks and two who log forty jobs each, on the contracts the checks are about to speak of."""
    for _ in range(ROUNDS):
        with copy_of(city_url) as url:
            database, job = Database(url), Job(url, MORNING)
            chosen = [chance.sample(contract_ids(database), 40) for _ in range(2)]
            before = looking.told(database)
            writers = [(work.post_positions, job, ids) for ids in chosen]
            *counts, one, other = do_at_once((work.check, job), (work.check, job), *writers)
            assert (one, other) == (40, 40)
            assert sum(count.failed for count in counts) == 0
            assert_all_is_well(database, DAY)
            with database.reading() as session:
                logged = Counter(session.scalars(select(Position.contract_id).where(Position.logged_on == DAY)))
            assert logged == Counter(chain(*chosen))
            assert before <= looking.told(database)
            do(work.check, job.later(timedelta(days=1)))
            assert_all_is_well(database, DAY + timedelta(days=1))
            looking.assert_nothing_is_left_to_tell(database, DAY + timedelta(days=1))
            database.dispose()


def test_people_who_write_on_the_same_contracts_at_once_get_in_nobodys_way(
    city_url: str, chance: random.Random
) -> None:
    """Three who do anything at all to a dozen contracts, handovers and clauses included, beside a check and a delivery:
    no deadlock, no lost write, and after the next day's check everything is as the facts say."""
    for _ in range(ROUNDS):
        mailbox = Mailbox()
        with copy_of(city_url) as url, mail_server(mailbox) as port:
            database, job = Database(url), Job(url, MORNING, port)
            chosen = chance.sample(contract_ids(database), 12)
            people = [(work.write_by_chance, job, chosen, PEOPLE, chance.randrange(10**9)) for _ in range(3)]
            *done, counts, delivered = do_at_once(*people, (work.check, job), (work.deliver, job))
            assert sum(map(Counter.total, done)) > 60, f"hardly anything was written: {done}"
            assert counts.failed == delivered.put_off == delivered.refused == 0
            assert_all_is_well(database, DAY)
            tomorrow = job.later(timedelta(days=1))
            do(work.deliver, tomorrow)  # what is withdrawn now is told by the check after it
            do(work.check, tomorrow)
            assert_all_is_well(database, DAY + timedelta(days=1))
            looking.assert_nothing_is_left_to_tell(database, DAY + timedelta(days=1))
            do(work.deliver, tomorrow.later(timedelta(minutes=1)))
            with database.reading() as session:
                assert set(session.scalars(select(Message.status))) <= {"sent", "withdrawn"}
            database.dispose()


def test_deliveries_at_once_send_every_message_exactly_once(checked_url: str, number: int) -> None:
    """How the work falls to them is left to chance: on a busy machine one may come when nothing is left."""
    mailbox = Mailbox(seconds_before_answer=0.01)
    with copy_of(checked_url) as url, mail_server(mailbox) as port:
        counts = do_at_once(*[(work.deliver, Job(url, MORNING, port))] * number)
        database = Database(url)
        assert_every_message_was_sent_once(database, mailbox)
        database.dispose()
    assert [count.put_off + count.refused + count.withdrawn for count in counts] == [0] * number
    assert sum(count.sent for count in counts) == MAILS


def assert_every_message_was_sent_once(database: Database, mailbox: Mailbox) -> None:
    arrived = [str(message_from_bytes(bytes(one.original_content or b""))["Message-ID"]) for one in mailbox.arrived]
    with database.reading() as session:
        rows = session.execute(select(Message).where(Message.created_at >= MORNING - timedelta(days=2))).scalars().all()
    assert {row.status for row in rows} == {"sent"}
    assert {row.attempts for row in rows} == {1}
    assert Counter(arrived) == Counter(str(row.message_id) for row in rows)


def test_a_delivery_beside_a_check_sends_what_the_check_queues_and_both_come_to_an_end(city_url: str) -> None:
    mailbox = Mailbox()
    with copy_of(city_url) as url, mail_server(mailbox) as port:
        job = Job(url, MORNING, port)
        do_at_once((work.check, job), (work.deliver, job), (work.check, job), (work.deliver, job))
        do(work.deliver, job.later(timedelta(minutes=1)))
        database = Database(url)
        assert_every_message_was_sent_once(database, mailbox)
        assert_all_is_well(database, DAY)
        looking.assert_nothing_is_left_to_tell(database, DAY)
        database.dispose()
    assert len(mailbox.arrived) == MAILS


def test_schedulers_at_once_do_the_work_of_one(city_url: str, checked_url: str, number: int) -> None:
    mailbox, alone = Mailbox(), Database(checked_url)
    with copy_of(city_url) as url, mail_server(mailbox) as port:
        job = Job(url, MORNING, port)
        do_at_once(*[(work.ring, job)] * number)
        do(work.deliver, job.later(timedelta(minutes=1)))  # whoever rang found the last messages on their way
        database = Database(url)
        assert looking.told(database) == looking.told(alone)
        assert looking.mails(database) == looking.mails(alone)
        assert looking.history(database) == looking.history(alone)
        assert finished_runs(database, DAY) >= 1
        assert_every_message_was_sent_once(database, mailbox)
        assert_all_is_well(database, DAY)
        database.dispose()
    alone.dispose()
