"""Notes: what someone wrote on a contract; never about the people employed."""

from datetime import datetime

from pydantic import Field

from app.schemas.fields import Input, Listing, Output, Paragraphs


class NoteCreate(Input):
    """Write a note on a contract."""

    text: Paragraphs = Field(
        description="What was agreed with the supplier, or what is to be done. Write nothing about the people "
        "employed: no names, no state of health, nothing that tells who they are.",
        examples=["The supplier promised to open the position to applicants in May."],
    )


class NoteRead(Output):
    """A note."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    contract_id: str = Field(description="Its contract.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    author: str = Field(description="Who wrote it.", examples=["Liisa Luotsi"])
    text: str = Field(description="What was written.", examples=["The supplier promised to open the position in May."])
    created_at: datetime = Field(description="When.", examples=["2019-03-01T07:00:00Z"])


class NoteList(Listing):
    """Notes on a contract."""

    items: list[NoteRead] = Field(description="In the order asked for.", examples=[[]])
