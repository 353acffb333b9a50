"""The audit trail, answers remembered for repeated requests, and runs of jobs."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.models.table import Code, Id, Table


class AuditEntry(Table):
    """One link of the chain: its hash covers what happened, the payload's hash and the link before.

    `root_id` is the organisation it belongs to, for whoever searches the trail there; empty for what belongs to none or
    to several, and for links older than the column.
    """

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[Code]
    subject: Mapped[Code]
    subject_id: Mapped[str] = mapped_column(String(64))
    payload_hash: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    root_id: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        Index(None, "subject_id", "seq"),
        Index(None, "root_id", "at", "seq"),
        Index(None, "actor", "at", "seq"),
    )


class AuditPayload(Table):
    """What was written, apart from the chain: retention can erase it and the chain still holds. The salt keeps an
    erased payload from being guessed from its hash."""

    __tablename__ = "audit_payload"

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("audit_entry.seq"),
        primary_key=True,
        autoincrement=False,
    )
    salt: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, object]] = mapped_column(JSON)


class AuditHead(Table):
    """The end of the chain: one row, locked by whoever adds a link."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class RememberedAnswer(Table):
    """The answer to a POST with an Idempotency-Key, given again to the same request."""

    __tablename__ = "remembered_answer"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    key: Mapped[str] = mapped_column(String(200))
    request_hash: Mapped[str] = mapped_column(String(64))
    status_code: Mapped[int | None]
    headers: Mapped[dict[str, str] | None] = mapped_column(JSON)
    body: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("user_id", "key"),)


class JobRun(Table):
    """A day's work done: the daily check of a day, finished or not."""

    __tablename__ = "job_run"

    id: Mapped[Id]
    job: Mapped[Code]
    for_on: Mapped[date]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, int] | None] = mapped_column(JSON)
