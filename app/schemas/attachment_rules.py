"""What was decided once about purchases of ledgers, and is remembered."""

from datetime import datetime

from pydantic import Field

from app.schemas.fields import Listing, Output
from app.schemas.imports import CONTRACT_ID


class AttachmentRuleRead(Output):
    """Purchases with all that is named here belong to the contract, or to none; what is empty asks nothing."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506182"])
    contract_id: str | None = Field(
        description="Where such purchases go; empty: to no contract here.", examples=[CONTRACT_ID]
    )
    contract_reference: str | None = Field(description="That contract's number.", examples=["S-2018-17"])
    contract_number: str | None = Field(description="Contract number that a row names.", examples=[None])
    business_id: str | None = Field(description="Supplier's business ID.", examples=["0201256-6"])
    account: str | None = Field(description="Account.", examples=["4470"])
    service_class: str | None = Field(description="Service class.", examples=[None])
    buying_unit: str | None = Field(description="Unit that bought.", examples=[None])
    made_by: str = Field(description="Name of who decided.", examples=["Noora Hankala"])
    created_at: datetime = Field(description="When.", examples=["2019-04-02T06:20:00Z"])


class AttachmentRuleList(Listing):
    """Rules in force."""

    items: list[AttachmentRuleRead] = Field(description="The newest first.", examples=[[]])
