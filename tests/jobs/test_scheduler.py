"""The bells of one process: none waits for another, and none is silent when the computer's clock is set."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.config import Settings
from app.jobs import daily_check, delivery, retention, scheduler
from app.jobs.scheduler import PAUSE_AFTER_FAILURE, Scheduler
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio

MORNING = datetime(2019, 3, 1, 9, tzinfo=UTC)


def test_a_clock_that_is_set_back_by_days_silences_no_bell(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "RING_SECONDS", 0.5)
    rung = threading.Event()
    monkeypatch.setattr(Scheduler, "catch_up", lambda _self: rung.set())
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
    bells.catch_up()
    monkeypatch.setattr(daily_check, "judge_all", judge_all)
    clock.now += PAUSE_AFTER_FAILURE - timedelta(seconds=1)
    bells.catch_up()
    assert not daily_check.is_done(database, clock.here)
    clock.now = today
    bells.catch_up()
    assert daily_check.is_done(database, clock.here)


PATIENCE_S = 10


def comes_true(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def ringing(settings: Settings, database: Database, clock: SetClock) -> Iterator[None]:
    bells = Scheduler(settings, database, clock)
    bells.start()
    try:
        yield
    finally:
        bells.stop()


def test_a_mail_does_not_wait_for_the_end_of_the_check_that_wrote_it(
    settings: Settings, database: Database, portfolio: Portfolio, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    monkeypatch.setattr(scheduler, "RING_SECONDS", 0.2)
    is_held, goes_on = threading.Event(), threading.Event()
    monkeypatch.setattr(retention, "tell", lambda *_: is_held.set() or goes_on.wait(2 * PATIENCE_S))
    with ringing(settings, database, clock):
        try:
            assert is_held.wait(PATIENCE_S)
            assert comes_true(lambda: len(list(settings.mail_dir.glob("*.eml"))) == 1), "no mail while it goes on"
        finally:
            goes_on.set()


@pytest.mark.usefixtures("portfolio")
def test_the_check_does_not_wait_for_a_slow_mail_server(
    settings: Settings, database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "RING_SECONDS", 0.2)
    is_held, goes_on = threading.Event(), threading.Event()
    monkeypatch.setattr(delivery, "deliver_all", lambda *_: is_held.set() or goes_on.wait(2 * PATIENCE_S))
    with ringing(settings, database, clock):
        try:
            assert is_held.wait(PATIENCE_S)
            clock.set(date(2019, 3, 2))
            assert comes_true(lambda: daily_check.is_done(database, clock.here)), "no check while a mail was delivered"
        finally:
            goes_on.set()
