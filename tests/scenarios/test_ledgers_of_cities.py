"""Every published kind of ledger goes in: looked at first, then activated, a second time for nothing."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.rules.codes import ImportStatus
from app.services import imports
from app.sources.files import FileUnreadable
from app.storage.models import Contract, ImportRun, Purchase
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.services.test_ledger_imports import looked_at, read, settled, threshold_contract
from tests.sources.test_ledger_variants import CONTRACT, DATA, DAY, VARIANTS, headers_of, row_of, written

pytestmark = pytest.mark.skipif(DATA is None, reason="SIEPP_TEST_DATA does not name the folder of real files")
CENTS = -1234_50
"""What every row of the table of kinds says."""


@pytest.fixture
def contract_id(portfolio: Portfolio) -> str:
    """The contract that the rows name, or whose supplier they name."""
    made = threshold_contract(portfolio, starts_on=date(2020, 1, 1), ends_on=date(2022, 12, 31))
    with portfolio.database.writing() as session:
        session.get_one(Contract, made).reference = CONTRACT
    return made


@pytest.mark.parametrize("name", VARIANTS)
def test_each_kind_is_looked_at_brought_in_and_known_again(
    name: str, portfolio: Portfolio, database: Database, contract_id: str, tmp_path: Path, clock: SetClock
) -> None:
    clock.set(date(2022, 1, 15))
    variant, header = VARIANTS[name], headers_of(name)[0]
    path = written(tmp_path, header, [row_of(header, variant)], variant.manner)
    if variant.lacks:
        with pytest.raises(FileUnreadable) as refused:
            read(portfolio, path)
        assert refused.value.code == "ledger_lacks_columns"
        assert [purchases_of(database, contract_id), statuses(database)] == [[], [ImportStatus.FAILED]]
        return
    import_id = read(portfolio, path)
    totals = {"totals_row": 1} if variant.manner.below else {}
    seen = looked_at(portfolio, import_id)
    assert seen.run.counts == {"new": 1} | totals
    assert [(row.contract_id, row.rows, row.cents) for row in seen.contracts] == [(contract_id, 1, CENTS)]
    settled(portfolio, import_id, imports.activate)
    again = read(portfolio, path)
    assert looked_at(portfolio, again).run.counts == {"already_there": 1} | totals
    assert purchases_of(database, contract_id) == [(DAY, CENTS)]


def purchases_of(database: Database, contract_id: str) -> list[tuple[date, int]]:
    with database.reading() as session:
        wanted = select(Purchase.on_date, Purchase.amount_cents).where(Purchase.contract_id == contract_id)
        return [(row.on_date, row.amount_cents) for row in session.execute(wanted)]


def statuses(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(ImportRun.status)))
