"""Restoring: all of it or nothing, whatever the file, the database or the moment is."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import create_engine, inspect, select, text, update

from app.jobs import backups, restoring
from app.storage import audit
from app.storage.backup import archive
from app.storage.backup.archive import Form
from app.storage.backup.trouble import BackupTrouble
from app.storage.backup.workspace import PREFIX
from app.storage.models import AuditEntry, Company, Unit
from app.storage.session import Database
from tests.jobs.conftest import ACT, Opening
from tests.portfolio import Portfolio
from tests.postgres_copies import fresh_copy

SIEPP = Path(sys.executable).with_name("siepp")
Rewriting = Callable[[dict[str, bytes]], None]


@pytest.fixture
def small(sqlite_template: Path, opened: Opening, tmp_path: Path) -> Path:
    """A portable backup of a database with one company."""
    shutil.copy(sqlite_template, tmp_path / "small.db")
    database = opened(f"sqlite:///{tmp_path / 'small.db'}")
    with database.writing() as session:
        session.add(
            Company(business_id="0201256-6", found=True, name="Yritys Oy", forms={}, situations=[], ask_at=ACT.now)
        )
        audit.record(session, at=ACT.now, actor="system", action="created", subject="x", subject_id="1", payload={})
    backups.take(database, tmp_path / "small", Form.PORTABLE, ACT)
    return tmp_path / "small"


def rewritten(path: Path, change: Rewriting) -> Path:
    """The same backup with other members, sealed again: what someone who knows how would make of it."""
    with ZipFile(path) as read:
        members = {name: read.read(name) for name in read.namelist()}
    change(members)
    made = path.with_name("rewritten")
    made.unlink(missing_ok=True)
    with ZipFile(made, "w") as written:
        for name, content in members.items():
            written.writestr(name, content)
        written.comment = archive.NAMED + b"0" * archive.SEAL_LENGTH
    content = made.read_bytes()[: -archive.SEAL_LENGTH]
    made.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
    return made


def with_manifest(**values: Any) -> Rewriting:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | values).encode()

    return change


def is_untouched(url: str) -> bool:
    """Whether there is neither a file nor a table."""
    if url.startswith("sqlite"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        return [path for path in folder.iterdir() if not path.name.startswith(PREFIX)] == []
    engine = create_engine(url)
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
    engine.dispose()
    return names == []


# --- The file


def test_a_byte_changed_anywhere_is_found_before_anything_is_read(small: Path, tmp_path: Path) -> None:
    content = small.read_bytes()
    for place in [*range(0, len(content) - 100, 53), *range(len(content) - 100, len(content))]:
        tampered = tmp_path / "tampered"
        tampered.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(BackupTrouble, match=r"damaged|not a backup of siepp"), archive.reading(tampered):
            pass


@pytest.mark.parametrize("cut", [0, 1, 84, -1, -84, -85])
def test_a_file_cut_off_or_added_to_is_found(small: Path, cut: int) -> None:
    content = small.read_bytes()
    for changed in (content[:cut], content + b"\n", content + content):
        small.write_bytes(changed)
        with pytest.raises(BackupTrouble, match=r"damaged|not a backup of siepp"), archive.reading(small):
            pass


def test_a_row_changed_by_someone_who_seals_the_file_again_is_found(
    small: Path, blank_url: str, opened: Opening
) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["tables/company.jsonl"] = members["tables/company.jsonl"].replace(b"Yritys", b"Toinen")

    with pytest.raises(BackupTrouble, match="rows of the table company are not those that were taken"):
        restoring.restore(opened(blank_url), rewritten(small, change), ACT)
    assert is_untouched(blank_url)


def test_a_trail_changed_together_with_its_sum_is_found(small: Path, blank_url: str, opened: Opening) -> None:
    def change(members: dict[str, bytes]) -> None:
        name = "tables/audit_entry.jsonl"
        members[name] = members[name].replace(b'"created"', b'"deleted"')
        manifest = json.loads(members["manifest.json"])
        manifest["tables"]["audit_entry"]["sha256"] = hashlib.sha256(members[name]).hexdigest()
        members["manifest.json"] = json.dumps(manifest).encode()

    with pytest.raises(BackupTrouble, match="audit trail is not the one that was taken"):
        restoring.restore(opened(blank_url), rewritten(small, change), ACT)
    assert is_untouched(blank_url)


def test_a_trail_that_was_broken_already_comes_back_as_it_was(
    small: Path, blank_sqlite: str, opened: Opening, tmp_path: Path
) -> None:
    """Data must not be locked up in its backup because someone once changed a row."""
    database = opened(f"sqlite:///{small.with_name('small.db')}")
    with database.writing() as session:
        session.execute(update(AuditEntry).where(AuditEntry.seq == 1).values(action="changed"))
    taken = backups.take(database, tmp_path / "broken", Form.PORTABLE, ACT)
    restored = restoring.restore(opened(blank_sqlite), tmp_path / "broken", ACT)
    assert restored.manifest.trail == taken.manifest.trail
    assert taken.manifest.trail is not None
    assert taken.manifest.trail.broken_at == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"schema": "0009"}, "has the schema 0009, this release 00.*: restore it with siepp .* then run siepp migrate"),
        ({"schema": "9999", "siepp": "7.0"}, "made by siepp 7.0 .*does not know: install siepp 7.0 or a newer one"),
        ({"siepp_backup": 2}, "a form that this siepp does not know"),
        ({"form": "sqlite"}, "SQLite's own form, which no other database takes"),
        ({"form": "other"}, "not a backup that siepp has written"),
        ({"tables": {}}, "holds other tables"),
    ],
)
@pytest.mark.postgres
def test_another_release_form_or_shape_is_refused_in_a_sentence(
    small: Path, blank_postgres: str, opened: Opening, values: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BackupTrouble, match=sentence):
        restoring.restore(opened(blank_postgres), rewritten(small, with_manifest(**values)), ACT)
    assert is_untouched(blank_postgres)


def test_a_copy_taken_before_a_migration_comes_back_and_waits_for_it(
    sqlite_url: str, blank_sqlite: str, opened: Opening, tmp_path: Path
) -> None:
    database = opened(sqlite_url)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(BackupTrouble, match="run siepp migrate, or leave --portable"):
        backups.take(database, tmp_path / "portable", Form.PORTABLE, ACT)
    backups.take(database, tmp_path / "file", Form.SQLITE, ACT)
    restored = restoring.restore(opened(blank_sqlite), tmp_path / "file", ACT)
    assert (restored.current, restored.manifest.schema, restored.manifest.trail) == (False, "0001", None)


# --- The database


def test_a_database_that_holds_anything_is_left_alone(
    small: Path, database: Database, portfolio: Portfolio, opened: Opening
) -> None:
    with pytest.raises(BackupTrouble, match=r"not empty .* a restore overwrites nothing"):
        restoring.restore(database, small, ACT)
    with database.reading() as session:
        assert session.get(Unit, portfolio.root) is not None


def test_so_is_one_that_holds_something_else(small: Path, blank_url: str, opened: Opening, tmp_path: Path) -> None:
    other = opened(blank_url)
    with other.engine.begin() as connection:
        connection.execute(text("CREATE TABLE cats (name TEXT)"))
        connection.execute(text("INSERT INTO cats VALUES ('Mirri')"))
    with pytest.raises(BackupTrouble, match=r"not empty \(cats\)"):
        restoring.restore(opened(blank_url), small, ACT)


def test_a_migrated_database_without_rows_may_be_filled(small: Path, database: Database) -> None:
    restoring.restore(database, small, ACT)
    with database.reading() as session:
        assert session.get_one(Company, "0201256-6").name == "Yritys Oy"
        assert audit.verify(session).broken_at is None


def test_a_file_that_somebody_has_open_is_left_alone(
    small: Path, sqlite_template: Path, opened: Opening, tmp_path: Path
) -> None:
    path = tmp_path / "used.db"
    shutil.copy(sqlite_template, path)
    with closing(sqlite3.connect(path)) as somebody:
        somebody.execute("PRAGMA journal_mode = WAL")
        somebody.execute("SELECT count(*) FROM unit").fetchall()
        with pytest.raises(BackupTrouble, match="stop the service"):
            restoring.restore(opened(f"sqlite:///{path}"), small, ACT)


def test_a_journal_left_by_another_database_is_never_played_into_this_one(
    small: Path, blank_sqlite: str, opened: Opening
) -> None:
    left = Path(f"{blank_sqlite.removeprefix('sqlite:///')}-wal")
    left.write_bytes(b"")
    with pytest.raises(BackupTrouble, match=r"siepp\.db-wal belongs to a database that was here"):
        restoring.restore(opened(blank_sqlite), small, ACT)
    left.unlink()
    restoring.restore(opened(blank_sqlite), small, ACT)


@pytest.mark.postgres
def test_a_server_on_which_somebody_works_is_left_alone(small: Path, postgres_url: str, opened: Opening) -> None:
    database = opened(fresh_copy(postgres_url))
    with database.engine.begin() as somebody:
        somebody.execute(text("SELECT count(*) FROM unit"))
        with pytest.raises(BackupTrouble, match="stop the service"):
            restoring.restore(database, small, ACT)


@pytest.mark.postgres
def test_what_one_kind_of_database_keeps_and_the_other_does_not_is_named(
    sqlite_url: str, blank_postgres: str, opened: Opening, tmp_path: Path
) -> None:
    database = opened(sqlite_url)
    with database.writing() as session:
        session.add(Company(business_id="1" * 21, found=False, forms={}, situations=[], ask_at=ACT.now))
    backups.take(database, tmp_path / "file", Form.PORTABLE, ACT)
    with pytest.raises(BackupTrouble, match="A row of the table company before row 2 does not fit"):
        restoring.restore(opened(blank_postgres), tmp_path / "file", ACT)
    assert is_untouched(blank_postgres)


# --- The moment


@pytest.fixture
def large(full_url: str, opened: Opening, tmp_path: Path) -> Path:
    backups.take(opened(full_url), tmp_path / "large", Form.PORTABLE, ACT)
    return tmp_path / "large"


@pytest.mark.kill
def test_killed_half_way_it_leaves_nothing_and_can_be_done_again(
    large: Path, blank_url: str, opened: Opening, tmp_path: Path
) -> None:
    environment = {"PATH": "/usr/bin:/bin", "SIEPP_DATABASE_URL": blank_url, "SIEPP_SECRET_KEY": "x" * 40}
    process = subprocess.Popen([SIEPP, "restore", str(large)], env=environment)
    for _ in _until(lambda: _is_half_way(blank_url)):
        assert process.poll() is None, "it was over too soon to be killed"
    process.kill()
    assert process.wait() < 0
    assert is_untouched(blank_url)
    restoring.restore(opened(blank_url), large, ACT)
    if blank_url.startswith("sqlite"):
        folder = Path(blank_url.removeprefix("sqlite:///")).parent
        assert [path.name for path in folder.iterdir()] == ["siepp.db"]


def _until(reached: Callable[[], bool]) -> Iterator[None]:
    deadline = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < deadline
        yield
        time.sleep(0.005)


def _is_half_way(url: str) -> bool:
    """Whether rows are being written that nobody sees yet."""
    if url.startswith("sqlite"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        made = [path for path in folder.glob(f"{PREFIX}*/restored") if path.stat().st_size > 700_000]
        return bool(made)
    engine = create_engine(url)
    with engine.connect() as connection:
        working = (
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'INSERT INTO audit%'"
        )
        found = connection.scalar(text(working))
    engine.dispose()
    return found is not None


def test_only_its_owner_may_read_what_was_restored(small: Path, blank_sqlite: str, opened: Opening) -> None:
    restoring.restore(opened(blank_sqlite), small, ACT)
    assert Path(blank_sqlite.removeprefix("sqlite:///")).stat().st_mode & 0o777 == 0o600
    with opened(blank_sqlite).reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert (last.action, last.subject) == ("restored", "backup")
