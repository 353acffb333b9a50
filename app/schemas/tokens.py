"""API tokens: the secret is shown once, at creation."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.rules.codes import TokenScope
from app.schemas.fields import Day, Input, Line, Listing, Output


def _any(scopes: frozenset[TokenScope]) -> frozenset[TokenScope]:
    if not scopes:
        raise PydanticCustomError("missing_field", "missing_field")
    return scopes


Scopes = Annotated[frozenset[TokenScope], AfterValidator(_any), Field(json_schema_extra={"minItems": 1})]
"""At least one: a token that opens nothing is of no use."""


class TokenCreate(Input):
    """Make a token of one's own."""

    name: Line = Field(
        description="What it is for; each of one's tokens, revoked ones too, has a name of its own.",
        examples=["Ledger import"],
    )
    scopes: Scopes = Field(
        default=frozenset(TokenScope),
        description="What it opens, of what its user may do: `read` reads, `write` writes, `import` brings in files "
        "and reads how that went. All of them unless told otherwise; none that the token it is made with lacks.",
        examples=[["read"]],
    )
    expires_on: Day | None = Field(
        default=None,
        description="The last day on which it opens anything: by default a year from today, at the latest two, and not "
        "after that of the token it is made with.",
        examples=[None],
    )


class TokenRead(Output):
    """A token without its secret."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    name: str = Field(description="What it is for.", examples=["Ledger import"])
    created_at: datetime = Field(description="When it was made, UTC.", examples=["2026-11-21T07:00:00Z"])
    revoked_at: datetime | None = Field(description="When it was revoked, UTC.", examples=[None])
    scopes: list[TokenScope] = Field(description="What it opens, of what its user may do.", examples=[["read"]])
    expires_on: date | None = Field(
        description="The last day on which it opens anything; empty for the first tokens, which do until revoked.",
        examples=["2027-11-21"],
    )
    last_used_on: date | None = Field(
        description="The day on which it was last used; empty where it never was.", examples=["2026-11-21"]
    )


class TokenCreated(TokenRead):
    """A new token with its secret, which is shown this once and kept nowhere."""

    token: str | None = Field(
        description="The secret, to send as `Authorization: Bearer …`. Empty where a repeated request with the same "
        "Idempotency-Key is answered: revoke that token and make another.",
        examples=["siepp_…"],
    )


class TokenList(Listing):
    """One's own tokens."""

    items: list[TokenRead] = Field(description="Oldest first, revoked ones too.", examples=[[]])
