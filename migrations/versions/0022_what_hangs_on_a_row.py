"""What hangs on a contract or a job is found by index, as is the last mail sent, and the newest jobs in their order

Revision: 0022, after 0021. Forward only. Indexes only: the version before works as it did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Jobs before mails, as who erases a contract takes them.
    partly = {"ix_position_replaces_id": ("position", "replaces_id"), "ix_message_sent_at": ("message", "sent_at")}
    op.create_index(op.f("ix_position_created_at_id"), "position", ["created_at", "id"])
    op.drop_index(op.f("ix_position_created_at"), table_name="position")
    for name, (table, column) in partly.items():
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=there, postgresql_where=there)
    op.create_index(op.f("ix_told_contract_id"), "told", ["contract_id"])
