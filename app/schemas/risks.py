"""Risks: what may hinder a project, and what is done about it."""

from datetime import date
from typing import Annotated

from pydantic import Field

from app.rules.risks import RiskLevel
from app.schemas.fields import Day, Input, Listing, Output, if_sent
from app.schemas.words import Description, Name, Words

Degree = Annotated[int, Field(ge=1, le=4, strict=True)]
"""From 1, small, to 4, large."""
NAME = {"fi": "Asiakkaiden osallisuus jää vähäiseksi", "en": "Clients' participation stays small"}
MEASURES = [{"fi": "Asiakasraati kokoontuu neljä kertaa vuodessa.", "en": "A client panel meets four times a year."}]
MOST_MEASURES = 30


class RiskCreate(Input):
    """Add a risk."""

    name: Name = Field(description="What may happen.", examples=[NAME])
    likelihood: Degree = Field(description="How likely it is, from 1 to 4.", examples=[2])
    impact: Degree = Field(description="How much it would hinder, from 1 to 4.", examples=[4])
    measures: list[Description] = Field(
        default_factory=list, max_length=MOST_MEASURES, description="What is done about it.", examples=[MEASURES]
    )
    review_on: Day | None = Field(None, description="Day to look at it again.", examples=["2021-06-30"])


class RiskChange(Input):
    """Change a risk: only the fields sent change; measures are replaced as a whole."""

    name: Name = if_sent(description="What may happen.", examples=[NAME])
    likelihood: Degree = if_sent(description="How likely it is, from 1 to 4.", examples=[2])
    impact: Degree = if_sent(description="How much it would hinder, from 1 to 4.", examples=[4])
    measures: list[Description] = if_sent(
        max_length=MOST_MEASURES, description="What is done about it.", examples=[MEASURES]
    )
    review_on: Day | None = if_sent(description="Day to look at it again.", examples=["2021-12-31"])
    reviewed_on: Day | None = if_sent(description="Day on which it was looked at last.", examples=["2021-06-15"])


class RiskRead(Output):
    """A risk."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    name: Words = Field(description="What may happen, by language.", examples=[NAME])
    likelihood: int = Field(description="How likely it is, from 1 to 4.", examples=[2])
    impact: int = Field(description="How much it would hinder, from 1 to 4.", examples=[4])
    level: RiskLevel = Field(description="Both together.", examples=["high"])
    measures: list[Words] = Field(description="What is done about it, by language.", examples=[MEASURES])
    review_on: date | None = Field(description="Day to look at it again.", examples=["2021-06-30"])
    reviewed_on: date | None = Field(description="Day on which it was looked at last.", examples=[None])
    review_due: bool = Field(description="Whether that day has come.", examples=[False])
    voided: bool = Field(description="Entered wrongly.", examples=[False])


class RiskList(Listing):
    """The risk register."""

    items: list[RiskRead] = Field(description="The weightiest first.", examples=[[]])
