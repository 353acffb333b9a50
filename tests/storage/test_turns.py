"""On SQLite nobody who writes one transaction after another keeps others from writing, nor do those who wait keep
anybody from reading."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.storage import turns
from app.storage.session import POOL, Database

HELD_S = 0.15
"""Longer than SQLite waits between two looks: who comes back at once is then nearly always first."""
PATIENCE_S = 30
BUSY = """
import sys, time
from sqlalchemy import text
from app.storage.session import Database
database = Database(sys.argv[1])
while True:
    with database.writing() as session:
        session.execute(text("UPDATE busy SET transactions = transactions + 1"))
        time.sleep(float(sys.argv[2]))
"""
"""One transaction after another."""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'turns.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    made = Database(url)
    with made.writing() as session:
        session.execute(text("CREATE TABLE busy (transactions INTEGER)"))
        session.execute(text("INSERT INTO busy VALUES (0)"))
    yield made
    made.dispose()


def so_far(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT transactions FROM busy")).scalar_one())


def begun(database: Database) -> None:
    while so_far(database) < 2:
        pass


def passed_by(database: Database) -> int:
    """How many transactions of the busy one came before ours, at worst of some tries."""
    worst = 0
    for _ in range(5):
        time.sleep(HELD_S / 3)
        before = so_far(database)
        with database.writing() as session:
            session.execute(text("UPDATE busy SET transactions = transactions"))
            worst = max(worst, so_far(database) - before)
    return worst


def test_a_process_that_writes_without_a_pause_lets_others_in(database: Database, url: str) -> None:
    busy = subprocess.Popen([sys.executable, "-c", BUSY, url, str(HELD_S)])
    try:
        begun(database)
        assert passed_by(database) <= 3
    finally:
        busy.kill()
        busy.wait(PATIENCE_S)


def test_a_thread_that_writes_without_a_pause_lets_others_in(database: Database) -> None:
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            with database.writing() as session:
                session.execute(text("UPDATE busy SET transactions = transactions + 1"))
                over.wait(HELD_S)

    busy = threading.Thread(target=write)
    busy.start()
    try:
        begun(database)
        assert passed_by(database) <= 3
    finally:
        over.set()
        busy.join(PATIENCE_S)


def waiting(database: Database, number: int) -> list[threading.Thread]:
    """Threads that want to write, begun."""

    def write() -> None:
        with database.writing() as session:
            session.execute(text("UPDATE busy SET transactions = transactions + 1"))

    threads = [threading.Thread(target=write) for _ in range(number)]
    for thread in threads:
        thread.start()
    return threads


def test_however_many_wait_to_write_everybody_can_read(database: Database) -> None:
    many = POOL["pool_size"] + 5
    with database.writing():
        threads = waiting(database, many)
        assert so_far(database) == 0
        assert database.engine.pool.checkedout() <= 2  # type: ignore[attr-defined] # who writes, and who stands first
    for thread in threads:
        thread.join(PATIENCE_S)
    assert so_far(database) == many


@pytest.fixture(params=["thread", "process"])
def another(request: pytest.FixtureRequest, database: Database, url: str) -> Iterator[Callable[[], None]]:
    """Writes as another thread, or as another process: over files of its own."""
    made = database if request.param == "thread" else Database(url)

    def write() -> None:
        with made.writing():
            pass

    yield write
    made.dispose()


def test_who_cannot_stand_first_in_time_is_told_that_the_database_is_locked(
    database: Database, another: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WAIT_S", 0.05)
    assert database._turns is not None
    with database._turns.first(), pytest.raises(OperationalError, match="database is locked"):
        another()
    another()


def test_where_no_file_can_be_made_one_writes_without_a_turn(database: Database, tmp_path: Path) -> None:
    (tmp_path / "turns.db-turn").unlink()
    (tmp_path / "turns.db-turn").mkdir()
    with database.writing() as session:
        session.execute(text("UPDATE busy SET transactions = 7"))
    assert so_far(database) == 7
