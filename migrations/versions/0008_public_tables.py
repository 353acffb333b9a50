"""Public tables at quarter-ends

Revision: 0008, after 0007. Forward only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_table",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("root_id", sa.String(length=32), nullable=False),
        sa.Column("quarter_end", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["root_id"], ["unit.id"], name=op.f("fk_public_table_root_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_table")),
        sa.UniqueConstraint("root_id", "quarter_end", "key", name=op.f("uq_public_table_root_id_quarter_end_key")),
    )
