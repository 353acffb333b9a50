"""What the page of contracts may be asked in its address."""

from pydantic import Field

from app.rules.facts import ClauseType
from app.rules.status import Status
from app.schemas.fields import Day, Input, Key


class ContractListQuery(Input):
    """The filters of the list; a page shows the list without one that does not fit."""

    status: list[Status] | None = Field(None, description="Statuses.", examples=[["at_risk"]])
    unit_id: Key | None = Field(None, description="Unit; those below it count too.", examples=[None])
    supplier_id: Key | None = Field(None, description="The supplier.", examples=[None])
    clause_type: ClauseType | None = Field(None, description="Type of the clause.", examples=["fixed_count"])
    owner_email: str | None = Field(
        None, max_length=254, description="The owner's e-mail address.", examples=["owner@example.org"]
    )
    latest_start_before: Day | None = Field(
        None, description="The last day to start lies before this day.", examples=["2019-06-01"]
    )
    q: str | None = Field(None, max_length=200, description="Part of a reference, title or name.", examples=["S-2018"])
