"""Positions: what is logged of a job; nothing about who it is."""

from datetime import date

from pydantic import Field

from app.rules.codes import Channel, EndReason
from app.rules.facts import EmploymentForm, TargetGroup
from app.schemas.fields import Day, Hours, Input, Key, Listing, Output, if_sent


class PositionCreate(Input):
    """Log a job filled under a contract."""

    starts_on: Day = Field(description="First day of the job.", examples=["2019-05-31"])
    agreed_on: Day | None = Field(
        None,
        description="Day it was agreed; by default the earlier of its start and today. Never after the start.",
        examples=["2019-05-10"],
    )
    planned_end_on: Day | None = Field(
        None, description="Last day of a fixed-term job; empty for one without an end.", examples=["2020-05-30"]
    )
    employment_form: EmploymentForm = Field(description="Form of employment.", examples=["employment"])
    target_group: TargetGroup = Field(description="Group the person belongs to.", examples=["long_term_unemployed"])
    weekly_hours: Hours | None = Field(None, description="Hours a week, where known.", examples=["30.0"])
    channel: Channel = Field(Channel.OTHER, description="How the person was found.", examples=["te_office"])
    replaces_id: Key | None = Field(
        None,
        description="Position that broke off or ends, whose months this one goes on with.",
        examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"],
    )
    employer_party_id: Key | None = Field(
        None,
        description="Party of the contract that employs; empty for the supplier itself.",
        examples=["01932f7a5c7b7e6f9a3c1d2e4f506173"],
    )


class PositionChange(Input):
    """Change a job: only the fields sent change. Ending one early sets `ended_on` and `end_reason`."""

    starts_on: Day = if_sent(description="First day of the job.", examples=["2019-06-03"])
    agreed_on: Day = if_sent(description="Day it was agreed.", examples=["2019-05-10"])
    planned_end_on: Day | None = if_sent(
        description="Last planned day; a renewal of the same person's job moves it.", examples=["2020-08-31"]
    )
    ended_on: Day | None = if_sent(
        description="Last day, where the job ended; not after today.", examples=["2019-10-31"]
    )
    end_reason: EndReason | None = if_sent(description="Why it ended.", examples=["resigned"])
    employment_form: EmploymentForm = if_sent(description="Form of employment.", examples=["apprenticeship"])
    target_group: TargetGroup = if_sent(description="Group the person belongs to.", examples=["immigrant"])
    weekly_hours: Hours | None = if_sent(description="Hours a week, where known.", examples=["37.5"])
    channel: Channel = if_sent(description="How the person was found.", examples=["team"])
    replaces_id: Key | None = if_sent(
        description="Position whose months this one goes on with.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"]
    )
    employer_party_id: Key | None = if_sent(
        description="Party of the contract that employs.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506173"]
    )


class PositionEnd(Input):
    """End a job early."""

    ended_on: Day = Field(description="Last day; not after today.", examples=["2019-10-31"])
    end_reason: EndReason | None = Field(None, description="Why it ended.", examples=["resigned"])


class PositionRead(Output):
    """A job, and whether it counts."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    contract_id: str = Field(description="Its contract.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    starts_on: date = Field(description="First day.", examples=["2019-05-31"])
    agreed_on: date = Field(description="Day from which it is known.", examples=["2019-05-10"])
    planned_end_on: date | None = Field(description="Last planned day.", examples=["2020-05-30"])
    ended_on: date | None = Field(description="Last day, where it ended.", examples=["2019-10-31"])
    end_reason: EndReason | None = Field(description="Why it ended.", examples=["resigned"])
    employment_form: EmploymentForm = Field(description="Form of employment.", examples=["employment"])
    target_group: TargetGroup = Field(description="Group the person belongs to.", examples=["youth"])
    weekly_hours: Hours | None = Field(description="Hours a week.", examples=["30.0"])
    channel: Channel = Field(description="How the person was found.", examples=["te_office"])
    replaces_id: str | None = Field(description="Position it goes on with.", examples=[None])
    employer_party_id: str | None = Field(description="Party that employs; empty for the supplier.", examples=[None])
    logged_on: date = Field(description="Day it was logged.", examples=["2019-06-01"])
    voided: bool = Field(description="Entered wrongly: it counts for nothing on any day.", examples=[False])
    void_reason: str | None = Field(description="Why it was voided.", examples=[None])
    counts: bool = Field(description="Whether it counts towards the obligation as known today.", examples=[True])
    not_counted_because: list["NotCounted"] = Field(description="Why it does not count.", examples=[[]])
    completes_on: date | None = Field(
        description="Day until which it must last to complete the clause's months.", examples=["2020-02-28"]
    )


class NotCounted(Output):
    """Why a position does not count."""

    code: str = Field(description="Code of the reason.", examples=["form_not_accepted"])
    text: str = Field(description="The same as a sentence.", examples=["The clause does not accept this form."])


class VoidCommand(Input):
    """Void what was entered wrongly."""

    reason: str = Field(
        min_length=1, max_length=1000, description="Why it was wrong.", examples=["Logged on the wrong contract"]
    )


class PositionList(Listing):
    """Positions of a contract."""

    items: list[PositionRead] = Field(description="By start.", examples=[[]])
