"""The `siepp` command: what it prints, what it leaves in the database, and the one sentence of a failure."""

import io
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from python_calamine import CalamineWorkbook
from sqlalchemy import create_engine, make_url, select, text

from app import cli
from app.rules.errors import RuleBroken
from app.services.acting import Channel, Where
from app.services.signing_in import actor_of, sign_in_with_password
from app.services.tokens import holder
from app.storage.models import AuditEntry
from app.storage.session import Database
from tests.one_database import on_one_database

SECRET = "a secret that only the tests know, long enough"
SIEPP = Path(sys.executable).with_name("siepp")


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and what it said where."""

    code: int
    out: str
    err: str


Siepp = Callable[..., Ended]


@pytest.fixture
def siepp(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Siepp]:
    """Runs a command in this process, over a migrated database; `typed` comes from standard input."""
    monkeypatch.setenv("SIEPP_DATABASE_URL", database_url)
    monkeypatch.setenv("SIEPP_SECRET_KEY", SECRET)
    root = logging.getLogger()
    kept = (root.handlers, root.level, structlog.get_config())

    def run(*arguments: str, typed: str = "") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        code = cli.run(arguments)
        said = capsys.readouterr()
        return Ended(code, said.out.strip(), said.err.strip())

    yield run
    root.handlers, root.level = kept[:2]
    structlog.configure(**kept[2])


@pytest.fixture
def city(siepp: Siepp) -> str:
    """The id of a root unit with an administrator."""
    unit_id = siepp("unit", "add", "Helsinki").out
    assert siepp("user", "add", "admin@example.org", "--name", "A", "--role", "admin", "--unit", unit_id).code == 0
    return unit_id


def failed_with_one_sentence(ended: Ended) -> str:
    assert (ended.code != 0, ended.out) == (True, "")
    assert len(ended.err.splitlines()) == 1
    assert "Traceback" not in ended.err
    return ended.err


def run_alone(*arguments: str, **environment: str) -> Ended:
    """Runs the installed command in a process of its own, in an empty environment."""
    alone = {"PATH": os.environ["PATH"], **environment}
    done = subprocess.run([SIEPP, *arguments], env=alone, capture_output=True, text=True, check=False)
    return Ended(done.returncode, done.stdout.strip(), done.stderr.strip())


def test_units_are_added_and_listed_as_a_tree(siepp: Siepp, city: str) -> None:
    below = siepp("unit", "add", "Kaupunkiympäristö", "--parent", city)
    assert (below.code, bool(re.fullmatch("[0-9a-f]{32}", below.out))) == (0, True)
    listed = siepp("unit", "list").out.splitlines()
    assert listed == [f"{city}  Helsinki", f"{below.out}    Kaupunkiympäristö"]


def test_a_user_with_a_password_can_log_in_however_the_address_is_typed(
    siepp: Siepp, city: str, database: Database
) -> None:
    add = ("user", "add", "Maija@Example.org", "--name", "Maija", "--role", "viewer", "--unit", city)
    short = siepp(*add, "--password-stdin", typed="too short\n")
    assert failed_with_one_sentence(short) == "password: The text is too short. Write at least 15 characters."
    added = siepp(*add, "--password-stdin", "--language", "sv", typed="a long enough password\n")
    assert added.code == 0, added.err
    now = datetime.now(UTC)
    user = sign_in_with_password(
        database, " maija@EXAMPLE.org", "a long enough password", now, Where(Channel.WEB, "127.0.0.1")
    )
    with database.reading() as session:
        actor = actor_of(session, user)
    assert (actor.id, actor.language, [grant.role for grant in actor.grants]) == (added.out, "sv", ["viewer"])
    for email, password in (
        ("maija@example.org", "a wrong long password"),
        ("nobody@example.org", "a long enough password"),
        ("admin@example.org", ""),
    ):
        with pytest.raises(RuleBroken) as refused:
            sign_in_with_password(database, email, password, now, Where(Channel.WEB, "127.0.0.1"))
        assert refused.value.code == "sign_in_failed"


def test_a_forgotten_password_is_set_anew(siepp: Siepp, city: str, database: Database) -> None:
    siepp("user", "add", "m@example.org", "--name", "M", "--role", "admin", "--unit", city)
    common = siepp("user", "password", "m@example.org", "--password-stdin", typed="password12345678\n")
    assert failed_with_one_sentence(common).startswith("password: Others would try this password first")
    assert siepp("user", "password", "M@example.org", "--password-stdin", typed="a long enough password\n").code == 0
    user = sign_in_with_password(
        database, "m@example.org", "a long enough password", datetime.now(UTC), Where(Channel.WEB, "127.0.0.1")
    )
    assert user.email == "m@example.org"


def test_a_user_is_granted_more_by_address_or_id(siepp: Siepp, city: str) -> None:
    user_id = siepp("user", "add", "m@example.org", "--name", "M", "--role", "viewer", "--unit", city).out
    assert siepp("grant", "M@example.org", "business_liaison", city).code == 0
    assert siepp("grant", user_id, "contract_owner", city).code == 0
    again = failed_with_one_sentence(siepp("grant", user_id, "contract_owner", city))
    assert again.startswith("unit_id: The user already has this role")


def test_a_token_is_all_that_is_printed_and_it_works(siepp: Siepp, city: str, database: Database) -> None:
    made = siepp("token", "create", "--user", "admin@example.org", "--name", "test")
    assert (made.code, made.err) == (0, "")
    with database.reading() as session:
        actor = holder(session, made.out, date.today()).actor  # noqa: DTZ011 - as the command, which has the wall clock
    assert actor.email == "admin@example.org"
    again = siepp("token", "create", "--user", "admin@example.org", "--name", "test")
    assert failed_with_one_sentence(again).startswith("name: There is already a token by this name.")


def test_a_token_made_for_little_is_listed_and_revoked(siepp: Siepp, city: str) -> None:
    wanted = ("--user", "admin@example.org")
    last = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011 - as the command
    made = siepp("token", "create", *wanted, "--name", "Ledger", "--scope", "import", "--until", last)
    assert made.out.startswith("siepp_")
    listed = siepp("token", "list", *wanted).out
    token_id, *shown = listed.split()
    assert shown == [last, "-", "import", "Ledger"]
    assert siepp("token", "revoke", token_id, *wanted).out == "The token is revoked."
    assert siepp("token", "list", *wanted).out == ""
    assert "not" in failed_with_one_sentence(siepp("token", "revoke", "0" * 32, *wanted))


def test_what_the_command_line_writes_is_in_the_trail_as_done_by_the_system(
    siepp: Siepp, city: str, database: Database
) -> None:
    siepp("token", "create", "--user", "admin@example.org", "--name", "test")
    with database.reading() as session:
        wanted = select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.seq)
        entries = session.execute(wanted).all()
    assert [tuple(entry) for entry in entries] == [
        ("system", "created", "unit"),
        ("system", "created", "user_account"),
        ("system", "granted", "role_grant"),
        ("system", "created", "token"),
    ]


def test_the_trail_is_verified_from_end_to_end(siepp: Siepp, city: str, database: Database) -> None:
    whole = siepp("audit", "verify")
    assert (whole.code, "3 entries" in whole.out) == (0, True)
    with database.writing() as session:
        session.execute(text("UPDATE audit_entry SET action = 'changed' WHERE seq = 2"))
    assert "The audit trail is broken at entry 2: it was changed" in siepp("audit", "verify").err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("unit", "add", ""), "name: The text is empty. Write something."),
        (("unit", "add", "x" * 201), "name: The text is too long. Shorten it to at most 200 characters."),
        (("unit", "add", "X", "--parent", "0" * 32), "parent_id: There is no such unit among yours"),
        (("unit", "add", "X", "--parent", "nonsense"), "parent_id: The value is not in the right form."),
        (("unit", "add", "131052-308T"), "name: The text has a personal identity code"),
        (("unit", "demolish"), "No such command 'demolish'."),
        (("unit", "add"), "Missing argument 'NAME'."),
        (("grant", "nobody@example.org", "viewer", "0" * 32), "There is no such user;"),
        (("token", "create", "--user", "nobody@example.org", "--name", "x"), "There is no such user;"),
        (("serve", "--port", "70000"), "Invalid value for '--port'"),
    ],
)
@on_one_database
def test_a_wrong_command_fails_with_one_sentence(siepp: Siepp, arguments: tuple[str, ...], sentence: str) -> None:
    said = failed_with_one_sentence(siepp(*arguments))
    assert said.startswith(sentence)
    assert "131052" not in said


@pytest.mark.parametrize(
    ("email", "role", "unit_id", "sentence"),
    [
        ("admin@example.org", "viewer", "0" * 32, "email: This e-mail address already has a user."),
        ("nonsense", "viewer", "0" * 32, "email: This is not an e-mail address."),
        ("m@example.org", "viewer", "0" * 32, "grant.unit_id: There is no such unit among yours"),
        ("m@example.org", "king", "0" * 32, "Invalid value for '--role'"),
    ],
)
def test_a_user_that_cannot_be_added_leaves_nothing_behind(
    siepp: Siepp, city: str, email: str, role: str, unit_id: str, sentence: str
) -> None:
    ended = siepp("user", "add", email, "--name", "M", "--role", role, "--unit", unit_id)
    assert failed_with_one_sentence(ended).startswith(sentence)
    assert "3 entries" in siepp("audit", "verify").out


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SIEPP_DATABASE_URL", "mysql://localhost/siepp"),
        ("SIEPP_SECRET_KEY", "short"),
        ("SIEPP_BASE_URL", "siepp.example.org"),
        ("SIEPP_SMTP_URL", "http://mail.example.org"),
        ("SIEPP_MAIL_FROM", "nobody"),
        ("SIEPP_TIMEZONE", "Europe/Atlantis"),
        ("SIEPP_CHECK_AT", "25:00"),
        ("SIEPP_LOG_FORMAT", "xml"),
    ],
)
@on_one_database
def test_a_wrong_setting_stops_every_command_with_a_sentence_that_names_it(
    siepp: Siepp, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    for arguments in (("migrate",), ("unit", "list"), ("serve", "--port", "8137")):
        assert variable in failed_with_one_sentence(siepp(*arguments))


def test_a_database_without_the_schema_is_left_alone_until_migrated(
    siepp: Siepp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SIEPP_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    for arguments in (("unit", "list"), ("unit", "add", "X"), ("audit", "verify"), ("serve", "--port", "8137")):
        assert "run siepp migrate" in failed_with_one_sentence(siepp(*arguments))
    for _ in range(2):
        assert siepp("migrate").code == 0
    assert siepp("unit", "list") == Ended(0, "", "")


def test_a_database_out_of_reach_is_told_in_one_sentence(
    siepp: Siepp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for url in (f"sqlite:///{tmp_path}/nowhere/siepp.db", "postgresql+psycopg://127.0.0.1:9/siepp"):
        monkeypatch.setenv("SIEPP_DATABASE_URL", url)
        for arguments in (("migrate",), ("unit", "list")):
            assert "database" in failed_with_one_sentence(siepp(*arguments))


@pytest.fixture
def bytes_only_url(postgres_url: str) -> Iterator[str]:
    """An empty database of PostgreSQL in SQL_ASCII."""
    url = make_url(postgres_url).set(database=f"bytes_{uuid4().hex}")
    made = f"CREATE DATABASE {url.database} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0"
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(made))
        yield url.render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {url.database} WITH (FORCE)"))
    admin.dispose()


@pytest.mark.postgres
@on_one_database
def test_a_database_that_keeps_bytes_and_no_letters_is_told_in_one_sentence(
    siepp: Siepp, monkeypatch: pytest.MonkeyPatch, bytes_only_url: str
) -> None:
    monkeypatch.setenv("SIEPP_DATABASE_URL", bytes_only_url)
    for arguments in (("migrate",), ("unit", "list"), ("serve", "--port", "8137")):
        assert "SQL_ASCII" in failed_with_one_sentence(siepp(*arguments))
    assert "SQL_ASCII" in siepp("doctor").out


def test_a_database_newer_than_the_program_is_not_touched(siepp: Siepp, database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "newer than this version" in failed_with_one_sentence(siepp("migrate"))
    assert "schema" in failed_with_one_sentence(siepp("unit", "list"))


@pytest.mark.parametrize("arguments", [("--help",), ("serve", "--help"), ("user", "add", "-h")])
def test_help_is_no_failure_and_needs_no_settings(arguments: tuple[str, ...]) -> None:
    ended = run_alone(*arguments)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("Usage: siepp")


def test_a_port_in_use_is_told_in_one_sentence(siepp: Siepp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = failed_with_one_sentence(siepp("serve", "--port", str(port), "--no-scheduler"))
    assert said == f"Cannot listen on 127.0.0.1, port {port}: Address already in use."


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_service_answers_and_ends_well_when_told_to(sqlite_url: str, tmp_path: Path, workers: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {"SIEPP_DATABASE_URL": sqlite_url, "SIEPP_SECRET_KEY": SECRET, "SIEPP_LOG_FORMAT": "json"}
    arguments = [SIEPP, "serve", "--port", str(port), "--workers", workers]
    with subprocess.Popen(arguments, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as served:
        try:
            server = _header_server(f"http://127.0.0.1:{port}/readiness", until=time.monotonic() + 60)
        finally:
            served.send_signal(signal.SIGTERM)
        _out, said = served.communicate(timeout=60)
    assert (served.returncode, server) == (0, None)
    assert '"route": "/readiness"' in said
    assert "Traceback" not in said


def _header_server(url: str, until: float) -> str | None:
    """The Server header of the first answer."""
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answered:  # noqa: S310 - our own address
                return str(answered.headers["server"]) if "server" in answered.headers else None
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


# --- Outcomes of projects


@on_one_database
def test_the_sister_projects_are_imported_once_and_a_dry_run_changes_nothing(siepp: Siepp, city: str) -> None:
    dry = siepp("import", "outcomes", "--dry-run")
    assert (dry.code, dry.out.splitlines()[0]) == (0, "Dry run: nothing was changed.")
    first, second = siepp("import", "outcomes"), siepp("import", "outcomes")
    assert first.out.splitlines() == dry.out.splitlines()[1:]
    assert first.out.splitlines()[0] == "Project: 5 added, 0 already there, 0 differs"
    assert second.out.splitlines()[0] == "Project: 0 added, 5 already there, 0 differs"
    assert re.search(r"^Observation: 0 added, \d{3} already there, 0 differs$", second.out, re.MULTILINE)


@on_one_database
def test_outcomes_need_an_organisation_and_its_unit_where_there_are_several(siepp: Siepp) -> None:
    assert "no organisation yet" in failed_with_one_sentence(siepp("import", "outcomes"))
    first, second = siepp("unit", "add", "Helsinki").out, siepp("unit", "add", "Vantaa").out
    assert "several organisations: name the unit with --unit" in failed_with_one_sentence(siepp("import", "outcomes"))
    assert siepp("import", "outcomes", "--unit", second).code == 0
    assert siepp("export", "outcomes", "--unit", first).out == '{\n  "projects": []\n}'
    assert "several organisations" in failed_with_one_sentence(siepp("export", "outcomes"))
    unknown = failed_with_one_sentence(siepp("import", "outcomes", "--unit", "0" * 32))
    assert unknown.startswith("unit_id: There is no such unit")


@on_one_database
def test_what_is_exported_as_json_or_csv_comes_in_again_as_already_there(
    siepp: Siepp, city: str, tmp_path: Path, database: Database
) -> None:
    siepp("import", "outcomes")
    document, table = tmp_path / "outcomes.json", tmp_path / "observations.CSV"
    assert siepp("export", "outcomes", "--out", str(document)) == Ended(0, "", "")
    assert siepp("export", "outcomes").out == document.read_text(encoding="utf-8").strip()
    assert siepp("export", "outcomes", "--out", str(table)).code == 0
    with database.reading() as session:
        taken = select(AuditEntry.subject).where(AuditEntry.action == "exported")
        assert session.scalars(taken).all() == ["project"] * 3
    for file in (document, table):
        told = siepp("import", "outcomes", str(file))
        assert told.code == 0
        assert all(re.fullmatch(r"\w+: 0 added, \d+ already there, 0 differs", line) for line in told.out.splitlines())


@on_one_database
def test_the_workbook_holds_every_observation_with_real_days_and_numbers(
    siepp: Siepp, city: str, tmp_path: Path
) -> None:
    siepp("import", "outcomes")
    assert siepp("export", "outcomes", "--out", str(tmp_path / "observations.xlsx")).code == 0
    rows = CalamineWorkbook.from_path(tmp_path / "observations.xlsx").get_sheet_by_index(0).to_python()
    titles = {str(title).lower(): place for place, title in enumerate(rows[0])}
    grades = [row for row in rows if (row[titles["project"]], row[titles["indicator"]]) == ("digirasti", "grade")]
    assert [(row[titles["value"]], row[titles["period_start"]]) for row in grades] == [(4.3, date(2019, 4, 1))]
    assert len(rows) == 1 + int(re.findall(r"Observation: 0 added, (\d+)", siepp("import", "outcomes").out)[0])


HEADER = "project;indicator;period_start;period_end;value;breakdown;source"
TABLES = [
    (
        "digirasti;courses;2020-01-01;2020-06-30;12;;x\n"
        "digirasti;courses;2020-01-01;31.12.2019;many;;x\n"
        "digirasti;courses;2020-07-01;2020-09-30;3;age_group=55-64;x\n",
        ("Nothing was imported. Line 3, value:", "Line 4, breakdown.age_group:"),
    ),
    (
        "digirasti;courses;2020-01-01;2020-06-30;12;;131052-308T\n",
        ("Line 2, source: The text has a personal identity",),
    ),
    ("digirasti;131052-308T;2020-01-01;2020-06-30;12;;x\n", ("Line 2, indicator: The text has a personal identity",)),
    ("digirasti;courses;2020-01-01;2020-06-30;12;131052-308T=x;x\n", ("personal identity",)),
    ("digirasti;courses;2020-01-01;2020-06-30;12\n", ("Line 2 has 5 cells, and the first row names 7 columns.",)),
    ("nowhere;courses;2020-01-01;2020-06-30;12;;x\n", ("Line 2, project: There is no project of this name",)),
    ("siepp;positions_filled;2020-01-01;2020-06-30;12;;x\n", ("Line 2, indicator: The figures of this indicator",)),
    ("digirasti;courses;2020-01-01;2020-06-30;-1;;x\n" * 30, ("Line 21, value:", "10 more lines are wrong.")),
]


@on_one_database
def test_a_table_with_wrong_rows_names_each_and_imports_none(siepp: Siepp, city: str, tmp_path: Path) -> None:
    siepp("import", "outcomes")
    before = siepp("export", "outcomes").out
    table = tmp_path / "observations.csv"
    for rows, sentences in TABLES:
        table.write_text(f"{HEADER}\n{rows}", encoding="utf-8")
        said = failed_with_one_sentence(siepp("import", "outcomes", str(table)))
        assert [sentence for sentence in sentences if sentence not in said] == [], said
        assert "131052" not in said
    assert siepp("export", "outcomes").out == before


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("outcomes.json", "{", "The file cannot be read as JSON from line 1 on."),
        ("outcomes.json", "9" * 5000, "The file cannot be read as JSON."),
        ("outcomes.json", '{"projects": [{}]}', "projects.0.project: "),
        ("outcomes.json", '{"projects": [{"project": {"slug": "131052-308T"}}]}', "personal identity code"),
        ("outcomes.csv", "a;b\n", "The table has no column project, indicator, period_start, period_end, source"),
        ("outcomes.xlsx", "", "The name of a file of outcomes ends with .json or .csv."),
        ("nowhere/outcomes.json", None, "The file cannot be opened: No such file or directory."),
    ],
)
@on_one_database
def test_a_file_that_is_no_outcomes_is_told_in_one_sentence(
    siepp: Siepp, city: str, tmp_path: Path, name: str, text: str | None, sentence: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = failed_with_one_sentence(siepp("import", "outcomes", str(tmp_path / name)))
    assert sentence in said
    assert "131052" not in said
    out = failed_with_one_sentence(siepp("export", "outcomes", "--out", str(tmp_path / "outcomes.txt")))
    assert out == "The name of the file ends with .json, .csv or .xlsx."
    nowhere = failed_with_one_sentence(siepp("export", "outcomes", "--out", str(tmp_path / "nowhere" / "o.json")))
    assert nowhere.startswith("The file cannot be written")
