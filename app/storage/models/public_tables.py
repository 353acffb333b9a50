"""Tables published at quarter-ends, as they were published."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.models.table import Id, Table


class PublicTable(Table):
    """One table of an organisation for a quarter; rows are only added. `key` names the table; `contents` holds its
    period, rows, others and total as they may be read by everyone, and for a project's table its words."""

    __tablename__ = "public_table"

    id: Mapped[Id]
    root_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    quarter_end: Mapped[date]
    key: Mapped[str] = mapped_column(String(200))
    contents: Mapped[dict[str, object]] = mapped_column(JSON)
    published_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("root_id", "quarter_end", "key"),)
