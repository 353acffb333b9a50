"""What the groups of an identity provider mean here."""

from pydantic import Field

from app.rules.codes import Role
from app.schemas.fields import Input, Key, Line


class GroupCreate(Input):
    """Give the members of a group a role in a unit, and so in all units below it."""

    group: Line = Field(description="The group, exactly as the provider writes it.", examples=["siepp-hankinta"])
    role: Role = Field(description="What its members may do there.", examples=["procurement_officer"])
    unit_id: Key = Field(description="Topmost unit of it.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
