"""The demo: the figures of the city's report, every status on any day of installation, and nobody's database spoilt."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Select, func, select
from stdnum.fi import ytunnus

from app import cli
from app.config import load_settings
from app.http.state import State
from app.jobs import demo as demo_job
from app.main import create_app
from app.rules.codes import BUSINESS_ID_SCHEME, Role
from app.rules.status import Status
from app.services import demo, summary, watch
from app.services.acting import SYSTEM, Act
from app.sources.demo import city, current, pilots
from app.sources.outcomes.seeds import SLUGS
from app.storage import audit
from app.storage.models import (
    AuditEntry,
    Clause,
    Contract,
    Message,
    Owner,
    Position,
    Procurement,
    Project,
    ProjectReporter,
    Purchase,
    StoredJudgement,
    Supplier,
    Told,
    Unit,
    User,
)
from app.storage.session import Database
from tests.portfolio import Portfolio
from tests.postgres_copies import fresh_copy

TODAY = date(2026, 11, 22)
REPORTED_ON = date(2019, 10, 31)
AWKWARD_DAYS = (
    date(2024, 2, 29),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 1, 31),
    date(2026, 2, 28),
    date(2026, 8, 30),
    date(2027, 11, 30),
    date(2028, 2, 29),
)


def act_on(day: date) -> Act:
    return Act(SYSTEM, datetime.combine(day, time(9), UTC), day)


def state_over(url: str, folder: Path, day: date = TODAY) -> State:
    """What `siepp demo` works with, its clock stopped."""
    environ = {"SIEPP_DATABASE_URL": url, "SIEPP_MAIL_DIR": str(folder / "mail")}
    demo_job.set_environment(environ, "127.0.0.1", 8000)
    return State(load_settings(environ), Database(url), lambda: act_on(day).now)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """The whole demo in SQLite, made once; its owners have their first mails. Tests read it only."""
    folder = tmp_path_factory.mktemp("demo")
    state = state_over(f"sqlite:///{folder / 'demo.db'}", folder)
    assert demo_job.make_ready(state)
    demo_job.tell_owners(state)
    yield state
    state.database.dispose()


def with_procurement(statement: Select[Any]) -> Select[Any]:
    """Stored judgements with their contract and procurement."""
    return statement.join(Contract, Contract.id == StoredJudgement.contract_id).join(
        Procurement, Procurement.id == Contract.procurement_id
    )


# --- The pilots


def test_the_figures_of_the_report_come_out_of_the_facts(filled: State) -> None:
    with filled.database.reading() as session:
        whole = summary.summarise(session, REPORTED_ON, None, act_on(TODAY)).whole
    assert (whole.procurements, whole.promised_min, whole.promised_max, whole.filled) == (36, 160, 280, 46)


@pytest.mark.slow
@pytest.mark.postgres
def test_they_do_on_postgresql_too(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    state = state_over(fresh_copy(request.getfixturevalue("postgres_url")), tmp_path)
    assert demo_job.make_ready(state)
    with state.database.reading() as session:
        whole = summary.summarise(session, REPORTED_ON, None, act_on(TODAY)).whole
        assert audit.verify(session).broken_at is None
    state.database.dispose()
    assert (whole.procurements, whole.promised_min, whole.promised_max, whole.filled) == (36, 160, 280, 46)


def test_the_pilots_are_those_of_the_report(filled: State) -> None:
    with filled.database.reading() as session:
        programmes = Counter(session.scalars(select(Procurement.programme)))
        types = set(session.scalars(select(Clause.type)))
        kinds = set(session.scalars(select(Procurement.kind).where(Procurement.programme == "SIEPP")))
    assert (programmes["SIEPP"], programmes["HANDU"]) == (28, 8)
    assert (len(types), len(kinds)) == (3, 3)
    signed = [tender.signed_on for tender in pilots.pilots() if tender.programme == "SIEPP"]
    assert date(2017, 11, 1) <= min(signed) <= max(signed) <= REPORTED_ON


def test_all_pilots_are_settled_and_their_owners_left_in_peace(filled: State) -> None:
    old = Procurement.programme.in_(("SIEPP", "HANDU"))
    with filled.database.reading() as session:
        statuses = Counter(session.scalars(with_procurement(select(StoredJudgement.status)).where(old)))
        told = select(func.count()).select_from(Told).join(Contract, Contract.id == Told.contract_id)
        mailed = session.scalar(told.join(Procurement, Procurement.id == Contract.procurement_id).where(old))
    assert set(statuses) == {Status.FULFILLED, Status.CLOSED}
    assert mailed == 0


def test_everything_was_written_down_when_it_happened(filled: State) -> None:
    with filled.database.reading() as session:
        late = select(func.count()).select_from(Position).where(Position.logged_on < Position.agreed_on)
        early = select(func.count()).select_from(Purchase).where(Purchase.recorded_on < Purchase.on_date)
        assert (session.scalar(late), session.scalar(early)) == (0, 0)
        at = list(session.scalars(select(AuditEntry.at).order_by(AuditEntry.seq)))
        assert audit.verify(session).broken_at is None
    assert at == sorted(at)
    assert at[0].year == 2016


# --- Contracts of today


def statuses_on(database: Database, day: date) -> dict[str, str]:
    """The status by contract number, were the demo installed on the day."""
    with database.writing() as session:
        demo.fill_with(session, current.current(day), act_on(day))
        rows = session.execute(with_procurement(select(Contract.reference, StoredJudgement.status)))
        return {row.reference: row.status for row in rows}


@pytest.mark.parametrize("day", AWKWARD_DAYS, ids=str)
def test_every_status_is_there_whatever_the_day(day: date, sqlite_url: str) -> None:
    database = Database(sqlite_url)
    statuses = statuses_on(database, day)
    database.dispose()
    assert set(statuses.values()) == set(Status)
    assert statuses["S-102"] == Status.AT_RISK
    assert statuses["S-104"] == statuses["S-107"] == Status.CANNOT_BE_MET


def test_every_status_is_there_on_both_databases(database: Database) -> None:
    assert set(statuses_on(database, TODAY).values()) == set(Status)


def test_the_demos_owner_gets_one_mail_on_many_contracts(filled: State) -> None:
    with filled.database.reading() as session:
        messages = session.execute(select(Message.id, Owner.email).join(Owner, Owner.id == Message.owner_id)).all()
        contracts = select(Told.message_id, Told.contract_id).distinct()
        counts = Counter(row.message_id for row in session.execute(contracts))
    of_owner = [counts[row.id] for row in messages if row.email == city.USERS["owner"].person.email]
    assert of_owner == [5]
    assert len(list(filled.settings.mail_dir.glob("*.eml"))) == len(messages)


def test_nothing_is_wrong_with_the_demo_that_anybody_would_be_told_of(filled: State) -> None:
    noon = datetime.combine(TODAY, time(12), filled.settings.timezone)
    with filled.database.reading() as session:
        assert watch.find_troubles(session, filled.settings.check_at, noon, Act(SYSTEM, noon, TODAY)) == []


# --- Who and what is in it


def test_each_demo_user_may_ask_with_a_token_everybody_knows(filled: State) -> None:
    with TestClient(create_app(filled.settings, filled.database, filled.clock)) as client:
        for user in city.USERS.values():
            headers = {"Authorization": f"Bearer {user.token}"}
            answer = client.get("/api/v1/summary", params={"as_of": REPORTED_ON.isoformat()}, headers=headers)
            sees_contracts = user.role is not Role.PROJECT_REPORTER
            assert answer.json()["promised"] == ({"min": 160, "max": 280} if sees_contracts else {"min": 0, "max": 0})
            listed = client.get("/api/v1/projects", headers=headers).json()["items"]
            assert [one["slug"] for one in listed] == list(SLUGS)


def test_the_reporter_writes_the_outcomes_of_all_five_projects(filled: State) -> None:
    with filled.database.reading() as session:
        given = session.execute(
            select(Project.slug, User.email)
            .join(ProjectReporter, ProjectReporter.project_id == Project.id)
            .join(User, User.id == ProjectReporter.user_id)
        ).all()
    assert {tuple(row) for row in given} == {(slug, city.USERS["reporter"].person.email) for slug in SLUGS}


def test_nobody_in_it_is_real(filled: State) -> None:
    with filled.database.reading() as session:
        suppliers = session.execute(select(Supplier.scheme, Supplier.identifier)).all()
        addresses = [
            *session.scalars(select(Owner.email)),
            *session.scalars(select(User.email)),
            *session.scalars(select(Contract.supplier_contact_email)),
            *session.scalars(select(Unit.liaison_email).where(Unit.liaison_email.is_not(None))),
        ]
    assert {row.scheme for row in suppliers} == {BUSINESS_ID_SCHEME}
    assert all(row.identifier.startswith("9") and ytunnus.is_valid(row.identifier) for row in suppliers)
    assert all(re.fullmatch(r"[a-z.]+@example\.org", address) for address in addresses)


# --- The command


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Undoes afterwards what the command sets."""
    for name in ("SIEPP_DATABASE_URL", "SIEPP_BASE_URL", "SIEPP_SECRET_KEY", "SIEPP_SMTP_URL", "SIEPP_MAIL_FROM"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("SIEPP_MAIL_DIR", str(tmp_path))
    return monkeypatch


def entries(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_a_second_run_leaves_the_demo_as_it_is(
    filled: State, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = entries(filled.database)
    environment.setenv("SIEPP_DATABASE_URL", filled.settings.database_url)
    assert cli.run(["demo", "--no-serve", "--port", "8123"]) == 0
    assert entries(filled.database) == before
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8123" in said
    assert all(user.token in said for user in city.USERS.values())


def test_a_database_that_holds_something_else_is_left_alone(
    database_url: str, portfolio: Portfolio, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = entries(portfolio.database)
    environment.setenv("SIEPP_DATABASE_URL", database_url)
    assert cli.run(["demo", "--no-serve"]) == 1
    assert entries(portfolio.database) == before
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert "holds something else" in said.err


def test_a_database_of_another_version_is_not_migrated(
    tmp_path: Path, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    other = Database(url)
    with other.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE something (id INTEGER)")
    environment.setenv("SIEPP_DATABASE_URL", url)
    assert cli.run(["demo", "--no-serve"]) == 1
    assert "siepp migrate" in capsys.readouterr().err
    with other.reading() as session:
        assert session.connection().dialect.get_table_names(session.connection()) == ["something"]
    other.dispose()


def test_the_demo_never_sends_mail_through_a_server() -> None:
    environ = {"SIEPP_SMTP_URL": "smtp://mail.example.org"}
    demo_job.set_environment(environ, "0.0.0.0", 8765)  # noqa: S104 - nobody listens
    settings = load_settings(environ)
    assert (settings.smtp, settings.base_url) == (None, "http://127.0.0.1:8765")
