"""Corrections of the time before rows had lineages: the migration names what belongs together."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, update

from app.services import imports
from app.storage.models import Purchase
from app.storage.session import Database
from tests.portfolio import Portfolio
from tests.services.test_ledger_imports import CITY, Write, activated, counted, settled, threshold_contract, write

__all__ = ["write"]
MIGRATION = Path(__file__).parents[2] / "migrations" / "versions" / "0014_rows_and_their_corrections.py"


def test_rows_corrected_before_are_of_one_lineage_and_one_form_counts_whichever_import_is_undone(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    threshold_contract(portfolio)
    lines = [[(CITY, str(amount + line), "1.2.2019", "1") for line in (0, 10)] for amount in (1, 2, 3)]
    alone = (CITY, "100", "1.2.2019", "2")
    _, second, third = (activated(portfolio, write(*some, alone)) for some in lines)
    with database.writing() as session:
        session.execute(update(Purchase).values(lineage=None))
    with database.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        _migration()
    with database.reading() as session:
        found: dict[str | None, list[int]] = {}
        for lineage, cents in session.execute(select(Purchase.lineage, Purchase.amount_cents)):
            found.setdefault(lineage, []).append(cents // 100)
    assert sorted(map(sorted, found.values())) == [[1, 2, 3], [11, 12, 13], [100]]
    assert found[None] == [100]
    assert counted(portfolio) == [3_00, 13_00, 100_00]
    with database.writing() as session:  # the later ones left the row that stands alone out
        for run in (second, third):
            found_run = imports.preview(session, run, portfolio.act()).run
            found_run.counts = {name: count for name, count in found_run.counts.items() if name != "already_there"}
    settled(portfolio, second, imports.undo, "wrong")
    assert counted(portfolio) == [3_00, 13_00, 100_00]
    settled(portfolio, third, imports.undo, "wrong")
    assert counted(portfolio) == [1_00, 11_00, 100_00]


def _migration() -> None:
    spec = spec_from_file_location("corrections", MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module._join_corrections()
