"""News of the time before purchases left their moment beside the judgement: the migration writes the latest ones."""

from datetime import UTC, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from app.storage.models import Contract, StoredJudgement
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import post

MIGRATION = Path(__file__).parents[2] / "migrations" / "versions" / "0021_what_changed_lately.py"


def test_contracts_recorded_on_lately_know_when_purchases_last_came(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    clock.set(datetime.now(UTC).date())
    lately, long_ago, never = (portfolio.contract() for _ in range(3))
    for contract_id in (lately, long_ago, lately):
        clock.now += timedelta(minutes=1)
        body = {"on_date": "2019-02-01", "amount_eur": "5"}
        assert post(client, f"/contracts/{contract_id}/purchases", body, portfolio.officer).status_code == 201
    with database.writing() as session:
        session.execute(update(StoredJudgement).values(bought_at=None))
        old = update(Contract).where(Contract.id == long_ago)
        session.execute(old.values(last_recorded_on=clock.today - timedelta(days=70)))
    with database.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        _fill()
    with database.reading() as session:
        found = session.execute(select(StoredJudgement.contract_id, StoredJudgement.bought_at))
        assert {row[0]: row[1] for row in found} == {lately: clock.now, long_ago: None, never: None}


def _fill() -> None:
    spec = spec_from_file_location("news", MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module._fill()
