"""Files brought into the service: each import with what it added, what waits for a person, and what was refused."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.codes import DraftStatus, HeldReason, ImportKind, ImportStatus
from app.storage.models.table import Code, Id, Reference, Table, Versioned, new_id, one_of

Number = BigInteger().with_variant(Integer, "sqlite")


class ImportRun(Versioned, Table):
    """One file brought in: who, when, which content, and what became of its rows.

    `number` is what rows of purchases name it by: a number, because a ledger has a million of them. `root_id` is the
    organisation whose file it is; only the command line may leave it open. `counts` are rows by what became of them,
    `content` what a person still has to confirm (never of a ledger, whose rows are staged), `error` the code and values
    of what stopped it. `touched_at` moves while a file is being read: a reader that died is known by it.
    """

    __tablename__ = "import_run"

    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True, default=new_id)
    kind: Mapped[Code]
    status: Mapped[Code]
    root_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    file_name: Mapped[Reference]
    file_hash: Mapped[str] = mapped_column(String(64))
    layout: Mapped[str | None] = mapped_column(String(16))
    """Of a ledger: which columns name its rows. Rows of another layout cannot be known again by their keys."""
    header: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """The header's cells as they stand, for giving refused rows back under them."""
    file_bytes: Mapped[int] = mapped_column(BigInteger)
    read_bytes: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(BigInteger)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    actor_id: Mapped[str] = mapped_column(String(40))
    started_by: Mapped[str]
    """Name of who started it."""
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    """When it was activated, discarded or failed."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    undo_reason: Mapped[str | None]

    __table_args__ = (one_of("kind", ImportKind), one_of("status", ImportStatus), Index(None, "root_id", "number"))


class HiddenImport(Table):
    """An import whose purchases count for nothing: not yet activated, or undone.

    Activating an import of a million rows is the deletion of one row here. Once the purchases of an undone import are
    voided one by one, its row goes too, so that the table is empty on most days.
    """

    __tablename__ = "hidden_import"

    number: Mapped[int] = mapped_column(Number, ForeignKey("import_run.number"), primary_key=True, autoincrement=False)


class ImportedContract(Table):
    """What a ledger brings to one contract: rows, their sum, and how many positions are required before and after."""

    __tablename__ = "imported_contract"

    number: Mapped[int] = mapped_column(Number, ForeignKey("import_run.number"), primary_key=True, autoincrement=False)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    rows: Mapped[int]
    cents: Mapped[int] = mapped_column(BigInteger)
    corrected: Mapped[int]
    """Rows that replace an earlier form of themselves."""
    required_before: Mapped[int | None]
    required_after: Mapped[int | None]

    __table_args__ = (Index(None, "contract_id"),)


class ImportedThing(Table):
    """A thing an import made, so that it can be undone: its table and id."""

    __tablename__ = "imported_thing"

    number: Mapped[int] = mapped_column(Number, ForeignKey("import_run.number"), primary_key=True, autoincrement=False)
    thing_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    thing: Mapped[Code]


class RefusedRow(Table):
    """A row of a file that could not be taken, with why; it is given back as a file.

    `cells` are as they stood in the file, an identity code masked before it comes here. They go when the import is old.
    """

    __tablename__ = "refused_row"

    number: Mapped[int] = mapped_column(Number, ForeignKey("import_run.number"), primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    reason: Mapped[Code]
    field: Mapped[str | None] = mapped_column(String(100))
    values: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    cells: Mapped[list[str]] = mapped_column(JSON)


class HeldRow(Table):
    """A purchase of a ledger that waits for a person to say to which contract it belongs, or that it belongs to none.

    `candidates` are the contracts it could belong to. `contract_id` is the one decided on; empty and `decided_at` set:
    it was left out. `lineage` and `replaced_in` are those of a purchase: a row that a later import has brought anew
    waits no more.
    """

    __tablename__ = "held_row"

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(Number, ForeignKey("import_run.number"))
    line: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[Code]
    row_key: Mapped[str] = mapped_column(String(64))
    contract_number: Mapped[str | None] = mapped_column(String(200))
    business_id: Mapped[str | None] = mapped_column(String(20))
    on_date: Mapped[date]
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str | None]
    account: Mapped[str | None] = mapped_column(String(100))
    service_class: Mapped[str | None] = mapped_column(String(200))
    buying_unit: Mapped[str | None] = mapped_column(String(200))
    candidates: Mapped[list[str]] = mapped_column(JSON)
    contract_id: Mapped[str | None] = mapped_column(ForeignKey("contract.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    lineage: Mapped[str | None] = mapped_column(String(32))
    replaced_in: Mapped[int | None] = mapped_column(Number)

    __table_args__ = (
        one_of("reason", HeldReason),
        Index(None, "number", "line"),
        Index(None, "row_key"),
        Index(None, "contract_id"),
        Index(
            "ix_held_row_lineage",
            "lineage",
            sqlite_where=text("lineage IS NOT NULL"),
            postgresql_where=text("lineage IS NOT NULL"),
        ),
        Index(
            "ix_held_row_waiting",
            "number",
            "id",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )


class AttachmentRule(Table):
    """What a person decided once and the service remembers: rows like this belong to that contract, or to none here.

    An empty field asks nothing.
    """

    __tablename__ = "attachment_rule"

    id: Mapped[Id]
    root_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    contract_id: Mapped[str | None] = mapped_column(ForeignKey("contract.id"))
    contract_number: Mapped[str | None] = mapped_column(String(200))
    business_id: Mapped[str | None] = mapped_column(String(20))
    account: Mapped[str | None] = mapped_column(String(100))
    service_class: Mapped[str | None] = mapped_column(String(200))
    buying_unit: Mapped[str | None] = mapped_column(String(200))
    made_by: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]

    __table_args__ = (Index(None, "root_id"), Index(None, "contract_id"))


class Draft(Versioned, Table):
    """A procurement with its contracts as a notice or an open-data release tells it, waiting for a person.

    `content` is what schemas.imported_drafts reads: the body of a registration as far as it is known, and what the
    source says that has no field of ours.
    """

    __tablename__ = "draft"

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(Number, ForeignKey("import_run.number"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    source_key: Mapped[str] = mapped_column(String(300))
    """Names the procurement in its source (notice and lot; ocid), so that the same is not drafted twice."""
    title: Mapped[str]
    status: Mapped[Code]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """`number` and `content` before the import that changed it last: undoing that import puts them back."""
    procurement_id: Mapped[str | None] = mapped_column(ForeignKey("procurement.id"))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]

    __table_args__ = (
        one_of("status", DraftStatus),
        UniqueConstraint("unit_id", "source_key"),
        Index(None, "status", "id"),
        Index(None, "procurement_id"),
    )
