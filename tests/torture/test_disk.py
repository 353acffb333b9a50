"""A disk that is full, and then is not: what was acknowledged stays, what cannot be kept is refused, work goes on."""

import os
import resource
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.storage.session import Database
from tests.scenarios import looking
from tests.torture import clients, running
from tests.torture.clients import acknowledged, assert_written_once, chosen, statuses
from tests.torture.figures import tell
from tests.torture.running import Running

DISK_MB = 24
ENOUGH = 10
"""So many answers each: before, while and after the disk is full."""
PATIENCE_SECONDS = 60
READABLE = ("/healthz", "/", "/api/v1/contracts")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Disk:
    """A folder with little room, and what fills it up for a process and makes room again."""

    folder: Path
    kind: str
    fill: Callable[[Running], None]
    clear: Callable[[Running], None]


@contextmanager
def _small_disk(folder: Path) -> Iterator[Disk]:
    """A small disk of its own where mounting is allowed; elsewhere a bound on the size of the process's files."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        yield Disk(folder, "bounded files", _bound, _unbound)
        return
    filler = folder / "filler"
    try:
        yield Disk(folder, "small disk", lambda _: _fill(filler), lambda _: filler.unlink())
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue


def _bound(process: Running) -> None:
    """No file of the process may grow beyond the smallest that it has grown to."""
    grown = Path(process.settings["SIEPP_DATABASE_URL"].removeprefix("sqlite:///") + "-wal")
    _, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (min(grown.stat().st_size, 1 << 16), most))


def _unbound(process: Running) -> None:
    _, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))


@pytest.fixture(params=["small disk", "bounded files"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if request.param == "bounded files":
        (tmp_path / "disk").mkdir()
        yield Disk(tmp_path / "disk", request.param, _bound, _unbound)
        return
    with _small_disk(tmp_path / "disk") as made:
        if made.kind != request.param:
            pytest.skip("mounting is not allowed here: the bound on files is tried by itself")
        yield made


def test_on_a_full_disk_nothing_is_lost_and_with_room_again_work_goes_on_by_itself(
    disk: Disk, sqlite_city: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{disk.folder / 'siepp.db'}"
    shutil.copy(sqlite_city, disk.folder / "siepp.db")
    database, service = Database(url), running.web(running.environment(url, tmp_path / "service"), tmp_path / "log")
    service.start()
    service.wait_until_ready()
    assert service.port is not None
    writing = clients.start(2, [service.port], chosen(database), seed=1)
    _wait_until(lambda: statuses(writing)[201] >= ENOUGH, "nothing was written")
    before = statuses(writing)
    disk.fill(service)
    _wait_until(lambda: statuses(writing)[503] >= ENOUGH, "the disk was never full")
    read = {path: running.status(service.port, path) for path in READABLE}
    meanwhile = statuses(writing) - before
    disk.clear(service)
    with_room = len(acknowledged(writing)) + ENOUGH
    _wait_until(lambda: len(acknowledged(writing)) >= with_room, "nothing was written once there was room again")
    clients.end(writing)
    assert service.stop() == 0
    assert set(before) <= {200, 201}
    assert set(statuses(writing)) <= {200, 201, 409, 503}
    assert read["/healthz"] == 200
    assert set(read.values()) <= {200, 303, 401}, f"what needs no room was refused: {read}"
    figures = assert_written_once(database, writing)
    looking.assert_trail_holds(database)
    database.dispose()
    assert _integrity(disk.folder / "siepp.db") == "ok"
    assert b"Traceback" not in service.log.read_bytes()
    tell(f"disk full ({disk.kind})", refused=meanwhile[503], **figures)


def _wait_until(seen: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not seen():
        assert time.monotonic() < until, otherwise
        time.sleep(0.1)


def _integrity(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()
