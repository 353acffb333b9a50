"""Suppliers: companies known by an identifier, Finnish business IDs first of all."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus

from app.rules.codes import BUSINESS_ID_SCHEME
from app.schemas.fields import Input, Key, Line, Listing, Output, if_sent


def business_id(value: str) -> str:
    """A business ID as it is written: "02012566" and the VAT number "FI02012566" are "0201256-6"."""
    try:
        return ytunnus.format(ytunnus.validate(value))
    except ValidationError:
        raise PydanticCustomError("business_id_invalid", "business_id_invalid") from None


BusinessId = Annotated[str, StringConstraints(max_length=40), AfterValidator(business_id)]
Scheme = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$"), AfterValidator(str.upper)]
"""A register of companies, as org-id.guide names them: SE-ON, EE-RIK."""
Identifier = Annotated[Line, StringConstraints(max_length=100)]


class SupplierReference(Input):
    """A supplier named by its business ID or, from abroad, by an identifier and its scheme.

    The order of the fields matters: each is checked against those before it, so that the error names the right one.
    """

    identifier_scheme: Scheme | None = Field(
        None, description="Register of a supplier from abroad, by its code in org-id.guide.", examples=[None]
    )
    identifier: Identifier | None = Field(None, description="Its identifier there.", examples=[None])
    business_id: BusinessId | None = Field(
        None,
        validate_default=True,
        description="Finnish business ID; its VAT number will do. Left out where `identifier` is given.",
        examples=["0201256-6"],
    )
    name: Line | None = Field(
        None, description="Name; needed where the service does not know the supplier.", examples=["City of Helsinki"]
    )

    @field_validator("identifier")
    @classmethod
    def normalise_identifier(cls, value: str | None, info: ValidationInfo) -> str | None:
        finnish = info.data.get("identifier_scheme") == BUSINESS_ID_SCHEME
        return business_id(value) if finnish and value is not None else value

    @field_validator("business_id")
    @classmethod
    def require_one_identifier(cls, value: str | None, info: ValidationInfo) -> str | None:
        if "identifier_scheme" not in info.data or "identifier" not in info.data:
            return value
        foreign = (info.data["identifier_scheme"], info.data["identifier"])
        if value is not None and any(foreign):
            raise PydanticCustomError("identifier_conflict", "identifier_conflict")
        if value is None and not all(foreign):
            raise PydanticCustomError("identifier_required", "identifier_required")
        return value

    @property
    def key(self) -> tuple[str, str]:
        """Scheme and identifier, as they are unique within a root unit."""
        if self.business_id is not None:
            return BUSINESS_ID_SCHEME, self.business_id
        return str(self.identifier_scheme), str(self.identifier)


class SupplierCreate(SupplierReference):
    """Add a supplier to the root unit's register."""

    name: Line = Field(description="Name.", examples=["City of Helsinki"])
    unit_id: Key | None = Field(
        None,
        description="Any unit of the organisation it is added to; may be left out by those who work in only one.",
        examples=[None],
    )


class SupplierChange(Input):
    """Change a supplier: its name; an identifier stays."""

    name: Line = if_sent(description="Name.", examples=["Helsingin kaupunki"])


class SupplierRead(Output):
    """A supplier, seen by all of its root unit."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    root_id: str = Field(description="Root unit it belongs to.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
    business_id: str | None = Field(description="Finnish business ID; empty for others.", examples=["0201256-6"])
    identifier_scheme: str = Field(description="Register of its identifier.", examples=[BUSINESS_ID_SCHEME])
    identifier: str = Field(description="Its identifier there.", examples=["0201256-6"])
    name: str = Field(description="Name.", examples=["City of Helsinki"])


class SupplierList(Listing):
    """Suppliers of one's organisations."""

    items: list[SupplierRead] = Field(description="In the order asked for.", examples=[[]])
