"""Milestones: the steps of a project's timetable."""

from datetime import date

from pydantic import Field

from app.rules.milestones import MilestoneState
from app.schemas.fields import Day, Input, Line, Listing, Output, if_sent
from app.schemas.words import Name, Words

NAME = {"fi": "Työhönvalmentajat aloittavat", "sv": "Arbetscoacherna börjar", "en": "Job coaches start"}
PACKAGE = {"fi": "Tuettu työllistyminen", "sv": "Stödd sysselsättning", "en": "Supported employment"}


class MilestoneCreate(Input):
    """Add a step to the timetable."""

    name: Name = Field(description="What is to happen.", examples=[NAME])
    package: Name | None = Field(None, description="Part of the project it belongs to.", examples=[PACKAGE])
    starts_on: Day = Field(description="First day.", examples=["2020-12-01"])
    ends_on: Day = Field(description="Last day.", examples=["2020-12-31"])
    done_on: Day | None = Field(None, description="Day on which it was done.", examples=[None])
    note: Line | None = Field(None, description="What a reader must know of it.", examples=[None])


class MilestoneChange(Input):
    """Change a step: only the fields sent change."""

    name: Name = if_sent(description="What is to happen.", examples=[NAME])
    package: Name | None = if_sent(description="Part of the project it belongs to.", examples=[PACKAGE])
    starts_on: Day = if_sent(description="First day.", examples=["2020-12-01"])
    ends_on: Day = if_sent(description="Last day.", examples=["2020-12-31"])
    done_on: Day | None = if_sent(description="Day on which it was done.", examples=["2020-12-14"])
    note: Line | None = if_sent(description="What a reader must know of it.", examples=[None])


class MilestoneRead(Output):
    """A step of the timetable, as it stands today."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    name: Words = Field(description="What is to happen, by language.", examples=[NAME])
    package: Words | None = Field(description="Part of the project, by language.", examples=[PACKAGE])
    starts_on: date = Field(description="First day.", examples=["2020-12-01"])
    ends_on: date = Field(description="Last day.", examples=["2020-12-31"])
    done_on: date | None = Field(description="Day on which it was done.", examples=["2020-12-14"])
    note: str | None = Field(description="What a reader must know of it.", examples=[None])
    state: MilestoneState = Field(description="What it is today.", examples=["done"])
    voided: bool = Field(description="Entered wrongly.", examples=[False])


class MilestoneList(Listing):
    """The timetable."""

    items: list[MilestoneRead] = Field(description="By part and first day.", examples=[[]])
