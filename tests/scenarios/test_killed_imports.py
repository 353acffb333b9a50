"""A ledger's activation, and its undoing, killed before any of its statements: it has been as a whole or not at all."""

import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.jobs import imports as importing
from app.rules.codes import ImportKind, ImportStatus
from app.services.acting import SYSTEM, Act
from app.storage.ledger_rows import counting
from app.storage.models import AuditEntry, Contract, HiddenImport, ImportRun, Purchase, StoredJudgement
from app.storage.session import Database
from tests.scenarios import looking, work
from tests.scenarios.cities import DAY
from tests.scenarios.conftest import copy_of
from tests.scenarios.processes import Worker, do
from tests.scenarios.work import Job

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(600)]

KILLS = int(os.environ.get("SIEPP_TEST_KILLS") or 4)
"""Of each: the statements before which it is killed, by chance; scripts/torture: 200, which is before each."""
MORNING = datetime(2019, 9, 16, 4, 0, 5, tzinfo=UTC)
EVENING = datetime(2019, 9, 16, 15, tzinfo=UTC)
ROWS = 20
NEVER = -1
HEADER = "Toimittajan y-tunnus;Sopimusnumero;Tili;Laskun summa ilman ALV;Kirjauspäivämäärä;Tositenumero"


@pytest.fixture(scope="module")
def ready(city_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """URL of the city after its check, with a ledger that is looked at: rows of all its threshold contracts; and the
    import's id."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.csv"
    with copy_of(city_url) as url:
        do(work.check, Job(url, MORNING))
        database, act = Database(url), Act(SYSTEM, EVENING, DAY)
        write(path, database)
        import_id = importing.start(database, ImportKind.PURCHASES, path, path.name, None, act)
        importing.read(database, import_id, path, lambda: act)
        database.dispose()
        yield url, import_id


def write(path: Path, database: Database) -> None:
    wanted = select(Contract.reference).join(StoredJudgement).where(StoredJudgement.promised_max.is_(None))
    with database.reading() as session:
        references = list(session.scalars(wanted.order_by(Contract.reference)))
    assert len(references) > 10
    rows = [
        f";{reference};4341;{10_000 + number},00;{1 + number % 28}.8.2019;{reference}-{number}"
        for reference in references
        for number in range(ROWS)
    ]
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """For a moment: a database is copied while nobody is connected to it."""
    database = Database(url)
    yield database
    database.dispose()


def run_of(session: Session, import_id: str) -> ImportRun:
    return session.scalars(select(ImportRun).where(ImportRun.id == import_id)).one()


def expect(url: str, import_id: str, status: ImportStatus, rows: int) -> None:
    """All of it counts or nothing, and everything that is stored says so."""
    wanted = select(func.count()).where(Purchase.import_number.is_not(None), counting())
    with opened(url) as database:
        with database.reading() as session:
            run = run_of(session, import_id)
            assert (run.status, session.scalar(wanted)) == (status, rows)
            assert (session.get(HiddenImport, run.number) is None) == (status is ImportStatus.ACTIVE)
            told = set(session.scalars(select(AuditEntry.action).where(AuditEntry.action.in_(("imported", "undone")))))
        assert len(told) == (ImportStatus.READY, ImportStatus.ACTIVE, ImportStatus.UNDONE).index(status)
        looking.assert_stored_is_live(database, DAY)
        looking.assert_trail_holds(database)


def kill_each(url: str, import_id: str, status: ImportStatus, rows: int, chance: random.Random) -> None:
    """Kills it before statements by chance, and before the commit; each time it has not been."""
    with copy_of(url) as tried:
        steps, _ = do(work.settle_import, Job(tried, EVENING), import_id, status, NEVER)
    moments = chance.sample(range(steps - 1), min(KILLS, steps - 1))
    for moment in [*moments, steps - 1]:
        worker = Worker(work.settle_import, Job(url, EVENING), import_id, status, moment)
        worker.wait_until_it_works()
        assert worker.end() == -signal.SIGKILL
        expect(url, import_id, status, rows)


def test_a_ledger_whose_activation_and_undoing_are_killed_counts_as_a_whole_or_not_at_all(
    ready: tuple[str, str], chance: random.Random
) -> None:
    city, import_id = ready
    with copy_of(city) as url:
        with opened(url) as database, database.reading() as session:
            rows = run_of(session, import_id).counts["new"]
        assert rows > 10 * ROWS
        job = Job(url, EVENING)
        kill_each(url, import_id, ImportStatus.READY, 0, chance)
        do(work.settle_import, job, import_id, ImportStatus.READY, NEVER)
        expect(url, import_id, ImportStatus.ACTIVE, rows)
        kill_each(url, import_id, ImportStatus.ACTIVE, rows, chance)
        do(work.settle_import, job, import_id, ImportStatus.ACTIVE, NEVER)
        do(work.check, job)
        expect(url, import_id, ImportStatus.UNDONE, 0)
