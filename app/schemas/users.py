"""Users and their grants: who may do what, and where."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.rules.codes import DEFAULT_LANGUAGE, Role
from app.schemas.fields import Email, Input, Key, Line, Listing, Output, if_sent

"""An e-mail address, kept in lower case so that a person is found however it is typed."""


class Language(StrEnum):
    """Languages of the service."""

    FI = "fi"
    SV = "sv"
    EN = "en"


class GrantCreate(Input):
    """Give a user a role in a unit, and so in all units below it."""

    role: Role = Field(description="What the user may do there.", examples=["procurement_officer"])
    unit_id: Key = Field(description="Topmost unit of it.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])


class UserCreate(Input):
    """Add a user, usually with a first role: without one the user sees nothing yet."""

    email: Email = Field(description="E-mail address; kept in lower case.", examples=["maija@example.org"])
    name: Line = Field(description="Name.", examples=["Maija Mallikas"])
    language: Language = Field(
        Language(DEFAULT_LANGUAGE), description="Language of pages and answers.", examples=["sv"]
    )
    grant: GrantCreate | None = Field(
        None,
        description="First role.",
        examples=[{"role": "viewer", "unit_id": "01932f7a5c7b7e6f9a3c1d2e4f506170"}],
    )


class UserChange(Input):
    """Change a user: only the fields sent change. Users themselves may change their name and language."""

    name: Line = if_sent(description="Name.", examples=["Maija Mallikas"])
    language: Language = if_sent(description="Language of pages and answers.", examples=["en"])
    active: Annotated[bool, Field(strict=True)] = if_sent(
        description="False ends the user's access, tokens included; true gives it back.", examples=[False]
    )


class UserRead(Output):
    """A user."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    email: str = Field(description="E-mail address.", examples=["maija@example.org"])
    name: str = Field(description="Name.", examples=["Maija Mallikas"])
    language: Language = Field(description="Language of pages and answers.", examples=["fi"])
    active: bool = Field(description="Whether the user has access.", examples=[True])
    created_at: datetime = Field(description="When the user was added, UTC.", examples=["2026-11-21T07:00:00Z"])


class UserList(Listing):
    """Users with a role in the administrator's units."""

    items: list[UserRead] = Field(description="In the order asked for.", examples=[[]])


class GrantRead(Output):
    """A role in a unit, and so in all units below it."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506173"])
    role: Role = Field(description="What the user may do there.", examples=["procurement_officer"])
    unit_id: str = Field(description="Topmost unit of it.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
    created_at: datetime = Field(description="When it was given, UTC.", examples=["2026-11-21T07:00:00Z"])


class GrantList(Listing):
    """Roles of a user, those in the asker's units."""

    items: list[GrantRead] = Field(description="Oldest first; few enough for one page.", examples=[[]])
