"""To which organisation a link of the audit trail belongs, and the trail by organisation and by who acted

Revision: 0012, after 0011. Forward only. The version before leaves the column empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("root_id", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_audit_entry_root_id_at_seq"), "audit_entry", ["root_id", "at", "seq"])
    op.create_index(op.f("ix_audit_entry_actor_at_seq"), "audit_entry", ["actor", "at", "seq"])
