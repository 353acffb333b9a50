"""Stored judgements say how often facts of their contract were written

Revision: 0019, after 0018. Forward only. Only adds; the version before counts nothing, and its next check looks at what
it judged meanwhile.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # As it is: Alembic would copy the table on SQLite, and neither database has to write its rows anew.
    op.execute("ALTER TABLE judgement ADD COLUMN facts_version INTEGER DEFAULT 0 NOT NULL")
