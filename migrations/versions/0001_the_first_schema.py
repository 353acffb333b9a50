"""The first schema

Revision: 0001, after None. Forward only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    audit_head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("for_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
    )
    op.create_table(
        "owner",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language IN ('fi', 'sv', 'en')", name=op.f("ck_owner_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner")),
        sa.UniqueConstraint("email", name=op.f("uq_owner_email")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("root_id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=660), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("liaison_name", sa.Text(), nullable=True),
        sa.Column("liaison_email", sa.String(length=254), nullable=True),
        sa.Column("liaison_phone", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("path", name=op.f("uq_unit_path")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language IN ('fi', 'sv', 'en')", name=op.f("ck_user_account_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "audit_payload",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entry.seq"], name=op.f("fk_audit_payload_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_payload")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("for_on", sa.Date(), nullable=False),
        sa.Column("to_email", sa.String(length=254), nullable=False),
        sa.Column("to_name", sa.Text(), nullable=False),
        sa.Column("copies", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("unsubscribe_url", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("may_have_arrived", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('reminders', 'handover')", name=op.f("ck_message_kind")),
        sa.CheckConstraint("language IN ('fi', 'sv', 'en')", name=op.f("ck_message_language")),
        sa.CheckConstraint("status IN ('queued', 'sent', 'refused', 'withdrawn')", name=op.f("ck_message_status")),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_message_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_status_next_attempt_at"), ["status", "next_attempt_at"], unique=False
        )
        batch_op.create_index(
            "uq_message_owner_day",
            ["owner_id", "for_on"],
            unique=True,
            sqlite_where=sa.text("kind = 'reminders' AND status <> 'withdrawn'"),
            postgresql_where=sa.text("kind = 'reminders' AND status <> 'withdrawn'"),
        )

    op.create_table(
        "procurement",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("estimated_value_cents", sa.BigInteger(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("programme", sa.Text(), nullable=True),
        sa.Column("innovative_method", sa.Text(), nullable=True),
        sa.Column("procedure", sa.Text(), nullable=True),
        sa.Column("notice_id", sa.Text(), nullable=True),
        sa.Column("no_clause_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('services', 'goods', 'works')", name=op.f("ck_procurement_kind")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_procurement_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement")),
    )
    with op.batch_alter_table("procurement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procurement_unit_id_id"), ["unit_id", "id"], unique=False)

    op.create_table(
        "remembered_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_remembered_answer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remembered_answer")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_remembered_answer_user_id_key")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('procurement_officer', 'business_liaison', 'contract_owner', 'project_reporter', 'viewer', 'admin')",
            name=op.f("ck_role_grant_role"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_role_grant_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("user_id", "unit_id", "role", name=op.f("uq_role_grant_user_id_unit_id_role")),
    )
    op.create_table(
        "supplier",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("root_id", sa.String(length=32), nullable=False),
        sa.Column("scheme", sa.String(length=40), nullable=False),
        sa.Column("identifier", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["root_id"], ["unit.id"], name=op.f("fk_supplier_root_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("root_id", "scheme", "identifier", name=op.f("uq_supplier_root_id_scheme_identifier")),
    )
    op.create_table(
        "token",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_token_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_token_token_hash")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_token_user_id_name")),
    )
    op.create_table(
        "clause",
        sa.Column("procurement_id", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("positions", sa.Integer(), nullable=True),
        sa.Column("threshold_cents", sa.BigInteger(), nullable=True),
        sa.Column("positions_per_threshold", sa.Integer(), nullable=True),
        sa.Column("max_positions", sa.Integer(), nullable=True),
        sa.Column("points_per_position", sa.Integer(), nullable=True),
        sa.Column("max_points", sa.Integer(), nullable=True),
        sa.Column("min_duration_months", sa.Integer(), nullable=False),
        sa.Column("min_weekly_hours", sa.Integer(), nullable=True),
        sa.Column("employment_forms", sa.JSON(), nullable=False),
        sa.Column("target_groups", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("replacement_allowed", sa.Boolean(), nullable=False),
        sa.Column("completion", sa.String(length=40), nullable=False),
        sa.Column("start_within_months", sa.Integer(), nullable=True),
        sa.Column("replacement_within_months", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "completion IN ('within_contract', 'may_follow_contract')", name=op.f("ck_clause_completion")
        ),
        sa.CheckConstraint(
            "type IN ('fixed_count', 'purchase_threshold', 'award_criterion')", name=op.f("ck_clause_type")
        ),
        sa.CheckConstraint("positions >= 1", name=op.f("ck_clause_positions_positive")),
        sa.CheckConstraint("threshold_cents > 0", name=op.f("ck_clause_threshold_positive")),
        sa.ForeignKeyConstraint(["procurement_id"], ["procurement.id"], name=op.f("fk_clause_procurement_id")),
        sa.PrimaryKeyConstraint("procurement_id", name=op.f("pk_clause")),
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("procurement_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("supplier_id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("counts_from", sa.Date(), nullable=True),
        sa.Column("value_cents", sa.BigInteger(), nullable=True),
        sa.Column("committed_positions", sa.Integer(), nullable=True),
        sa.Column("terminated_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("supplier_contact_name", sa.Text(), nullable=True),
        sa.Column("supplier_contact_email", sa.String(length=254), nullable=True),
        sa.Column("supplier_contact_phone", sa.String(length=40), nullable=True),
        sa.Column("supplier_language", sa.String(length=40), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("last_recorded_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("supplier_language IN ('fi', 'sv', 'en')", name=op.f("ck_contract_supplier_language")),
        sa.CheckConstraint("(terminated_on IS NULL) = (decided_on IS NULL)", name=op.f("ck_contract_termination")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_contract_period")),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_contract_owner_id")),
        sa.ForeignKeyConstraint(["procurement_id"], ["procurement.id"], name=op.f("fk_contract_procurement_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_contract_supplier_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contract_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint(
            "procurement_id", "supplier_id", "reference", name=op.f("uq_contract_procurement_id_supplier_id_reference")
        ),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "adjustment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision_reference", sa.String(length=200), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("delta <> 0", name=op.f("ck_adjustment_delta_not_zero")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_adjustment_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
    )
    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adjustment_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "closure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision_reference", sa.String(length=200), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_closure_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index(
            "uq_closure_in_force",
            ["contract_id"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.create_table(
        "contract_option",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("exercised_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_option_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_option")),
        sa.UniqueConstraint("contract_id", "ends_on", name=op.f("uq_contract_option_contract_id_ends_on")),
    )
    op.create_table(
        "judgement",
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("unit_path", sa.String(length=660), nullable=False),
        sa.Column("procurement_unit_path", sa.String(length=660), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("upcoming", sa.Integer(), nullable=False),
        sa.Column("interrupted", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("effective_end_on", sa.Date(), nullable=False),
        sa.Column("latest_start_on", sa.Date(), nullable=True),
        sa.Column("missing_latest_starts", sa.JSON(), nullable=False),
        sa.Column("next_change_on", sa.Date(), nullable=True),
        sa.Column("promised_min", sa.Integer(), nullable=False),
        sa.Column("promised_max", sa.Integer(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("recheck_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("snoozed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "status IN ('closed', 'not_started', 'no_obligation', 'fulfilled', 'on_track', 'breached', 'cannot_be_met', 'overdue', 'at_risk', 'open')",
            name=op.f("ck_judgement_status"),
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_judgement_contract_id")),
        sa.PrimaryKeyConstraint("contract_id", name=op.f("pk_judgement")),
    )
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judgement_judged_on"), ["judged_on"], unique=False)
        batch_op.create_index(
            "ix_judgement_list",
            ["status", "latest_start_on", "contract_id", "unit_path", "procurement_unit_path"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_judgement_recheck_on"), ["recheck_on"], unique=False)

    op.create_table(
        "judgement_change",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("standing", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_judgement_change_contract_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_judgement_change")),
    )
    with op.batch_alter_table("judgement_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judgement_change_contract_id_seq"), ["contract_id", "seq"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_note_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_contract_id_id"), ["contract_id", "id"], unique=False)

    op.create_table(
        "ownership_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("from_owner_id", sa.String(length=32), nullable=False),
        sa.Column("to_owner_id", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_ownership_change_contract_id")),
        sa.ForeignKeyConstraint(["from_owner_id"], ["owner.id"], name=op.f("fk_ownership_change_from_owner_id")),
        sa.ForeignKeyConstraint(["to_owner_id"], ["owner.id"], name=op.f("fk_ownership_change_to_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership_change")),
    )
    with op.batch_alter_table("ownership_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ownership_change_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "party",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("supplier_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.CheckConstraint("role IN ('member', 'subcontractor')", name=op.f("ck_party_role")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_party_contract_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_party_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("contract_id", "supplier_id", name=op.f("uq_party_contract_id_supplier_id")),
    )
    op.create_table(
        "purchase",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("row_key", sa.String(length=64), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_purchase_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase")),
    )
    with op.batch_alter_table("purchase", schema=None) as batch_op:
        batch_op.create_index(
            "ix_purchase_facts", ["contract_id", "on_date", "recorded_on", "voided_at", "amount_cents"], unique=False
        )
        batch_op.create_index("uq_purchase_row_key", ["contract_id", "row_key"], unique=True)

    op.create_table(
        "told",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('overdue', 'window_closing', 'position_interrupted', 'cannot_be_met', 'breached', 'threshold_reached', 'no_news', 'fulfilled', 'nine_months_reached', 'handover')",
            name=op.f("ck_told_kind"),
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_told_contract_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_told_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
    )
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_told_message_id"), ["message_id"], unique=False)
        batch_op.create_index(
            "uq_told_reminder",
            ["contract_id", "kind", "key"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "position",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contract_id", sa.String(length=32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("planned_end_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("end_recorded_on", sa.Date(), nullable=True),
        sa.Column("employment_form", sa.String(length=40), nullable=False),
        sa.Column("target_group", sa.String(length=40), nullable=False),
        sa.Column("weekly_hours", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("replaces_id", sa.String(length=32), nullable=True),
        sa.Column("employer_party_id", sa.String(length=32), nullable=True),
        sa.Column("logged_on", sa.Date(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('te_office', 'team', 'tyorasti', 'osaamiskeskus', 'employment_project', 'supplier_own', 'other')",
            name=op.f("ck_position_channel"),
        ),
        sa.CheckConstraint(
            "employment_form IN ('employment', 'apprenticeship', 'work_trial', 'on_the_job_learning', 'internship')",
            name=op.f("ck_position_employment_form"),
        ),
        sa.CheckConstraint(
            "end_reason IN ('resigned', 'trial_period', 'employer_terminated', 'fixed_term_ended', 'other_job', 'studies', 'other')",
            name=op.f("ck_position_end_reason"),
        ),
        sa.CheckConstraint(
            "target_group IN ('long_term_unemployed', 'immigrant', 'partial_work_ability', 'youth', 'other_weak_position')",
            name=op.f("ck_position_target_group"),
        ),
        sa.CheckConstraint("agreed_on <= starts_on", name=op.f("ck_position_agreed")),
        sa.CheckConstraint("ended_on >= starts_on", name=op.f("ck_position_end")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_position_contract_id")),
        sa.ForeignKeyConstraint(["employer_party_id"], ["party.id"], name=op.f("fk_position_employer_party_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["position.id"], name=op.f("fk_position_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
    )
    with op.batch_alter_table("position", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_position_contract_id_starts_on_ended_on"),
            ["contract_id", "starts_on", "ended_on"],
            unique=False,
        )
        batch_op.create_index(
            "uq_position_replaces",
            ["replaces_id"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.bulk_insert(audit_head, [{"id": 1, "seq": 0, "hash": "0" * 64}])
