"""What other registers say, kept for a while: companies of the company register. And calendars taken out."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.models.table import Id, Table


class Company(Table):
    """A company as the company register knew it at `fetched_at`; `found` is false where it knew none of this number
    (municipalities, associations and foundations are not in it), and as long as it was not asked.

    `forms` says what kind of company it is, by language. `situations` are what puts its obligations at risk: of each
    the `code` of rules.codes.CompanySituation, `since` (the day of the register's entry, or null) and `seen_on`, the
    day on which it was first seen here. `ask_at` is when the register is to be asked next.
    """

    __tablename__ = "company"

    business_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    found: Mapped[bool]
    name: Mapped[str | None]
    forms: Mapped[dict[str, str]] = mapped_column(JSON)
    situations: Mapped[list[dict[str, str | None]]] = mapped_column(JSON)
    fetched_at: Mapped[datetime | None]
    ask_at: Mapped[datetime]

    __table_args__ = (Index(None, "ask_at"),)


class CalendarFeed(Table):
    """A user's private calendar address: whoever has it reads the days of what the user sees, until it is revoked.
    Only the digest of its secret is kept. One that was made with a token ends with it."""

    __tablename__ = "calendar_feed"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    token_id: Mapped[str | None] = mapped_column(ForeignKey("token.id"))
