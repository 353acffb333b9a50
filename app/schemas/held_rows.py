"""Purchases of ledgers that wait for a person to say to which contract they belong."""

from datetime import date

from pydantic import Field

from app.rules.codes import HeldReason
from app.schemas.fields import Input, Key, Line, Listing, Money, Output
from app.schemas.imports import CONTRACT_ID, IMPORT_ID


class Decision(Input):
    """Say to which contract a purchase belongs."""

    contract_id: Key | None = Field(
        description="One of its candidates; null where it belongs to none of them.", examples=[CONTRACT_ID]
    )
    remember: list[Line] = Field(
        default_factory=list,
        max_length=10,
        description="What is remembered of the purchase, by field: purchases that are alike in all of it go the same "
        "way, those that wait in the same import at once. Names `business_id` or `contract_number` at least; empty "
        "remembers nothing.",
        examples=[["business_id", "account"]],
    )


class DecisionRead(Output):
    """What a decision settled."""

    settled: int = Field(description="Purchases that no longer wait, this one included.", examples=[3])


class CandidateRead(Output):
    """A contract that a purchase could belong to."""

    contract_id: str = Field(description="The contract.", examples=[CONTRACT_ID])
    reference: str = Field(description="Its number.", examples=["S-2018-17"])
    title: str = Field(description="What is bought under it.", examples=["Cleaning services 2018–2020"])
    supplier: str = Field(description="Its supplier's name.", examples=["Siivous Oy"])
    starts_on: date = Field(description="Its first day.", examples=["2018-03-01"])
    effective_end_on: date = Field(description="Its last day as of today.", examples=["2020-02-28"])


class EarlierRead(Output):
    """A purchase that a held row corrects: it counts until someone decides on that row."""

    on_date: date = Field(description="Day of the purchase.", examples=["2019-03-31"])
    amount_eur: Money = Field(description="Euros net of VAT.", examples=["12000.00"])
    contract_id: str | None = Field(
        description="The contract towards which it counts; empty where you do not see it.", examples=[CONTRACT_ID]
    )
    contract_reference: str | None = Field(description="That contract's number.", examples=["S-2018-17"])


class HeldRowRead(Output):
    """A purchase that waits, with what its row says."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506181"])
    import_id: str = Field(description="The import it came with.", examples=[IMPORT_ID])
    line: int = Field(description="Where in the file its row begins; 0 where that is not kept.", examples=[17])
    reason: HeldReason = Field(description="Why nobody but a person can tell.", examples=["ambiguous"])
    on_date: date = Field(description="Day of the purchase.", examples=["2019-03-31"])
    amount_eur: Money = Field(description="Euros net of VAT.", examples=["12500.00"])
    reference: str | None = Field(description="Voucher or invoice.", examples=["4711"])
    contract_number: str | None = Field(description="Contract number that the row names.", examples=[None])
    business_id: str | None = Field(description="Supplier's business ID.", examples=["0201256-6"])
    account: str | None = Field(description="Account.", examples=["4470"])
    service_class: str | None = Field(description="Service class.", examples=[None])
    buying_unit: str | None = Field(description="Unit that bought.", examples=["Varhaiskasvatus"])
    candidates: list[CandidateRead] = Field(description="Contracts it could belong to.", examples=[[]])
    corrects: list[EarlierRead] = Field(
        description="Earlier forms of its row, which count no more once someone decides on this one.", examples=[[]]
    )


class HeldRowList(Listing):
    """Purchases that wait for a decision."""

    items: list[HeldRowRead] = Field(description="Those that came first, first.", examples=[[]])
