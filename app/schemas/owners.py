"""Contract owners: the city's people answerable for contracts."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.rules.codes import DEFAULT_LANGUAGE, LANGUAGES
from app.schemas.fields import Day, Email, Input, Line, Output, if_sent


def _known_language(value: str) -> str:
    if value not in LANGUAGES:
        raise PydanticCustomError("language_unknown", "language_unknown")
    return value


Language = Annotated[str, AfterValidator(_known_language), Field(json_schema_extra={"enum": list(LANGUAGES)})]
"""fi, sv or en."""


class OwnerReference(Input):
    """A contract owner by e-mail address; name and language change those of a known one."""

    email: Email = Field(description="E-mail address.", examples=["owner@example.org"])
    name: Line | None = Field(
        None, description="Name; needed where the service does not know the address.", examples=["Olli Omistaja"]
    )
    language: Language | None = Field(
        None, description=f"Language of the mails; for a new owner {DEFAULT_LANGUAGE} by default.", examples=["fi"]
    )


class OwnerRead(Output):
    """A contract owner."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    name: str = Field(description="Name.", examples=["Olli Omistaja"])
    email: str = Field(description="E-mail address.", examples=["owner@example.org"])
    language: str = Field(description="Language of the mails.", examples=["fi"])


class Deputy(Output):
    """Who gets an owner's mails while the owner cannot be reached."""

    name: str = Field(description="Name.", examples=["Sanna Sijainen"])
    email: str = Field(description="E-mail address.", examples=["deputy@example.org"])


class OwnerDetails(OwnerRead):
    """A contract owner, and whether mails reach them."""

    left_on: date | None = Field(
        description="First day on which they no longer answer for contracts; empty: they do.", examples=["2026-12-01"]
    )
    undeliverable_since: datetime | None = Field(
        description="When a mail server had refused their address for good, or for days; empty: mails reach it.",
        examples=["2026-11-22T05:00:12Z"],
    )
    deputy: Deputy | None = Field(description="Who gets their mails while they cannot be reached.")


class OwnerChange(Input):
    """Mend an owner's name, address or language; mails not yet sent follow. Say that they have left, or who is their
    deputy."""

    name: Line = if_sent(description="Name.", examples=["Olli Omistaja"])
    email: Email = if_sent(
        description="E-mail address that nobody else has; sent as it is, it is tried again.",
        examples=["olli@example.org"],
    )
    language: Language = if_sent(description="Language of the mails.", examples=["sv"])
    left_on: Day | None = if_sent(
        description="First day on which they no longer answer for contracts; null: they do.", examples=["2026-12-01"]
    )
    deputy: OwnerReference | None = if_sent(
        description="Who gets their mails while they cannot be reached; null: the administrators of the unit.",
        examples=[{"email": "deputy@example.org", "name": "Sanna Sijainen"}],
    )
