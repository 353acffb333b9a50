"""Which question it is: the same as long as its figures stay, another once one of them changes."""

from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.outcomes import FundingFacts, IndicatorFacts, ObservationFacts, ProjectFacts
from app.rules.plausibility import questions
from app.rules.questions import Question, QuestionCode, Weight
from tests.factories import d
from tests.rules.outcome_facts import PRELIMINARY, indicator, project, seen, share

INDICATORS = (
    indicator("started", stage="started"),
    indicator("dropped_out", stage="dropped_out", counted_among="started"),
    indicator("finished", stage="finished", counted_among="started", dimensions="next_step"),
    indicator("employed", counted_among="finished"),
    indicator("agree", "percent", table="end", counted_among="finished"),
    indicator("situation", "percent", table="end", counted_among="finished", dimensions="situation"),
    indicator("grade", "score", table="end", counted_among="finished"),
)

# --- Keys


def doubtful() -> ProjectFacts:
    """A project with one question of each kind of figure."""
    return project(
        *INDICATORS,
        seen("started", 27),
        seen("dropped_out", 6),
        seen("finished", 20),
        seen("finished", 4, next_step="course"),
        seen("finished", 15, next_step="work"),
        seen("employed", 21),
        seen("agree", 78, n=62),
        seen("grade", "4.34", n=3),
        seen("agree", 105, "1.1.2018", "31.12.2018"),
        funding=FundingFacts(100, (75, 26), 101),
    )


def by_code(facts: ProjectFacts) -> dict[str, Question]:
    return {question.code.value: question for question in questions(facts)}


def with_figure(facts: ProjectFacts, place: int, **changes: object) -> ProjectFacts:
    observations = list(facts.observations)
    observations[place] = observations[place]._replace(**changes)  # type: ignore[arg-type]
    return facts._replace(observations=tuple(observations))


def test_the_kinds_of_the_example() -> None:
    found = by_code(doubtful())
    assert set(found) == {code.value for code in QuestionCode} - {"jump", "parts_rounded"}
    assert len({question.key for question in found.values()}) == len(found)
    assert all(len(question.key) == 64 for question in found.values())


def test_keys_do_not_hang_on_what_figures_are_kept_under() -> None:
    facts = doubtful()
    renamed = facts._replace(observations=tuple(one._replace(id=f"x{one.id}") for one in facts.observations))
    assert [one.key for one in questions(renamed)] == [one.key for one in questions(facts)]


OF_FINISHED = {"cohort_does_not_add_up", "parts_do_not_add_up", "part_exceeds_whole", "n_beyond_group", "n_shrinks"}


@pytest.mark.parametrize(
    ("place", "changes", "changed"),
    [
        (0, {"value": Decimal(28)}, {"cohort_does_not_add_up"}),
        (2, {"value": Decimal(22)}, OF_FINISHED),
        (4, {"value": Decimal(17)}, {"parts_do_not_add_up"}),
        (6, {"value": Decimal("78.0")}, {"share_impossible", "n_beyond_group"}),
        (6, {"n": 5}, {"share_impossible", "n_beyond_group"}),
        (7, {"value": Decimal("4.35")}, {"mean_impossible", "n_shrinks"}),
        (8, {"value": Decimal(106)}, {"share_over_100"}),
        (8, {"period_end": d("30.12.2018")}, {"share_over_100", "period_outside_project"}),
    ],
)
def test_a_question_is_another_once_a_figure_changes(place: int, changes: dict[str, object], changed: set[str]) -> None:
    before, after = by_code(doubtful()), by_code(with_figure(doubtful(), place, **changes))
    assert {code for code in before if code not in after or after[code].key != before[code].key} == changed


def test_money_has_keys_of_its_own() -> None:
    facts = doubtful()
    other = facts._replace(funding=FundingFacts(100, (26, 75), 102))
    before, after = by_code(facts), by_code(other)
    assert before["funding_does_not_add_up"].key == after["funding_does_not_add_up"].key
    assert before["spent_beyond_budget"].key != after["spent_beyond_budget"].key


def test_becoming_final_or_getting_a_new_id_is_no_new_figure() -> None:
    facts = doubtful()
    early = with_figure(facts, 6, status=PRELIMINARY)
    assert by_code(early)["share_impossible"].key == by_code(facts)["share_impossible"].key


def test_questions_come_before_notes_in_the_order_of_their_codes() -> None:
    rounded = [seen("situation", value, n=3, situation=name) for name, value in (("a", 67), ("b", 33), ("c", 0))]
    thirds = [seen("agree", 33, n=3), *(part._replace(value=Decimal(33)) for part in rounded[1:2])]
    facts = project(*INDICATORS, *rounded, *thirds[:1], seen("agree", 105), seen("employed", 1, "1.1.2018", "1.1.2018"))
    found = questions(facts)
    places = [(one.weight is Weight.NOTE, list(QuestionCode).index(one.code)) for one in found]
    assert places == sorted(places)
    assert len(places) > 1


# --- Whatever the figures are

FIGURES = st.lists(
    st.one_of(
        st.builds(
            lambda key, value, month: seen(key, value, f"1.{month}.2019", f"28.{month}.2019"),
            st.sampled_from(["started", "dropped_out", "finished", "employed"]),
            st.integers(0, 30),
            st.integers(1, 12),
        ),
        st.builds(
            lambda value, n, name: seen("situation", value, n=n, situation=name),
            st.integers(0, 110),
            st.one_of(st.none(), st.integers(1, 70)),
            st.sampled_from("abcd"),
        ),
        st.builds(lambda value, n: seen("agree", value, n=n), st.integers(0, 100), st.integers(1, 70)),
        st.builds(
            lambda tenths, n: seen("grade", str(Decimal(tenths) / 10), n=n), st.integers(10, 50), st.integers(1, 9)
        ),
    ),
    max_size=14,
)


@given(FIGURES, st.integers(0, 2**32))
def test_the_order_of_figures_makes_no_difference(figures: list[ObservationFacts], seed: int) -> None:
    shuffled = list(figures)
    Random(seed).shuffle(shuffled)
    assert questions(project(*INDICATORS, *shuffled)) == questions(project(*reversed(INDICATORS), *figures))


@given(FIGURES)
def test_every_question_is_about_figures_that_are_there_and_is_asked_once(figures: list[ObservationFacts]) -> None:
    found = questions(project(*INDICATORS, *figures))
    known = {figure.id for figure in figures}
    assert all(question.observation_ids and known >= set(question.observation_ids) for question in found)
    assert len({question.key for question in found}) == len(found)


# --- Figures that were counted


def percent(k: int, n: int, places: int) -> Decimal:
    return (Decimal(100 * k) / n).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@st.composite
def counted_projects(draw: st.DrawFn) -> ProjectFacts:
    """A cohort that was really counted: who dropped out, where the rest went, and what most of them answered."""
    steps = draw(st.lists(st.integers(0, 12), min_size=2, max_size=6).filter(lambda counts: sum(counts) > 1))
    finished, dropped_out, places = sum(steps), draw(st.integers(0, 10)), draw(st.integers(0, 1))
    answers = draw(st.lists(st.integers(1, 5), min_size=finished - finished // 5, max_size=finished))
    n = len(answers)
    cut = sorted(draw(st.lists(st.integers(0, n), min_size=2, max_size=2)))
    situations = [cut[0], cut[1] - cut[0], n - cut[1]]
    agree = draw(st.integers(0, n))
    mean = (Decimal(sum(answers)) / n).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return project(
        *INDICATORS,
        seen("started", finished + dropped_out),
        seen("dropped_out", dropped_out),
        seen("finished", finished),
        seen("employed", draw(st.integers(0, finished))),
        *(seen("finished", count, next_step=f"step-{place}") for place, count in enumerate(steps)),
        *draw(st.sampled_from([[seen("agree", percent(agree, n, places), n=n)], [share("agree", agree, n)]])),
        *(
            seen("situation", percent(count, n, places), n=n, situation=f"situation-{place}")
            for place, count in enumerate(situations)
        ),
        seen("grade", mean, n=n),
        funding=FundingFacts(300, (100, 200), draw(st.integers(0, 300))),
    )


@given(counted_projects())
def test_what_was_counted_raises_no_question(facts: ProjectFacts) -> None:
    assert {question.code for question in questions(facts)} <= {QuestionCode.PARTS_ROUNDED}


@given(counted_projects(), st.integers(1, 9))
def test_losing_people_is_noticed(facts: ProjectFacts, lost: int) -> None:
    missing = with_figure(facts, 0, value=facts.observations[0].value + lost)  # type: ignore[operator]
    question = next(one for one in questions(missing) if one.code is QuestionCode.COHORT_DOES_NOT_ADD_UP)
    assert question.values["difference"] == -lost


def test_an_empty_project_raises_no_question() -> None:
    assert questions(project()) == ()
    nothing: tuple[IndicatorFacts, ...] = INDICATORS
    assert questions(project(*nothing)) == ()
