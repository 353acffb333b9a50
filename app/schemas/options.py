"""Options: extensions of a contract that count only once taken."""

from datetime import date

from pydantic import Field

from app.schemas.fields import Day, Input, Listing, Output


class OptionCreate(Input):
    """Add an option; any agreed extension is one."""

    ends_on: Day = Field(description="The contract's last day, once it is taken.", examples=["2021-02-28"])
    exercised_on: Day | None = Field(
        None, description="Day it was taken; empty while it is not. Not after today.", examples=[None]
    )


class ExerciseCommand(Input):
    """Take an option."""

    exercised_on: Day = Field(
        description="Day it was taken: not after today, and while the contract was in force.", examples=["2019-12-15"]
    )


class OptionRead(Output):
    """An option."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    ends_on: date = Field(description="The contract's last day, once it is taken.", examples=["2021-02-28"])
    exercised_on: date | None = Field(description="Day it was taken; empty while it is not.", examples=[None])


class OptionList(Listing):
    """Options of a contract."""

    items: list[OptionRead] = Field(description="By last day.", examples=[[]])
