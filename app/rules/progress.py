"""How far each job that counts has come on a day: days served and needed, and what has become of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.rules.outlook import Outlook
from app.rules.positions import Chain, known_end, member_completes_on


class JobState(StrEnum):
    """What has become of a job on a day; `late` where it completes after the obligation needed it to."""

    COMPLETED = "completed"
    COMPLETED_LATE = "completed_late"
    RUNNING = "running"
    RUNNING_LATE = "running_late"
    UPCOMING = "upcoming"
    UPCOMING_LATE = "upcoming_late"
    CONTINUED = "continued"
    WILL_BE_CONTINUED = "will_be_continued"
    BROKEN_OFF = "broken_off"
    TOO_SHORT = "too_short"


@dataclass(frozen=True, slots=True)
class Progress:
    """A job's `served` of `needed` days, those served before it by others taken off; `on` is the day its state is
    about: the completion, or the last day of one that broke off, will, or is continued."""

    position_id: str
    served: int
    needed: int
    state: JobState
    on: date
    completes_on: date
    """Until when it must last to complete."""
    unit: int
    """Which chain it belongs to, counted from one in the order of their first starts."""
    continues: bool
    """Whether it goes on with what someone else began."""


def progress_of(outlook: Outlook) -> Iterator[Progress]:
    """The jobs that count, chain by chain, each in the order in which its members worked."""
    for unit, chain in enumerate(outlook.chains, start=1):
        yield from _members(chain, unit, outlook)


def _members(chain: Chain, unit: int, outlook: Outlook) -> Iterator[Progress]:
    as_of, months, before = outlook.as_of, outlook.facts.clause.min_duration_months, 0
    for member, following in zip(chain.members, [*chain.members[1:], None], strict=True):
        done = member_completes_on(member, chain.days_needed, before, months)
        end = known_end(member, following, as_of)
        until = min(day for day in (as_of, done, end) if day is not None)
        served = max(0, (until - member.starts_on).days + 1)
        needed = (done - member.starts_on).days + 1
        if following is not None and end is not None:
            state, on = (JobState.CONTINUED if end <= as_of else JobState.WILL_BE_CONTINUED), end
        else:
            state, on = _last_state(chain, as_of)
        yield Progress(member.id, served, needed, state, on, done, unit, member is not chain.members[0])
        before += (end - member.starts_on).days + 1 if end is not None else 0


def _last_state(chain: Chain, as_of: date) -> tuple[JobState, date]:
    """What has become of a chain's last member, and the day that is about."""
    if chain.short_since is not None:
        return (JobState.BROKEN_OFF if chain.short_since <= as_of else JobState.TOO_SHORT), chain.short_since
    on = chain.completes_on
    if on is None:
        raise ValueError("a chain completes or comes short")
    if on <= as_of:
        return (JobState.COMPLETED if chain.in_time else JobState.COMPLETED_LATE), on
    if chain.last.starts_on > as_of:
        return (JobState.UPCOMING if chain.in_time else JobState.UPCOMING_LATE), on
    return (JobState.RUNNING if chain.in_time else JobState.RUNNING_LATE), on
