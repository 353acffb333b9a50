"""Files brought in; companies and calendars

Revision: 0010, after 0009. Forward only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("business_id", sa.String(length=20), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("situations", sa.JSON(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("business_id", name=op.f("pk_company")),
    )
    op.create_index(op.f("ix_company_ask_at"), "company", ["ask_at"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_calendar_feed_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feed_secret_hash")),
        sa.UniqueConstraint("user_id", name=op.f("uq_calendar_feed_user_id")),
    )
    op.create_table(
        "import_run",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("root_id", sa.String(length=32), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("layout", sa.String(length=16), nullable=True),
        sa.Column("header", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("read_bytes", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undo_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('purchases', 'contracts', 'positions', 'eforms', 'ocds')", name=op.f("ck_import_run_kind")
        ),
        sa.CheckConstraint(
            "status IN ('reading', 'ready', 'active', 'undone', 'discarded', 'failed')",
            name=op.f("ck_import_run_status"),
        ),
        sa.ForeignKeyConstraint(["root_id"], ["unit.id"], name=op.f("fk_import_run_root_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_import_run")),
        sa.UniqueConstraint("id", name=op.f("uq_import_run_id")),
    )
    op.create_index(op.f("ix_import_run_root_id_number"), "import_run", ["root_id", "number"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("source_key", sa.String(length=300), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("procurement_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('waiting', 'registered', 'left_out')", name=op.f("ck_draft_status")),
        sa.ForeignKeyConstraint(["number"], ["import_run.number"], name=op.f("fk_draft_number")),
        sa.ForeignKeyConstraint(["procurement_id"], ["procurement.id"], name=op.f("fk_draft_procurement_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_draft_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("unit_id", "source_key", name=op.f("uq_draft_unit_id_source_key")),
    )
    op.create_index(op.f("ix_draft_status_id"), "draft", ["status", "id"], unique=False)

    op.create_table(
        "hidden_import",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["number"], ["import_run.number"], name=op.f("fk_hidden_import_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_hidden_import")),
    )
    op.create_table(
        "imported_thing",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("thing_id", sa.String(length=32), nullable=False),
        sa.Column("thing", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["import_run.number"], name=op.f("fk_imported_thing_number")),
        sa.PrimaryKeyConstraint("number", "thing_id", name=op.f("pk_imported_thing")),
    )
    op.create_table(
        "refused_row",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=True),
        sa.Column("values", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["import_run.number"], name=op.f("fk_refused_row_number")),
        sa.PrimaryKeyConstraint("number", "line", name=op.f("pk_refused_row")),
    )
    op.create_table(
        "attachment_rule",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("root_id", sa.String(length=32), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=True),
        sa.Column("contract_number", sa.String(length=200), nullable=True),
        sa.Column("business_id", sa.String(length=20), nullable=True),
        sa.Column("account", sa.String(length=100), nullable=True),
        sa.Column("service_class", sa.String(length=200), nullable=True),
        sa.Column("buying_unit", sa.String(length=200), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_attachment_rule_contract_id")),
        sa.ForeignKeyConstraint(["root_id"], ["unit.id"], name=op.f("fk_attachment_rule_root_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_rule")),
    )
    op.create_index(op.f("ix_attachment_rule_contract_id"), "attachment_rule", ["contract_id"], unique=False)
    op.create_index(op.f("ix_attachment_rule_root_id"), "attachment_rule", ["root_id"], unique=False)

    op.create_table(
        "held_row",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.Column("contract_number", sa.String(length=200), nullable=True),
        sa.Column("business_id", sa.String(length=20), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("account", sa.String(length=100), nullable=True),
        sa.Column("service_class", sa.String(length=200), nullable=True),
        sa.Column("buying_unit", sa.String(length=200), nullable=True),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('ambiguous', 'contract_number_unknown', 'supplier_differs', 'looks_recorded')",
            name=op.f("ck_held_row_reason"),
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_held_row_contract_id")),
        sa.ForeignKeyConstraint(["number"], ["import_run.number"], name=op.f("fk_held_row_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_row")),
    )
    op.create_index(op.f("ix_held_row_number_line"), "held_row", ["number", "line"], unique=False)
    op.create_index(op.f("ix_held_row_row_key"), "held_row", ["row_key"], unique=False)
    op.create_index(
        "ix_held_row_waiting",
        "held_row",
        ["number", "id"],
        unique=False,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )

    op.create_table(
        "imported_contract",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("required_before", sa.Integer(), nullable=True),
        sa.Column("required_after", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_imported_contract_contract_id")),
        sa.ForeignKeyConstraint(["number"], ["import_run.number"], name=op.f("fk_imported_contract_number")),
        sa.PrimaryKeyConstraint("number", "contract_id", name=op.f("pk_imported_contract")),
    )
    for column in ("ledger_accounts", "ledger_service_classes", "ledger_buying_units"):
        op.add_column("contract", sa.Column(column, sa.JSON(), server_default="[]", nullable=False))
    op.add_column("contract", sa.Column("ocds_id", sa.String(length=200), nullable=True))
    op.add_column("procurement", sa.Column("ocid", sa.String(length=200), nullable=True))
    op.create_index(op.f("ix_procurement_ocid"), "procurement", ["ocid"], unique=False)
    op.add_column("purchase", sa.Column("import_number", NUMBER, nullable=True))
    op.add_column("purchase", sa.Column("replaced_in", NUMBER, nullable=True))
    op.drop_index("ix_purchase_facts", table_name="purchase")
    op.create_index(
        "ix_purchase_facts",
        "purchase",
        ["contract_id", "on_date", "recorded_on", "voided_at", "amount_cents", "import_number", "replaced_in"],
    )
