"""Processes of the service as a city runs them, with a clock of the test's choosing, and killed when it likes."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import MappingProxyType

SIEPP = Path(sys.executable).with_name("siepp")
SECRET_KEY = "a secret that only the tests know, long enough"
READY_SECONDS = 180
"""Far more than a process takes to start or to end, on a machine that has as much else to do as can be."""
FAKETIME = next((str(path) for path in sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
"""The library that tells a process another time (Debian: faketime); None where it is not installed."""


@dataclass(frozen=True)
class HastyClock:
    """A time that begins at `start` and goes `speed` times as fast as ours, in whichever process it is asked for."""

    start: datetime
    speed: int = 1
    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * self.speed)

    def environment(self) -> dict[str, str]:
        """What makes a process that starts now keep this time. Its waiting is not hurried: that goes by another clock,
        which no setting of the time changes either."""
        assert FAKETIME is not None
        return {
            "LD_PRELOAD": FAKETIME,
            "FAKETIME": f"@{self().astimezone(UTC):%Y-%m-%d %H:%M:%S} x{self.speed}",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "TZ": "UTC",
        }


def settable_clock(offset: Path) -> dict[str, str]:
    """What makes a process take its time from a file that `set_clock` writes."""
    assert FAKETIME is not None
    return {
        "LD_PRELOAD": FAKETIME,
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }


def set_clock(offset: Path, moment: datetime) -> None:
    """From now on the processes' clock goes on from this moment."""
    written = offset.with_suffix(".new")
    written.write_text(f"{round((moment - datetime.now(UTC)).total_seconds()):+d}\n")
    written.replace(offset)


def environment(url: str, folder: Path, smtp_port: int | None = None) -> dict[str, str]:
    """The settings of a process."""
    folder.mkdir(exist_ok=True)
    mail = {"SIEPP_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}"} if smtp_port else {}
    return {
        "PATH": os.environ["PATH"],
        "SIEPP_DATABASE_URL": url,
        "SIEPP_SECRET_KEY": SECRET_KEY,
        "SIEPP_MAIL_DIR": str(folder / "mail"),
        "SIEPP_MAIL_FROM": "SIEPP <siepp@example.org>",
        "SIEPP_LOG_FORMAT": "json",
        "PYTHONFAULTHANDLER": "1",
        **mail,
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Running:
    """One process of the service; what it logs goes on one file, however often it is started anew."""

    def __init__(self, arguments: list[str], settings: Mapping[str, str], log: Path, port: int | None = None) -> None:
        self.arguments, self.settings, self.log, self.port = arguments, dict(settings), log, port
        self._process: subprocess.Popen[bytes] | None = None
        self._logged_before = 0
        self._at_work_since: float | None = None

    def start(self, clock: HastyClock | None = None) -> None:
        STARTED.add(self)
        self._at_work_since = None
        self._logged_before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [SIEPP, *self.arguments],
                env=self.settings | (clock.environment() if clock else {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def has_worked_for(self, seconds: float) -> bool:
        """Whether it came to its work so long ago, as far as was asked: a web process answers, a scheduler says so."""
        if self._at_work_since is None and self._is_at_work():
            self._at_work_since = time.monotonic()
        return self._at_work_since is not None and time.monotonic() >= self._at_work_since + seconds

    def _is_at_work(self) -> bool:
        if self.port is not None:
            return status(self.port, "/healthz") == 200
        with self.log.open("rb") as log:
            log.seek(self._logged_before)
            return b'"scheduling"' in log.read()

    def kill(self) -> None:
        """As a machine does that loses its power: nothing is finished, nothing said."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """As an administrator does; its exit code. Raises AssertionError with what its threads do where it goes on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(READY_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGABRT)  # faulthandler writes where each thread is
            self._process.wait(READY_SECONDS)
            raise AssertionError(f"it does not end:\n{self.log.read_text(encoding='utf-8')[-8000:]}") from None

    def wait_until_ready(self) -> None:
        """Raises AssertionError where it ends, or takes far too long."""
        assert self.port is not None
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            assert self._process is not None
            assert self._process.poll() is None, self.log.read_text(encoding="utf-8")[-2000:]
            if status(self.port, "/readiness") == 200:
                return
            time.sleep(0.05)
        raise AssertionError("the service did not become ready")


STARTED: set[Running] = set()


def web(url_settings: Mapping[str, str], log: Path) -> Running:
    """A process that answers, and schedules nothing."""
    port = free_port()
    return Running(["serve", "--no-scheduler", "--port", str(port)], url_settings, log, port)


def scheduler(url_settings: Mapping[str, str], log: Path) -> Running:
    return Running(["scheduler"], url_settings, log)


def status(port: int, path: str, headers: Mapping[str, str] = MappingProxyType({})) -> int | None:
    """The status of the answer, or None where there is none."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=dict(headers))
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def have_faketime() -> bool:
    return FAKETIME is not None and shutil.which("siepp", path=str(SIEPP.parent)) is not None
