"""Terminations as a form asks for them; through the API they are fields of a contract."""

from pydantic import Field

from app.schemas.fields import Day, Input


class TerminationCreate(Input):
    """A contract ends before its time."""

    terminated_on: Day = Field(description="The contract's last day.", examples=["2019-05-31"])
    decided_on: Day | None = Field(
        None,
        description="Day the termination was decided; by default the earlier of its last day and today.",
        examples=["2019-03-01"],
    )
