"""One's own calendar address: shown once, when it is made."""

from datetime import date, datetime

from pydantic import Field

from app.schemas.fields import Output


class CalendarFeedRead(Output):
    """One's own calendar address, without the address itself, which is kept nowhere."""

    created_at: datetime = Field(description="When it was made, UTC.", examples=["2026-11-21T07:00:00Z"])
    read_at: datetime | None = Field(
        description="When a program last read it, to the day, UTC; empty where none did.",
        examples=["2026-11-22T05:00:00Z"],
    )
    expires_on: date | None = Field(
        description="Its last day, that of the token it was made with: after it, and once that token is revoked, it "
        "shows nothing. Empty where it was made on the page, or that token has none.",
        examples=["2027-11-21"],
    )


class CalendarFeedCreated(CalendarFeedRead):
    """A new calendar address, which is shown this once."""

    address: str | None = Field(
        description="The address to give to a calendar program. Whoever has it reads the calendar without logging in. "
        "Empty where a repeated request with the same Idempotency-Key is answered: make another.",
        examples=["https://siepp.example.org/calendar/….ics"],
    )
