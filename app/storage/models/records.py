"""Positions and purchases: what counts towards an obligation. Nothing here says who is employed."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.codes import Channel, EndReason
from app.rules.facts import EmploymentForm, TargetGroup
from app.storage.models.imports import Number
from app.storage.models.table import Code, Id, Table, Versioned, one_of
from app.storage.types import Hundredths


class Position(Versioned, Table):
    """One job filled under a contract."""

    __tablename__ = "position"

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    starts_on: Mapped[date]
    agreed_on: Mapped[date]
    planned_end_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(String(40))
    end_recorded_on: Mapped[date | None]
    employment_form: Mapped[Code]
    target_group: Mapped[Code]
    weekly_hours: Mapped[Decimal | None] = mapped_column(Hundredths)
    channel: Mapped[Code]
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("position.id"))
    employer_party_id: Mapped[str | None] = mapped_column(ForeignKey("party.id"))
    logged_on: Mapped[date]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        one_of("employment_form", EmploymentForm),
        one_of("target_group", TargetGroup),
        one_of("channel", Channel),
        one_of("end_reason", EndReason),
        CheckConstraint("ended_on >= starts_on", name="end"),
        CheckConstraint("agreed_on <= starts_on", name="agreed"),
        Index(None, "contract_id", "starts_on", "ended_on"),
        Index(
            "uq_position_replaces",
            "replaces_id",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index(  # of all, voided ones too: the database looks for them where a job is erased
            "ix_position_replaces_id",
            "replaces_id",
            sqlite_where=text("replaces_id IS NOT NULL"),
            postgresql_where=text("replaces_id IS NOT NULL"),
        ),
        Index(None, "created_at", "id"),  # a list that is brought in makes thousands at one moment
        Index(
            "ix_position_end_recorded_on",
            "end_recorded_on",
            sqlite_where=text("end_recorded_on IS NOT NULL"),
            postgresql_where=text("end_recorded_on IS NOT NULL"),
        ),
    )


class Purchase(Versioned, Table):
    """What was bought under a contract on a day, net of VAT; credit notes are negative.

    `row_key` names the row of the file it came from, so that a file loaded twice counts once; `import_number` the
    import that brought it, `replaced_in` the later one that brings its corrected form. A purchase counts unless it is
    voided, its import is hidden, or the one that replaces it is not. Neither number is a
    foreign key: imports are never deleted, and a check for each of a million rows says nothing new. `lineage` is the
    same for all forms of one row, held ones included, and empty while there is one form only (rules/lineages.py).
    """

    __tablename__ = "purchase"

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    on_date: Mapped[date]
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str | None]
    row_key: Mapped[str | None] = mapped_column(String(64))
    import_number: Mapped[int | None] = mapped_column(Number)
    replaced_in: Mapped[int | None] = mapped_column(Number)
    lineage: Mapped[str | None] = mapped_column(String(32))
    recorded_on: Mapped[date]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "ix_purchase_facts",
            *("contract_id", "on_date", "recorded_on", "voided_at", "amount_cents", "import_number", "replaced_in"),
        ),
        Index("uq_purchase_row_key", "contract_id", "row_key", unique=True),
        Index(
            "ix_purchase_lineage",
            "lineage",
            sqlite_where=text("lineage IS NOT NULL"),
            postgresql_where=text("lineage IS NOT NULL"),
        ),
    )
