"""API tokens: the secret is shown once, at creation."""

from datetime import datetime

from pydantic import Field

from app.schemas.fields import Input, Line, Listing, Output


class TokenCreate(Input):
    """Make a token of one's own."""

    name: Line = Field(
        description="What it is for; each of one's tokens, revoked ones too, has a name of its own.",
        examples=["Ledger import"],
    )


class TokenRead(Output):
    """A token without its secret."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    name: str = Field(description="What it is for.", examples=["Ledger import"])
    created_at: datetime = Field(description="When it was made, UTC.", examples=["2026-11-21T07:00:00Z"])
    revoked_at: datetime | None = Field(description="When it was revoked, UTC.", examples=[None])


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
