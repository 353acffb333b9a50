"""What a step of a timetable is on a day."""

import pytest

from app.rules.milestones import MilestoneState, milestone_state
from tests.factories import d


@pytest.mark.parametrize(
    ("today", "done", "state"),
    [
        ("30.11.2020", None, MilestoneState.PLANNED),
        ("1.12.2020", None, MilestoneState.UNDER_WAY),
        ("31.12.2020", None, MilestoneState.UNDER_WAY),
        ("1.1.2021", None, MilestoneState.LATE),
        ("13.12.2020", "14.12.2020", MilestoneState.UNDER_WAY),
        ("14.12.2020", "14.12.2020", MilestoneState.DONE),
        ("1.1.2021", "14.12.2020", MilestoneState.DONE),
        ("1.2.2021", "2.2.2021", MilestoneState.LATE),
        ("2.2.2021", "2.2.2021", MilestoneState.DONE),
        ("15.11.2020", "14.11.2020", MilestoneState.DONE),
    ],
)
def test_the_state_of_a_step_of_december(today: str, done: str | None, state: MilestoneState) -> None:
    done_on = None if done is None else d(done)
    assert milestone_state(d("1.12.2020"), d("31.12.2020"), done_on, d(today)) is state
