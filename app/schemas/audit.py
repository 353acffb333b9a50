"""The audit trail: which links to look for, and a link as it is told."""

from datetime import datetime
from typing import Any

from pydantic import Field

from app.schemas.fields import Day, Input, Line, Listing, Output


class AuditFilter(Input):
    """Which links to show; what is left out does not narrow."""

    who: Line | None = Field(
        default=None, description="A part of the name or address of who acted, or their id.", examples=["olga"]
    )
    what: Line | None = Field(
        default=None,
        description="`sign_ins`, `exports`, or a kind of thing, such as `contract` or `user_account`.",
        examples=["sign_ins"],
    )
    thing: Line | None = Field(
        default=None,
        description="An id, a contract's or procurement's reference, or the whole name or address of a supplier, unit, "
        "user or owner. Of a contract also what hangs on it.",
        examples=["S-2018-17"],
    )
    since: Day | None = Field(default=None, description="From this day on.", examples=["2019-03-01"])
    until: Day | None = Field(default=None, description="Up to this day, which is included.", examples=["2019-03-31"])
    person: Line | None = Field(
        default=None,
        description="A name, address or telephone number exactly as it was written, of which the trail keeps a "
        "fingerprint.",
        examples=["olli@example.org"],
    )


class AuditRead(Output):
    """A link of the trail."""

    seq: int = Field(description="Its place in the chain.", examples=[4711])
    at: datetime = Field(description="When.", examples=["2019-03-02T08:15:00Z"])
    actor: str = Field(
        description="Id of the user; `mail:` and an owner's id; or `system`, `visitor`, `identity_provider`.",
        examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"],
    )
    actor_name: str | None = Field(description="Their name today.", examples=["Olga Officer"])
    channel: str | None = Field(description="Which way it came: web, api, cli, job.", examples=["web"])
    address: str | None = Field(description="Address of the network it came from.", examples=["192.0.2.7"])
    action: str = Field(description="What was done.", examples=["changed"])
    subject: str = Field(description="Kind of thing.", examples=["contract"])
    subject_id: str = Field(description="Id of the thing.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    before: dict[str, Any] | None = Field(
        description="Fields that changed, as they were. Those about people are fingerprints (`hmac:…`).",
        examples=[{"ends_on": "2020-02-28"}],
    )
    after: dict[str, Any] | None = Field(
        description="What the thing holds since; empty where the content was erased.",
        examples=[{"ends_on": "2020-03-31"}],
    )
    erased: bool = Field(description="Whether retention erased the content.", examples=[False])


class AuditList(Listing):
    """Links of the audit trail of your organisations."""

    items: list[AuditRead] = Field(description="The newest first.", examples=[[]])
