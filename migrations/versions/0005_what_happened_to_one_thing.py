"""What happened to one thing

Revision: 0005, after 0004. Forward only.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_audit_entry_subject_id_seq"), "audit_entry", ["subject_id", "seq"])
    op.create_index(op.f("ix_closure_contract_id"), "closure", ["contract_id"])
    op.create_index(op.f("ix_message_created_at_id"), "message", ["created_at", "id"])
