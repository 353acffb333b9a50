"""What a step of a project's timetable is on a day."""

from datetime import date
from enum import StrEnum


class MilestoneState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    LATE = "late"


def milestone_state(starts_on: date, ends_on: date, done_on: date | None, today: date) -> MilestoneState:
    """The state on a day, judged as at its end as a contract is: what was done today is done. A step is late from the
    day after its last one; what is said to be done on a day to come is not done yet."""
    if done_on is not None and done_on <= today:
        return MilestoneState.DONE
    if today > ends_on:
        return MilestoneState.LATE
    return MilestoneState.UNDER_WAY if today >= starts_on else MilestoneState.PLANNED
