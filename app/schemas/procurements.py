"""Procurements: what was put out to tender, with its employment clause or why there is none."""

from datetime import date

from pydantic import Field

from app.rules.codes import ProcurementKind
from app.schemas.clauses import ClauseChange, ClauseTerms
from app.schemas.fields import Day, Input, Key, Line, Listing, Money, NonNegativeMoney, Output, Paragraphs, if_sent


class ProcurementCreate(Input):
    """Register a procurement; one procurement is one lot."""

    reference: Line = Field(description="The city's reference.", examples=["HEL 2018-001234"])
    title: Line = Field(description="What is bought.", examples=["Cleaning services 2018–2020"])
    unit_id: Key = Field(description="Unit that buys.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
    kind: ProcurementKind = Field(description="What kind of purchase it is.", examples=["services"])
    estimated_value_eur: NonNegativeMoney | None = Field(
        None, description="Estimated value in euros net of VAT.", examples=["1200000.00"]
    )
    signed_on: Day | None = Field(
        None, description="Day from which the procurement's promise is counted.", examples=["2018-02-15"]
    )
    programme: Line | None = Field(None, description="Programme it belongs to.", examples=["SIEPP"])
    innovative_method: Line | None = Field(None, description="Innovative method used, if any.", examples=[None])
    procedure: Line | None = Field(None, description="Procurement procedure.", examples=["open"])
    notice_id: Line | None = Field(None, description="Id of the published notice.", examples=["2018-012345"])
    clause: ClauseTerms | None = Field(
        None, description="Its employment clause; empty where suitability was considered and none was used."
    )
    no_clause_reason: Paragraphs | None = Field(
        None, description="Why there is no clause; needed where there is none.", examples=[None]
    )


class ProcurementChange(Input):
    """Change a procurement: only the fields sent change, of the clause too."""

    reference: Line = if_sent(description="The city's reference.", examples=["HEL 2018-001234"])
    title: Line = if_sent(description="What is bought.", examples=["Cleaning services 2018–2021"])
    unit_id: Key = if_sent(description="Unit that buys.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
    kind: ProcurementKind = if_sent(description="What kind of purchase it is.", examples=["services"])
    estimated_value_eur: NonNegativeMoney | None = if_sent(
        description="Estimated value in euros net of VAT.", examples=["1300000.00"]
    )
    signed_on: Day | None = if_sent(
        description="Day from which the procurement's promise is counted.", examples=["2018-02-15"]
    )
    programme: Line | None = if_sent(description="Programme it belongs to.", examples=["SIEPP"])
    innovative_method: Line | None = if_sent(description="Innovative method used.", examples=[None])
    procedure: Line | None = if_sent(description="Procurement procedure.", examples=["open"])
    notice_id: Line | None = if_sent(description="Id of the published notice.", examples=["2018-012345"])
    clause: ClauseChange | None = if_sent(
        description="Terms of the clause to change, or a clause where there was none. With contracts it can neither "
        "change its type nor be taken away.",
        examples=[{"positions": 2}],
    )
    no_clause_reason: Paragraphs | None = if_sent(description="Why there is no clause.", examples=[None])


class ProcurementRead(Output):
    """A procurement."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    reference: str = Field(description="The city's reference.", examples=["HEL 2018-001234"])
    title: str = Field(description="What is bought.", examples=["Cleaning services 2018–2020"])
    unit_id: str = Field(description="Unit that buys.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
    kind: ProcurementKind = Field(description="What kind of purchase it is.", examples=["services"])
    estimated_value_eur: Money | None = Field(description="Estimated value in euros.", examples=["1200000.00"])
    signed_on: date | None = Field(description="Day from which its promise is counted.", examples=["2018-02-15"])
    programme: str | None = Field(description="Programme it belongs to.", examples=["SIEPP"])
    innovative_method: str | None = Field(description="Innovative method used.", examples=[None])
    procedure: str | None = Field(description="Procurement procedure.", examples=["open"])
    notice_id: str | None = Field(description="Id of the published notice.", examples=["2018-012345"])
    clause: ClauseTerms | None = Field(description="Its employment clause.")
    no_clause_reason: str | None = Field(description="Why there is no clause.", examples=[None])


class ProcurementList(Listing):
    """Procurements of one's units."""

    items: list[ProcurementRead] = Field(description="In the order asked for.", examples=[[]])
