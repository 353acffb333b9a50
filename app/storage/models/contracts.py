"""Suppliers, procurements with their clause, contracts with options and parties, decisions on the obligation."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.codes import LANGUAGES, PartyRole, ProcurementKind
from app.rules.facts import ClauseType, Completion
from app.storage.models.table import Code, Id, Reference, Table, Versioned, one_of
from app.storage.types import Hundredths


class Supplier(Versioned, Table):
    """A company, unique by identifier within a root unit and seen by all of it."""

    __tablename__ = "supplier"

    id: Mapped[Id]
    root_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    scheme: Mapped[Code]
    identifier: Mapped[str] = mapped_column(String(100))
    name: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("root_id", "scheme", "identifier"),)


class Procurement(Versioned, Table):
    """The purchase that was put out to tender; one procurement is one lot.

    `ocid` names it in open data where it came from there; others are named by their own id.
    """

    __tablename__ = "procurement"

    id: Mapped[Id]
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    reference: Mapped[Reference]
    title: Mapped[str]
    kind: Mapped[Code]
    estimated_value_cents: Mapped[int | None] = mapped_column(BigInteger)
    signed_on: Mapped[date | None]
    programme: Mapped[str | None]
    innovative_method: Mapped[str | None]
    procedure: Mapped[str | None]
    notice_id: Mapped[str | None]
    no_clause_reason: Mapped[str | None]
    ocid: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]

    __table_args__ = (
        one_of("kind", ProcurementKind),
        Index(None, "unit_id", "id"),
        Index(None, "unit_id", "signed_on"),
        Index(None, "ocid"),
        Index(None, "reference"),
    )


class Clause(Table):
    """The employment clause of a procurement; the terms of other types than its own are empty."""

    __tablename__ = "clause"

    procurement_id: Mapped[str] = mapped_column(ForeignKey("procurement.id"), primary_key=True)
    type: Mapped[Code]
    positions: Mapped[int | None]
    threshold_cents: Mapped[int | None] = mapped_column(BigInteger)
    positions_per_threshold: Mapped[int | None]
    max_positions: Mapped[int | None]
    points_per_position: Mapped[Decimal | None] = mapped_column(Hundredths)
    max_points: Mapped[Decimal | None] = mapped_column(Hundredths)
    min_duration_months: Mapped[int]
    min_weekly_hours: Mapped[Decimal | None] = mapped_column(Hundredths)
    employment_forms: Mapped[list[str]] = mapped_column(JSON)
    target_groups: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    replacement_allowed: Mapped[bool]
    completion: Mapped[Code]
    start_within_months: Mapped[int | None]
    replacement_within_months: Mapped[int]

    __table_args__ = (
        one_of("type", ClauseType),
        one_of("completion", Completion),
        CheckConstraint("threshold_cents > 0", name="threshold_positive"),
        CheckConstraint("positions >= 1", name="positions_positive"),
    )


class Contract(Versioned, Table):
    """One procurement with one supplier; carries the obligation, the period and the owner.

    `registered_on` is the day it came into the service, `last_recorded_on` the last day anything was recorded on it.
    Of a ledger only rows with one of its accounts, service classes and buying units belong to it, where it names any.
    `ocds_id` is its id in open data where it came from there.
    """

    __tablename__ = "contract"

    id: Mapped[Id]
    procurement_id: Mapped[str] = mapped_column(ForeignKey("procurement.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("owner.id"))
    reference: Mapped[Reference]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    counts_from: Mapped[date | None]
    value_cents: Mapped[int | None] = mapped_column(BigInteger)
    committed_positions: Mapped[int | None]
    terminated_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    supplier_contact_name: Mapped[str | None]
    supplier_contact_email: Mapped[str | None] = mapped_column(String(254))
    supplier_contact_phone: Mapped[str | None] = mapped_column(String(40))
    supplier_language: Mapped[Code]
    ledger_accounts: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    ledger_service_classes: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    ledger_buying_units: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    ocds_id: Mapped[str | None] = mapped_column(String(200))
    registered_on: Mapped[date]
    last_recorded_on: Mapped[date]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("procurement_id", "supplier_id", "reference"),
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint("(terminated_on IS NULL) = (decided_on IS NULL)", name="termination"),
        one_of("supplier_language", LANGUAGES),
        Index(None, "owner_id"),
        Index(None, "supplier_id"),
        Index(None, "reference", "id"),
        Index(None, "starts_on", "id"),
        Index(None, "unit_id", "starts_on"),
        Index(None, "ends_on", "id"),
        Index(None, "last_recorded_on"),  # of use to the release before 0021 only: the next one takes it away
        Index(
            "ix_contract_terminated",
            "terminated_on",
            sqlite_where=text("terminated_on IS NOT NULL"),
            postgresql_where=text("terminated_on IS NOT NULL"),
        ),
    )


class ContractOption(Table):
    """An extension that counts only from the day it is exercised."""

    __tablename__ = "contract_option"

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    ends_on: Mapped[date]
    exercised_on: Mapped[date | None]

    __table_args__ = (UniqueConstraint("contract_id", "ends_on"),)


class Party(Table):
    """A member of the consortium or a subcontractor; a position may say that it employs."""

    __tablename__ = "party"

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"))
    role: Mapped[Code]

    __table_args__ = (UniqueConstraint("contract_id", "supplier_id"), one_of("role", PartyRole))


class OwnershipChange(Table):
    """A contract handed over from one owner to another."""

    __tablename__ = "ownership_change"

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    from_owner_id: Mapped[str] = mapped_column(ForeignKey("owner.id"))
    to_owner_id: Mapped[str] = mapped_column(ForeignKey("owner.id"))
    note: Mapped[str | None]
    changed_on: Mapped[date]
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "contract_id"), Index(None, "created_at"))


class Adjustment(Versioned, Table):
    """A decision that changes how many positions are required, from `effective_on`."""

    __tablename__ = "adjustment"

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    effective_on: Mapped[date]
    delta: Mapped[int]
    reason: Mapped[str]
    decision_reference: Mapped[Reference]
    recorded_on: Mapped[date]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("delta <> 0", name="delta_not_zero"), Index(None, "contract_id"))


class Closure(Versioned, Table):
    """The city's decision to close the obligation; at most one in force."""

    __tablename__ = "closure"

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    effective_on: Mapped[date]
    reason: Mapped[str]
    decision_reference: Mapped[Reference]
    recorded_on: Mapped[date]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "contract_id"),
        Index(
            "uq_closure_in_force",
            "contract_id",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
    )


class Note(Table):
    """What someone wrote on a contract; never about the people employed."""

    __tablename__ = "note"

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    author: Mapped[str]
    text: Mapped[str]
    written_on: Mapped[date]
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "contract_id", "id"),)
