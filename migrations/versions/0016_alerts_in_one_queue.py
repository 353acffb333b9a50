"""Alerts wait in the same queue as other mail; one more trouble, a clock that may be ahead

Revision: 0016, after 0015. Forward only. Only adds; the version before leaves the new column empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TROUBLES = "'check_missing', 'mail_waiting', 'clock_doubted', 'mail_refused'"


def upgrade() -> None:
    with op.batch_alter_table("alert") as alert:
        alert.add_column(sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True))
        alert.drop_constraint(op.f("ck_alert_trouble"), type_="check")
        alert.create_check_constraint(op.f("ck_alert_trouble"), f"trouble IN ({TROUBLES})")
