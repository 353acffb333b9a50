"""Release packages of the Open Contracting Data Standard, as far as a client needs to know them to page through."""

from typing import Any

from pydantic import Field

from app.schemas.fields import Output


class ReleaseLinks(Output):
    """Where more releases are."""

    next: str | None = Field(
        description="Address of the next page; absent on the last one.",
        examples=["https://siepp.example.org/api/v1/ocds/releases?cursor=WyJjcmVhdGVkIl0"],
    )


class ReleasePackage(Output):
    """A release package of OCDS 1.1. Its releases are those of the standard and of the extensions named."""

    uri: str = Field(description="Address of the package.", examples=["https://siepp.example.org/api/v1/ocds/releases"])
    version: str = Field(description="Version of the standard.", examples=["1.1"])
    publishedDate: str = Field(description="When the package was made.", examples=["2026-11-21T07:00:00Z"])
    publisher: dict[str, Any] = Field(description="Who publishes it.", examples=[{"name": "City of Helsinki"}])
    license: str = Field(description="Licence.", examples=["https://creativecommons.org/licenses/by/4.0/"])
    extensions: list[str] = Field(
        description="Extensions that the releases use.",
        examples=[["https://siepp.example.org/static/ocds-employment-clause/extension.json"]],
    )
    links: ReleaseLinks | None = Field(None, description="Where the next page is; absent on the last one.")
    releases: list[dict[str, Any]] = Field(
        description="One release for each procurement, as it stands.",
        examples=[[{"ocid": "siepp.example.org-01932f7a5c7b7e6f9a3c1d2e4f506172"}]],
    )
