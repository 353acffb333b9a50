"""Who writes next on SQLite, which knows one writer at a time and lets those who wait look in now and then.

Whoever writes one transaction after another, as the daily check and an import do, would mostly be back before the
others looked, and they would wait until they gave up. Here at most one of all threads and processes waits at SQLite
itself: it stands first and the others, whoever wrote just now included, behind it.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic, sleep

from sqlalchemy.exc import OperationalError

WAIT_S = 30.0
"""How long somebody waits to stand first."""
LOOK_AGAIN_S = 0.005
"""Between two looks at whether another process stands there; of each process one thread looks."""


class Turns:
    """The queue of one file of SQLite."""

    def __init__(self, database: str) -> None:
        self._file = f"{database}-turn"
        self._in_process = Lock()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Stands first while the block waits for SQLite to let it write; a transaction itself holds nobody's place.
        Raises OperationalError where that takes too long."""
        until = monotonic() + WAIT_S
        if not self._in_process.acquire(timeout=WAIT_S):
            raise _too_long()
        try:
            with self._first_of_processes(until):
                yield
        finally:
            self._in_process.release()

    @contextmanager
    def _first_of_processes(self, until: float) -> Iterator[None]:
        try:
            place = os.open(self._file, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:  # the disk is full: it is a matter of order only, SQLite itself says what is wrong
            yield
            return
        try:
            while not _taken(place):
                if monotonic() > until:
                    raise _too_long()
                sleep(LOOK_AGAIN_S)
            yield
        finally:
            os.close(place)


def _taken(place: int) -> bool:
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _too_long() -> OperationalError:
    return OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
