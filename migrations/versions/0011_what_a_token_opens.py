"""What an API token opens, until when, and the day of its last use

Revision: 0011, after 0010. Forward only. The version before knows none of the columns and leaves them empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("token", sa.Column("scopes", sa.String(length=100), nullable=True))
    op.add_column("token", sa.Column("expires_on", sa.Date(), nullable=True))
    op.add_column("token", sa.Column("last_used_on", sa.Date(), nullable=True))
