"""What discarded imports left goes a little at a time, and nothing is gone through twice."""

from typing import Any

import pytest
from sqlalchemy import func, select

from app.jobs import imports as importing
from app.services import imports
from app.storage import ledger_rows
from app.storage.models import HiddenImport, Purchase
from app.storage.session import Database
from tests.portfolio import Portfolio
from tests.services.test_ledger_imports import CITY, OTHER, Write, read, threshold_contract, write

__all__ = ["write"]
SUPPLIERS = (CITY, OTHER, "1572860-0", "0116297-6", "0737546-2")


@pytest.mark.parametrize("contracts_at_a_time", [1, 4, 5, 6])
def test_each_contract_is_swept_once_however_few_at_a_time(
    portfolio: Portfolio,
    database: Database,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    contracts_at_a_time: int,
) -> None:
    gone_through: list[str] = []
    delete = ledger_rows.delete_staged

    def noted(session: Any, contract_id: str, number: int, most: int) -> int:
        gone_through.append(contract_id)
        return delete(session, contract_id, number, most)

    monkeypatch.setattr(imports, "CONTRACTS_SWEPT_AT_A_TIME", contracts_at_a_time)
    monkeypatch.setattr(ledger_rows, "delete_staged", noted)
    contracts = [threshold_contract(portfolio, business_id) for business_id in SUPPLIERS]
    import_id = read(portfolio, write(*((business_id, "1", "1.2.2019") for business_id in SUPPLIERS)))
    with database.writing() as session:
        imports.discard(session, import_id, portfolio.act())
    importing.sweep(database)
    assert gone_through == sorted(contracts)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Purchase)) == 0
        assert session.scalar(select(func.count()).select_from(HiddenImport)) == 0
