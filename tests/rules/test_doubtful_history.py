"""Figures outside the project's time, and figures far from those before them."""

from decimal import Decimal

import pytest

from app.rules import policy
from app.rules.outcomes import IndicatorFacts, ObservationFacts
from app.rules.plausibility import questions
from app.rules.questions import Question
from tests.factories import d
from tests.rules.outcome_facts import indicator, months, project, seen

VISITS = indicator("visits", "count")
SHARE = indicator("agree", "percent")
SCORE = indicator("grade", "score")


def monthly(of: IndicatorFacts, values: list[int | str], **changes: object) -> list[ObservationFacts]:
    """One figure a month from April 2019 on."""
    return [
        seen(of.key, value, first, last, **changes)
        for value, (first, last) in zip(values, months("4.2019", len(values)), strict=True)
    ]


def jumps(of: IndicatorFacts, figures: list[ObservationFacts]) -> list[Question]:
    return [question for question in questions(project(of, *figures)) if question.code == "jump"]


# --- The project's own time


@pytest.mark.parametrize(
    ("start", "end", "outside"),
    [
        ("28.2.2019", "31.3.2019", True),
        ("1.3.2019", "28.2.2021", False),
        ("1.2.2021", "1.3.2021", True),
        ("1.1.2018", "31.12.2018", True),
    ],
)
def test_a_figure_is_of_the_projects_own_time(start: str, end: str, outside: bool) -> None:
    found = questions(project(VISITS, seen("visits", 1, start, end)))
    assert [question.code.value for question in found] == (["period_outside_project"] if outside else [])


def test_a_project_without_an_end_goes_on() -> None:
    later = seen("visits", 1, "1.1.2030", "31.12.2030")
    assert questions(project(VISITS, later, ends_on=None)) == ()
    values = questions(project(VISITS, seen("visits", 1, "1.1.2018", "31.12.2018"), ends_on=None))[0].values
    assert (values["starts_on"], values["ends_on"]) == (d("1.3.2019"), None)


def test_a_period_is_asked_about_once_however_many_figures_it_has() -> None:
    baseline = [seen(key, 1, "1.1.2018", "31.12.2018") for key in ("visits", "clients", "visits")]
    one = questions(project(VISITS, baseline[0]))[0]
    both = questions(project(VISITS, indicator("clients"), *baseline[:2]))
    assert [question.key for question in both] == [one.key]
    assert both[0].indicators == ("clients", "visits")
    corrected = baseline[0]._replace(value=Decimal(2))
    assert questions(project(VISITS, corrected))[0].key == one.key
    moved = baseline[0]._replace(period_end=d("30.12.2018"))
    assert questions(project(VISITS, moved))[0].key != one.key
    assert questions(project(VISITS, baseline[0], starts_on="1.2.2019"))[0].key != one.key


# --- Jumps


def test_a_jump_needs_a_history() -> None:
    assert policy.JUMP_LEAST_HISTORY == 4
    assert jumps(VISITS, monthly(VISITS, [100, 100, 100, 900])) == []
    found = jumps(VISITS, monthly(VISITS, [100, 100, 100, 100, 900]))
    assert len(found) == 1
    assert found[0].values["history"] == 4


def test_an_even_count_may_move_by_chance_as_far_as_its_root_or_a_tenth() -> None:
    # The median of 100 a month of 30 or 31 days makes 101.7 in August; 3.5 times a tenth of it are 35.6.
    figures = [100, 100, 100, 100]
    low, high = (jumps(VISITS, monthly(VISITS, [*figures, 900]))[0].values[name] for name in ("low", "high"))
    assert (low, high) == (66, 138)
    for value, expected in ((65, 1), (66, 0), (138, 0), (139, 1)):
        assert len(jumps(VISITS, monthly(VISITS, [*figures, value]))) == expected
    # Of few the root is more than a tenth: 4.07 are likely to be from 0 to 4.07 + 3.5 × 2.02.
    for value, expected in ((0, 0), (12, 0), (13, 1)):
        assert len(jumps(VISITS, monthly(VISITS, [4, 4, 4, 4, value]))) == expected


def test_what_varies_much_may_go_on_varying() -> None:
    assert jumps(VISITS, monthly(VISITS, [20, 180, 60, 140, 250])) == []
    assert len(jumps(VISITS, monthly(VISITS, [20, 180, 60, 140, 900]))) == 1


def test_one_jump_does_not_hide_the_next() -> None:
    found = jumps(VISITS, monthly(VISITS, [100, 101, 99, 100, 900, 100, 900]))
    assert [question.values["figure"] for question in found] == [900, 900]
    assert [question.values["history"] for question in found] == [4, 6]


def test_a_longer_period_may_have_more() -> None:
    figures = monthly(VISITS, [100] * 4)
    year = seen("visits", 1200, "1.8.2019", "31.7.2020")
    assert jumps(VISITS, [*figures, year]) == []
    assert len(jumps(VISITS, [*figures, seen("visits", 1200, "1.8.2019", "31.10.2019")])) == 1


def test_of_a_running_count_the_growth_is_looked_at() -> None:
    ends = [last for _, last in months("4.2019", 6)]
    even = [seen("visits", 100 * place, "1.4.2019", end) for place, end in enumerate(ends, start=1)]
    assert jumps(VISITS, even) == []
    leap = even[-1]._replace(value=Decimal(1500))
    found = jumps(VISITS, [*even[:-1], leap])
    assert len(found) == 1
    # 500 by August, and about 100 in September.
    assert 560 < found[0].values["low"] < 600 < found[0].values["high"] < 640  # type: ignore[operator]


@pytest.mark.parametrize(("value", "jumped"), [(62, True), (63, False), (80, False), (97, False), (98, True)])
def test_shares_may_move_by_some_points(value: int, jumped: bool) -> None:
    # Seventeen and a half points: 3.5 times 5.
    assert bool(jumps(SHARE, monthly(SHARE, [80, 80, 80, 80, value]))) is jumped


def test_shares_of_few_people_may_move_further() -> None:
    # 3.5 times the sampling error of 25 people, 10 points.
    figures = monthly(SHARE, [80, 80, 80, 80])
    for value, n, jumped in ((46, 25, False), (44, 25, True), (44, 16, False), (60, 2500, True)):
        figure = seen("agree", value, "1.8.2019", "31.8.2019", n=n)
        assert bool(jumps(SHARE, [*figures, figure])) is jumped, (value, n)


@pytest.mark.parametrize(("value", "jumped"), [("3.5", True), ("3.6", False), ("4.3", False), ("5.0", False)])
def test_scores_may_move_by_tenths(value: str, jumped: bool) -> None:
    assert bool(jumps(SCORE, monthly(SCORE, ["4.3", "4.3", "4.3", "4.3", value]))) is jumped


def test_likely_figures_are_possible_ones() -> None:
    assert jumps(SHARE, monthly(SHARE, [95, 95, 95, 95, 50]))[0].values["high"] == 100
    assert jumps(VISITS, monthly(VISITS, [2, 2, 2, 2, 50]))[0].values["low"] == 0


def test_parts_have_a_history_of_their_own() -> None:
    parts = [*monthly(VISITS, [100] * 4, age_group="a"), *monthly(VISITS, [900], age_group="b")]
    assert jumps(VISITS, parts) == []


def test_euros_may_move_by_a_third_and_may_be_negative() -> None:
    euros = indicator("saved", "euros")
    assert jumps(euros, monthly(euros, [-100, -100, -100, -100, "-120.50"])) == []
    assert jumps(euros, monthly(euros, [-100, -100, -100, -100, 100]))[0].values["unit"] == "euros"


def test_answers_and_vague_figures_do_not_jump() -> None:
    modelled = indicator("modelled", "yes_no")
    assert jumps(modelled, monthly(modelled, [0, 0, 0, 0, 1])) == []
    figures = monthly(VISITS, [100] * 4)
    assert jumps(VISITS, [*figures, seen("visits", 900, "1.8.2019", "31.8.2019", approximate=True)]) == []


def test_a_jump_is_asked_again_once_its_history_is_corrected() -> None:
    figures = monthly(VISITS, [100, 100, 100, 100, 900])
    before = jumps(VISITS, figures)[0]
    corrected = jumps(VISITS, [figures[0]._replace(value=Decimal(101)), *figures[1:]])[0]
    assert before.observation_ids == corrected.observation_ids == (figures[-1].id,)
    assert before.key != corrected.key


def test_what_was_usual_long_ago_does_not_count() -> None:
    assert policy.JUMP_MOST_HISTORY == 24
    long_ago = [900] * 40
    for recent, jumped in ((11, True), (13, False)):
        # The median of 24 figures turns once more than half of them are of the new size.
        found = jumps(VISITS, monthly(VISITS, [*long_ago, *[100] * recent, 110]))
        assert bool([one for one in found if one.values["figure"] == 110]) is jumped
