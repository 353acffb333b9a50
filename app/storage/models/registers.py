"""What other registers say, kept for a while: companies of the company register. And calendars taken out."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.models.table import Id, Table


class Company(Table):
    """A company as the company register knew it at `fetched_at`; `found` is false where it knew none of this number
    (municipalities, associations and foundations are not in it).

    `situations` are codes of rules.codes.CompanySituation: a bankruptcy is a risk for the obligation.
    """

    __tablename__ = "company"

    business_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    found: Mapped[bool]
    name: Mapped[str | None]
    form: Mapped[str | None] = mapped_column(String(200))
    situations: Mapped[list[str]] = mapped_column(JSON)
    fetched_at: Mapped[datetime]


class CalendarFeed(Table):
    """A user's private calendar address: whoever has it reads the days of what the user sees, until it is revoked.
    Only the digest of its secret is kept."""

    __tablename__ = "calendar_feed"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
