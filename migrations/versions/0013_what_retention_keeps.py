"""What retention keeps: disputes, erased contracts and the counts of their jobs; one reminder more

Revision: 0013, after 0012. Forward only. Only adds; the check of `told.kind` lets one kind more pass.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


KINDS = (
    *("overdue", "window_closing", "position_interrupted", "cannot_be_met", "breached", "threshold_reached", "no_news"),
    *("fulfilled", "nine_months_reached", "erasure_ahead", "handover"),
)


def upgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    with op.batch_alter_table("told") as told:
        told.drop_constraint(op.f("ck_told_kind"), type_="check")
        told.create_check_constraint(op.f("ck_told_kind"), f"kind IN ({listed})")
    op.add_column("unit", sa.Column("retention_months", sa.Integer(), nullable=True))
    op.create_table(
        "dispute",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_dispute_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    op.create_index(op.f("ix_dispute_contract_id"), "dispute", ["contract_id"])
    op.create_index(
        "uq_dispute_in_force",
        "dispute",
        ["contract_id"],
        unique=True,
        sqlite_where=sa.text("lifted_on IS NULL"),
        postgresql_where=sa.text("lifted_on IS NULL"),
    )
    op.create_table(
        "erased_contract",
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_erased_contract_contract_id")),
        sa.PrimaryKeyConstraint("contract_id", name=op.f("pk_erased_contract")),
    )
    op.create_table(
        "archived_jobs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("root_id", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("jobs", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "dimension IN ('target_group', 'employment_form', 'channel')", name=op.f("ck_archived_jobs_dimension")
        ),
        sa.CheckConstraint("jobs >= 1", name=op.f("ck_archived_jobs_jobs")),
        sa.ForeignKeyConstraint(["root_id"], ["unit.id"], name=op.f("fk_archived_jobs_root_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archived_jobs")),
        sa.UniqueConstraint(
            "root_id", "month", "dimension", "code", name=op.f("uq_archived_jobs_root_id_month_dimension_code")
        ),
    )
