"""Mail to send and what was told in it."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.codes import LANGUAGES, MessageKind, MessageStatus
from app.rules.reminders import ReminderKind
from app.storage.models.queued import Queued
from app.storage.models.table import Code, Email, Id, Table, Versioned, one_of


class Message(Queued, Versioned, Table):
    """A mail: decided in one transaction with its reminders, worded at the first attempt.

    At most one of kind `reminders` per owner and day, those withdrawn left out. `message_id` is made of the row's id,
    so that a second copy after a crash is recognised. Where an attempt `may_have_arrived`, only the very same text may
    be sent again. `closed_since` is when the server first said that it takes nothing for this address for now, and has
    said nothing else since.
    """

    __tablename__ = "message"

    kind: Mapped[Code]
    owner_id: Mapped[str] = mapped_column(ForeignKey("owner.id"))
    for_on: Mapped[date]
    to_email: Mapped[Email]
    to_name: Mapped[str]
    copies: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[Code]
    message_id: Mapped[str | None] = mapped_column(String(250), unique=True)
    subject: Mapped[str | None]
    text: Mapped[str | None]
    html: Mapped[str | None]
    unsubscribe_url: Mapped[str | None]
    rendered_at: Mapped[datetime | None]
    may_have_arrived: Mapped[bool]
    closed_since: Mapped[datetime | None]

    __table_args__ = (
        one_of("kind", MessageKind),
        one_of("status", MessageStatus),
        one_of("language", LANGUAGES),
        Index(None, "status", "next_attempt_at"),
        Index(None, "created_at", "id"),
        Index(
            "ix_message_sent_at",
            "sent_at",
            sqlite_where=sql("sent_at IS NOT NULL"),
            postgresql_where=sql("sent_at IS NOT NULL"),
        ),
        Index(
            "uq_message_owner_day",
            "owner_id",
            "for_on",
            unique=True,
            sqlite_where=sql("kind = 'reminders' AND status <> 'withdrawn'"),
            postgresql_where=sql("kind = 'reminders' AND status <> 'withdrawn'"),
        ),
    )


class Told(Table):
    """A reminder put into a mail. While it is not withdrawn its key can never be told again."""

    __tablename__ = "told"

    id: Mapped[Id]
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"))
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    kind: Mapped[Code]
    key: Mapped[str] = mapped_column(String(80))
    on_date: Mapped[date]
    count: Mapped[int]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("kind", ReminderKind),
        Index(
            "uq_told_reminder",
            "contract_id",
            "kind",
            "key",
            unique=True,
            sqlite_where=sql("withdrawn_at IS NULL"),
            postgresql_where=sql("withdrawn_at IS NULL"),
        ),
        Index(None, "message_id"),
        Index(None, "contract_id"),
    )
