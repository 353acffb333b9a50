"""Tables published at quarter-ends."""

from datetime import date, datetime

from pydantic import Field

from app.schemas.fields import Day, Input, Listing, Output


class PublicTablesQuestion(Input):
    """Which quarter is to be shown."""

    quarter: Day | None = Field(None, description="Last day of the quarter.", examples=["2026-09-30"])


class PublicCategory(Output):
    """A category of a table."""

    code: str = Field(description="Its code; empty for those of whom it is not known.", examples=["youth"])
    name: str = Field(description="Its name in the reader's language.", examples=["young person starting a career"])


class PublicRow(PublicCategory):
    """A category that is shown, with its count."""

    count: int = Field(description="How many.", examples=[12])


class PublicTableRead(Output):
    """A table as it was published. Where counts under the limit were folded, `others` holds all that is not shown."""

    quarter_end: date = Field(description="Last day of the quarter.", examples=["2026-09-30"])
    unit_id: str = Field(description="The organisation it is of, whole.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    unit_name: str = Field(description="Its name.", examples=["City of Example"])
    key: str = Field(description="Which table it is, the same in every quarter.", examples=["jobs_by_target_group"])
    title: str = Field(description="Its title in the reader's language.", examples=["Jobs begun, by target group"])
    period_start: date = Field(description="First day of which it speaks.", examples=["2026-07-01"])
    period_end: date = Field(description="Last day of which it speaks.", examples=["2026-09-30"])
    rows: list[PublicRow] = Field(description="The categories that are shown.", examples=[[]])
    others: int | None = Field(
        description="How many there are in all folded categories together; empty where none is folded, or where not "
        "even the total is told.",
        examples=[7],
    )
    folded: list[PublicCategory] = Field(
        description="The folded categories; empty for a project's table, where a name would say that someone is there.",
        examples=[[]],
    )
    total: int | None = Field(
        description="How many there are in all; empty where they are fewer than the limit.", examples=[19]
    )
    is_folded: bool = Field(description="Whether anything was folded.", examples=[True])
    project: str | None = Field(description="Slug of the project whose people it counts.", examples=[None])
    published_at: datetime = Field(description="When it was published.", examples=["2026-10-30T05:00:00Z"])


class PublicTableList(Listing):
    """Published tables."""

    items: list[PublicTableRead] = Field(description="The latest quarter first.", examples=[[]])
