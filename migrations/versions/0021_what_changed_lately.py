"""What changed lately is found by when it did, and not by all contracts on which anything was recorded

Revision: 0021, after 0020. Forward only. Indexes only: the version before works as it did, its start page more slowly.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_position_created_at"), "position", ["created_at"])
    op.create_index(op.f("ix_ownership_change_created_at"), "ownership_change", ["created_at"])
    partly = {
        "ix_position_end_recorded_on": ("position", "end_recorded_on", "end_recorded_on IS NOT NULL"),
        "ix_purchase_by_hand": ("purchase", "created_at", "import_number IS NULL"),
    }
    for name, (table, column, wanted) in partly.items():
        op.create_index(name, table, [column], sqlite_where=sa.text(wanted), postgresql_where=sa.text(wanted))
    # After a ledger, nearly every contract was recorded on lately: it narrowed nothing, and each record changed it.
    op.drop_index("ix_contract_last_recorded_on", table_name="contract")
