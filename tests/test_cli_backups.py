"""`siepp backup` and `siepp restore`: what they print, and the one sentence where they cannot."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from app.storage.session import Database
from tests.portfolio import Portfolio

SIEPP = Path(sys.executable).with_name("siepp")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def siepp(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "SIEPP_DATABASE_URL": database_url,
        "SIEPP_SECRET_KEY": "a secret that only the tests know, long enough",
    }
    return subprocess.run([SIEPP, *arguments], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("portfolio")
def test_what_was_taken_is_brought_back_and_told(database_url: str, tmp_path: Path) -> None:
    file, new = tmp_path / "siepp.backup", f"sqlite:///{tmp_path / 'new.db'}"
    taken = siepp(database_url, "backup", "--portable", str(file))
    assert (taken.returncode, taken.stderr) == (0, "")
    seal = re.search(r"Its seal is ([0-9a-f]{64}):", taken.stdout)
    assert seal is not None
    assert file.stat().st_mode & 0o777 == 0o600
    restored = siepp(new, "restore", str(file))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert f"(seal {seal.group(1)})" in restored.stdout
    assert "  unit: 4\n" in restored.stdout
    assert "each row as it was taken; every reference holds." in restored.stdout
    again = siepp(new, "restore", str(file))
    assert (again.returncode, again.stdout, len(again.stderr.splitlines())) == (1, "", 1)
    assert "a restore overwrites nothing" in again.stderr


def test_where_it_cannot_be_done_one_sentence_says_why(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no backup")
    for arguments, sentence in (
        (("backup", str(tmp_path / "nowhere" / "file")), "There is no folder"),
        (("backup", str(tmp_path / "file")), "There is already a file file"),
        (("backup", "/sys/file"), "The file cannot be read or written: "),
        (("restore", str(tmp_path / "none")), "There is no file none."),
        (("restore", str(tmp_path / "file")), "The file is not a backup of siepp"),
    ):
        done = siepp(database_url, *arguments)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1), done
        assert done.stderr.startswith(sentence)


def test_a_trail_that_is_broken_fails_the_command_though_the_backup_is_there(
    database: Database, database_url: str, portfolio: Portfolio, tmp_path: Path
) -> None:
    assert siepp(database_url, "backup", str(tmp_path / "before")).returncode == 0
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET action = 'changed' WHERE seq = 1"))
    taken = siepp(database_url, "backup", str(tmp_path / "file"))
    assert taken.returncode == 1
    assert taken.stderr == "It was written, but its audit trail is broken at entry 1.\n"
    assert (tmp_path / "file").exists()
