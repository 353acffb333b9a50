"""Python's search for rings of objects that hold each other: put off while very many are made that form none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def looking_for_no_cycles() -> Iterator[None]:
    """For a short while: neither rows nor facts hold any, nor what a module defines, and to look for some in tens of
    thousands of them takes a fifth of the time. It holds for the whole process, and whoever is done first ends it for
    all: others are then slower for a moment, and nothing is lost."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
