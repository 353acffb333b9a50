"""What the doctor says: one line a finding, with what to do."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

Findings = Iterator["Finding"]


class Level(StrEnum):
    """How much a finding matters."""

    WELL = "ok"
    LOOK = "look"
    """May be meant so; someone should know."""
    WRONG = "wrong"


class Finding(NamedTuple):
    """`about` names what was looked at, `says` what it is like and, where it is not well, what to do. Neither holds a
    secret."""

    level: Level
    about: str
    says: str


def well(about: str, says: str) -> Finding:
    return Finding(Level.WELL, about, says)


def look(about: str, says: str) -> Finding:
    return Finding(Level.LOOK, about, says)


def wrong(about: str, says: str) -> Finding:
    return Finding(Level.WRONG, about, says)


def examined(about: str, examine: Callable[[], Findings]) -> Findings:
    """What an examination finds; one that fails is a finding, and keeps no other from being made. Of the error only
    its kind is told: what else it says may hold what must not be shown."""
    try:
        yield from examine()
    except Exception as error:
        yield wrong(about, f"It could not be examined ({type(error).__name__}).")
