"""Closures: the city's decision that nothing more is owed under a contract."""

from datetime import date

from pydantic import Field

from app.schemas.fields import Day, Input, Line, Output, Paragraphs


class ClosureCreate(Input):
    """Close the obligation by a decision."""

    effective_on: Day = Field(
        description="Day from which it is closed; may be ahead, where the decision takes effect later.",
        examples=["2019-11-01"],
    )
    reason: Paragraphs = Field(description="Why.", examples=["The supplier ceased trading"])
    decision_reference: Line = Field(description="The decision's register number.", examples=["HEL 2019-007654"])


class ClosureRead(Output):
    """The decision that closed an obligation."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    contract_id: str = Field(description="Its contract.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    effective_on: date = Field(description="Day from which it is closed.", examples=["2019-11-01"])
    reason: str = Field(description="Why.", examples=["The supplier ceased trading"])
    decision_reference: str = Field(description="The decision's register number.", examples=["HEL 2019-007654"])
    recorded_on: date = Field(description="Day it was recorded.", examples=["2019-10-28"])
    voided: bool = Field(description="Entered wrongly: it counts for nothing on any day.", examples=[False])
    void_reason: str | None = Field(description="Why it was voided.", examples=[None])
