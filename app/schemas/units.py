"""Units of an organisation: a tree with lead days and a liaison that those below inherit."""

from typing import Annotated

from pydantic import Field

from app.schemas.fields import Email, Input, Key, Line, Listing, Output, Phone, if_sent

LeadDays = Annotated[int, Field(ge=0, le=730, strict=True)]
"""Two years at the most: no obligation is at risk for longer before its last day to start."""
RetentionMonths = Annotated[int, Field(ge=6, le=120, strict=True)]
"""Half a year at the least: the ledgers and reports of the last quarter are in, and the owner has looked at them. Ten
years at the most: as long as those who fund such jobs ask for documents."""
LIAISON_EXAMPLE = {"name": "Yritysluotsi", "email": "luotsi@example.org", "phone": "+358 9 310 1641"}


class LiaisonInput(Input):
    """Whom at the city to ask."""

    name: Line = Field(description="Name of a person or a desk.", examples=["Yritysluotsi"])
    email: Email = Field(description="E-mail address, to which the mails point.", examples=["luotsi@example.org"])
    phone: Phone | None = Field(None, description="Telephone number.", examples=["+358 9 310 1641"])


class UnitRoot(Input):
    """Begin an organisation."""

    name: Line = Field(description="Name.", examples=["Helsingin kaupunki"])


class UnitCreate(Input):
    """Add a unit below another. The root of an organisation is made with `siepp unit add` only."""

    name: Line = Field(description="Name.", examples=["Kaupunkiympäristön toimiala"])
    parent_id: Key = Field(description="Unit it belongs to.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
    lead_days: LeadDays | None = Field(
        None,
        description="Days before the last day to start from which an obligation is at risk; empty: as the unit above.",
        examples=[120],
    )
    liaison: LiaisonInput | None = Field(
        None, description="Whom the mails say to ask; empty: as the unit above.", examples=[LIAISON_EXAMPLE]
    )


class UnitChange(Input):
    """Change a unit: only the fields sent change. A new `parent_id` moves it with all below it."""

    name: Line = if_sent(description="Name.", examples=["Kaupunkiympäristön toimiala"])
    parent_id: Key = if_sent(
        description="Unit it belongs to, of the same organisation.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"]
    )
    lead_days: LeadDays | None = if_sent(
        description="Days before the last day to start from which an obligation is at risk; null: as the unit above.",
        examples=[120],
    )
    retention_months: RetentionMonths | None = if_sent(
        description="Months for which the jobs of a contract are kept once everything under it is over; only of a root "
        "unit. null: 24.",
        examples=[24],
    )
    liaison: LiaisonInput | None = if_sent(
        description="Whom the mails say to ask; null: as the unit above.", examples=[LIAISON_EXAMPLE]
    )


class LiaisonRead(Output):
    """Whom at the city to ask."""

    name: str = Field(description="Name of a person or a desk.", examples=["Yritysluotsi"])
    email: str | None = Field(description="E-mail address.", examples=["luotsi@example.org"])
    phone: str | None = Field(description="Telephone number.", examples=["+358 9 310 1641"])


class UnitRead(Output):
    """A unit, with what it inherits."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    name: str = Field(description="Name.", examples=["Kaupunkiympäristön toimiala"])
    parent_id: str | None = Field(
        description="Unit it belongs to; empty for the root.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"]
    )
    lead_days: int | None = Field(description="Its own lead days; empty: inherited.", examples=[None])
    effective_lead_days: int = Field(description="Lead days in force.", examples=[90])
    retention_months: int | None = Field(
        description="Months for which jobs are kept once a contract is over, as the organisation has set them on its "
        "root unit; empty: 24, and below the root.",
        examples=[None],
    )
    liaison: LiaisonRead | None = Field(description="Its own liaison; empty: inherited.", examples=[None])
    effective_liaison: LiaisonRead | None = Field(description="Liaison in force.", examples=[LIAISON_EXAMPLE])


class UnitList(Listing):
    """Units in one's trees."""

    items: list[UnitRead] = Field(description="Each unit before those below it.", examples=[[]])
