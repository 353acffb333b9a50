"""Imports: files brought in, what each would bring or brought, and the rows that came back."""

from datetime import datetime

from pydantic import Field

from app.rules.codes import ImportKind, ImportStatus
from app.schemas.fields import Input, Listing, Money, Output, Paragraphs

IMPORT_ID = "01932f7a5c7b7e6f9a3c1d2e4f506180"
CONTRACT_ID = "01932f7a5c7b7e6f9a3c1d2e4f506172"


class UndoCommand(Input):
    """Take back what an import brought."""

    reason: Paragraphs = Field(description="Why; it stays in the history.", examples=["The ledger of another city."])


class ImportTrouble(Output):
    """Why a file could not be read."""

    code: str = Field(description="Code of the reason.", examples=["ledger_lacks_columns"])
    text: str = Field(
        description="The same as a sentence.",
        examples=["No purchase of this ledger can be attached to a contract, because it has no column for: on_date."],
    )


class ImportItem(Output):
    """An import as lists show it."""

    id: str = Field(description="Opaque id.", examples=[IMPORT_ID])
    kind: ImportKind = Field(description="What the file brings.", examples=["purchases"])
    status: ImportStatus = Field(
        description="`reading` until the file is read, then `ready` to be activated or discarded; `failed` where it "
        "cannot be read. Only an `active` import counts; it can be undone.",
        examples=["ready"],
    )
    interrupted: bool = Field(
        description="Whether nobody reads the file any more, though it was not read to its end: send it again.",
        examples=[False],
    )
    root_id: str | None = Field(description="The organisation it is of.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
    file_name: str = Field(description="Name of the file.", examples=["ostot-2019-03.csv"])
    file_hash: str = Field(description="SHA-256 of its content, in hexadecimal.", examples=["9f86d081884c7d65…"])
    file_bytes: int = Field(description="Its size in bytes.", examples=[1048576])
    read_bytes: int = Field(description="How much of it was read so far.", examples=[524288])
    rows: int = Field(description="Rows read so far.", examples=[5000])
    counts: dict[str, int] = Field(
        description="Numbers by what becomes of the rows, such as `new`, `corrected`, `already_there`, `held`, "
        "`refused`, `no_contract`; of other files by what they bring, such as `procurements`, `contracts`.",
        examples=[{"new": 1204, "held": 3, "refused": 2, "no_contract": 3791}],
    )
    started_by: str = Field(description="Name of who brought the file.", examples=["Noora Hankala"])
    created_at: datetime = Field(description="When.", examples=["2019-04-02T06:00:00Z"])
    settled_at: datetime | None = Field(
        description="When it was activated or discarded, or failed.", examples=["2019-04-02T06:10:00Z"]
    )
    error: ImportTrouble | None = Field(description="Why it failed.")
    undone_at: datetime | None = Field(description="When it was undone.", examples=[None])
    undone_by: str | None = Field(description="Name of who undid it.", examples=[None])
    undo_reason: str | None = Field(description="Why it was undone.", examples=[None])


class ImportedContractRead(Output):
    """What a ledger brings to one contract."""

    contract_id: str = Field(description="The contract.", examples=[CONTRACT_ID])
    reference: str = Field(description="Its number.", examples=["S-2018-17"])
    supplier: str = Field(description="Its supplier's name.", examples=["Siivous Oy"])
    purchases: int = Field(description="Purchases that the ledger adds.", examples=[12])
    amount_eur: Money = Field(description="Their sum, euros net of VAT.", examples=["125000.00"])
    corrected: int = Field(description="Earlier purchases that they replace.", examples=[1])
    required_before: int | None = Field(description="Positions required without them.", examples=[2])
    required_after: int | None = Field(description="Positions required with them.", examples=[3])


class ImportRead(ImportItem):
    """An import with what it would bring, or brought."""

    contracts: list[ImportedContractRead] = Field(
        description="Contracts that get purchases, those whose obligation grows most first; 200 at the most.",
        examples=[[]],
    )
    waiting: int = Field(description="Purchases that wait for a decision.", examples=[3])
    refused_kept: int = Field(description="Refused rows that can be read.", examples=[2])
    same_file: list[str] = Field(description="Ids of active imports of the very same content.", examples=[[]])


class ImportList(Listing):
    """Imports that one may see."""

    items: list[ImportItem] = Field(description="The newest first.", examples=[[]])


class RefusedRowRead(Output):
    """A row that could not be taken."""

    line: int = Field(description="Where in the file it begins, counted from 1.", examples=[17])
    field: str | None = Field(description="What of it is wrong, where that is known.", examples=["on_date"])
    code: str = Field(description="Why, as a code.", examples=["not_a_date"])
    text: str = Field(
        description="The same as a sentence.", examples=["The day cannot be read. Write it like 31.12.2025."]
    )
    cells: list[str] = Field(
        description="The row as it stands in the file; a cell with a personal identity code is masked.",
        examples=[["Siivous Oy", "0201256-6", "12 500,00", "31.2.2019"]],
    )


class RefusedRowList(Listing):
    """Refused rows of an import. They are forgotten after 30 days."""

    items: list[RefusedRowRead] = Field(description="By line.", examples=[[]])
