"""`siepp doctor` before deployments that are really broken: each trouble is found, named, and told without a secret."""

import json
import os
import secrets
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from sqlalchemy import delete, make_url, select, text, update

from app.jobs import daily_check
from app.jobs.doctor import Level, examine
from app.jobs.doctor import folders as disks
from app.jobs.doctor import settings as settings_of
from app.storage.models import AuditEntry, AuditHead, Grant, HiddenImport, ImportRun, Message, Token, User
from app.storage.session import Database
from tests.conftest import SetClock
from tests.notifications.smtp_servers import PASSWORD, USER, Mailbox, authenticate, mail_server
from tests.portfolio import Portfolio
from tests.web.lying_provider import CLIENT_ID, CLIENT_SECRET, running

SIEPP = Path(sys.executable).with_name("siepp")
NOBODY = 65534
Environment = dict[str, str]
Said = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> Environment:
    """A deployment without a mail server, of which nothing is wrong."""
    if database_url.startswith("sqlite"):
        Path(database_url.removeprefix("sqlite:///")).chmod(0o600)
    return {
        "SIEPP_DATABASE_URL": database_url,
        "SIEPP_SECRET_KEY": secrets.token_urlsafe(32),
        "SIEPP_BASE_URL": "https://siepp.helsinki.fi",
        "SIEPP_MAIL_DIR": str(tmp_path / "mail"),
        "SIEPP_MAIL_FROM": "SIEPP <siepp@hel.fi>",
    }


@pytest.fixture
def said(environment: Environment, clock: SetClock) -> Said:
    """What is not well, by what was looked at."""

    def said(*, thorough: bool = False, **changes: str) -> list[tuple[str, str]]:
        found = list(examine(environment | changes, clock, thorough=thorough))
        assert all(one.says.endswith((".", "'")) and "\n" not in one.says for one in found), found
        return [(one.about, one.says) for one in found if one.level is Level.WRONG]

    return said


def about(found: list[tuple[str, str]], wanted: str) -> str:
    """The sentences on something, in one text."""
    return " ".join(says for what, says in found if what == wanted)


@pytest.fixture
def at_work(database: Database, portfolio: Portfolio, clock: SetClock) -> Portfolio:
    """Cities with administrators, and today's check done. The clock is that of the computer, as the server's is."""
    clock.now = datetime.now(UTC)
    with database.writing() as session:
        grant = session.query(Grant).filter_by(role="admin").one()
        values = {c.key: getattr(grant, c.key) for c in Grant.__table__.columns}
        session.add(Grant(**values | {"id": "a" * 32, "unit_id": portfolio.other_root}))
    daily_check.run_check(database, clock.today, clock)
    return portfolio


only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
only_postgres = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.mark.usefixtures("at_work")
def test_of_a_deployment_that_is_well_nothing_is_wrong(
    database_url: str, environment: Environment, clock: SetClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """But of a server for tests, which may forget everything and lets everyone do anything."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    quoted = "s%2Fecret%3A%25%40word"
    options: dict[str, Any] = {"tls_context": context, "authenticator": authenticate, "auth_required": True}
    with mail_server(mailbox := Mailbox(), **options) as port, running() as provider:
        environment |= {
            "SIEPP_SMTP_URL": f"smtp://{USER.replace('@', '%40')}:{quoted}@localhost:{port}?tls=starttls",
            "SIEPP_OIDC_ISSUER": provider.issuer,
            "SIEPP_OIDC_CLIENT_ID": CLIENT_ID,
            "SIEPP_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        }
        found = list(examine(environment, clock, thorough=True))
    wrong = [one for one in found if one.level is Level.WRONG]
    assert {one.about for one in wrong} == (set() if database_url.startswith("sqlite") else {"PostgreSQL"}), wrong
    well = {one.about for one in found if one.level is Level.WELL}
    assert {"Mail server", "Identity provider", "Schema", "Last check", "Administrators", "Audit trail"} <= well
    assert mailbox.named == []
    told = " ".join(one.says for one in found)
    hidden = (PASSWORD, quoted, CLIENT_SECRET, environment["SIEPP_SECRET_KEY"])
    assert [secret for secret in hidden if secret in told] == []


# --- Settings


@pytest.mark.parametrize(
    ("key", "level"),
    [
        ("x" * 64, Level.WRONG),
        ("0123456789" * 4, Level.WRONG),
        ("password" * 5, Level.WRONG),
        ("please-change-me-before-production-1", Level.WRONG),
        ("abababababcdcdcdcdcdefefefefefghghgh", Level.WRONG),
        pytest.param(secrets.token_urlsafe(32), Level.WELL, id="token_urlsafe(32)"),
        pytest.param(secrets.token_hex(32), Level.WELL, id="token_hex(32)"),
        pytest.param(secrets.token_urlsafe(300), Level.WELL, id="token_urlsafe(300)"),
    ],
)
def test_a_secret_key_that_can_be_guessed_is_found(key: str, level: Level) -> None:
    assert settings_of.secret_key(key).level is level


@pytest.mark.parametrize(
    ("address", "level"),
    [
        ("https://siepp.helsinki.fi", Level.WELL),
        ("https://siepp.helsinki.fi/siepp", Level.WELL),
        ("http://siepp.helsinki.fi", Level.WRONG),
        ("http://127.0.0.1:8000", Level.WRONG),
        ("https://localhost", Level.WRONG),
        ("https://[::1]", Level.WRONG),
        ("https://0.0.0.0", Level.WRONG),
        ("https://me:word@siepp.helsinki.fi", Level.WRONG),
        ("https://siepp", Level.LOOK),
    ],
)
def test_an_address_that_readers_of_mails_cannot_use_is_found(address: str, level: Level) -> None:
    found = settings_of.base_url(address)
    assert found.level is level
    assert "word" not in found.says


@pytest.mark.parametrize(
    ("at", "level"),
    [
        (time(4, 59), Level.LOOK),
        (time(5), Level.WELL),
        (time(16), Level.WELL),
        (time(16, 1), Level.LOOK),
        (time(21, 59), Level.LOOK),
        (time(22), Level.WRONG),
    ],
)
def test_an_hour_at_which_nobody_reads_mail_is_found(at: time, level: Level) -> None:
    assert settings_of.check_at(at).level is level


@only_sqlite
@pytest.mark.usefixtures("at_work")
def test_every_setting_that_cannot_be_used_is_named_at_once(said: Said) -> None:
    found = said(
        SIEPP_SECRET_KEY="short",
        SIEPP_BASE_URL="ftp://x",
        SIEPP_TIMEZONE="Nowhere/There",
        SIEPP_CHECK_AT="25:00",
        SIEPP_OIDC_ISSUER="https://x.example.org",
        SIEPP_SMTP_URL="smtp://me:geheim@mail.example.org",
        SIEPP_LOG_FORMAT="xml",
    )
    named = about(found, "Settings")
    for variable in ("SECRET_KEY", "BASE_URL", "TIMEZONE", "CHECK_AT", "OIDC_CLIENT_ID", "SMTP_URL", "LOG_FORMAT"):
        assert f"SIEPP_{variable} " in named
    assert {what for what, _ in found} == {"Settings"}
    assert "geheim" not in named


@only_sqlite
def test_a_database_that_is_not_named_rightly_is_not_looked_for(said: Said, environment: Environment) -> None:
    found = said(SIEPP_DATABASE_URL="mysql://u:geheim@x/y")
    assert [what for what, _ in found] == ["Settings"]
    assert "geheim" not in str(found)


# --- Mail server and identity provider


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nobody listens, and nobody else will."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@only_sqlite
@pytest.mark.usefixtures("at_work")
def test_a_mail_server_that_is_not_there_or_cannot_be_trusted_is_found(said: Said, closed_port: int) -> None:
    gone = said(SIEPP_SMTP_URL=f"smtp://127.0.0.1:{closed_port}")
    assert "the connection was refused" in about(gone, "Mail server")
    with mail_server(Mailbox()) as port:
        assert said(SIEPP_SMTP_URL=f"smtp://127.0.0.1:{port}") == []
        plain = said(SIEPP_SMTP_URL=f"smtp://127.0.0.1:{port}?tls=starttls")
        assert "It cannot be used" in about(plain, "Mail server")
    with mail_server(Mailbox(), authenticator=authenticate, auth_require_tls=False) as port:
        refused = about(said(SIEPP_SMTP_URL=f"smtp://me:geheim@127.0.0.1:{port}"), "Mail server")
    assert "did not accept the user name and password" in refused
    assert "geheim" not in refused
    strange = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(strange)
    with mail_server(Mailbox(), tls_context=strange) as port:
        untrusted = said(SIEPP_SMTP_URL=f"smtp://127.0.0.1:{port}?tls=starttls")
    assert "certificate was not accepted" in about(untrusted, "Mail server")


@only_sqlite
@pytest.mark.usefixtures("at_work")
def test_mail_that_would_go_unencrypted_or_from_nobody_is_found(said: Said) -> None:
    found = said(SIEPP_SMTP_URL="smtp://nowhere.invalid:25", SIEPP_MAIL_FROM="SIEPP <siepp@localhost>")
    assert "unencrypted" in about(found, "Mail server")
    assert "answers and bounces reach nobody" in about(found, "Sender")


@only_sqlite
@pytest.mark.usefixtures("at_work")
def test_an_identity_provider_that_is_away_or_another_is_found(said: Said, closed_port: int) -> None:
    given = {"SIEPP_OIDC_CLIENT_ID": CLIENT_ID, "SIEPP_OIDC_CLIENT_SECRET": CLIENT_SECRET}
    gone = said(SIEPP_OIDC_ISSUER=f"http://localhost:{closed_port}", **given)
    assert "cannot be used" in about(gone, "Identity provider")
    with running() as provider:
        other = said(SIEPP_OIDC_ISSUER=f"{provider.issuer}/", **given)
    assert "another issuer" in about(other, "Identity provider")


# --- Disk


@only_sqlite
@pytest.mark.usefixtures("at_work")
def test_a_mail_folder_that_takes_nothing_or_shows_everything_is_found(said: Said, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "cannot be written to" in about(said(SIEPP_MAIL_DIR=str(tmp_path / "file")), "Mail folder")
    assert "cannot be written to" in about(said(SIEPP_MAIL_DIR="/proc/self/fdinfo/x"), "Mail folder")
    assert not (tmp_path / "mail").exists(), "nothing is made"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account of the computer may look into."""
    folder = Path(f"/var/tmp/siepp-{secrets.token_hex(8)}")  # noqa: S108 - no other name comes up
    folder.mkdir()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def somebody_else(open_folder: Path) -> Iterator[None]:
    """Works without rights in the folder: root has them everywhere, and is nobody meanwhile."""
    open_folder.chmod(0o555)
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


def test_what_others_may_read_is_told_from_what_they_may_not(open_folder: Path) -> None:
    file = open_folder / "siepp.db"
    file.write_text("")
    for rights, of_folder, may in ((0o644, 0o755, True), (0o640, 0o755, False), (0o644, 0o750, False)):
        file.chmod(rights)
        open_folder.chmod(of_folder)
        assert disks.others_may_read(file) is may


def test_a_folder_without_rights_is_found_by_whoever_has_none(open_folder: Path, somebody_else: None) -> None:
    found = disks.writable("Folder", open_folder)
    assert found.level is Level.WRONG
    assert "cannot be written to: Permission denied." in found.says


@pytest.mark.parametrize(
    ("free", "used", "level"),
    [
        (disks.LEAST_FREE - 1, 0, Level.WRONG),
        (disks.LEAST_FREE, 0, Level.WELL),
        (2 * disks.LEAST_FREE - 1, disks.LEAST_FREE, Level.LOOK),
        (2 * disks.LEAST_FREE, disks.LEAST_FREE, Level.WELL),
    ],
)
def test_a_disk_that_fills_up_is_told_before_it_is_full(free: int, used: int, level: Level) -> None:
    assert disks.judged_room("Disk", disks.Space(free, used)).level is level


def test_a_file_system_of_the_network_is_told_from_the_mounts(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    there = tmp_path / "a b"
    there.mkdir()
    escaped = str(there).replace(" ", "\\040")
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        f"23 22 0:40 / {escaped} rw,relatime shared:2 master:1 - nfs4 server:/x rw,vers=4.2\n"
    )
    assert disks.file_system(there, mounts) == "nfs4"
    assert disks.file_system(tmp_path, mounts) == "ext4"
    assert disks.file_system(tmp_path, tmp_path / "none") == ""


@only_sqlite
@pytest.mark.usefixtures("at_work")
def test_a_database_that_everyone_may_read_is_found(said: Said, database_url: str, open_folder: Path) -> None:
    file = open_folder / "siepp.db"
    shutil.copy(database_url.removeprefix("sqlite:///"), file)
    file.chmod(0o644)
    assert "may read" in about(said(SIEPP_DATABASE_URL=f"sqlite:///{file}"), "Database file")


# --- Database


@only_sqlite
def test_a_database_that_is_none_is_found_and_none_is_made(said: Said, tmp_path: Path) -> None:
    missing = said(SIEPP_DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")
    assert "run siepp migrate" in about(missing, "Database file")
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "text.db").write_text("no database at all, but a text that is long enough to be taken for one" * 10)
    (tmp_path / "text.db").chmod(0o600)
    assert "cannot be reached" in about(said(SIEPP_DATABASE_URL=f"sqlite:///{tmp_path / 'text.db'}"), "Database")


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize(("revision", "sentence"), [("0001", "run siepp migrate"), ("9999", "a newer release")])
def test_another_schema_is_found(said: Said, database: Database, revision: str, sentence: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    assert sentence in about(said(), "Schema")


@only_postgres
@pytest.mark.usefixtures("at_work")
def test_a_server_that_is_away_or_careless_is_found(said: Said, database_url: str, closed_port: int) -> None:
    careless = about(said(), "PostgreSQL")
    assert "superuser" in careless
    assert "turn on fsync" in careless
    gone = said(SIEPP_DATABASE_URL=f"postgresql+psycopg://siepp:geheim@127.0.0.1:{closed_port}/siepp")
    assert "cannot be reached" in about(gone, "Database")
    other = make_url(database_url).set(database="nowhere").render_as_string(hide_password=False)
    assert "does not exist" in about(said(SIEPP_DATABASE_URL=other), "Database")
    assert "geheim" not in str(gone)


@only_postgres
@pytest.mark.usefixtures("at_work")
def test_clocks_that_are_apart_are_found(said: Said, clock: SetClock) -> None:
    for apart in (timedelta(minutes=-2), timedelta(minutes=2)):
        clock.now = datetime.now(UTC) + apart
        assert "follow a time server" in about(said(), "Clock")


@only_sqlite
@pytest.mark.usefixtures("at_work")
def test_a_damaged_file_is_found_when_it_is_read_as_a_whole(said: Said, database_url: str, database: Database) -> None:
    database.dispose()
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("UPDATE role_grant SET user_id = 'nobody' WHERE role = 'viewer'")
        connection.commit()
    assert about(said(), "Database file") == ""
    assert "role_grant refers to one of user_account" in about(said(thorough=True), "Database file")


# --- Work


def test_a_check_that_was_never_done_or_long_ago_is_found(
    said: Said, database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    assert "never been done" in about(said(), "Last check")
    daily_check.run_check(database, clock.today, clock)
    assert about(said(), "Last check") == ""
    clock.set(clock.today + timedelta(days=1), time(7, 59))
    assert about(said(), "Last check") == ""
    clock.set(clock.today, time(8))
    assert "is due: is siepp scheduler" in about(said(), "Last check")


def test_mail_that_nobody_sends_or_that_waits_too_long_is_found(
    said: Said, database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    clock.set(clock.today + timedelta(days=1))
    portfolio.contract()
    daily_check.run_check(database, clock.today, clock)
    assert about(said(), "Delivery") == ""
    clock.now += timedelta(hours=1, seconds=1)
    assert "nobody tries to send: 1" in about(said(), "Delivery")
    clock.now += timedelta(days=1)
    with database.writing() as session:  # it was tried, in vain
        session.execute(update(Message).values(next_attempt_at=clock.now))
    assert "Mails that wait: 1, the oldest since 2019-03-02" in about(said(), "Delivery")
    with database.writing() as session:
        session.execute(update(Message).values(status="refused"))
    assert "reached nobody: 1" in about(said(), "Refused mail")
    clock.now += timedelta(days=7)
    assert about(said(), "Refused mail") == ""


def test_an_organisation_without_an_administrator_is_found(
    said: Said, database: Database, portfolio: Portfolio
) -> None:
    assert "Nobody administers Vantaa:" in about(said(), "Administrators")
    with database.writing() as session:
        session.execute(update(User).where(User.email == "admin@example.org").values(active=False))
    assert "Nobody administers Helsinki, Vantaa:" in about(said(), "Administrators")


@pytest.mark.usefixtures("at_work")
def test_users_of_the_demo_are_found(said: Said, database: Database) -> None:
    from app.sources.demo.city import USERS

    with database.writing() as session:
        session.execute(
            update(User).where(User.email == "viewer@example.org").values(email=USERS["officer"].person.email)
        )
    assert "everybody knows their tokens" in about(said(), "Demo")


@pytest.mark.usefixtures("at_work")
def test_imports_that_were_left_hidden_are_found(said: Said, database: Database, clock: SetClock) -> None:
    with database.writing() as session:
        for number, status in ((7, "undone"), (8, "ready")):
            run = {"kind": "purchases", "status": status, "file_name": "x", "file_hash": "x", "file_bytes": 0}
            rows = {"read_bytes": 0, "rows": 0, "counts": {}, "actor_id": "system", "started_by": "SIEPP"}
            session.add(ImportRun(number=number, **run, **rows, created_at=clock.now, touched_at=clock.now))
            session.flush()
            session.add(HiddenImport(number=number))
    assert about(said(), "Imports") == ""
    clock.now += timedelta(days=1, seconds=1)
    assert "What imports 7 left" in about(said(), "Imports")


@pytest.mark.usefixtures("at_work")
def test_a_trail_whose_end_is_gone_or_whose_middle_is_changed_is_found(said: Said, database: Database) -> None:
    with database.writing() as session:
        session.execute(update(AuditEntry).where(AuditEntry.seq == 1).values(action="changed"))
    assert about(said(), "Audit trail") == ""
    assert "broken at entry 1" in about(said(thorough=True), "Audit trail")
    with database.writing() as session:
        session.execute(update(AuditHead).values(hash="0" * 64))
    assert "Its end is not the link" in about(said(), "Audit trail")
    with database.writing() as session:
        session.execute(delete(AuditHead))
    assert "Its end is not the link" in about(said(), "Audit trail")


@only_sqlite
@pytest.mark.usefixtures("at_work")
def test_something_recorded_in_the_future_is_found(said: Said, clock: SetClock) -> None:
    clock.now -= timedelta(hours=1)
    assert "which is still to come" in about(said(), "Clock")


# --- The command


@only_sqlite
@pytest.mark.usefixtures("at_work")
def test_the_command_fails_where_anything_is_wrong_and_tells_machines_the_same(environment: Environment) -> None:
    environment |= {"PATH": os.environ["PATH"]}
    well = subprocess.run([SIEPP, "doctor", "--json"], env=environment, capture_output=True, text=True, check=False)
    assert (well.returncode, well.stderr) == (0, "")
    assert {one["level"] for one in json.loads(well.stdout)} <= {"ok", "look"}
    wrong = environment | {"SIEPP_BASE_URL": "http://127.0.0.1:8000"}
    done = subprocess.run([SIEPP, "doctor"], env=wrong, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "wrong  Base URL: http://127.0.0.1:8000 leads nobody else here" in done.stdout
    assert done.stderr.strip().endswith("findings are wrong.")


@only_sqlite
@pytest.mark.usefixtures("at_work")
def test_tokens_without_a_last_day_and_a_clock_that_left_weeks_out_are_named(
    environment: Environment, database: Database, clock: SetClock
) -> None:
    with database.writing() as session:
        session.execute(update(Token).values(expires_on=clock.today))
    assert "Tokens" not in {one.about for one in examine(environment, clock)}
    with database.writing() as session:
        one, other = session.scalars(select(Token).limit(2)).all()
        one.expires_on = other.expires_on = None
        other.revoked_at = clock.now
    clock.now += timedelta(days=400)
    found = {one.about: one.says for one in examine(environment, clock) if one.level is Level.LOOK}
    assert "Tokens without a last day: 1." in found["Tokens"]
    assert "no daily check was begun for 399 days in a row" in found["Erasing"]
    assert "after checks on 30 days; so far there were 0." in found["Erasing"]
