"""What became of a cohort."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.codes import CohortStage
from app.rules.cohorts import Branch, Flow, cohorts, flows, latest_flow
from app.rules.outcomes import ObservationFacts, ProjectFacts
from tests.factories import d
from tests.rules.outcome_facts import PRELIMINARY, indicator, project, seen

STARTED = indicator("started", stage=CohortStage.STARTED)
DROPPED_OUT = indicator(
    "dropped_out", stage=CohortStage.DROPPED_OUT, counted_among="started", dimensions="phase age_group"
)
FINISHED = indicator("finished", stage=CohortStage.FINISHED, counted_among="started", dimensions="next_step")
STAGES = (STARTED, DROPPED_OUT, FINISHED)
NEXT_STEPS = {
    "employed": 3,
    "work_trial": 1,
    "language_course": 4,
    "applied_for_degree": 1,
    "recruitment_training": 1,
    "orientation_period": 1,
    "rehabilitative_work": 1,
    "nurse": 1,
    "other_city": 1,
    "other": 1,
    "no_plan": 4,
    "plan_pending": 2,
}
"""What the 21 who finished a group of Women to work went on to."""


def women(**changes: int | None) -> ProjectFacts:
    """Three groups of Women to work; None leaves a figure out."""
    counts = {"started": 27, "dropped_out": 6, "finished": 21} | changes
    return project(
        *STAGES,
        *(seen(key, value) for key, value in counts.items() if value is not None),
        *(seen("finished", count, next_step=step) for step, count in NEXT_STEPS.items()),
        seen("dropped_out", 5, phase="early"),
        seen("dropped_out", 1, phase="later"),
    )


def flow_of(facts: ProjectFacts, first: str | None = None, last: str | None = None) -> Flow:
    found = latest_flow(facts, None if first is None else d(first), None if last is None else d(last))
    assert found is not None
    return found


def counts(flow: Flow) -> tuple[int, int | None, int | None, int | None]:
    return flow.started, flow.dropped_out.count, flow.finished.count, flow.taking_part.count


def shown(branches: tuple[Branch, ...]) -> list[tuple[str, int | None, str]]:
    return [(one.value, one.count, "" if one.percent is None else f"{one.percent:.0f}") for one in branches]


def test_the_flow_of_women_to_work() -> None:
    flow = flow_of(women())
    assert counts(flow) == (27, 6, 21, 0)
    assert flow.adds_up is True
    assert flow.final
    assert shown((flow.dropped_out, flow.finished)) == [("dropped_out", 6, "22"), ("finished", 21, "78")]
    assert shown(flow.dropped_out_in) == [("early", 5, "83"), ("later", 1, "17")]
    assert sum(step.count or 0 for step in flow.next_steps) == 21
    assert shown(flow.next_steps)[:4] == [
        ("language_course", 4, "19"),
        ("no_plan", 4, "19"),
        ("employed", 3, "14"),
        ("plan_pending", 2, "10"),
    ]


@pytest.mark.parametrize(
    ("finished", "preliminary", "adds_up", "taking_part"),
    [
        (20, False, False, 1),
        (21, False, True, 0),
        (22, False, False, None),
        (20, True, True, 1),
        (21, True, True, 0),
        (22, True, False, None),
    ],
)
def test_a_flow_adds_up_at_the_end_and_never_lets_out_more_than_came_in(
    finished: int, preliminary: bool, adds_up: bool, taking_part: int | None
) -> None:
    status = {"status": PRELIMINARY} if preliminary else {}
    flow = flow_of(project(*STAGES, seen("started", 27), seen("dropped_out", 6), seen(value=finished, **status)))
    assert (flow.adds_up, flow.taking_part.count) == (adds_up, taking_part)
    assert flow.final is not preliminary


def test_what_is_not_known_is_not_made_up() -> None:
    flow = flow_of(women(dropped_out=None))
    assert counts(flow) == (27, None, 21, None)
    assert (flow.adds_up, flow.final, flow.dropped_out_in) == (None, False, ())
    assert latest_flow(women(started=None)) is None
    assert latest_flow(project()) is None


def test_nobody_started_is_no_share() -> None:
    flow = flow_of(project(*STAGES, seen("started", 0), seen("dropped_out", 0), seen(value=0)))
    assert flow.adds_up is True
    assert flow.finished.percent is None


def test_vague_figures_are_not_calculated_with() -> None:
    facts = project(*STAGES, seen("started", 27), seen("dropped_out", 6), seen(value=21, approximate=True))
    assert counts(flow_of(facts)) == (27, 6, None, None)


def test_figures_of_different_periods_are_not_put_together() -> None:
    facts = project(*STAGES, seen("started", 27), seen(value=21, end="30.11.2019"))
    assert counts(flow_of(facts)) == (27, None, None, None)


def spring_and_autumn() -> list[ObservationFacts]:
    return [
        *(seen(key, value, end="30.6.2019") for key, value in (("started", 10), ("dropped_out", 1), ("finished", 9))),
        *(seen(key, value, start="1.7.2019") for key, value in (("started", 17), ("dropped_out", 5), ("finished", 12))),
    ]


def test_the_latest_flow_of_a_period_is_told() -> None:
    facts = project(*STAGES, *spring_and_autumn())
    assert [flow.started for flow in flows(facts)] == [17, 10]
    assert flow_of(facts).started == 17
    assert flow_of(facts, last="30.10.2019").started == 10
    assert flow_of(facts, first="1.7.2019").started == 17
    assert latest_flow(facts, d("1.11.2019")) is None
    assert latest_flow(facts, None, d("29.6.2019")) is None


def test_a_flow_that_says_what_became_of_people_goes_before_a_later_one_that_does_not() -> None:
    facts = project(*STAGES, *spring_and_autumn(), seen("started", 8, "1.11.2019", "30.11.2019"))
    assert [flow.started for flow in flows(facts)] == [8, 17, 10]
    assert flow_of(facts).started == 17
    assert flow_of(facts, first="1.11.2019").started == 8


def test_where_parts_are_more_than_their_stage_shares_are_of_the_parts() -> None:
    facts = project(*STAGES, seen("started", 9), seen(value=4), *(seen(value=4, next_step=step) for step in "ab"))
    assert shown(flow_of(facts).next_steps) == [("a", 4, "50"), ("b", 4, "50")]


def test_other_dimensions_are_no_part_of_the_flow() -> None:
    facts = project(*STAGES, seen("started", 9), seen("dropped_out", 4), seen("dropped_out", 4, age_group="35-44"))
    assert flow_of(facts).dropped_out_in == ()


def test_each_start_has_the_later_stages_counted_among_it() -> None:
    other = indicator("started_b", stage=CohortStage.STARTED)
    left = indicator("left_b", stage=CohortStage.DROPPED_OUT, counted_among="started_b")
    found = cohorts(project(*STAGES, other, left))
    assert found == ((STARTED, DROPPED_OUT, FINISHED), (other, left, None))
    stray = FINISHED._replace(counted_among=None)
    assert cohorts(project(STARTED, stray)) == ((STARTED, None, stray),)
    assert cohorts(project(STARTED, other, stray)) == ((STARTED, None, None), (other, None, None))


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_those_taking_part_make_up_the_whole(taking_part: int, dropped_out: int, finished: int) -> None:
    started = taking_part + dropped_out + finished
    figures = {"started": started, "dropped_out": dropped_out, "finished": finished}
    flow = flow_of(project(*STAGES, *(seen(key, value, status=PRELIMINARY) for key, value in figures.items())))
    assert counts(flow) == (started, dropped_out, finished, taking_part)
    assert flow.adds_up is True
