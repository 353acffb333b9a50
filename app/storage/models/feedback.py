"""Feedback on the service and its accessibility."""

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.codes import LANGUAGES, FeedbackTopic
from app.storage.models.table import Code, Id, Table, Versioned, one_of


class Feedback(Versioned, Table):
    """What someone wrote; who it was is not kept, only the address they gave for an answer.

    `number` counts what came on a day from those signed in, and from everyone else: the key lets no two take the same
    number, and so the day's bound holds whatever comes at once.
    """

    __tablename__ = "feedback"

    id: Mapped[Id]
    topic: Mapped[Code]
    text: Mapped[str]
    answer_to: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[Code]
    signed_in: Mapped[bool]
    received_on: Mapped[date]
    number: Mapped[int]
    created_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str | None]

    __table_args__ = (
        one_of("topic", FeedbackTopic),
        one_of("language", LANGUAGES),
        UniqueConstraint("received_on", "signed_in", "number"),
        Index(None, "created_at"),
    )
