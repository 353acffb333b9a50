"""Funding: where a project's money comes from, and what it has used."""

from datetime import date
from typing import Annotated

from pydantic import Field

from app.rules.codes import FundingKind
from app.schemas.fields import Day, Input, Line, Listing, NonNegativeMoney, Output, if_sent
from app.schemas.indicators import Figure, FigureOut
from app.schemas.words import Name, Words

Share = Annotated[Figure, Field(ge=0, le=100)]
NAME = {"fi": "Euroopan sosiaalirahasto", "sv": "Europeiska socialfonden", "en": "European Social Fund"}


class FundingCreate(Input):
    """Add a source of money, or money used by a day. A source has a sum or a share of the budget."""

    kind: FundingKind = Field(description="A source, or a use.", examples=["source"])
    name: Name = Field(description="Who gives it, or what it was used for.", examples=[NAME])
    amount_eur: NonNegativeMoney | None = Field(None, description="Euros.", examples=["96614.25"])
    share_percent: Share | None = Field(None, description="Share of the budget in percent.", examples=[75])
    until_on: Day | None = Field(None, description="Of a use: the day until which it was used.", examples=[None])
    source: Line | None = Field(None, description="Where that is said.", examples=["Raportti 2019, luku 5.1"])


class FundingChange(Input):
    """Change a source or a use: only the fields sent change."""

    name: Name = if_sent(description="Who gives it, or what it was used for.", examples=[NAME])
    amount_eur: NonNegativeMoney | None = if_sent(description="Euros.", examples=["96614.25"])
    share_percent: Share | None = if_sent(description="Share of the budget in percent.", examples=[75])
    until_on: Day | None = if_sent(description="Of a use: the day until which it was used.", examples=[None])
    source: Line | None = if_sent(description="Where that is said.", examples=["Raportti 2019, luku 5.1"])


class FundingRead(Output):
    """A source of money, or money used."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    kind: FundingKind = Field(description="A source, or a use.", examples=["source"])
    name: Words = Field(description="Who gives it, or what it was used for, by language.", examples=[NAME])
    amount_eur: str | None = Field(description="Euros; of a share, worked out of the budget.", examples=["96614.25"])
    share_percent: FigureOut | None = Field(description="Share of the budget in percent, where given.", examples=[75])
    until_on: date | None = Field(description="Of a use: the day until which it was used.", examples=[None])
    source: str | None = Field(description="Where that is said.", examples=["Raportti 2019, luku 5.1"])
    voided: bool = Field(description="Entered wrongly.", examples=[False])


class FundingList(Listing):
    """Sources and uses."""

    items: list[FundingRead] = Field(description="Sources before uses, in the order of entry.", examples=[[]])
