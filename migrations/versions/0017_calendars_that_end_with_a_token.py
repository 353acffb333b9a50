"""Calendar addresses end with the token that they were made with

Revision: 0017, after 0016. Forward only. Only adds; the version before leaves the new column empty.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # As it is: Alembic would copy the table on SQLite to add a column that refers to another.
    op.execute(
        "ALTER TABLE calendar_feed ADD COLUMN token_id VARCHAR(32) "
        "CONSTRAINT fk_calendar_feed_token_id REFERENCES token (id)"
    )
