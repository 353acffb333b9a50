"""A clock that is set ahead and back, days of 23 and 25 hours, the 29th of February: one check a day, told once."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.jobs import daily_check
from app.jobs.scheduler import Scheduler
from app.storage.models import JobRun, Message
from app.storage.session import Database
from tests.conftest import HELSINKI, SetClock, settings_for
from tests.postgres_copies import drop, fresh_copy
from tests.scenarios import cities, looking
from tests.scenarios.cities import DAY
from tests.torture import running
from tests.torture.amounts import WHOLE
from tests.torture.figures import tell

STEP = timedelta(minutes=30)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def city(sqlite_city: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(sqlite_city, tmp_path / "city.db")
    database = Database(f"sqlite:///{tmp_path / 'city.db'}")
    yield database
    database.dispose()


def bells(city: Database, clock: SetClock, folder: Path) -> Scheduler:
    """A scheduler whose bells the test rings; its mails go into files."""
    settings = settings_for(city.engine.url.render_as_string(), folder)
    return Scheduler(replace(settings, mail_dir=folder / "mail"), city, clock)


def assert_told_once(city: Database, folder: Path) -> int:
    """Every message was sent, once, unless nothing of it held; how many mails that makes."""
    looking.assert_nothing_is_half_written(city)
    with city.reading() as session:
        messages = session.execute(select(Message.message_id, Message.status, Message.attempts)).all()
    assert {status for _, status, _ in messages} <= {"sent", "withdrawn"}
    sent = [one for one, status, _ in messages if status == "sent"]
    assert len(set(sent)) == len(sent)
    return len(list((folder / "mail").glob("*.eml")))


def test_whichever_way_the_clock_is_set_each_day_is_checked_and_told_once(city: Database, tmp_path: Path) -> None:
    clock = SetClock(DAY)
    ringing = bells(city, clock, tmp_path)
    for day, hour in ((0, 9), (3, 9), (1, 9), (1, 3), (2, 9), (-1, 9), (3, 9), (40, 9), (4, 9)):
        clock.now = datetime(DAY.year, DAY.month, DAY.day, hour, tzinfo=HELSINKI).astimezone(UTC) + timedelta(days=day)
        ringing.catch_up()
        ringing.post()
        looking.assert_stored_is_live(city, clock.today)
        assert hour < 7 or daily_check.is_done(city, clock.here)
        assert_told_once(city, tmp_path)
    ringing.catch_up()
    ringing.post()
    tell("clock set ahead and back", jumps=8, mails=assert_told_once(city, tmp_path))


DAYS = [
    pytest.param(date(2020, 3, 28), id="a day of 23 hours"),
    pytest.param(date(2019, 10, 26), id="a day of 25 hours"),
    pytest.param(date(2020, 2, 28), id="the 29th of February"),
    pytest.param(date(2019, 12, 30), id="the turn of the year"),
]


@pytest.mark.parametrize("first", DAYS)
def test_each_day_has_one_check_at_its_hour(city: Database, tmp_path: Path, first: date) -> None:
    clock = SetClock(first)
    clock.now = datetime(first.year, first.month, first.day, tzinfo=HELSINKI).astimezone(UTC)
    ringing = bells(city, clock, tmp_path)
    while clock.today < first + timedelta(days=3):
        ringing.catch_up()
        ringing.post()
        clock.now += STEP
    with city.reading() as session:
        runs = session.execute(select(JobRun.for_on, JobRun.started_at).where(JobRun.for_on >= first)).all()
    began = [(day, at.astimezone(HELSINKI)) for day, at in sorted(runs)]
    assert [(day, at.strftime("%H:%M")) for day, at in began] == [
        (first + timedelta(days=number), "07:00") for number in range(3)
    ]
    assert all(day == at.date() for day, at in began)
    assert_told_once(city, tmp_path)
    looking.assert_stored_is_live(city, first + timedelta(days=2))


@pytest.mark.kill
@pytest.mark.postgres
@pytest.mark.skipif(not WHOLE, reason="three minutes of waiting: left to scripts/torture")
@pytest.mark.skipif(not running.have_faketime(), reason="libfaketime is not installed (Debian: faketime)")
def test_a_process_whose_clock_is_set_goes_on_checking_and_sending(postgres_url: str, tmp_path: Path) -> None:
    url = fresh_copy(postgres_url)
    cities.build(url)
    database, offset = Database(url), tmp_path / "offset"
    scheduler = running.scheduler(running.environment(url, tmp_path), tmp_path / "log")
    scheduler.settings |= running.settable_clock(offset)
    moments = [datetime(2019, 9, 16 + day, 6, 59, 45, tzinfo=HELSINKI) for day in (0, 2, 1, 3)]
    running.set_clock(offset, moments[0])
    scheduler.start()
    waited = []
    for moment in moments:
        running.set_clock(offset, moment)
        began = time.monotonic()
        while not daily_check.is_done(database, moment.replace(hour=23)):
            assert time.monotonic() < began + 120, f"no check after the clock was set to {moment}"
            time.sleep(0.5)
        waited.append(round(time.monotonic() - began))
    assert scheduler.stop() == 0
    database.dispose()
    drop(url)
    tell("clock of a running scheduler set ahead and back", seconds_until_checked=waited)
