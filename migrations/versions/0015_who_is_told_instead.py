"""Owners who have left or whose address is refused, and their deputies; alerts to administrators

Revision: 0015, after 0014. Forward only. Only adds; the version before leaves the new columns empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("owner", sa.Column("left_on", sa.Date(), nullable=True))
    op.add_column("owner", sa.Column("undeliverable_since", sa.DateTime(timezone=True), nullable=True))
    # As it is: Alembic would copy the table on SQLite to add a column that refers to another.
    op.execute("ALTER TABLE owner ADD COLUMN deputy_id VARCHAR(32) CONSTRAINT fk_owner_deputy_id REFERENCES owner (id)")
    op.add_column("owner", sa.Column("deputy_root_id", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_owner_deputy_id"), "owner", ["deputy_id"])
    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("trouble", sa.String(length=40), nullable=False),
        sa.Column("for_on", sa.Date(), nullable=False),
        sa.Column("to_email", sa.String(length=254), nullable=False),
        sa.Column("to_name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("root_id", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "trouble IN ('check_missing', 'mail_waiting', 'mail_refused')", name=op.f("ck_alert_trouble")
        ),
        sa.CheckConstraint("language IN ('fi', 'sv', 'en')", name=op.f("ck_alert_language")),
        sa.CheckConstraint("status IN ('queued', 'sent', 'refused', 'withdrawn')", name=op.f("ck_alert_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index(op.f("ix_alert_status_next_attempt_at"), "alert", ["status", "next_attempt_at"])
    op.create_index(
        "uq_alert_trouble_day",
        "alert",
        ["trouble", "for_on", "to_email"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
