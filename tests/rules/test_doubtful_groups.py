"""More answerers than there are people, fewer than before, and cohorts that lose count."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import policy
from app.rules.figures import most
from app.rules.outcomes import IndicatorFacts, ObservationFacts
from app.rules.plausibility import questions
from app.rules.questions import Question
from tests.factories import d
from tests.rules.outcome_facts import PRELIMINARY, indicator, project, seen, share

PARTICIPANTS = indicator("participants")
END = indicator("useful", "percent", table="end", counted_among="participants", dimensions="age_group")
LATER = indicator("better", "percent", table="later", counted_among="useful", dimensions="situation")
STAGES = (
    indicator("started", stage="started"),
    indicator("dropped_out", stage="dropped_out", counted_among="started"),
    indicator("finished", stage="finished", counted_among="started"),
)


def found(*facts: IndicatorFacts | ObservationFacts) -> list[Question]:
    return list(questions(project(*facts)))


def asked(*facts: IndicatorFacts | ObservationFacts) -> list[tuple[str, str]]:
    return [(question.code.value, question.weight.value) for question in found(*facts)]


BEYOND = [("n_beyond_group", "question")]
FEWER = [("n_shrinks", "note")]
FELL = [("n_shrinks", "question")]
LOST = [("cohort_does_not_add_up", "question")]


# --- Answerers and their group


@pytest.mark.parametrize(("n", "expected"), [(90, []), (91, BEYOND), (72, []), (71, FEWER)])
def test_answerers_are_among_the_participants(n: int, expected: list[tuple[str, str]]) -> None:
    assert policy.LOST_ANSWERERS_PERCENT == 20
    assert asked(PARTICIPANTS, END, seen("participants", 90), share("useful", n // 2, n)) == expected


def test_a_table_is_compared_with_the_table_it_follows() -> None:
    facts = (PARTICIPANTS, END, LATER, seen("participants", 90), share("useful", 77, 83), share("better", 40, 62))
    note = found(*facts)[0]
    assert (note.code.value, note.values) == ("n_shrinks", {"n": 62, "group": 83})
    assert len(found(*facts)) == 1
    assert asked(*facts[:5], share("better", 50, 67)) == []
    assert asked(*facts[:5], share("better", 50, 66)) == FEWER
    assert asked(*facts[:5], share("better", 50, 84)) == BEYOND


def test_a_table_is_asked_about_once_with_all_its_figures() -> None:
    other = END._replace(key="goals")
    group = seen("participants", 90)
    question = found(PARTICIPANTS, END, other, group, share("useful", 50, 91), share("goals", 60, 91))[0]
    assert question.indicators == ("goals", "participants", "useful")
    assert question.values == {"n": 91, "group": 90}
    assert len(question.observation_ids) == 3


def test_an_age_groups_own_n_is_no_loss() -> None:
    figures = (seen("participants", 90), seen("useful", 50, n=10, age_group="35-44"))
    assert asked(PARTICIPANTS, END, *figures) == []


def test_a_group_that_is_not_known_or_only_about_asks_nothing() -> None:
    assert asked(PARTICIPANTS, END, share("useful", 50, 91)) == []
    assert asked(PARTICIPANTS, END, seen("participants", 90, approximate=True), share("useful", 50, 91)) == []
    assert asked(END, share("useful", 50, 91)) == []


def test_groups_in_a_circle_are_survived() -> None:
    circle = (END._replace(counted_among="better"), LATER)
    assert asked(*circle, seen("useful", 78, n=62), seen("better", 50, n=62)) == [("share_impossible", "question")]


def test_people_of_periods_that_do_not_overlap_are_a_group_together() -> None:
    spring, summer = (
        seen("participants", 40, end="30.6.2019"),
        seen("participants", 50, start="1.7.2019", end="30.9.2019"),
    )
    both = (PARTICIPANTS, END, spring, summer)
    assert asked(*both, share("useful", 50, 90)) == []
    assert asked(*both, share("useful", 50, 91)) == BEYOND
    # A figure of the very same period is the group; one that begins later is not.
    assert asked(*both, share("useful", 20, 41, end="30.6.2019")) == BEYOND
    assert asked(*both, share("useful", 20, 41, end="29.6.2019")) == BEYOND
    assert asked(*both, share("useful", 20, 41, end="1.7.2019")) == FEWER


PERIODS = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 10), st.integers(0, 9)).map(
        lambda drawn: (
            date(2019, 1, drawn[0]),
            date.fromordinal(date(2019, 1, drawn[0]).toordinal() + drawn[1]),
            drawn[2],
        )
    ),
    max_size=7,
)


@given(PERIODS)
def test_the_most_people_are_those_that_trying_all_choices_finds(counts: list[tuple[date, date, int]]) -> None:
    best = 0
    for choice in range(2 ** len(counts)):
        chosen = sorted(count for place, count in enumerate(counts) if choice >> place & 1)
        if all(one[1] < other[0] for one, other in itertools.pairwise(chosen)):
            best = max(best, sum(count for _, _, count in chosen))
    assert most(counts) == best


# --- Counts among counts


def test_a_count_is_not_larger_than_the_one_it_is_among() -> None:
    of = (PARTICIPANTS, indicator("employed", counted_among="participants"), seen("participants", 90))
    assert asked(*of, seen("employed", 90)) == []
    assert asked(*of, seen("employed", 91)) == [("part_exceeds_whole", "question")]
    assert asked(*of, seen("employed", 91, approximate=True)) == []
    assert asked(*of, indicator("lessons", "count", counted_among="participants"), seen("lessons", 91)) == []


# --- Running counts


@pytest.mark.parametrize(("later", "expected"), [(26, FELL), (27, []), (28, [])])
def test_a_count_from_one_day_on_does_not_fall(later: int, expected: list[tuple[str, str]]) -> None:
    assert asked(PARTICIPANTS, seen("participants", 27), seen("participants", later, end="30.11.2019")) == expected


def test_a_fall_is_told_with_the_highest_figure_before_it() -> None:
    figures = [seen("participants", value, end=end) for value, end in ((20, "31.5.2019"), (27, "30.6.2019"))]
    later = seen("participants", 25, end="31.7.2019")
    question = found(PARTICIPANTS, *figures, later)[0]
    assert question.values == {
        "figure": 25,
        "figure_before": 27,
        "starts_on": d("1.4.2019"),
        "ends_on": d("31.7.2019"),
        "before_ends_on": d("30.6.2019"),
    }
    assert question.observation_ids == (figures[1].id, later.id)


def test_other_counts_may_fall() -> None:
    assert (
        asked(PARTICIPANTS, seen("participants", 27), seen("participants", 5, start="1.11.2019", end="30.11.2019"))
        == []
    )
    waiting = indicator("waiting", direction="down")
    assert asked(waiting, seen("waiting", 47), seen("waiting", 40, end="30.11.2019")) == []
    assert (
        asked(PARTICIPANTS, seen("participants", 27), seen("participants", 5, end="30.11.2019", approximate=True)) == []
    )
    parts = [seen("participants", 27, age_group="a"), seen("participants", 5, end="30.11.2019", age_group="b")]
    assert asked(PARTICIPANTS, *parts) == []


# --- Cohorts


@pytest.mark.parametrize(
    ("finished", "preliminary", "expected"),
    [(20, False, LOST), (21, False, []), (22, False, LOST), (20, True, []), (21, True, []), (22, True, LOST)],
)
def test_a_cohort_adds_up_once_it_is_final(finished: int, preliminary: bool, expected: list[tuple[str, str]]) -> None:
    status = {"status": PRELIMINARY} if preliminary else {}
    figures = (seen("started", 27), seen("dropped_out", 6), seen("finished", finished, **status))
    assert asked(*STAGES, *figures) == expected
    for question in found(*STAGES, *figures):
        assert question.values == {"started": 27, "dropped_out": 6, "finished": finished, "difference": finished - 21}
        assert set(question.observation_ids) == {figure.id for figure in figures}


def test_more_came_out_by_a_day_than_had_started_by_then() -> None:
    started = seen("started", 27, end="30.6.2019")
    spring = seen("finished", 15, end="30.6.2019")
    for autumn, expected in ((12, []), (13, LOST)):
        figures = (started, spring, seen("finished", autumn, start="1.7.2019"))
        assert asked(*STAGES, *figures) == expected
    later = seen("started", 1, start="1.7.2019")
    assert asked(*STAGES, *figures, later) == []
    assert asked(*STAGES, *figures, seen("started", 1, start="1.11.2019", end="30.11.2019")) == LOST


def test_a_running_count_of_those_who_left_is_not_added_to_itself() -> None:
    figures = (seen("started", 27), seen("finished", 15, end="30.6.2019"), seen("finished", 20))
    assert asked(*STAGES, *figures) == []


def test_without_knowing_who_started_nothing_is_asked() -> None:
    assert asked(*STAGES, seen("dropped_out", 6), seen("finished", 21)) == []
