"""What a process of the service carries from request to request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol, cast

from starlette.requests import Request

from app.config import Settings
from app.rules.codes import ImportKind
from app.services.acting import Actor
from app.storage.session import Database

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class State:
    settings: Settings
    database: Database
    clock: Clock = wall_clock

    def day_at(self, now: datetime) -> date:
        """The city's calendar day at a moment."""
        return now.astimezone(self.settings.timezone).date()


def state_of(request: Request) -> State:
    return cast(State, request.app.state.siepp)


class Readers(Protocol):
    """What reads the files that requests bring (jobs/readers.py)."""

    def hold(self, kind: ImportKind) -> bool:
        """Whether there was a place, which is now taken."""

    def give_back(self, kind: ImportKind) -> None: ...

    def read(
        self, kind: ImportKind, import_id: str, path: Path, actor: Actor, unit_id: str | None, done: Callable[[], None]
    ) -> None:
        """Reads the file of a started import; `done` is called whatever comes of it."""


def readers_of(request: Request) -> Readers:
    return cast(Readers, request.app.state.readers)
