"""What is doubtful in a project's figures: the ones of the report that do not add up, and each rule at its limit."""

from decimal import Decimal

import pytest

from app.rules import policy
from app.rules.outcomes import FundingFacts, IndicatorFacts, ObservationFacts, ProjectFacts
from app.rules.plausibility import questions
from app.rules.questions import Question, Weight
from tests.rules.outcome_facts import PRELIMINARY, indicator, project, seen, share

PEOPLE = indicator("finished", dimensions="next_step age_group")
SHARE = indicator("agree", "percent", dimensions="situation age_group")
SCORE = indicator("grade", "score")


def codes(facts: ProjectFacts) -> list[str]:
    return [question.code.value for question in questions(facts)]


def only(facts: ProjectFacts, code: str) -> Question:
    """The one question of a code."""
    found = [question for question in questions(facts) if question.code == code]
    assert len(found) == 1, found
    return found[0]


def asked(*facts: IndicatorFacts | ObservationFacts) -> list[str]:
    return codes(project(*facts))


# --- The figures of the report that do not add up


def digirasti(participants: int | None = 90, n: int = 62) -> ProjectFacts:
    """The end feedback and the follow-up of Digirasti."""
    end = [indicator(key, "percent", table="end", counted_among="participants") for key in ("useful", "goals", "tried")]
    later = [indicator(key, "percent", table="later", counted_among="useful") for key in ("better", "used", "easier")]
    situation = indicator("situation", "percent", table="later", counted_among="useful", dimensions="situation")
    grade = indicator("grade", "score", table="end", counted_among="participants")
    observations = [
        seen("useful", 93, n=83),
        seen("goals", 81, n=83),
        seen("tried", 89, n=83),
        seen("grade", "4.3", n=83),
        *(seen(key, value, n=n) for key, value in (("better", 78), ("used", 67), ("easier", 67))),
        *(seen("situation", value, n=n, situation=name) for name, value in zip("abcde", (80, 7, 6, 6, 2), strict=True)),
    ]
    if participants is not None:
        observations.append(seen("participants", participants))
    return project(indicator("participants"), *end, *later, situation, grade, *observations)


def test_the_follow_up_of_digirasti_cannot_be_out_of_62() -> None:
    facts = digirasti()
    question = only(facts, "share_impossible")
    assert question.weight is Weight.QUESTION
    assert question.indicators == ("better", "easier", "situation", "used")
    assert len(question.observation_ids) == 8
    assert question.values == {
        "n": 62,
        "percents": (Decimal(80), Decimal(78), Decimal(67), Decimal(7)),
        "fitting_n": (54, 88, 89, 90),
        "up_to": 90,
    }


def test_nothing_else_of_it_is_a_question() -> None:
    found = questions(digirasti())
    assert [(one.code.value, one.weight.value) for one in found] == [
        ("share_impossible", "question"),
        ("n_shrinks", "note"),
        ("parts_rounded", "note"),
    ]
    assert found[1].values == {"n": 62, "group": 83}
    assert found[2].values["total"] == 101


@pytest.mark.parametrize("n", [54, 88, 89, 90])
def test_with_an_n_that_fits_nothing_is_impossible(n: int) -> None:
    assert "share_impossible" not in codes(digirasti(n=n))


def test_other_n_are_looked_for_up_to_the_participants() -> None:
    assert only(digirasti(participants=89), "share_impossible").values["fitting_n"] == (54, 88, 89)
    unknown = only(digirasti(participants=None), "share_impossible")
    assert unknown.values["up_to"] == 83  # the n of those they are among
    alone = project(SHARE, seen("agree", 78, n=62))
    assert only(alone, "share_impossible").values["up_to"] == 62 + policy.FITTING_N_MARGIN
    crowd = project(SHARE._replace(counted_among="finished"), PEOPLE, seen("agree", 78, n=62), seen(value=63_000))
    assert only(crowd, "share_impossible").values["up_to"] == policy.FITTING_N_MOST


def test_grant_and_own_share_of_the_programme_are_not_its_budget() -> None:
    facts = project(funding=FundingFacts(1_226_000_00, (1_022_000_00, 204_400_00)))
    question = only(facts, "funding_does_not_add_up")
    assert question.indicators == question.observation_ids == ()
    assert question.values == {
        "budget_cents": 1_226_000_00,
        "sources_cents": 1_226_400_00,
        "difference_cents": 400_00,
    }


def test_one_service_alone_has_more_in_paid_work_than_all_together() -> None:
    paid_work = indicator("paid_work", dimensions="measure")
    whole, part = seen("paid_work", 118), seen("paid_work", 195, measure="supported")
    question = only(project(paid_work, whole, part, seen("paid_work", 13, measure="bought")), "part_exceeds_whole")
    assert (question.values["part"], question.values["whole"]) == (195, 118)
    assert question.observation_ids == (whole.id, part.id)
    apart = (paid_work, indicator("supported", counted_among="paid_work"), whole, seen("supported", 195))
    assert asked(*apart) == ["part_exceeds_whole"]
    assert asked(*apart[:3], seen("supported", 118)) == []


def test_the_flow_of_women_to_work_raises_no_question() -> None:
    stages = [indicator("started", stage="started"), indicator("dropped_out", stage="dropped_out", dimensions="phase")]
    figures = [seen("started", 27), seen("dropped_out", 6), seen(value=21)]
    assert asked(*stages, indicator(stage="finished"), *figures, seen("dropped_out", 5, phase="early")) == []


# --- Shares and means


@pytest.mark.parametrize(("n", "doubted"), [(59, False), (62, True), (63, False)])
def test_a_share_alone_is_judged_by_its_own_n(n: int, doubted: bool) -> None:
    assert asked(SHARE, seen("agree", 78, n=n)) == (["share_impossible"] if doubted else [])


def test_vague_or_counted_shares_and_those_without_n_are_not_judged() -> None:
    assert asked(SHARE, seen("agree", 78, n=62, approximate=True)) == []
    assert asked(SHARE, seen("agree", 50, n=1, value_max=70)) == []
    assert asked(SHARE, share("agree", 48, 62)) == []
    assert asked(SHARE, seen("agree", 78)) == []


def test_shares_that_are_possible_alone_may_not_be_together() -> None:
    assert asked(SHARE, *(seen("agree", 33, n=99, situation=name) for name in "abc")) == ["parts_rounded"]
    # Out of 100 each is 33 people and nobody else, who are 99 together.
    question = only(project(SHARE, *(seen("agree", 33, n=100, situation=name) for name in "abc")), "share_impossible")
    assert question.values["percents"] == ()
    assert question.values["fitting_n"] == tuple(n for n in range(1, 131) if n in fitting_thirds())


def fitting_thirds() -> set[int]:
    """Every n of which three parts, each rounding to 33 %, can make up the whole: counted out."""

    def gives(k: int, n: int) -> bool:
        return 325 * n <= 1000 * k < 335 * n

    found = set()
    for n in range(1, 131):
        third = [k for k in range(n + 1) if gives(k, n)]
        if third and 3 * third[0] <= n <= 3 * third[-1]:
            found.add(n)
    return found


def test_a_mean_that_no_answers_give_is_asked_about() -> None:
    assert asked(SCORE, seen("grade", "4.3", n=83)) == []
    question = only(project(SCORE, seen("grade", "4.34", n=3)), "mean_impossible")
    assert (question.values["n"], question.values["means"]) == (3, (Decimal("4.34"),))
    assert 29 in question.values["fitting_n"]  # type: ignore[operator]
    assert 3 not in question.values["fitting_n"]  # type: ignore[operator]


def test_a_score_of_an_unknown_or_broken_scale_is_not_judged() -> None:
    figure = seen("grade", "4.34", n=3)
    assert asked(SCORE._replace(scale_min=None), figure) == []
    assert asked(SCORE._replace(scale_max=Decimal("4.5")), figure) == []


def test_one_table_may_have_both() -> None:
    facts = (SHARE._replace(table="t"), SCORE._replace(table="t"), seen("agree", 34, n=3), seen("grade", "4.34", n=3))
    assert asked(*facts) == ["share_impossible", "mean_impossible"]
    assert asked(*facts[:2], seen("agree", 33, n=3), facts[3]) == ["mean_impossible"]


@pytest.mark.parametrize(
    ("figure", "doubted"),
    [
        (seen("agree", 100), False),
        (seen("agree", "100.1"), True),
        (seen("agree", 90, value_max=101), True),
        (share("agree", 62, 62), False),
        (share("agree", 63, 62), True),
    ],
)
def test_a_share_of_more_than_all_is_a_question(figure: ObservationFacts, doubted: bool) -> None:
    assert asked(SHARE, figure) == (["share_over_100"] if doubted else [])


# --- Parts


@pytest.mark.parametrize(
    ("other", "preliminary", "expected"),
    [
        (16, False, ["parts_do_not_add_up"]),
        (17, False, []),
        (18, False, ["parts_do_not_add_up"]),
        (16, True, []),
        (17, True, []),
        (18, True, ["parts_do_not_add_up"]),
        (22, False, ["part_exceeds_whole"]),
    ],
)
def test_counts_add_up_to_their_whole(other: int, preliminary: bool, expected: list[str]) -> None:
    status = {"status": PRELIMINARY} if preliminary else {}
    parts = [seen(value=4, next_step="course"), seen(value=other, next_step="work", **status)]
    assert asked(PEOPLE, seen(value=21), *parts) == expected


def test_the_difference_is_told() -> None:
    facts = project(PEOPLE, seen(value=21), seen(value=4, next_step="a"), seen(value=16, next_step="b"))
    values = only(facts, "parts_do_not_add_up").values
    assert (values["total"], values["whole"], values["difference"]) == (20, 21, -1)


def test_a_single_part_or_a_missing_or_vague_whole_is_no_breakdown_to_add_up() -> None:
    part, other = seen(value=4, next_step="course"), seen(value=5, next_step="work")
    assert asked(PEOPLE, seen(value=21), part) == []
    assert asked(PEOPLE, part, other) == []
    assert asked(PEOPLE, seen(value=21, approximate=True), part, other) == []
    assert asked(PEOPLE, seen(value=21), part, other._replace(approximate=True)) == []
    assert asked(PEOPLE, seen(value=21, end="30.11.2019"), part, other) == []


def test_parts_of_a_part_add_up_to_it() -> None:
    by_age = [seen(value=10, age_group="35-44"), seen(value=11, age_group="55-64")]
    steps = [seen(value=6, age_group="35-44", next_step="a"), seen(value=5, age_group="35-44", next_step="b")]
    question = only(project(PEOPLE, seen(value=21), *by_age, *steps), "parts_do_not_add_up")
    assert (question.values["total"], question.values["whole"]) == (11, 10)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("8", ["parts_do_not_add_up"]),  # 98: two parts may be rounded by half a percent each
        ("9", ["parts_rounded"]),
        ("10", []),
        ("11", ["parts_rounded"]),
        ("12", ["parts_do_not_add_up"]),
        ("10.5", ["parts_rounded"]),  # half a percent and half a tenth
        ("10.6", ["parts_do_not_add_up"]),
    ],
)
def test_percentages_add_up_as_far_as_their_rounding_allows(last: str, expected: list[str]) -> None:
    assert asked(SHARE, seen("agree", 90, situation="a"), seen("agree", last, situation="b")) == expected


def test_too_little_is_no_wonder_while_figures_are_preliminary() -> None:
    early = seen("agree", 90, situation="a", status=PRELIMINARY)
    assert asked(SHARE, early, seen("agree", 5, situation="b")) == []
    assert asked(SHARE, early, seen("agree", 15, situation="b")) == ["parts_do_not_add_up"]


def test_counted_shares_add_up_exactly() -> None:
    third = [seen("agree", numerator=1, denominator=3, situation=name) for name in "abc"]
    assert asked(SHARE, *third) == []
    assert asked(SHARE, *third[:2]) == ["parts_do_not_add_up"]
    assert asked(SHARE, *third, seen("agree", numerator=1, denominator=3, situation="d")) == ["parts_do_not_add_up"]


def test_rates_of_groups_add_up_to_nothing() -> None:
    rates = [seen("agree", 28, age_group="35-44"), seen("agree", 60, age_group="55-64")]
    assert asked(SHARE, *rates) == []
    of_different_people = [seen("agree", 50, n=10, situation="a"), seen("agree", 75, n=12, situation="b")]
    assert asked(SHARE, *of_different_people) == []
    beside_their_mean = [seen("agree", 70), seen("agree", 60, situation="a"), seen("agree", 80, situation="b")]
    assert asked(SHARE, *beside_their_mean) == []


# --- Money


@pytest.mark.parametrize(
    ("funding", "expected"),
    [
        (FundingFacts(None, (1,), 2), []),
        (FundingFacts(100, ()), []),
        (FundingFacts(100, (75, 24)), ["funding_does_not_add_up"]),
        (FundingFacts(100, (75, 25)), []),
        (FundingFacts(100, (75, 26)), ["funding_does_not_add_up"]),
        (FundingFacts(100, (), 100), []),
        (FundingFacts(100, (), 101), ["spent_beyond_budget"]),
    ],
)
def test_money_adds_up_to_the_cent(funding: FundingFacts, expected: list[str]) -> None:
    assert codes(project(funding=funding)) == expected


# --- The order, and questions of one figure


def test_the_questions_of_a_figure_are_those_it_has_a_part_in() -> None:
    facts = digirasti()

    def about(indicator: str) -> list[str]:
        figure = next(one.id for one in facts.observations if one.indicator == indicator)
        return [one.code.value for one in questions(facts) if figure in one.observation_ids]

    assert about("better") == ["share_impossible", "n_shrinks"]
    assert about("situation") == ["share_impossible", "n_shrinks", "parts_rounded"]
    assert about("grade") == []


def test_a_figure_of_an_unknown_indicator_is_passed_over() -> None:
    assert asked(seen("unknown", 101, next_step="a"), seen("unknown", 1, start="1.1.1900")) == [
        "period_outside_project"
    ]
