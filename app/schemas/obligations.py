"""How the obligation of a contract stands: every field of a judgement by its name."""

from datetime import date, datetime

from pydantic import ConfigDict, Field

from app.rules.status import Status
from app.schemas.fields import Day, Input, Output


class ObligationRead(Output):
    """A judgement; counts are jobs, those replaced and their replacements together being one."""

    status: Status = Field(description="How the obligation stands.", examples=["at_risk"])
    required: int = Field(description="Positions required.", examples=[1])
    completed: int = Field(description="Completed in time.", examples=[0])
    late: int = Field(description="Completed, but not in time.", examples=[0])
    running: int = Field(description="Begun and neither completed nor broken off.", examples=[0])
    upcoming: int = Field(description="Agreed and not yet begun.", examples=[0])
    interrupted: int = Field(description="Broken off before they were complete.", examples=[0])
    filled: int = Field(description="Begun, whatever came of them.", examples=[0])
    covered: int = Field(description="Completed, or on their way to be complete in time.", examples=[0])
    missing: int = Field(description="Required and not covered.", examples=[1])
    effective_end_on: date = Field(
        description="The contract's last day, options taken and a termination included.", examples=["2020-02-28"]
    )
    latest_start_on: date | None = Field(
        description="Last day on which the first missing position can start; empty when nothing is missing.",
        examples=["2019-05-31"],
    )
    missing_latest_starts: list[date] = Field(
        description="Last day to start of every missing position, earliest first.", examples=[["2019-05-31"]]
    )
    next_change_on: date | None = Field(
        description="Next day on which any field above would differ, were nothing new recorded; empty if never.",
        examples=["2019-06-01"],
    )
    promised_min: int = Field(description="Positions the contract promises at the least.", examples=[1])
    promised_max: int | None = Field(
        description="Positions it promises at the most; empty where nobody can say.", examples=[1]
    )


class ContractObligation(ObligationRead):
    """The judgement that a contract carries."""

    judged_on: date = Field(description="Day it is judged for.", examples=["2019-03-02"])


class ReasonRead(Output):
    """A fact that decided the judgement; its values stand beside code and text, by their names."""

    model_config = ConfigDict(frozen=True, extra="allow")

    code: str = Field(description="Code of the reason.", examples=["start_needed"])
    text: str = Field(
        description="The same as a sentence.",
        examples=["One position must start by 31 May 2019 to complete nine months by 28 February 2020."],
    )


class ObligationOnDay(ObligationRead):
    """The judgement as of a day, with its reasons: the first is the judgement in a sentence."""

    as_of: date = Field(description="Day it is true of.", examples=["2019-03-02"])
    reasons: list[ReasonRead] = Field(description="The facts that decided it.", examples=[[]])


class SnoozeCommand(Input):
    """Mute the contract's reminders before a day."""

    until: Day = Field(
        description="They speak again on this day: after today, not after the last day to start.",
        examples=["2019-04-15"],
    )


class MutingRead(Output):
    """What was asked of the reminders."""

    acknowledged_at: datetime | None = Field(
        description="Since when repeats are stopped, until the facts change.", examples=["2019-03-02T08:15:00Z"]
    )
    snoozed_until: date | None = Field(description="Until when all is muted.", examples=["2019-04-15"])
