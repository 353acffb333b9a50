"""Since when a mailbox takes nothing, so that someone else is told once that lasts

Revision: 0020, after 0019. Forward only. Only adds; the version before leaves the new column empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("closed_since", sa.DateTime(timezone=True), nullable=True))
