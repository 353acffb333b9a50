"""Disputes: what keeps a contract's jobs from being erased."""

from datetime import date

from pydantic import Field

from app.schemas.fields import Input, Output, Paragraphs


class DisputeCreate(Input):
    """Keep a contract's jobs because of a dispute or an appeal."""

    reason: Paragraphs = Field(
        description="What is disputed; never about a person.", examples=["Appeal to the Market Court, 123/2026"]
    )


class DisputeRead(Output):
    """A dispute or an appeal over a contract; while it is not lifted, nothing of the contract is erased."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    contract_id: str = Field(description="Its contract.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    reason: str = Field(description="What is disputed.", examples=["Appeal to the Market Court, 123/2026"])
    set_on: date = Field(description="Day from which it keeps the contract.", examples=["2026-11-28"])
    lifted_on: date | None = Field(
        description="Day on which it was over; the time for which jobs are kept begins anew.", examples=[None]
    )


class RetentionRead(Output):
    """What becomes of a contract's jobs, and when."""

    contract_id: str = Field(description="The contract.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    kept_because: str | None = Field(
        description="Why no clock runs: `kept_for_dispute`, `contract_runs`, `fact_ahead`, `job_runs` or "
        "`obligation_open`; empty where it runs.",
        examples=["contract_runs"],
    )
    kept_until: date | None = Field(description="Until when that is so, as far as is known.", examples=["2027-02-28"])
    over_on: date | None = Field(description="Last day on which anything could change.", examples=[None])
    notice_on: date | None = Field(description="Day from which the owner is told.", examples=[None])
    erase_on: date | None = Field(description="Earliest day on which the jobs are erased.", examples=[None])
    erased_on: date | None = Field(description="Day on which the jobs were erased.", examples=[None])
    dispute: DisputeRead | None = Field(description="The dispute in force, where there is one.", examples=[None])
