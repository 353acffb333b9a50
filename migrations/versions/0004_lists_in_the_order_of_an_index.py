"""Lists in the order of an index

Revision: 0004, after 0003. Forward only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    never = sa.text("'9999-12-31'")
    op.add_column("judgement", sa.Column("sort_start_on", sa.Date(), server_default=never, nullable=False))
    op.execute(
        "UPDATE judgement SET sort_start_on = latest_start_on WHERE latest_start_on IS NOT NULL AND status <> 'closed'"
    )
    op.drop_index("ix_judgement_list", table_name="judgement")
    op.create_index(
        "ix_judgement_list",
        "judgement",
        ["status", "sort_start_on", "contract_id", "unit_path", "procurement_unit_path"],
    )
    op.create_index(op.f("ix_judgement_change_recorded_at"), "judgement_change", ["recorded_at"])
    op.create_index(op.f("ix_contract_reference_id"), "contract", ["reference", "id"])
    op.create_index(op.f("ix_contract_starts_on_id"), "contract", ["starts_on", "id"])
    op.create_index(op.f("ix_contract_ends_on_id"), "contract", ["ends_on", "id"])
    op.create_index(op.f("ix_contract_last_recorded_on"), "contract", ["last_recorded_on"])
    terminated = sa.text("terminated_on IS NOT NULL")
    op.create_index(
        "ix_contract_terminated",
        "contract",
        ["terminated_on"],
        sqlite_where=terminated,
        postgresql_where=terminated,
    )
