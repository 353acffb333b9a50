"""Purchases: what was bought under a contract, net of VAT."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.schemas.fields import Day, Input, Line, Listing, Money, Output


def _not_zero(cents: int) -> int:
    if cents == 0:
        raise PydanticCustomError("amount_zero", "amount_zero")
    return cents


class PurchaseCreate(Input):
    """Record a purchase, or the sum of a period's purchases on its last day."""

    on_date: Day = Field(description="Day of the purchase; not after today.", examples=["2019-03-31"])
    amount_eur: Annotated[Money, AfterValidator(_not_zero)] = Field(
        description="Euros net of VAT; negative for a credit note, never zero.", examples=["125000.00"]
    )
    reference: Line | None = Field(None, description="Invoice, voucher or order.", examples=["Q1/2019"])


class PurchaseRead(Output):
    """A purchase, and whether it counts."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    contract_id: str = Field(description="Its contract.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    on_date: date = Field(description="Day of the purchase.", examples=["2019-03-31"])
    amount_eur: Money = Field(description="Euros net of VAT; negative for a credit note.", examples=["125000.00"])
    reference: str | None = Field(description="Invoice, voucher or order.", examples=["Q1/2019"])
    recorded_on: date = Field(description="Day it was recorded.", examples=["2019-04-02"])
    imported: bool = Field(description="Whether it came with a ledger.", examples=[False])
    voided: bool = Field(description="Entered wrongly: it counts for nothing on any day.", examples=[False])
    void_reason: str | None = Field(description="Why it was voided.", examples=[None])
    counts: bool = Field(
        description="Whether it counts towards a purchase threshold as known today: the clause has one, and the day "
        "lies within the contract's period.",
        examples=[True],
    )


class PurchaseList(Listing):
    """Purchases of a contract."""

    items: list[PurchaseRead] = Field(description="In the order asked for.", examples=[[]])
