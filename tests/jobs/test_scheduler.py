"""The bells of one process, when the computer's clock is set while they ring."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.config import Settings
from app.jobs import daily_check, scheduler
from app.jobs.scheduler import PAUSE_AFTER_FAILURE, Scheduler
from app.storage.session import Database
from tests.conftest import SetClock

MORNING = datetime(2019, 3, 1, 9, tzinfo=UTC)


def test_a_clock_that_is_set_back_by_days_silences_no_bell(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "RING_SECONDS", 0.5)
    rung = threading.Event()
    monkeypatch.setattr(Scheduler, "ring", lambda _self: rung.set())
    with time_machine.travel(MORNING) as computer:
        made = Scheduler(settings, database, lambda: datetime.now(UTC))
        made.start()
        try:
            for moment in (MORNING + timedelta(hours=3), MORNING, MORNING - timedelta(days=40)):
                computer.move_to(moment)
                time.sleep(1.2)  # what rang by the clock as it was
                rung.clear()
                assert rung.wait(10), f"silent after the clock was set to {moment}"
        finally:
            made.stop()


@pytest.mark.usefixtures("portfolio")
def test_a_check_that_failed_while_the_clock_was_ahead_is_made_up_for_once_it_is_right(
    settings: Settings, database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bells = Scheduler(settings, database, clock)
    judge_all = daily_check.judge_all
    monkeypatch.setattr(daily_check, "judge_all", lambda *_args, **_more: (0, 0, 1))
    today = clock.now
    clock.now = today + timedelta(days=5)
    bells.ring()
    monkeypatch.setattr(daily_check, "judge_all", judge_all)
    clock.now += PAUSE_AFTER_FAILURE - timedelta(seconds=1)
    bells.ring()
    assert not daily_check.is_done(database, clock.here)
    clock.now = today
    bells.ring()
    assert daily_check.is_done(database, clock.here)
