"""The status and the counts on a day, and the next day on which any of them changes."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.rules.dates import ONE_DAY
from app.rules.outlook import Outlook
from app.rules.positions import Chain


class Status(StrEnum):
    """In the order in which they are checked."""

    CLOSED = "closed"
    NOT_STARTED = "not_started"
    NO_OBLIGATION = "no_obligation"
    FULFILLED = "fulfilled"
    ON_TRACK = "on_track"
    BREACHED = "breached"
    CANNOT_BE_MET = "cannot_be_met"
    OVERDUE = "overdue"
    AT_RISK = "at_risk"
    OPEN = "open"


WORST_FIRST = (
    *(Status.BREACHED, Status.CANNOT_BE_MET, Status.OVERDUE, Status.AT_RISK, Status.OPEN),
    *(Status.ON_TRACK, Status.FULFILLED, Status.NO_OBLIGATION, Status.NOT_STARTED, Status.CLOSED),
)
"""The order in which people look at them; `Status` has the order in which they are checked."""


class ChainState(StrEnum):
    COMPLETED = "completed"
    INTERRUPTED = "interrupted"
    UPCOMING = "upcoming"
    RUNNING = "running"


class Standing(NamedTuple):
    """The fields of a judgement that `next_change_on` watches; counts are chains."""

    status: Status
    required: int
    completed: int
    late: int
    running: int
    upcoming: int
    interrupted: int
    filled: int
    covered: int
    missing: int
    effective_end_on: date
    latest_start_on: date | None
    missing_latest_starts: tuple[date, ...]


def chain_state(chain: Chain, day: date) -> ChainState:
    """A chain's state on a day: completed, broken off, agreed but not begun, or running (also in the gap before an
    agreed replacement, also while a short one still works)."""
    if chain.completes_on is not None and chain.completes_on <= day:
        return ChainState.COMPLETED
    if chain.short_since is not None and chain.short_since <= day:
        return ChainState.INTERRUPTED
    return ChainState.UPCOMING if chain.first_start > day else ChainState.RUNNING


def status_on(outlook: Outlook, completed: int, day: date) -> Status:
    """The status on a day, checked in the order of `Status`; `completed` are the chains completed in time by then."""
    latest_start, last_chance, over = outlook.latest_start_on, outlook.last_chance_on, outlook.over_on
    if outlook.closed:
        return Status.CLOSED
    if day < outlook.facts.starts_on:
        return Status.NOT_STARTED
    if outlook.required == 0:
        return Status.NO_OBLIGATION
    if completed >= outlook.required:
        return Status.FULFILLED
    if latest_start is None or last_chance is None or over is None:
        return Status.ON_TRACK
    if day > over:
        return Status.BREACHED
    if day > last_chance:
        return Status.CANNOT_BE_MET
    if day > latest_start:
        return Status.OVERDUE
    if day >= latest_start - timedelta(days=outlook.facts.lead_days):
        return Status.AT_RISK
    return Status.OPEN


def standing_on(outlook: Outlook, day: date) -> Standing:
    """Status and counts on a day on or after the outlook's, were no new fact recorded; as kept, where the jobs are
    erased."""
    if outlook.facts.kept is not None:
        return outlook.facts.kept.at(day)
    completed = late = running = upcoming = interrupted = 0
    for chain in outlook.chains:
        match chain_state(chain, day):
            case ChainState.COMPLETED if chain.in_time:
                completed += 1
            case ChainState.COMPLETED:
                late += 1
            case ChainState.RUNNING:
                running += 1
            case ChainState.UPCOMING:
                upcoming += 1
            case ChainState.INTERRUPTED:
                interrupted += 1
    return Standing(
        status=status_on(outlook, completed, day),
        required=outlook.required,
        completed=completed,
        late=late,
        running=running,
        upcoming=upcoming,
        interrupted=interrupted,
        filled=len(outlook.chains) - upcoming,
        covered=outlook.covered,
        missing=outlook.missing,
        effective_end_on=outlook.effective_end_on,
        latest_start_on=outlook.latest_start_on,
        missing_latest_starts=outlook.missing_latest_starts,
    )


def _boundaries(outlook: Outlook) -> Iterator[date]:
    """Every day on which a status or a chain's state may change while the facts stay."""
    yield outlook.facts.starts_on
    for chain in outlook.chains:
        yield chain.first_start
        if chain.completes_on is not None:
            yield chain.completes_on
        if chain.short_since is not None:
            yield chain.short_since
    latest_start, last_chance, over = outlook.latest_start_on, outlook.last_chance_on, outlook.over_on
    if latest_start is not None and last_chance is not None and over is not None:
        yield latest_start - timedelta(days=outlook.facts.lead_days)
        yield latest_start + ONE_DAY
        yield last_chance + ONE_DAY
        yield over + ONE_DAY


def next_change_on(outlook: Outlook, standing: Standing) -> date | None:
    """The next day after the outlook's on which the standing would differ, were no new fact recorded; None if never."""
    if outlook.facts.kept is not None:
        return None
    ahead = sorted({day for day in _boundaries(outlook) if day > outlook.as_of})
    return next((day for day in ahead if standing_on(outlook, day) != standing), None)
