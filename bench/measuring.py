"""How a figure is taken: interleaved rounds, medians, and a ratio against the floor of the same run."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to measure. Machines are noisy: the median of at least five interleaved rounds counts."""

    rounds: int = 5
    asked: int = 400
    """Requests of each kind in a round."""
    written: int = 60
    naive: int = 1000
    """Contracts of the naive loop: its cost for each does not depend on how many there are."""


QUICK = Effort(rounds=1, asked=16, written=4, naive=20)
"""Enough to see that everything runs; its figures mean nothing."""


class Taken(NamedTuple):
    """What one run cost: seconds on the clock and of the processor."""

    wall_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: `value` is a ratio unless `unit` names something else; at most `target`, or at least
    where `at_least`. `details` are the medians it was made of, by name."""

    what: str
    database: str
    value: float
    target: float | None = None
    unit: str = ""
    at_least: bool = False
    details: Mapping[str, float] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target


def timed(work: Callable[[], object]) -> Taken:
    """Runs it once in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - wall, time.process_time() - cpu)


def interleaved(variants: Mapping[str, Callable[[], Taken]], rounds: int) -> dict[str, list[Taken]]:
    """Every variant once a round, so that a slow minute of the machine slows all of them."""
    taken: dict[str, list[Taken]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, run in variants.items():
            taken[name].append(run())
    return taken


def wall_s(taken: list[Taken]) -> float:
    return median(one.wall_s for one in taken)


def cpu_s(taken: list[Taken]) -> float:
    return median(one.cpu_s for one in taken)


def peak_mb() -> float:
    """The most memory this process has held since it began. (`ru_maxrss` would begin with what its parent held.)"""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("Peak memory can be read on Linux only.")
