"""Why two figures cannot be added up."""

from app.rules.outcomes import IndicatorFacts, ObservationFacts
from app.rules.sums import Summand, SumReason, sum_reasons
from tests.rules.outcome_facts import indicator, seen

FINISHED = indicator("finished", dimensions="next_step age_group")


def of(project: str, indicator: IndicatorFacts, observation: ObservationFacts) -> Summand:
    return Summand(project, indicator, observation)


def reasons(one: Summand, other: Summand) -> set[str]:
    found = sum_reasons(one, other)
    assert found == sum_reasons(other, one)
    assert list(found) == sorted(found, key=list(SumReason).index)
    return {reason.value for reason in found}


def test_people_of_two_projects_are_never_added_even_by_the_same_name() -> None:
    found = reasons(of("women-to-work", FINISHED, seen()), of("digirasti", FINISHED, seen()))
    assert found == {"different_definition", "same_people"}


def test_a_share_and_a_count_differ_in_everything() -> None:
    percent = indicator("recommend", "percent")
    one, other = of("a", FINISHED, seen()), of("b", percent, seen("recommend", 92, "1.1.2020", "31.1.2020"))
    assert reasons(one, other) == {
        "different_unit",
        "never_added",
        "different_definition",
        "different_period",
        "same_people",
    }


def test_shares_scores_and_answers_are_not_added_even_of_one_definition() -> None:
    for unit in ("percent", "score", "yes_no"):
        of_kind = indicator("any", unit)
        one, other = (of("a", of_kind, seen("any", 1, next_step=step)) for step in ("work", "studies"))
        assert reasons(one, other) == {"never_added"}


def test_the_same_people_may_be_in_two_periods() -> None:
    spring, autumn = seen(value=10, end="30.6.2019"), seen(value=11, start="1.7.2019")
    assert reasons(of("a", FINISHED, spring), of("a", FINISHED, autumn)) == {"different_period", "same_people"}


def test_a_figure_is_not_added_to_itself_nor_to_a_part_of_it() -> None:
    whole, part = seen(value=21), seen(value=4, next_step="course")
    assert reasons(of("a", FINISHED, whole), of("a", FINISHED, whole)) == {"same_people"}
    assert reasons(of("a", FINISHED, whole), of("a", FINISHED, part)) == {"same_people"}
    assert reasons(of("a", FINISHED, part), of("a", FINISHED, part)) == {"same_people"}


def test_parts_by_different_dimensions_may_hold_the_same_people() -> None:
    one, other = seen(value=4, next_step="course"), seen(value=5, age_group="55-64")
    assert reasons(of("a", FINISHED, one), of("a", FINISHED, other)) == {"same_people"}
    one = seen(value=1, next_step="course", age_group="55-64")
    other = seen(value=2, next_step="work", age_group="35-44")
    assert reasons(of("a", FINISHED, one), of("a", FINISHED, other)) == {"same_people"}


def test_two_parts_of_one_figure_can_be_added() -> None:
    one, other = (seen(value=3, next_step=step) for step in ("course", "work"))
    assert reasons(of("a", FINISHED, one), of("a", FINISHED, other)) == set()
