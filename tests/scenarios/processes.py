"""Processes that work on a database: started, waited for, killed."""

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier
from time import sleep
from typing import Any

from tests.scenarios import work
from tests.scenarios.work import Job

PATIENCE_SECONDS = 90
"""Nothing here takes so long, not even on a busy machine: who waits longer has found a deadlock."""
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["__main__", "tests.scenarios.work"])


class Worker:
    """One process at one piece of work."""

    def __init__(self, do: Callable[..., Any], job: Job, *arguments: Any, barrier: Barrier | None = None) -> None:
        self._pipe, theirs = CONTEXT.Pipe(duplex=False)
        self._process = CONTEXT.Process(target=work.run, args=(theirs, do, job, barrier, arguments), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def wait_until_it_works(self) -> None:
        assert self._pipe.poll(PATIENCE_SECONDS), "the process did not come to its work"
        assert self._pipe.recv() == "begun"

    def kill_after(self, seconds: float) -> bool:
        """Kills it so long after it came to its work; whether that found it working."""
        self.wait_until_it_works()
        sleep(seconds)
        self._process.kill()
        return self.end() == -signal.SIGKILL

    def end(self) -> int:
        """Waits for the end, whatever brings it about; the exit code, negative for a signal."""
        self._process.join(PATIENCE_SECONDS)
        code = self._process.exitcode
        if code is None:
            self._process.kill()
            raise AssertionError("the process did not end: a deadlock?")
        self._pipe.close()
        self._process.close()
        return code

    def result(self) -> tuple[Any, float]:
        """What came of the work, done to its end, and the seconds it took."""
        self.wait_until_it_works()
        assert self._pipe.poll(PATIENCE_SECONDS), "the process did not finish its work: a deadlock?"
        trouble, came, seconds = self._pipe.recv()
        code = self.end()
        assert (trouble, code) == (None, 0), trouble
        return came, seconds


def do(what: Callable[..., Any], job: Job, *arguments: Any) -> tuple[Any, float]:
    """One process works undisturbed; what came of it, and the seconds."""
    return Worker(what, job, *arguments).result()


def do_at_once(*works: tuple[Any, ...]) -> list[Any]:
    """Several processes begin at the same moment; what came of each. Each of `works`: (function, job, arguments…)."""
    barrier = CONTEXT.Barrier(len(works))
    workers = [Worker(what, job, *arguments, barrier=barrier) for what, job, *arguments in works]
    return [worker.result()[0] for worker in workers]


__all__: Sequence[str] = ["CONTEXT", "Worker", "do", "do_at_once"]
