"""The pictures of a project: bands as thick as people, names that never collide, steps on one scale of time."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.codes import CohortStage, FigureUnit
from app.rules.cohorts import Branch, Cohort, Flow
from app.rules.milestones import MilestoneState
from app.rules.outcomes import IndicatorFacts, ObservationFacts
from app.rules.shares import wilson
from app.services.project_summaries import Step
from app.storage.models import Milestone
from app.web.figure_words import rounded, whisker
from app.web.flow_picture import ROW, TALLEST, Leaf, Picture, draw
from app.web.timetables import timetable

STARTED = IndicatorFacts("started", FigureUnit.PEOPLE, stage=CohortStage.STARTED)
FIRST, LAST = date(2019, 8, 1), date(2019, 11, 30)


def leaf(look: str, count: int, *steps: int) -> Leaf:
    below = tuple(Leaf(Branch(str(place), one, None), look, str(one), "step") for place, one in enumerate(steps))
    return Leaf(Branch(look, count, None), look, str(count), look, below)


def picture(*stages: Leaf, started: int) -> Picture:
    none = Branch("none", None, None)
    flow = Flow(Cohort(STARTED, None, None), FIRST, LAST, True, started, none, none, none, (), (), None)
    return draw(flow, str(started), "started", stages)


def test_a_band_is_as_thick_as_its_people() -> None:
    drawn = picture(leaf("finished", 21, 14, 7), leaf("dropped_out", 6, 6), started=27)
    heights = {(box.look, round(box.h * 27 / TALLEST, 6)) for box in drawn.boxes}
    assert heights == {("started", 27), ("finished", 21), ("finished", 14), ("finished", 7), ("dropped_out", 6)}
    assert len(drawn.bands) == 5


def test_a_stage_of_nobody_is_left_out() -> None:
    assert {box.look for box in picture(leaf("finished", 0), leaf("dropped_out", 3), started=3).boxes} == {
        "started",
        "dropped_out",
    }


@given(st.lists(st.lists(st.integers(1, 400), max_size=15), min_size=1, max_size=3))
def test_names_in_a_column_never_collide_and_all_is_inside(stages: list[list[int]]) -> None:
    leaves = [leaf(f"stage{place}", max(sum(steps), 1), *steps) for place, steps in enumerate(stages)]
    drawn = picture(*leaves, started=sum(one.branch.count or 0 for one in leaves))
    by_column: dict[float, list[float]] = {}
    for name in drawn.names:
        by_column.setdefault(name.x, []).append(name.y)
    for places in by_column.values():
        assert all(after - before >= ROW - 0.001 for before, after in pairwise(sorted(places)))
    assert all(box.y >= 0 and box.y + box.h <= drawn.height for box in drawn.boxes)


# --- Shares


@pytest.mark.parametrize(("numerator", "n"), [(0, 10), (1, 3), (48, 62), (10, 10)])
def test_a_whisker_spans_the_interval_around_the_share(numerator: int, n: int) -> None:
    seen = ObservationFacts("1", "share", FIRST, LAST, numerator=numerator, denominator=n)
    drawn = whisker(IndicatorFacts("share", FigureUnit.PERCENT), seen, wilson(numerator, n))
    assert drawn is not None
    assert drawn.low is not None
    assert drawn.high is not None
    assert 0 <= float(drawn.low) <= float(drawn.share) <= float(drawn.high) <= 100


def test_what_is_no_share_from_nought_to_all_is_not_drawn() -> None:
    percent, people = (IndicatorFacts("key", unit) for unit in (FigureUnit.PERCENT, FigureUnit.PEOPLE))
    assert whisker(percent, ObservationFacts("1", "key", FIRST, LAST, Decimal("100.1")), None) is None
    assert whisker(percent, ObservationFacts("1", "key", FIRST, LAST, Decimal(100)), None) is not None
    assert whisker(percent, ObservationFacts("1", "key", FIRST, LAST), None) is None
    assert whisker(people, ObservationFacts("1", "key", FIRST, LAST, Decimal(7)), None) is None


@pytest.mark.parametrize(
    ("share", "told"),
    [
        ("0", "0"),
        ("0.4", "0.4"),
        ("1", "1"),
        ("4.76", "5"),
        ("77.78", "78"),
        ("99", "99"),
        ("99.6", "99.6"),
        ("100", "100"),
    ],
)
def test_a_calculated_share_is_whole_unless_it_is_almost_nothing_or_all(share: str, told: str) -> None:
    assert str(rounded(Decimal(share))) == told


# --- Steps


def step(first: date, last: date, **more: Any) -> Step:
    return Step(
        Milestone(name={"fi": "vaihe"}, package=None, starts_on=first, ends_on=last, **more), MilestoneState.LATE
    )


def test_steps_lie_on_one_scale_from_the_first_month_to_the_last() -> None:
    found = timetable(
        [step(date(2020, 2, 10), date(2020, 4, 15)), step(date(2020, 4, 1), date(2020, 4, 30))], LAST, "fi"
    )
    assert found is not None
    first, second = found.packages[0].steps
    assert float(first.x) == pytest.approx(100 * 9 / 90, abs=0.01)  # 1.2.–30.4.2020 is 90 days
    assert float(second.x) + float(second.width) == pytest.approx(100, abs=0.01)
    assert found.today is None


@pytest.mark.parametrize(
    ("today", "seen"),
    [(date(2020, 1, 31), False), (date(2020, 2, 1), True), (date(2020, 4, 30), True), (date(2020, 5, 1), False)],
)
def test_today_is_drawn_where_it_lies_inside(today: date, seen: bool) -> None:
    found = timetable([step(date(2020, 2, 10), date(2020, 4, 15))], today, "fi")
    assert found is not None
    assert (found.today is not None) is seen


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(0, 9000))
def test_every_scale_has_few_marks_with_room_between_and_every_bar_is_inside(first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    found = timetable([step(first, last)], first, "fi")
    assert found is not None
    places = [float(mark.at) for mark in found.marks]
    assert places
    assert len(places) <= 11
    assert all(after - before > 5 for before, after in pairwise(places))
    line = found.packages[0].steps[0]
    assert float(line.x) >= 0
    assert float(line.x) + float(line.width) <= 100.7


def test_no_steps_make_no_timetable() -> None:
    assert timetable([], LAST, "fi") is None
