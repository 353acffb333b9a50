"""What is left of erased jobs: how many began in a year, by one thing about them, small counts folded."""

from pydantic import Field

from app.rules.codes import ArchivedBy
from app.schemas.fields import Output


class ArchivedCount(Output):
    """Jobs of one code."""

    code: str = Field(description="Group, form or channel.", examples=["immigrant"])
    jobs: int = Field(description="How many began.", examples=[12])


class ArchivedTable(Output):
    """The erased jobs of an organisation that began in a year, by one thing about them."""

    unit_id: str = Field(description="The organisation's root unit.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
    year: int = Field(description="Year in which they began.", examples=[2019])
    dimension: ArchivedBy = Field(description="By what they are counted.", examples=["target_group"])
    rows: list[ArchivedCount] = Field(description="Counts that may be told.", examples=[[]])
    others: int | None = Field(description="The rest together; empty where nothing is folded.", examples=[9])
    total: int | None = Field(description="All of them; empty where they are fewer than five.", examples=[21])


class ArchivedJobsRead(Output):
    """Tables of erased jobs, by organisation, year and what they are counted by."""

    tables: list[ArchivedTable] = Field(description="One for each year and dimension.", examples=[[]])
