"""Reads the files that requests bring: ledgers in threads of their own, a few at once; other kinds while they wait."""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog

from app import logs
from app.http.state import State
from app.jobs import imports
from app.rules.codes import ImportKind
from app.rules.errors import DomainError
from app.services.acting import BY_ITSELF, Act, Actor

log = structlog.get_logger(__name__)
AT_ONCE = {ImportKind.PURCHASES: 2}
"""A ledger takes a processor and a connection to the database for minutes: the pages need the others."""
OTHERS_AT_ONCE = 4
"""They are read in the threads of requests, of which there are forty, and may unpack a workbook each."""


class Readers:
    """The readers of one process. Whoever brings a file holds a place before its first byte is read; there is no queue,
    since a file that waits for its reader would look like one whose reader has died."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._places = {kind: threading.BoundedSemaphore(AT_ONCE.get(kind, OTHERS_AT_ONCE)) for kind in ImportKind}
        self._threads: list[threading.Thread] = []

    def hold(self, kind: ImportKind) -> bool:
        """Whether there was a place, which is now taken."""
        return self._places[kind].acquire(blocking=False)

    def give_back(self, kind: ImportKind) -> None:
        self._places[kind].release()

    def read(
        self,
        kind: ImportKind,
        import_id: str,
        path: Path,
        actor: Actor,
        unit_id: str | None,
        done: Callable[[], None],
    ) -> None:
        """Reads the file of a started import, with the rights that its actor has now; `done` is called whatever comes
        of it. What is wrong with the file is kept with the import."""

        def work() -> None:
            try:
                with suppress(DomainError):  # kept with the import
                    imports.read(self._state.database, import_id, path, lambda: self._act(actor), unit_id=unit_id)
            finally:
                done()

        if kind is not ImportKind.PURCHASES:
            work()
            return
        thread = threading.Thread(target=_logged(work), name=f"import-{import_id}", daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def wait(self) -> None:
        """Until nothing is being read; for tests."""
        for thread in list(self._threads):
            thread.join()

    def _act(self, actor: Actor) -> Act:
        now = self._state.clock()
        return Act(actor, now, self._state.day_at(now), BY_ITSELF)


def _logged(work: Callable[[], None]) -> Callable[[], None]:
    """For a thread, where nobody catches what jobs.imports.read raises."""

    def run() -> None:
        with logs.run_of("import"):
            try:
                work()
            except Exception:
                log.exception("import_not_read")

    return run
