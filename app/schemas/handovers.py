"""Handovers: a contract passes from one owner to another."""

from datetime import date, datetime

from pydantic import Field

from app.schemas.fields import Input, Listing, Output, Paragraphs
from app.schemas.owners import OwnerRead, OwnerReference


class HandoverCreate(Input):
    """Hand a contract over to another owner."""

    owner: OwnerReference = Field(description="The new owner.")
    note: Paragraphs | None = Field(
        None,
        description="What the new owner should know; it goes with the mail. Nothing about the people employed.",
        examples=["The supplier's new contact is on holiday until 5 August."],
    )


class HandoverRead(Output):
    """A contract handed over."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    contract_id: str = Field(description="Its contract.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    from_owner: OwnerRead = Field(description="Who had it.")
    to_owner: OwnerRead = Field(description="Who got it.")
    note: str | None = Field(description="What the new owner was told.", examples=[None])
    changed_on: date = Field(description="Day of the handover.", examples=["2019-03-01"])
    created_at: datetime = Field(description="When it was recorded.", examples=["2019-03-01T07:00:00Z"])


class HandoverList(Listing):
    """Handovers of a contract."""

    items: list[HandoverRead] = Field(description="In the order asked for.", examples=[[]])
