"""A job that is told to stop ends between two pieces of its work. Each piece is a transaction, whole in itself: what is
left is still due, and another process does it, or this one when it is started again."""

from collections.abc import Callable

Stopping = Callable[[], bool]
"""Whether the process is to end."""


def never() -> bool:
    """For whoever does the whole job: a command, a test."""
    return False
