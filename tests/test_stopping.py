"""Told to stop, the service ends what it has begun, and begins nothing more."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.config import Settings
from app.jobs import daily_check, delivery
from app.storage.session import Database
from notifications.senders import RecordingSender
from tests.conftest import SetClock
from tests.portfolio import Portfolio

SIEPP = Path(sys.executable).with_name("siepp")
SECRET = "Zq8-vT3mWx0_rLk5NcYh2Jd7Bf9Ga4Ps"


@contextmanager
def serving(sqlite_url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {"SIEPP_DATABASE_URL": sqlite_url, "SIEPP_SECRET_KEY": SECRET, "SIEPP_LOG_FORMAT": "json"}
    arguments = [SIEPP, "serve", "--port", str(port)]
    process = subprocess.Popen(arguments, env=environment, cwd=folder, stderr=subprocess.PIPE, text=True)
    try:
        yield process, port
    finally:
        process.kill()
        process.communicate()


def connected(port: int) -> socket.socket:
    until = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except OSError:
            assert time.monotonic() < until, "the service did not begin to listen"
            time.sleep(0.2)


@pytest.mark.slow
def test_a_request_that_has_begun_is_answered_and_no_other_is_let_in(sqlite_url: str, tmp_path: Path) -> None:
    with serving(sqlite_url, tmp_path) as (process, port):
        connection = connected(port)
        head = (
            b"POST /api/v1/contracts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"
        )
        connection.sendall(head + b"{")
        time.sleep(1)  # until the request is being read
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), timeout=5)
        connection.sendall(b"}")
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
