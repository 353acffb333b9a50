"""Judgements by organisation, so that a city's list and summary do not read those of all cities

Revision: 0018, after 0017. Forward only. Indexes only: the version before works as it did, its summary more slowly.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The first id of the unit's path. It needs no column of its own, so the version before writes it too.
    root_id = sa.text("substr(unit_path, 2, 32)")
    op.create_index(
        "ix_judgement_organisation_list",
        "judgement",
        [root_id, "status", "sort_start_on", "contract_id", "unit_path", "procurement_unit_path"],
    )
    op.create_index("ix_judgement_organisation", "judgement", [root_id, "contract_id"])
    # What of a city is signed or starts later than a day. The index by the signing alone is of no use any more.
    op.create_index(op.f("ix_unit_root_id"), "unit", ["root_id"])
    op.create_index(op.f("ix_contract_unit_id_starts_on"), "contract", ["unit_id", "starts_on"])
    op.create_index(op.f("ix_procurement_unit_id_signed_on"), "procurement", ["unit_id", "signed_on"])
    op.drop_index("ix_procurement_signed_on", table_name="procurement")
