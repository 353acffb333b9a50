"""The summary of a portfolio."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from app.rules.status import Status
from app.schemas.fields import Day, Input, Output


class GroupBy(StrEnum):
    """What a summary may be split by."""

    UNIT = "unit"
    CLAUSE_TYPE = "clause_type"
    SUPPLIER = "supplier"
    YEAR = "year"
    TARGET_GROUP = "target_group"
    EMPLOYMENT_FORM = "employment_form"
    CHANNEL = "channel"


LABELLED = frozenset({GroupBy.CLAUSE_TYPE, GroupBy.TARGET_GROUP, GroupBy.EMPLOYMENT_FORM, GroupBy.CHANNEL})
"""Splits whose groups are codes, named in the reader's language."""


class SummaryQuestion(Input):
    """What a summary is to show."""

    as_of: Day | None = Field(None, description="Day it is to be true of; today by default.", examples=["2019-10-31"])
    from_on: Day | None = Field(None, description="Day its picture begins with.", examples=["2018-11-01"])
    group_by: GroupBy | None = Field(None, description="What it is to be split by.", examples=["unit"])


class PromisedRead(Output):
    """How many positions are promised."""

    min: int = Field(description="At the least: those required as of the day.", examples=[160])
    max: int | None = Field(
        description="At the most, depending on purchases; empty where a contract's most is unknown.", examples=[280]
    )


class SummaryFigures(Output):
    """Figures over some contracts."""

    procurements: int = Field(description="Procurements with a clause.", examples=[36])
    contracts: int = Field(description="Contracts under them.", examples=[44])
    required: int = Field(description="Positions required as of the day.", examples=[160])
    promised: PromisedRead = Field(description="Positions promised.", examples=[{"min": 160, "max": 280}])
    filled: int = Field(description="Jobs begun, whatever came of them.", examples=[46])
    completed: int = Field(description="Completed in time.", examples=[21])
    running: int = Field(description="Running.", examples=[18])
    missing: int = Field(description="Positions still missing.", examples=[97])
    by_status: dict[Status, int] = Field(description="Contracts by status.", examples=[{"open": 20, "at_risk": 3}])


class SummaryGroup(SummaryFigures):
    """Figures of one group."""

    key: str = Field(description="Id or code of the group.", examples=["fixed_count"])
    name: str = Field(description="Its name in the reader's language.", examples=["fixed count"])


class JobsGroup(Output):
    """Jobs of one group: an obligation asks for jobs of any accepted group, so nothing is required or missing here."""

    key: str = Field(description="Code of the group.", examples=["te_office"])
    name: str = Field(description="Its name in the reader's language.", examples=["TE Office"])
    filled: int = Field(description="Jobs begun, whatever came of them.", examples=[12])
    completed: int = Field(description="Completed in time.", examples=[5])
    running: int = Field(description="Running.", examples=[6])


class SummaryRead(SummaryFigures):
    """The portfolio of the units you see."""

    as_of: date = Field(description="The day it is true of.", examples=["2019-10-31"])
    group_by: GroupBy | None = Field(description="What it is split by.", examples=["clause_type"])
    erased_as_of: date | None = Field(
        description="The end of a quarter as of which contracts are told whose single jobs are erased: nothing is kept "
        "of days between such ends. Empty where there are none, or they are told as of the day.",
        examples=["2019-09-30"],
    )
    groups: list[SummaryGroup | JobsGroup] = Field(description="The same by group.", examples=[[]])
