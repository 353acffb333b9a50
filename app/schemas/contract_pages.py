"""What the address of a contract's page may say."""

from pydantic import Field

from app.schemas.fields import Day, Input


class PageDay(Input):
    """The day as of which the page is shown."""

    as_of: Day | None = Field(None, description="Any past day; by default today.", examples=["2019-10-31"])
