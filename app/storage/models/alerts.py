"""Alerts to those who run the service."""

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.codes import LANGUAGES, MessageStatus
from app.rules.watch import Trouble
from app.storage.models.queued import Queued
from app.storage.models.table import Code, Email, Table, one_of


class Alert(Queued, Table):
    """A mail that the service does not do its work: one for each trouble, day and reader, those withdrawn left out.

    It is worded when it is sent, of what holds then. `root_id` is the organisation whose administrator reads it, empty
    for whoever runs the service for all."""

    __tablename__ = "alert"

    trouble: Mapped[Code]
    for_on: Mapped[date]
    to_email: Mapped[Email]
    to_name: Mapped[str]
    language: Mapped[Code]
    root_id: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        one_of("trouble", Trouble),
        one_of("language", LANGUAGES),
        one_of("status", MessageStatus),
        Index(None, "status", "next_attempt_at"),
        Index(
            "uq_alert_trouble_day",
            "trouble",
            "for_on",
            "to_email",
            unique=True,
            sqlite_where=sql("status <> 'withdrawn'"),
            postgresql_where=sql("status <> 'withdrawn'"),
        ),
    )
