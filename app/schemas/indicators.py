"""Indicators: what the figures of a project mean."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StringConstraints
from pydantic_core import PydanticKnownError

from app.rules.codes import CohortStage, Computation, Dimension, Direction, FigureUnit
from app.rules.shares import decimals
from app.schemas.fields import Day, Input, Listing, Output, exact, if_sent
from app.schemas.text import LONGEST_CODE
from app.schemas.words import NAME_EXAMPLE, Description, Name, Words

PLACES = 4
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=LONGEST_CODE)]
"""A key or a value of a breakdown: small letters without accents, digits, underscores or hyphens between."""


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else round(float(value), PLACES)


def _written_out(value: Decimal) -> Decimal:
    """So that 1E+3 and 1000 are one. Decimals count as they stand: Pydantic takes 1.00000 and 0E-999999999 for whole
    numbers, and what is kept with as many decimals as it was given would have no bound."""
    if decimals(value) > PLACES:
        raise PydanticKnownError("decimal_max_places", {"decimal_places": PLACES})
    return value if value.as_tuple().exponent <= 0 else value.quantize(Decimal(1))  # type: ignore[operator]


Figure = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(max_digits=15, decimal_places=PLACES, allow_inf_nan=False, json_schema_extra={"type": "number"}),
    AfterValidator(_written_out),
    PlainSerializer(_number, return_type=int | float, when_used="json"),
]
"""A figure with at most four decimals, exact: as a JSON number or as text."""
FigureOut = Annotated[Decimal, PlainSerializer(_number, return_type=int | float, when_used="json")]
"""A figure as it goes out; a share worked out of its parts is rounded."""
DEFINITION = {"fi": "Ryhmän loppuun asti käyneet.", "en": "People who took part until the group's end."}
CATEGORY_NAMES = {"next_step": {"language_course": {"fi": "kielikurssi", "en": "language course"}}}
CategoryNames = dict[Dimension, Annotated[dict[Code, Name], Field(max_length=200)]]


class IndicatorCreate(Input):
    """Define what a figure means, before the first figure."""

    key: Code = Field(description="What names it in the project; does not change.", examples=["finished"])
    name: Name = Field(description="Name.", examples=[NAME_EXAMPLE])
    definition: Description = Field(description="What exactly is counted.", examples=[DEFINITION])
    unit: FigureUnit = Field(description="What its figures are; percent is in percent.", examples=["people"])
    direction: Direction | None = Field(None, description="Which way it is to go.", examples=["up"])
    target_min: Figure | None = Field(None, description="Target, or the lower end of it.", examples=[250])
    target_max: Figure | None = Field(None, description="Upper end of the target.", examples=[None])
    target_on: Day | None = Field(None, description="Day by which it is to be reached.", examples=["2021-02-28"])
    dimensions: list[Dimension] = Field(
        default_factory=list,
        max_length=len(Dimension),
        description="What it may be broken down by.",
        examples=[["next_step"]],
    )
    category_names: CategoryNames = Field(
        default_factory=dict, description="Words for the values of its dimensions.", examples=[CATEGORY_NAMES]
    )
    scale_min: Figure | None = Field(None, description="Lower end of a score's scale.", examples=[None])
    scale_max: Figure | None = Field(None, description="Upper end of a score's scale.", examples=[None])
    table: Code | None = Field(
        None, description="Table of figures that share their n: the same people answered.", examples=["follow_up"]
    )
    counted_among: Code | None = Field(
        None, description="Key of the indicator whose people these are among.", examples=["participants"]
    )
    stage: CohortStage | None = Field(None, description="Its place in the flow of a cohort.", examples=["finished"])
    accumulates: bool = Field(
        False,
        description="Whether figures of periods that do not overlap are added up towards the target: of people, things "
        "or euros counted once each.",
        examples=[True],
    )
    computation: Computation | None = Field(
        None, description="Its figures come from the contracts of the project's programme.", examples=[None]
    )
    headline: bool = Field(True, description="Whether the overview of all projects shows it.", examples=[True])


class IndicatorChange(Input):
    """Change an indicator: only the fields sent change. Its key and unit stay; a dimension in use stays too."""

    name: Name = if_sent(description="Name.", examples=[NAME_EXAMPLE])
    definition: Description = if_sent(description="What exactly is counted.", examples=[DEFINITION])
    direction: Direction | None = if_sent(description="Which way it is to go.", examples=["up"])
    target_min: Figure | None = if_sent(description="Target, or the lower end of it.", examples=[250])
    target_max: Figure | None = if_sent(description="Upper end of the target.", examples=[None])
    target_on: Day | None = if_sent(description="Day by which it is to be reached.", examples=["2021-02-28"])
    dimensions: list[Dimension] = if_sent(
        max_length=len(Dimension), description="What it may be broken down by.", examples=[["next_step"]]
    )
    category_names: CategoryNames = if_sent(description="Words for values.", examples=[CATEGORY_NAMES])
    table: Code | None = if_sent(description="Table of figures that share their n.", examples=["follow_up"])
    counted_among: Code | None = if_sent(description="Key of the group's indicator.", examples=["participants"])
    accumulates: bool = if_sent(description="Whether figures add up towards the target.", examples=[True])
    headline: bool = if_sent(description="Whether the overview shows it.", examples=[True])


class IndicatorRead(Output):
    """What a figure means."""

    key: str = Field(description="What names it in the project.", examples=["finished"])
    name: Words = Field(description="Name by language.", examples=[NAME_EXAMPLE])
    definition: Words = Field(description="What exactly is counted, by language.", examples=[DEFINITION])
    unit: FigureUnit = Field(description="What its figures are; percent is in percent.", examples=["people"])
    direction: Direction | None = Field(description="Which way it is to go.", examples=["up"])
    target_min: FigureOut | None = Field(description="Target, or the lower end of it.", examples=[250])
    target_max: FigureOut | None = Field(description="Upper end of the target.", examples=[None])
    target_on: date | None = Field(description="Day by which to reach it.", examples=["2021-02-28"])
    dimensions: list[Dimension] = Field(description="What it may be broken down by.", examples=[["next_step"]])
    category_names: dict[str, dict[str, Words]] = Field(description="Words for values.", examples=[CATEGORY_NAMES])
    scale_min: FigureOut | None = Field(description="Lower end of a score's scale.", examples=[None])
    scale_max: FigureOut | None = Field(description="Upper end of a score's scale.", examples=[None])
    table: str | None = Field(description="Table of figures that share their n.", examples=["follow_up"])
    counted_among: str | None = Field(description="Key of the group's indicator.", examples=["participants"])
    stage: CohortStage | None = Field(description="Its place in the flow of a cohort.", examples=["finished"])
    accumulates: bool = Field(description="Whether figures add up towards the target.", examples=[True])
    computation: Computation | None = Field(description="How its figures are computed, if so.", examples=[None])
    headline: bool = Field(description="Whether the overview shows it.", examples=[True])


class IndicatorList(Listing):
    """Indicators of a project."""

    items: list[IndicatorRead] = Field(description="In the project's order.", examples=[[]])
