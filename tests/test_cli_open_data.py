"""`siepp export ocds`, and what it writes brought into another database with `siepp import ocds`."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select

from app import cli
from app.storage.models import Supplier
from app.storage.schema import migrate
from app.storage.session import Database
from tests.portfolio import Portfolio

CITY = "0201256-6"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the commands write does not depend on the database."""
    return sqlite_url


@pytest.fixture(autouse=True)
def commands(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings of a command that runs in this process; its logging is put back."""
    monkeypatch.setenv("SIEPP_DATABASE_URL", database_url)
    monkeypatch.setenv("SIEPP_SECRET_KEY", "a secret that only the tests know, long enough")
    monkeypatch.setenv("SIEPP_BASE_URL", "https://siepp.example.org")
    root = logging.getLogger()
    handlers, level, configured = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**configured)


def failure(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert cli.run(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.strip()


def test_a_package_is_printed_or_written_to_a_file(
    portfolio: Portfolio, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    portfolio.contract()
    file = tmp_path / "procurements.json"
    assert cli.run(["export", "ocds", "--unit", portfolio.root]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert cli.run(["export", "ocds", "--unit", portfolio.root, "--out", str(file)]) == 0
    assert json.loads(file.read_text(encoding="utf-8"))["releases"] == printed["releases"]
    assert [one["tender"]["title"] for one in printed["releases"]] == ["Siivouspalvelut 1"]


def test_the_settings_name_the_prefix_and_the_city(
    portfolio: Portfolio, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    portfolio.contract()
    monkeypatch.setenv("SIEPP_OCID_PREFIX", "ocds-213czf")
    monkeypatch.setenv("SIEPP_BUSINESS_ID", "FI02012566")
    assert cli.run(["export", "ocds", "--unit", portfolio.division]) == 0
    package = json.loads(capsys.readouterr().out)
    (release,) = package["releases"]
    assert release["ocid"].startswith("ocds-213czf-")
    assert (package["publisher"]["scheme"], package["publisher"]["uid"]) == ("FI-PRO", CITY)
    assert release["parties"][0]["identifier"] == {"scheme": "FI-PRO", "id": CITY, "legalName": "Helsinki"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [("SIEPP_OCID_PREFIX", "ocds-213"), ("SIEPP_OCID_PREFIX", "213czf"), ("SIEPP_BUSINESS_ID", "0201256-7")],
)
def test_a_wrong_setting_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert variable in failure(capsys, "export", "ocds")


def test_a_city_without_procurements_gets_no_file(
    portfolio: Portfolio, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "procurements.json"
    said = failure(capsys, "export", "ocds", "--unit", portfolio.root, "--out", str(file))
    assert said == "There is no procurement to export yet."
    assert not file.exists()


def test_of_several_organisations_one_is_named(portfolio: Portfolio, capsys: pytest.CaptureFixture[str]) -> None:
    assert "several organisations" in failure(capsys, "export", "ocds")


def test_a_file_that_cannot_be_written_is_said_so(
    portfolio: Portfolio, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    portfolio.contract()
    said = failure(capsys, "export", "ocds", "--unit", portfolio.root, "--out", str(tmp_path / "no" / "x.json"))
    assert said.startswith("The file cannot be written")


def test_what_is_exported_comes_into_another_database_and_out_again(
    portfolio: Portfolio, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    portfolio.contract()
    with portfolio.database.writing() as session:
        session.scalars(select(Supplier)).one().identifier = CITY
    file, again, url = tmp_path / "first.json", tmp_path / "again.json", f"sqlite:///{tmp_path}/second.db"
    assert cli.run(["export", "ocds", "--unit", portfolio.root, "--out", str(file)]) == 0
    second = Database(url)
    migrate(second.engine)
    second.dispose()
    monkeypatch.setenv("SIEPP_DATABASE_URL", url)
    assert cli.run(["unit", "add", "Uusi kaupunki"]) == 0
    unit_id = capsys.readouterr().out.strip()
    user = ["owner@example.org", "--name", "O", "--role", "contract_owner", "--unit", unit_id]
    assert cli.run(["user", "add", *user]) == 0
    assert cli.run(["import", "ocds", str(file), "--owner", "owner@example.org"]) == 0
    assert "Procurements: 1" in capsys.readouterr().out.title()
    assert cli.run(["export", "ocds", "--out", str(again)]) == 0
    (first,), (second_time,) = (json.loads(one.read_text(encoding="utf-8"))["releases"] for one in (file, again))
    assert second_time["ocid"] == first["ocid"]
    assert second_time["tender"] == first["tender"]
