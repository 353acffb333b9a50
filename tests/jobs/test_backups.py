"""Backups: from either kind of database into either, row for row, while others write."""

import json
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, func, insert, select
from sqlalchemy import Table as CoreTable

from app.jobs import backups, restoring
from app.schemas.units import UnitRoot
from app.services import units
from app.storage import audit
from app.storage.backup.archive import Form
from app.storage.backup.carrying import Carried, carried_tables
from app.storage.backup.trouble import BackupTrouble
from app.storage.models import AuditEntry, Company, JudgementChange, Table, Unit
from app.storage.session import Database
from tests.everything import AUDITED, rows_of
from tests.jobs.conftest import ACT, Opening
from tests.postgres_copies import fresh_copy

ROOT = Path(__file__).parents[2]
TABLES = Table.metadata.sorted_tables


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.engine.connect() as connection:
        return {table.name: rows_of(connection, table) for table in TABLES}


def check_same(before: dict[str, list[tuple[Any, ...]]], after: dict[str, list[tuple[Any, ...]]]) -> None:
    """Row for row; the audit trail has grown by what tells of backup and restore, and by nothing else."""
    assert {name for name, rows in before.items() if not rows} == set(), "a table is not tried"
    for name, rows in before.items():
        if name not in AUDITED:
            assert after[name] == rows, name
        elif name != "audit_head":
            assert after[name][: len(rows)] == rows, name


@pytest.mark.postgres
def test_a_portfolio_goes_to_the_other_kind_of_database_and_back_row_for_row(
    full_url: str, blank_postgres: str, blank_sqlite: str, opened: Opening, tmp_path: Path
) -> None:
    first, second, third = opened(full_url), opened(blank_postgres), opened(blank_sqlite)
    before = contents(first)
    backups.take(first, tmp_path / "there", Form.PORTABLE, ACT)
    restoring.restore(second, tmp_path / "there", ACT)
    check_same(before, contents(second))
    backups.take(second, tmp_path / "back", Form.PORTABLE, ACT)
    restoring.restore(third, tmp_path / "back", ACT)
    check_same(before, contents(third))
    with third.reading() as session:
        last = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq.desc()).limit(4)).all()
        assert audit.verify(session).broken_at is None
    assert last == ["restored", "exported", "restored", "exported"]


@pytest.mark.postgres
def test_both_kinds_write_the_same_rows_in_the_same_bytes(
    full_url: str, blank_postgres: str, opened: Opening, tmp_path: Path
) -> None:
    one, other = opened(full_url), opened(blank_postgres)
    backups.take(one, tmp_path / "one", Form.PORTABLE, ACT)
    restoring.restore(other, tmp_path / "one", ACT)
    backups.take(other, tmp_path / "other", Form.PORTABLE, ACT)
    with ZipFile(tmp_path / "one") as here, ZipFile(tmp_path / "other") as there:
        names = [name for name in here.namelist() if not any(audited in name for audited in AUDITED)]
        differing = [name for name in names if name != "manifest.json" and here.read(name) != there.read(name)]
    assert len(names) == len(TABLES) - len(AUDITED) + 1
    assert differing == []


@pytest.mark.postgres
def test_numbers_that_postgresql_gives_go_on_after_the_last(
    full_url: str, blank_postgres: str, opened: Opening, tmp_path: Path
) -> None:
    first, second = opened(full_url), opened(blank_postgres)
    backups.take(first, tmp_path / "file", Form.PORTABLE, ACT)
    restoring.restore(second, tmp_path / "file", ACT)
    with second.writing() as session:
        last = session.scalar(select(func.max(JudgementChange.seq)))
        copied = session.scalars(select(JudgementChange).limit(1)).one()
        values = {c.key: getattr(copied, c.key) for c in JudgementChange.__table__.columns if c.key != "seq"}
        session.execute(insert(JudgementChange).values(values))
        assert session.scalar(select(func.max(JudgementChange.seq))) == last + 1


def test_sqlites_own_form_brings_everything_back(
    full_url: str, blank_sqlite: str, opened: Opening, tmp_path: Path
) -> None:
    first, second = opened(full_url), opened(blank_sqlite)
    before = contents(first)
    taken = backups.take(first, tmp_path / "file", Form.SQLITE, ACT)
    restoring.restore(second, tmp_path / "file", ACT)
    check_same(before, contents(second))
    assert taken.manifest.tables["position"].rows == len(before["position"])


@pytest.mark.postgres
@pytest.mark.usefixtures("postgres_programs")
def test_postgresqls_own_form_brings_everything_back(
    full_url: str, postgres_url: str, blank_postgres: str, opened: Opening, tmp_path: Path
) -> None:
    first, second, third = opened(full_url), opened(fresh_copy(postgres_url)), opened(blank_postgres)
    before = contents(first)
    backups.take(first, tmp_path / "portable", Form.PORTABLE, ACT)
    restoring.restore(second, tmp_path / "portable", ACT)  # migrated already, and still empty
    backups.take(second, tmp_path / "own", Form.POSTGRESQL, ACT)
    restoring.restore(third, tmp_path / "own", ACT)
    check_same(before, contents(third))
    with pytest.raises(BackupTrouble, match="not empty"):
        restoring.restore(third, tmp_path / "own", ACT)


def test_every_column_of_every_table_is_carried() -> None:
    for kind in ("sqlite", "postgresql"):
        carried = {table.name: table.columns for table in carried_tables(kind)}
        assert carried == {table.name: [column.name for column in table.columns] for table in TABLES}


def test_a_type_nobody_has_thought_about_is_refused() -> None:
    with pytest.raises(TypeError, match="picture"):
        Carried(CoreTable("new", MetaData(), Column("picture", LargeBinary)), "sqlite")


def test_neither_way_holds_the_rows_in_memory(
    sqlite_url: str, blank_sqlite: str, opened: Opening, tmp_path: Path
) -> None:
    database = opened(sqlite_url)
    with database.writing() as session:
        row = {"found": True, "name": "n" * 8000, "forms": {}, "situations": [], "ask_at": ACT.now}
        session.connection().execute(
            insert(Company.__table__), [row | {"business_id": f"{number:07}"} for number in range(4000)]
        )
    tracemalloc.start()
    backups.take(database, tmp_path / "file", Form.PORTABLE, ACT)
    restoring.restore(opened(blank_sqlite), tmp_path / "file", ACT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * 1024 * 1024, peak  # the names alone are twice that


# --- While others write

WRITER = """
import sys
from tests.jobs.test_backups import write_forever
write_forever(sys.argv[1])
"""


def write_forever(url: str) -> None:
    """Each transaction adds an organisation and its link in the trail."""
    database = Database(url)
    while True:
        with database.writing() as session:
            units.add_root_unit(session, UnitRoot(name="Kaupunki"), ACT)


@pytest.mark.usefixtures("postgres_programs")
def test_a_backup_of_a_database_being_written_is_of_one_moment(
    database: Database, database_url: str, blank_sqlite: str, opened: Opening, tmp_path: Path
) -> None:
    forms = (backups.own_form(database), Form.PORTABLE) * 2
    writer = subprocess.Popen([sys.executable, "-c", WRITER, database_url], cwd=ROOT)
    try:
        _wait_for_rows(database, 20)
        taken = [
            backups.take(database, tmp_path / f"file{number}", form, ACT).manifest for number, form in enumerate(forms)
        ]
        assert writer.poll() is None
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    counts = [manifest.tables["unit"].rows for manifest in taken]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    for number, manifest in enumerate(taken):
        assert manifest.trail is not None
        # One link for each unit, and one for each backup so far.
        assert manifest.trail.entries == manifest.tables["unit"].rows + number + 1
        assert manifest.trail.broken_at is None
    restoring.restore(opened(blank_sqlite), tmp_path / "file3", ACT)


def _wait_for_rows(database: Database, wanted: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with database.reading() as session:
            if (session.scalar(select(func.count()).select_from(Unit)) or 0) >= wanted:
                return
        time.sleep(0.05)
    pytest.fail("nobody writes")


# --- The file


def test_only_its_owner_may_read_it_and_nothing_is_left_beside_it(
    full_url: str, opened: Opening, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    for form in (Form.PORTABLE, Form.SQLITE):
        backups.take(opened(full_url), folder / form, form, ACT)
        assert (folder / form).stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.iterdir()) == [Form.PORTABLE, Form.SQLITE]


def test_nothing_is_overwritten(full_url: str, opened: Opening, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("the only copy")
    with pytest.raises(BackupTrouble, match="already a file there"):
        backups.take(opened(full_url), tmp_path / "there", Form.PORTABLE, ACT)
    assert (tmp_path / "there").read_text() == "the only copy"


def test_what_is_in_it_can_be_read_without_siepp(full_url: str, opened: Opening, tmp_path: Path) -> None:
    backups.take(opened(full_url), tmp_path / "file", Form.PORTABLE, ACT)
    with ZipFile(tmp_path / "file") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        rows = [json.loads(line) for line in archive.read("tables/unit.jsonl").splitlines()]
    assert manifest["schema"] >= "0010"
    assert len(rows) == manifest["tables"]["unit"]["rows"]
    assert len(rows[0]) == len(manifest["tables"]["unit"]["columns"])


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, opened: Opening) -> None:
    with pytest.raises(BackupTrouble, match="no database yet"):
        backups.take(opened(f"sqlite:///{tmp_path / 'none.db'}"), tmp_path / "file", Form.SQLITE, ACT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgres
def test_without_pg_dump_a_sentence_says_what_to_do(
    postgres_url: str, opened: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = opened(fresh_copy(postgres_url))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupTrouble, match=r"pg_dump is not on this computer.*--portable"):
        backups.take(database, tmp_path / "file", Form.POSTGRESQL, ACT)
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o700)
    with pytest.raises(BackupTrouble, match=r"pg_dump 9 cannot read a server of PostgreSQL \d\d: .*--portable"):
        backups.take(database, tmp_path / "file", Form.POSTGRESQL, ACT)
    assert [path.name for path in tmp_path.iterdir()] == ["pg_dump"]
    with database.reading() as session:
        assert session.scalars(select(AuditEntry.seq)).all() == []
