"""Adjustments: decisions that change how many positions are required."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.schemas.fields import Day, Input, Line, Listing, Output, Paragraphs


def _not_zero(delta: int) -> int:
    if delta == 0:
        raise PydanticCustomError("delta_zero", "delta_zero")
    return delta


class AdjustmentCreate(Input):
    """Record a decision that changes the number of positions required."""

    effective_on: Day = Field(
        description="Day from which it holds; may be ahead, where the decision takes effect later.",
        examples=["2019-06-01"],
    )
    delta: Annotated[int, Field(ge=-1000, le=1000, strict=True), AfterValidator(_not_zero)] = Field(
        description="How many positions more, or with a minus fewer; not zero.", examples=[-1]
    )
    reason: Paragraphs = Field(description="Why.", examples=["The service was cut by half"])
    decision_reference: Line = Field(description="The decision's register number.", examples=["HEL 2019-004321"])


class AdjustmentRead(Output):
    """A decision on the number of positions required."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    contract_id: str = Field(description="Its contract.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    effective_on: date = Field(description="Day from which it holds.", examples=["2019-06-01"])
    delta: int = Field(description="How many positions more, or with a minus fewer.", examples=[-1])
    reason: str = Field(description="Why.", examples=["The service was cut by half"])
    decision_reference: str = Field(description="The decision's register number.", examples=["HEL 2019-004321"])
    recorded_on: date = Field(description="Day it was recorded.", examples=["2019-05-28"])
    voided: bool = Field(description="Entered wrongly: it counts for nothing on any day.", examples=[False])
    void_reason: str | None = Field(description="Why it was voided.", examples=[None])


class AdjustmentList(Listing):
    """Adjustments of a contract."""

    items: list[AdjustmentRead] = Field(description="By the day from which they hold.", examples=[[]])
