"""History: what the service itself said of a contract, change by change."""

from datetime import date, datetime

from pydantic import Field

from app.rules.status import Status
from app.schemas.fields import Listing, Output


class SaidStanding(Output):
    """The fields of a judgement as they were said."""

    status: Status = Field(description="Status.", examples=["at_risk"])
    required: int = Field(description="Positions required.", examples=[1])
    completed: int = Field(description="Completed in time.", examples=[0])
    late: int = Field(description="Completed, but not in time.", examples=[0])
    running: int = Field(description="Running.", examples=[0])
    upcoming: int = Field(description="Agreed but not begun.", examples=[0])
    interrupted: int = Field(description="Broken off.", examples=[0])
    filled: int = Field(description="Begun, whatever came of them.", examples=[0])
    covered: int = Field(description="Completed, or on the way to be in time.", examples=[0])
    missing: int = Field(description="Still missing.", examples=[1])
    effective_end_on: date = Field(description="The contract's last day as it was known.", examples=["2020-02-28"])
    latest_start_on: date | None = Field(
        description="Day by which the next missing position had to start.", examples=["2019-05-31"]
    )
    missing_latest_starts: list[date] = Field(
        description="That day of each missing position.", examples=[["2019-05-31"]]
    )


class HistoryItem(Output):
    """What was said from a moment on."""

    seq: int = Field(description="Grows with every change of any contract.", examples=[4711])
    judged_on: date = Field(description="Day it was judged for.", examples=["2019-03-02"])
    recorded_at: datetime = Field(description="When it was said.", examples=["2019-03-02T05:00:03Z"])
    status: Status = Field(description="Status.", examples=["at_risk"])
    standing: SaidStanding = Field(description="Every field.")


class HistoryList(Listing):
    """Changes of a contract's judgement."""

    items: list[HistoryItem] = Field(description="In the order asked for.", examples=[[]])
