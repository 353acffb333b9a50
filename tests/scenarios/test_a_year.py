"""Two years of a small city, day by day: people write by chance, checks are missed for days, mails go out."""

import os
import random
import re
import sys
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.config import Settings
from app.jobs import daily_check, delivery
from app.rules.codes import LANGUAGES
from app.rules.reminders import ReminderKind
from app.storage.models import Contract, Message, Owner, Told
from app.storage.session import Database
from notifications.senders import RecordingSender, TemporarySendError
from tests.conftest import SetClock
from tests.portfolio import Portfolio, settle
from tests.scenarios import looking
from tests.scenarios.cities import THRESHOLD
from tests.scenarios.people import THINGS, People
from tests.scenarios.work import HELSINKI, Job

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

BEGUN = date(2018, 3, 1)
DAYS = 730
LONGEST_GAP = 20
SEEDS = range(1, 1 + int(os.environ.get("SIEPP_TEST_CITIES") or 1))
"""One city for each; scripts/torture: 4."""
OWNERS = [f"owner{number}@example.org" for number in range(8)]


def register_some(city: Portfolio, chance: random.Random) -> None:
    """A contract or two of any kind, now and then one that began long ago."""
    today = city.act().today
    starts_on = today + timedelta(days=chance.choice([-600, -400, -30, 0, 0, 30]))
    terms = {
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=chance.randint(420, 1000)),
        "owner": chance.choice(OWNERS),
        "supplier_language": chance.choice(LANGUAGES),
    }
    kind = chance.choice([{"positions": chance.randint(1, 3)}, {"start_within_months": 6}, THRESHOLD])
    city.contract(**terms, **kind)


def deliver(database: Database, settings: Settings, clock: SetClock, sender: RecordingSender, fails: bool) -> None:
    """All that waits goes out today; some at the second attempt."""
    sender.failures = [TemporarySendError("451 later"), None, TemporarySendError("450 later")] if fails else []
    delivery.deliver_all(database, settings, sender, clock)
    while waits_until := earliest_attempt(database):
        clock.now = max(clock.now, waits_until)
        delivery.deliver_all(database, settings, sender, clock)


def earliest_attempt(database: Database) -> datetime | None:
    with database.reading() as session:
        wanted = select(Message.next_attempt_at).where(Message.status == "queued").order_by(Message.next_attempt_at)
        return session.scalar(wanted.limit(1))


def contracts_in_queue(database: Database) -> list[str]:
    """Contracts that a mail not yet sent speaks of: what is written on them makes reasons disappear."""
    wanted = select(Told.contract_id).join(Message, Message.id == Told.message_id).where(Message.status == "queued")
    with database.reading() as session:
        return list(session.scalars(wanted.order_by(Told.id)))


def assert_true_today(database: Database, day: date) -> None:
    looking.assert_nothing_is_half_written(database)
    looking.assert_stored_is_live(database, day)
    looking.assert_nothing_is_left_to_tell(database, day)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_years_of_writes_missed_checks_and_mails_keep_every_promise(sqlite_url: str, seed: int) -> None:
    chance = random.Random(seed)
    database, clock = Database(sqlite_url), SetClock(BEGUN)
    settings = Job(sqlite_url, clock.now).settings()
    city, sender = settle(database, clock), RecordingSender()
    people = People(database, chance, OWNERS)
    next_check, checks = BEGUN, 0
    for number in range(DAYS):
        today = BEGUN + timedelta(days=number)
        clock.set(today)
        if number % 15 == 0:
            register_some(city, chance)
        with database.reading() as session:
            contract_ids = list(session.scalars(select(Contract.id).order_by(Contract.id)))
        if today >= next_check:
            daily_check.run_check(database, today, clock)
            checks += 1
            assert_true_today(database, today)
            next_check = today + timedelta(days=chance.choice([1, 1, 1, 2, 7, chance.randint(1, LONGEST_GAP)]))
        told_of = contracts_in_queue(database)
        for _ in range(chance.choice([0, 0, 1, 1, 2, 3])):
            people.write(chance.choice(told_of if told_of and chance.random() < 0.5 else contract_ids), city.act())
        deliver(database, settings, clock, sender, fails=chance.random() < 0.2)
    looking.assert_trail_holds(database)
    assert checks > 100
    assert_mails_are_whole(database, sender)
    assert len(people.done) == len(set(THINGS)), f"something was never done: {people.done}, {people.refused}"
    sys.stdout.write(f"{checks} checks, {len(sender.sent)} mails, written: {people.done}, refused: {people.refused}\n")
    database.dispose()


def assert_mails_are_whole(database: Database, sender: RecordingSender) -> None:
    """Each mail was sent once and can be read; no owner had two a day; no reminder was sent twice."""
    with database.reading() as session:
        messages = session.scalars(select(Message)).all()
        reminded = session.execute(select(Told.contract_id, Told.kind, Told.key).where(Told.withdrawn_at.is_(None)))
        kinds = Counter(tuple(row) for row in reminded)
        owners = set(session.scalars(select(Owner.id)))
    sent = [message for message in messages if message.status == "sent"]
    assert {message.status for message in messages} <= {"sent", "withdrawn"}
    assert Counter(one.message["Message-ID"] for one in sender.sent) == Counter(one.message_id for one in sent)
    a_day = Counter(
        (one.owner_id, one.sent_at.astimezone(HELSINKI).date())
        for one in sent
        if one.sent_at and one.kind == "reminders"
    )
    assert max(a_day.values()) == 1, "an owner had two mails of reminders on one day"
    assert {owner_id for owner_id, _ in a_day} == owners
    assert max(kinds.values()) == 1
    # Nothing is old enough in two years to be erased.
    assert {kind for _, kind, _ in kinds} == set(ReminderKind) - {ReminderKind.ERASURE_AHEAD}
    for one in sender.sent:
        parts = [one.message.get_body((kind,)) for kind in ("plain", "html")]
        texts = [part.get_content() for part in parts if part is not None]
        assert len(texts) == 2
        assert one.message["Subject"]
        assert min(map(len, texts)) > 200
        said = [re.sub(r"https?://\S+", "", text) for text in texts]  # secrets in addresses may hold any four letters
        assert not any("{{" in text or "None" in text for text in said), texts
