"""Told to stop, the service ends what it has begun, and begins nothing more."""

import fcntl
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from app.config import Settings
from app.jobs import daily_check, delivery, retention, watch
from app.rules.watch import Trouble
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.storage.session import Database
from notifications.senders import RecordingSender
from tests.conftest import SetClock
from tests.portfolio import Portfolio, settle
from tests.witnesses import checked_daily

SIEPP = Path(sys.executable).with_name("siepp")
SECRET = "Zq8-vT3mWx0_rLk5NcYh2Jd7Bf9Ga4Ps"


@contextmanager
def running(
    arguments: list[str], sqlite_url: str, folder: Path, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[subprocess.Popen[str]]:
    environment = {"SIEPP_DATABASE_URL": sqlite_url, "SIEPP_SECRET_KEY": SECRET, "SIEPP_LOG_FORMAT": "json", **more}
    process = subprocess.Popen([SIEPP, *arguments], env=environment, cwd=folder, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def serving(
    sqlite_url: str, folder: Path, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with running(["serve", "--port", str(port)], sqlite_url, folder, more) as process:
        yield process, port


def wait_for(process: subprocess.Popen[str], message: str) -> None:
    """Until its log says so."""
    assert process.stderr is not None
    while f'"{message}"' not in (line := process.stderr.readline()):
        assert line, "it ended by itself"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_scheduler_ends_also_where_it_is_told_so_the_moment_it_begins(
    sqlite_url: str, tmp_path: Path, number: signal.Signals
) -> None:
    with running(["scheduler"], sqlite_url, tmp_path) as process:
        wait_for(process, "scheduling")
        process.send_signal(number)
        _out, rest = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in rest) == (0, False)
    assert number.name in rest


@pytest.mark.slow
def test_a_second_ctrl_c_does_not_wait_for_what_a_scheduler_is_at(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    settle(database, SetClock(date(2019, 3, 1))).contract()  # due to be judged, since that was years ago
    with database.writing(), running(["scheduler"], sqlite_url, tmp_path) as process:  # it waits for us to end
        wait_for(process, "scheduling")
        wait_until_somebody_waits_to_write(tmp_path)
        process.send_signal(signal.SIGINT)
        wait_for(process, "stopping")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == -signal.SIGINT
    database.dispose()


def wait_until_somebody_waits_to_write(folder: Path) -> None:
    """Until a process stands first in the queue of those who want to write `siepp.db`."""
    until = time.monotonic() + 60
    while True:
        with (folder / "siepp.db-turn").open() as place:
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
        assert time.monotonic() < until, "nobody wants to write"
        time.sleep(0.02)


def connected(port: int) -> socket.socket:
    until = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except OSError:
            assert time.monotonic() < until, "the service did not begin to listen"
            time.sleep(0.2)


def wait_until_refused(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=20).close()
        except ConnectionRefusedError:
            return
        assert time.monotonic() < until, "the service goes on listening"
        time.sleep(0.1)


@pytest.mark.slow
def test_a_request_that_has_begun_is_answered_and_no_other_is_let_in(sqlite_url: str, tmp_path: Path) -> None:
    with serving(sqlite_url, tmp_path) as (process, port):
        connection = connected(port)
        head = (
            b"POST /api/v1/contracts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            b"Expect: 100-continue\r\n\r\n"
        )
        connection.sendall(head)
        connection.settimeout(60)
        assert connection.recv(100).startswith(b"HTTP/1.1 100")  # the request is being read
        process.send_signal(signal.SIGTERM)
        wait_until_refused(port)
        connection.sendall(b"{}")
        answer = connection.recv(100)
        connection.close()
        _out, said = process.communicate(timeout=60)
    assert answer.startswith(b"HTTP/1.1 401")
    assert (process.returncode, "Traceback" in said) == (0, False)


def test_the_delivery_ends_after_the_mail_at_hand_and_holds_no_other(
    database: Database, portfolio: Portfolio, settings: Settings, clock: SetClock
) -> None:
    for number in range(3):
        portfolio.contract(owner=f"owner{number}@example.org")
    daily_check.run_check(database, clock.today, clock)
    clock.now = clock.now.replace(day=2)
    daily_check.run_check(database, clock.today, clock)
    sender = RecordingSender()
    delivery.deliver_all(database, settings, sender, clock, lambda: len(sender.sent) == 1)
    assert len(sender.sent) == 1
    delivery.deliver_all(database, settings, sender, clock)  # another process, at the same moment
    assert len({one.recipients for one in sender.sent}) == len(sender.sent) == 3


def test_a_check_that_has_to_stop_is_not_done_and_the_next_goes_on_where_it_was(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    for number in range(3):
        portfolio.contract(owner=f"owner{number}@example.org")
    daily_check.run_check(database, clock.today, clock)
    clock.now = clock.now.replace(day=2)
    first = daily_check.run_check(database, clock.today, clock, stopping=after(3))  # judging, notices, first owner
    assert (first.mails, daily_check.is_done(database, clock.now)) == (1, False)
    second = daily_check.run_check(database, clock.today, clock)
    assert (second.mails, daily_check.is_done(database, clock.now)) == (2, True)


def test_a_check_told_to_stop_before_it_begins_judges_nothing(
    database: Database, portfolio: Portfolio, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    portfolio.contract()
    clock.now = clock.now.replace(day=2)
    with monkeypatch.context() as patched:
        patched.setattr(retention, "notices_due", lambda *_: pytest.fail("it goes on with the notices"))
        assert daily_check.run_check(database, clock.today, clock, stopping=lambda: True).judged == 0
    assert daily_check.run_check(database, clock.today, clock).judged == 1


@pytest.mark.usefixtures("portfolio")
def test_alerts_that_are_queued_when_it_has_to_stop_go_out_the_next_time(
    database: Database, settings: Settings, clock: SetClock
) -> None:
    readers, sender = replace(settings, alert_to=("it@example.org", "on-call@example.org")), RecordingSender()
    assert watch.look(database, readers, sender, clock, after(1)) == [Trouble.CHECK_MISSING]
    assert len(sender.sent) == 1
    watch.look(database, readers, sender, clock)
    assert len(sender.sent) == 2


def test_what_is_outdated_is_left_for_the_next_time_where_it_has_to_stop(
    database: Database, portfolio: Portfolio, settings: Settings, clock: SetClock
) -> None:
    portfolio.contract()
    clock.now = clock.now.replace(day=2)
    daily_check.run_check(database, clock.today, clock)
    delivery.deliver_all(database, settings, RecordingSender(), clock)
    act = Act(SYSTEM, clock() + timedelta(days=3 * 366), clock.today, BY_ITSELF)
    checked_daily(database, act.now.date())
    assert sum(retention.erase_outdated(database, act, lambda: True).values()) == 0
    assert retention.erase_outdated(database, act)["message"] == 1


def after(questions: int) -> Callable[[], bool]:
    """Told to stop, as it is seen by whoever has asked so many times before."""
    asked = iter([False] * questions)
    return lambda: next(asked, True)
