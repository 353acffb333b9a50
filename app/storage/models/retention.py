"""What retention needs and leaves behind: disputes that stop the clock, and what is left of erased contracts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.codes import ArchivedBy
from app.storage.models.table import Code, Id, Table, Versioned, one_of


class Dispute(Versioned, Table):
    """A dispute or an appeal over a contract: while it is not lifted, nothing of the contract is erased. At most one in
    force."""

    __tablename__ = "dispute"

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    reason: Mapped[str]
    set_on: Mapped[date]
    lifted_on: Mapped[date | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "contract_id"),
        Index(
            "uq_dispute_in_force",
            "contract_id",
            unique=True,
            sqlite_where=text("lifted_on IS NULL"),
            postgresql_where=text("lifted_on IS NULL"),
        ),
    )


class ErasedContract(Table):
    """A contract whose jobs are erased. `kept` is a list of a day and a standing: how its obligation stood at the ends
    of quarters (rules/kept_standings.py)."""

    __tablename__ = "erased_contract"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    erased_on: Mapped[date]
    kept: Mapped[list[Any]] = mapped_column(JSON)


class ArchivedJobs(Table):
    """How many of an organisation's erased jobs began in a month, by one thing about them.

    A row for each job or contract, however named, could be recognised by its month, form, group and channel together.
    So there is one row for a month and a code, of all contracts of the organisation, and nothing says which form went
    with which group. The id comes from chance and no row has a time: neither tells with which contract it came.
    """

    __tablename__ = "archived_jobs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    root_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    month: Mapped[date]
    dimension: Mapped[Code]
    code: Mapped[Code]
    jobs: Mapped[int]

    __table_args__ = (
        one_of("dimension", ArchivedBy),
        CheckConstraint("jobs >= 1", name="jobs"),
        UniqueConstraint("root_id", "month", "dimension", "code"),
    )
