"""Rows of ledgers and their corrections, held ones as well; and indexes of foreign keys that had none

Revision: 0014, after 0013. Forward only. The version before leaves the new columns empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VOUCHER_LENGTH = 16


def upgrade() -> None:
    for table in ("purchase", "held_row"):
        op.add_column(table, sa.Column("lineage", sa.String(length=32), nullable=True))
        name = f"ix_{table}_lineage"
        there = sa.text("lineage IS NOT NULL")
        op.create_index(name, table, ["lineage"], sqlite_where=there, postgresql_where=there)
    op.add_column("held_row", sa.Column("replaced_in", NUMBER, nullable=True))
    op.create_index(op.f("ix_held_row_contract_id"), "held_row", ["contract_id"])
    op.create_index(op.f("ix_imported_contract_contract_id"), "imported_contract", ["contract_id"])
    op.create_index(op.f("ix_draft_procurement_id"), "draft", ["procurement_id"])
    op.create_index(op.f("ix_procurement_reference"), "procurement", ["reference"])
    _join_corrections()


def _join_corrections() -> None:
    """Names what was corrected so far and what replaced it as forms of one row: of one contract and voucher, in the
    order of day and amount, as they were matched."""
    purchase = sa.table(
        "purchase",
        *map(sa.column, ("id", "contract_id", "row_key", "import_number", "replaced_in", "lineage")),
        *map(sa.column, ("on_date", "amount_cents")),
    )
    voucher = sa.func.substr(purchase.c.row_key, 1, VOUCHER_LENGTH)
    row = sa.select(purchase.c.id, purchase.c.contract_id, voucher, purchase.c.replaced_in, purchase.c.import_number)
    ordered = row.where(purchase.c.row_key.is_not(None)).order_by(
        purchase.c.on_date, purchase.c.amount_cents, purchase.c.id
    )
    connection = op.get_bind()
    matched: dict[tuple[object, ...], tuple[list[str], list[str]]] = {}
    for one, contract_id, of, replaced_in, _ in connection.execute(ordered.where(purchase.c.replaced_in.is_not(None))):
        matched.setdefault((replaced_in, contract_id, of), ([], []))[0].append(one)
    if not matched:
        return
    earlier = purchase.alias()
    correcting = sa.select(earlier.c.id).where(
        earlier.c.contract_id == purchase.c.contract_id, earlier.c.replaced_in == purchase.c.import_number
    )
    for one, contract_id, of, _, number in connection.execute(ordered.where(correcting.exists())):
        if (number, contract_id, of) in matched:
            matched[number, contract_id, of][1].append(one)
    lineages: dict[str, str] = {}
    for _, (befores, afters) in sorted(matched.items()):
        for before, after in zip(befores, afters, strict=False):
            lineages[after] = lineages.setdefault(before, before)
    if lineages:
        named = purchase.update().where(purchase.c.id == sa.bindparam("at")).values(lineage=sa.bindparam("of"))
        connection.execute(named, [{"at": one, "of": lineage} for one, lineage in lineages.items()])
