"""How heavy a risk is, and when it is looked at again."""

import pytest

from app.rules.risks import RiskFacts, RiskLevel, heat_map, review_due, risk_level, weightiest_first
from tests.factories import d, d_or_none

PROGRAMME = (
    RiskFacts("leadership", 2, 4),
    RiskFacts("modelling", 2, 3),
    RiskFacts("participation", 2, 4),
    RiskFacts("knowledge", 1, 4),
)
"""The risks of the work-ability programme's plan."""


@pytest.mark.parametrize(
    ("likelihood", "impact", "level"),
    [
        (1, 1, "low"),
        (1, 3, "low"),
        (3, 1, "low"),
        (1, 4, "moderate"),
        (2, 2, "moderate"),
        (2, 3, "moderate"),
        (2, 4, "high"),
        (4, 2, "high"),
        (3, 3, "high"),
        (4, 4, "high"),
    ],
)
def test_the_level_of_a_risk(likelihood: int, impact: int, level: str) -> None:
    assert risk_level(likelihood, impact) is RiskLevel(level)


@pytest.mark.parametrize(("likelihood", "impact"), [(0, 1), (1, 0), (5, 1), (1, 5)])
def test_a_degree_is_from_one_to_four(likelihood: int, impact: int) -> None:
    with pytest.raises(ValueError, match="degree"):
        risk_level(likelihood, impact)


def test_the_heat_map_has_every_cell_and_every_risk_once() -> None:
    cells = heat_map(PROGRAMME)
    assert [[(cell.likelihood, cell.impact) for cell in row] for row in cells] == [
        [(likelihood, impact) for impact in (1, 2, 3, 4)] for likelihood in (4, 3, 2, 1)
    ]
    inside = {(cell.likelihood, cell.impact): cell.risk_ids for row in cells for cell in row if cell.risk_ids}
    assert inside == {(2, 4): ("leadership", "participation"), (2, 3): ("modelling",), (1, 4): ("knowledge",)}


def test_levels_never_fall_towards_the_likely_and_the_grave() -> None:
    order = list(RiskLevel)
    for likelihood in range(1, 5):
        for impact in range(1, 4):
            assert order.index(risk_level(likelihood, impact)) <= order.index(risk_level(likelihood, impact + 1))
            assert risk_level(likelihood, impact) is risk_level(impact, likelihood)


def test_the_weightiest_come_first_and_equals_stay_in_order() -> None:
    found = [risk.id for risk in weightiest_first(reversed(PROGRAMME))]
    assert found == ["participation", "leadership", "modelling", "knowledge"]
    assert [risk.id for risk in weightiest_first([RiskFacts("a", 4, 1), RiskFacts("b", 1, 4)])] == ["b", "a"]


@pytest.mark.parametrize(
    ("review", "reviewed", "today", "due"),
    [
        (None, None, "1.7.2021", False),
        ("30.6.2021", None, "29.6.2021", False),
        ("30.6.2021", None, "30.6.2021", True),
        ("30.6.2021", "29.6.2021", "1.7.2021", True),
        ("30.6.2021", "30.6.2021", "1.7.2021", False),
    ],
)
def test_a_review_is_due_until_it_is_held(review: str | None, reviewed: str | None, today: str, due: bool) -> None:
    risk = RiskFacts("any", 1, 1, d_or_none(review), d_or_none(reviewed))
    assert review_due(risk, d(today)) is due
