"""What changed lately is found by when it did, and not by all contracts on which anything was recorded

Revision: 0021, after 0020. Forward only. Only adds; what the version before writes is missing among the purchases of
the start page.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LATELY = timedelta(days=60)
"""Nobody who was away for longer misses a line on the start page."""


def upgrade() -> None:
    # First, as every writer does: so nobody holds the one while waiting for the other.
    op.add_column("judgement", sa.Column("bought_at", sa.DateTime(timezone=True), nullable=True))
    _fill()
    partly = {
        "ix_judgement_bought_at": ("judgement", ["bought_at", "contract_id"], "bought_at IS NOT NULL"),
        "ix_position_end_recorded_on": ("position", ["end_recorded_on"], "end_recorded_on IS NOT NULL"),
    }
    for name, (table, columns, wanted) in partly.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(wanted), postgresql_where=sa.text(wanted))
    op.create_index(op.f("ix_judgement_change_recorded_at_seq"), "judgement_change", ["recorded_at", "seq"])
    op.create_index(op.f("ix_position_created_at"), "position", ["created_at"])
    op.create_index(op.f("ix_ownership_change_created_at"), "ownership_change", ["created_at"])


def _fill() -> None:
    """When purchases came, of the contracts on which anything was recorded lately."""
    of_contract = "SELECT max(created_at) FROM purchase WHERE purchase.contract_id = judgement.contract_id"
    lately = "SELECT id FROM contract WHERE last_recorded_on >= :day"
    filled = sa.text(f"UPDATE judgement SET bought_at = ({of_contract}) WHERE contract_id IN ({lately})")  # noqa: S608
    op.execute(filled.bindparams(sa.bindparam("day", datetime.now(UTC).date() - LATELY, sa.Date())))
