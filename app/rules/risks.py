"""How heavy a risk is, where it stands on the heat map, and whether it is to be looked at again."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.rules import policy


class RiskLevel(StrEnum):
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class RiskFacts(NamedTuple):
    """A risk with likelihood and impact from 1 to `RISK_DEGREES`; `reviewed_on` is when it was looked at last."""

    id: str
    likelihood: int
    impact: int
    review_on: date | None = None
    reviewed_on: date | None = None


class HeatCell(NamedTuple):
    """A cell of the heat map with the ids of the risks in it, in the order in which they were given."""

    likelihood: int
    impact: int
    level: RiskLevel
    risk_ids: tuple[str, ...]


def risk_level(likelihood: int, impact: int) -> RiskLevel:
    """The level of likelihood × impact; raises ValueError where one of them is not from 1 to `RISK_DEGREES`."""
    if not (1 <= likelihood <= policy.RISK_DEGREES and 1 <= impact <= policy.RISK_DEGREES):
        raise ValueError(f"not a degree from 1 to {policy.RISK_DEGREES}: {likelihood}, {impact}")
    product = likelihood * impact
    if product >= policy.RISK_HIGH_FROM:
        return RiskLevel.HIGH
    return RiskLevel.MODERATE if product >= policy.RISK_MODERATE_FROM else RiskLevel.LOW


def heat_map(risks: Iterable[RiskFacts]) -> tuple[tuple[HeatCell, ...], ...]:
    """All cells as a map is drawn: the likeliest row first, and in each row the smallest impact first."""
    listed = tuple(risks)
    degrees = range(1, policy.RISK_DEGREES + 1)
    return tuple(tuple(_cell(likelihood, impact, listed) for impact in degrees) for likelihood in reversed(degrees))


def _cell(likelihood: int, impact: int, risks: tuple[RiskFacts, ...]) -> HeatCell:
    inside = tuple(risk.id for risk in risks if (risk.likelihood, risk.impact) == (likelihood, impact))
    return HeatCell(likelihood, impact, risk_level(likelihood, impact), inside)


def review_due(risk: RiskFacts, today: date) -> bool:
    """Whether the day to look at the risk has come and nobody has looked at it since."""
    if risk.review_on is None or today < risk.review_on:
        return False
    return risk.reviewed_on is None or risk.reviewed_on < risk.review_on


def weightiest_first(risks: Iterable[RiskFacts]) -> list[RiskFacts]:
    """By likelihood × impact, then by impact; equals stay in the order in which they were given."""
    return sorted(risks, key=lambda risk: (-risk.likelihood * risk.impact, -risk.impact))
