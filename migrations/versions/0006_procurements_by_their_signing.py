"""Procurements by their signing

Revision: 0006, after 0005. Forward only.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_procurement_signed_on"), "procurement", ["signed_on"])
