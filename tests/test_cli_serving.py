"""`siepp check`, `send`, `scheduler` and `import`: what they print and do."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.storage.models import JobRun, Message
from app.storage.session import Database
from tests.portfolio import Portfolio
from tests.witnesses import checked_daily

SIEPP = Path(sys.executable).with_name("siepp")
ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "SIEPP_DATABASE_URL": database_url,
        "SIEPP_SECRET_KEY": "a secret that only the tests know, long enough",
        "SIEPP_MAIL_DIR": str(tmp_path / "mail"),
    }


def siepp(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SIEPP, *arguments], env=environment, capture_output=True, text=True, check=False)


def test_the_check_prints_its_counts_and_the_mail_goes_into_a_file(
    environment: dict[str, str], portfolio: Portfolio, database: Database
) -> None:
    portfolio.contract()
    checked_daily(database, datetime.now(UTC).date())
    done = siepp(environment, "check", "--as-of", "2019-03-02", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    counts = json.loads(done.stdout)
    assert (counts["as_of"], counts["mails"], counts["reminders"], counts["failed"]) == ("2019-03-02", 1, 1, 0)
    again = json.loads(siepp(environment, "check", "--as-of", "2019-03-02", "--json").stdout)
    assert (again["mails"], again["reminders"]) == (0, 0)


def test_what_no_longer_holds_on_the_day_of_sending_is_withdrawn(
    environment: dict[str, str], portfolio: Portfolio, tmp_path: Path
) -> None:
    """The check was run for a day of 2019; the mail is sent years later, when the window has long closed."""
    portfolio.contract()
    siepp(environment, "check", "--as-of", "2019-03-02")
    assert json.loads(siepp(environment, "send", "--json").stdout)["withdrawn"] == 1
    assert not list((tmp_path / "mail").glob("*.eml"))


def test_todays_check_and_send_leave_a_readable_mail(
    environment: dict[str, str], portfolio: Portfolio, tmp_path: Path
) -> None:
    portfolio.contract(owner="olli@example.org")
    assert siepp(environment, "check").returncode == 0
    assert json.loads(siepp(environment, "send", "--json").stdout)["sent"] == 1
    (mail,) = (tmp_path / "mail").glob("*.eml")
    assert b"olli@example.org" in mail.read_bytes()


def test_a_day_that_is_none_is_refused_in_a_sentence(environment: dict[str, str]) -> None:
    done = siepp(environment, "check", "--as-of", "2019-02-30")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


HURRIED = "from app import cli; from app.jobs import scheduler; scheduler.RING_SECONDS = 2; cli.main()"
"""The command, with a bell that does not wait half a minute."""


@pytest.fixture
def scheduler(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    early = environment | {"SIEPP_CHECK_AT": "00:00"}
    command = [sys.executable, "-c", HURRIED, "scheduler"]
    process = subprocess.Popen(command, env=early, cwd=ROOT, stderr=subprocess.DEVNULL)
    yield process
    process.kill()
    process.wait()


def test_the_scheduler_makes_up_for_a_missed_check_and_stops_when_told(
    portfolio: Portfolio, database: Database, scheduler: subprocess.Popen[bytes]
) -> None:
    portfolio.contract()
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with database.reading() as session:
            sent = session.scalars(select(Message.status)).all() == ["sent"]
            checked = session.scalars(select(JobRun.finished_at)).first()
        if sent and checked:
            break
        time.sleep(0.2)
    else:
        pytest.fail("no check was made up for within a minute and a half")
    scheduler.send_signal(signal.SIGTERM)
    assert scheduler.wait(timeout=30) == 0


def test_an_import_is_tried_dry_first(environment: dict[str, str], tmp_path: Path) -> None:
    ledger = tmp_path / "ostot.csv"
    header = "Toimittajan nimi;Toimittajan y-tunnus;Laskun summa ilman ALV;Kirjauspäivämäärä"
    ledger.write_text(f"{header}\nYritys Oy;0201256-6;1 000,00;{date(2019, 3, 1):%d.%m.%Y}\n", encoding="utf-8")
    done = siepp(environment, "import", "purchases", str(ledger), "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "Dry run" in done.stdout
