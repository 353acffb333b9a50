"""What a process of the service carries from request to request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from starlette.requests import Request

from app.config import Settings
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
