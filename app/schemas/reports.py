"""What a report of projects is to hold."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from app.schemas.fields import Day, Input


class ReportForm(StrEnum):
    """For whom a report is made: for people of the city, with all its figures; or for everyone, with small counts of
    people folded."""

    INTERNAL = "internal"
    PUBLIC = "public"


class ReportQuestion(Input):
    """Which report is wanted. A year stands for all that is known by its end; two days for figures between them."""

    year: int | None = Field(None, ge=1990, le=2999, description="Calendar year.", examples=[2019])
    from_on: Day | None = Field(None, description="Figures of periods that end on or after it.", examples=[None])
    to_on: Day | None = Field(None, description="Figures of periods that end on or before it.", examples=[None])
    language: Literal["fi", "sv", "en"] | None = Field(None, description="Language of the report.", examples=["fi"])
    form: ReportForm | None = Field(None, description="For whom it is.", examples=["internal"])
