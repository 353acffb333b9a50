"""`siepp export`: lists of the whole database or of one unit, to standard output or to a file."""

import csv
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
import structlog
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app import cli
from app.jobs import daily_check
from app.storage.models import AuditEntry, AuditPayload
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
NOUNS = ("contracts", "positions", "purchases", "procurements", "suppliers", "messages", "people-wanted", "units")


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def quiet(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings of a command that runs in this process; its logging is put back."""
    monkeypatch.setenv("SIEPP_DATABASE_URL", database_url)
    monkeypatch.setenv("SIEPP_SECRET_KEY", "a secret that only the tests know, long enough")
    root = logging.getLogger()
    handlers, level, configured = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**configured)


@pytest.fixture
def listed(portfolio: Portfolio, quiet: None) -> Portfolio:
    """A contract of the division, one of the office below it, one of another city."""
    for unit_id in (portfolio.division, portfolio.office, portfolio.other_root):
        portfolio.contract(unit_id=unit_id, value_cents=120_000_050)
    return portfolio


@pytest.fixture
def export(capsysbinary: pytest.CaptureFixture[bytes]) -> "Export":
    return Export(capsysbinary)


class Export:
    """Runs `siepp export` in this process."""

    def __init__(self, captured: "pytest.CaptureFixture[bytes]") -> None:
        self.captured = captured

    def __call__(self, *arguments: str) -> Ended:
        self.captured.readouterr()
        code = cli.run(["export", *arguments])
        said = self.captured.readouterr()
        return Ended(code, said.out.decode(), said.err.decode().strip())


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith(BOM)
    return list(csv.DictReader(StringIO(text.removeprefix(BOM), newline=""), delimiter=";"))


def test_csv_goes_to_standard_output_in_finnish(listed: Portfolio, export: Export) -> None:
    ended = export("contracts")
    assert (ended.code, ended.err) == (0, "")
    rows = rows_of(ended.out)
    assert [row["Sopimusnumero"] for row in rows] == ["S-1", "S-2", "S-3"]
    assert rows[0]["Arvo euroina ilman arvonlisäveroa"] == "1200000,50"


def test_every_list_has_its_command(listed: Portfolio, export: Export, database: Database, clock: SetClock) -> None:
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)
    counts = {}
    for noun in NOUNS:
        ended = export(noun, "--language", "en")
        assert (ended.code, ended.err) == (0, ""), noun
        counts[noun] = len(rows_of(ended.out))
    assert counts == {
        "contracts": 3,
        "positions": 0,
        "purchases": 0,
        "procurements": 3,
        "suppliers": 3,
        "messages": 1,
        "people-wanted": 0,  # their contracts ended long ago
        "units": 4,
    }


def test_the_name_of_the_file_says_which_kind_it_is(listed: Portfolio, export: Export, tmp_path: Path) -> None:
    out = tmp_path / "contracts.XLSX"
    assert export("contracts", "--out", str(out), "--language", "sv") == Ended(0, "", "")
    with CalamineWorkbook.from_path(out) as book:
        header, first, *_ = book.get_sheet_by_index(0).to_python()
    assert first[header.index("Första dag")] == date(2018, 3, 1)
    wrong = export("contracts", "--out", str(tmp_path / "contracts.ods"))
    assert wrong == Ended(1, "", "The name of the file ends with .csv or .xlsx.")
    nowhere = export("contracts", "--out", str(tmp_path / "no" / "contracts.csv"))
    assert (nowhere.code, nowhere.err) == (1, "The file cannot be written: No such file or directory.")


def test_a_unit_gives_what_is_seen_from_it(listed: Portfolio, export: Export) -> None:
    def contracts(unit_id: str) -> list[str]:
        ended = export("contracts", "--unit", unit_id, "--language", "en")
        return [row["Contract number"] for row in rows_of(ended.out)]

    assert (contracts(listed.root), contracts(listed.office)) == (["S-1", "S-2"], ["S-2"])
    assert contracts(listed.other_root) == ["S-3"]
    unknown = export("contracts", "--unit", "0" * 32)
    assert unknown.code == 1
    assert unknown.err.startswith("unit_id: ")


def test_the_trail_tells_that_the_command_line_took_a_list(
    listed: Portfolio, export: Export, database: Database, tmp_path: Path
) -> None:
    export("positions", "--unit", listed.office, "--out", str(tmp_path / "positions.csv"))
    with database.reading() as session:
        entry, payload = session.execute(
            select(AuditEntry, AuditPayload.payload)
            .join(AuditPayload, AuditPayload.seq == AuditEntry.seq)
            .where(AuditEntry.action == "exported")
        ).one()
    assert (entry.actor, entry.subject) == ("system", "position")
    told = {"kind": "csv", "rows": 0, "wanted": {"unit_id": listed.office}}
    assert payload == told | {"@from": {"channel": "cli"}, "@root": listed.root}


def test_another_kind_is_told_which_there_are(quiet: None, export: Export) -> None:
    ended = export("weather")
    assert ended.code != 0
    for noun in NOUNS:
        assert noun in ended.err


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_installed_command_writes_bytes_as_they_are(listed: Portfolio, database_url: str, tmp_path: Path) -> None:
    """A pipe gets the very bytes that a file gets."""
    siepp = Path(sys.executable).with_name("siepp")
    environment = {"SIEPP_DATABASE_URL": database_url, "SIEPP_SECRET_KEY": "only the tests know it, and it is long"}
    out = tmp_path / "contracts.csv"
    piped = subprocess.run([siepp, "export", "contracts"], env=environment, capture_output=True, check=True)
    subprocess.run([siepp, "export", "contracts", "--out", str(out)], env=environment, check=True)
    assert piped.stdout == out.read_bytes()
    assert piped.stdout.startswith(BOM.encode())
