"""Nothing that must stay secret is ever logged, whatever goes right or wrong, in either form of the log: passwords,
tokens, sessions, links, keys, addresses with passwords in them; and no personal identity code is logged, answered or
kept anywhere."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import logs
from app.cli import main
from app.config import Settings
from app.jobs import delivery
from app.main import create_app
from app.services import accounts, passwords
from app.services.acting import SYSTEM, Act
from app.sources.providers import Provider
from app.storage import people
from app.storage.models import new_id
from app.storage.session import Database
from notifications.smtp import smtp_settings
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.web.lying_provider import CLIENT_ID, CLIENT_SECRET, LyingProvider, running
from tests.web.signed_in import BASE_URL, SignedInBrowser

PASSWORD, WRONG = "oikea hevonen paristo niitti", "väärä hevonen paristo niitti"
SMTP_PASSWORD, DATABASE_PASSWORD = "smtp-salasana-42", "kanta-salasana-42"
IDENTITY_CODE = "131052-308T"
"""The Digital and Population Data Services Agency's own example; nobody has it."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is logged does not depend on the database."""
    return sqlite_url


@pytest.fixture(params=["text", "json"])
def logged(request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """All that was written so far, by the service's own log and by others'."""
    seen: list[str] = []

    def so_far() -> str:
        seen.extend(capfd.readouterr())
        return "".join(seen)

    logs.configure(request.param)
    return so_far


@pytest.fixture(scope="module")
def provider() -> Iterator[LyingProvider]:
    with running() as made:
        yield made


@pytest.fixture
def browser(
    settings: Settings, database: Database, clock: SetClock, routes: FastAPI, portfolio: Portfolio,
    provider: LyingProvider,
) -> Iterator[SignedInBrowser]:  # fmt: skip
    told = replace(settings, oidc=Provider(provider.issuer, CLIENT_ID, CLIENT_SECRET))
    app = create_app(told, database, clock, routes)
    with TestClient(app, base_url=BASE_URL, raise_server_exceptions=False) as client:
        yield SignedInBrowser(client)


def found_in(log: str, *secrets: str) -> list[str]:
    """Those of the secrets, or long pieces of them, that stand in the log."""
    assert log.count("\n") > 0, "nothing was logged at all"
    return [secret for secret in secrets if secret in log or (len(secret) > 20 and secret[8:20] in log)]


def break_route(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """A defect that has what was sent in its hands."""

    def broken(*given: Any, **named: Any) -> Any:
        raise RuntimeError("a defect", *[str(one) for one in given if isinstance(one, int)])

    monkeypatch.setattr(place, broken)


def with_password(database: Database, clock: SetClock, email: str) -> None:
    with database.writing() as session:
        user = people.user_by_email(session, email)
        assert user is not None
        user.password_hash = passwords.hashed(PASSWORD)


def test_a_sign_in_with_a_password_right_or_wrong_or_broken(
    browser: SignedInBrowser, database: Database, clock: SetClock, logged: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with_password(database, clock, "viewer@example.org")
    for password, status in ((WRONG, 422), (PASSWORD, 303)):
        sent = browser.post_form("/sign-in", {"email": "viewer@example.org", "password": password}, action="/sign-in")
        assert sent.status_code == status
    session = browser.client.cookies["__Host-siepp"]
    values = {"current": PASSWORD, "password": PASSWORD + " 2", "repeated": PASSWORD + " 2"}
    assert browser.post_form("/account", values, action="/account/password").status_code == 303
    form = browser.form("/account", "/account/password")
    break_route(monkeypatch, "app.services.accounts.change_password")
    assert browser.send(form, values).status_code == 500
    secrets = (PASSWORD, WRONG, "paristo", session, form["fields"][0][1])
    assert found_in(logged(), *secrets) == []


def test_a_link_for_a_password(
    browser: SignedInBrowser, database: Database, portfolio: Portfolio, settings: Settings, logged: Callable[[], str]
) -> None:
    with database.writing() as session:
        user = people.user_by_email(session, "viewer@example.org")
        assert user is not None
        act = Act(SYSTEM, portfolio.clock(), portfolio.act().today)
        token = accounts.make_link(session, user.id, act, settings.secret_key)
    assert browser.get(f"/password/{token}").status_code == 200
    assert browser.get(f"/password/{token}x").status_code == 404
    values = {"password": PASSWORD, "repeated": PASSWORD}
    assert browser.post_form(f"/password/{token}", values, action=f"/password/{token}").status_code == 303
    assert found_in(logged(), token, PASSWORD, settings.secret_key) == []


def test_a_token_made_used_wrong_revoked_and_in_a_defect(
    browser: SignedInBrowser, portfolio: Portfolio, logged: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser.client
    made = client.post("/api/v1/tokens", json={"name": "Ledger"}, headers=portfolio.viewer).json()
    own = {"Authorization": f"Bearer {made['token']}"}
    assert client.get("/api/v1/units", headers=own).status_code == 200
    wrong = "siepp_" + "w" * 43
    assert client.get("/api/v1/units", headers={"Authorization": f"Bearer {wrong}"}).status_code == 401
    break_route(monkeypatch, "app.services.units.list_units")
    assert client.get("/api/v1/units", headers=own).status_code == 500
    client.delete(f"/api/v1/tokens/{made['id']}", headers=portfolio.viewer)
    assert client.get("/api/v1/units", headers=own).status_code == 401
    feed = client.post("/api/v1/calendar-feed", headers=portfolio.viewer).json()["address"]
    assert client.get(feed).status_code == 200
    assert client.get(feed.replace(feed[-12:-4], "00000000")).status_code == 404
    secret = feed.rpartition("/")[2].removesuffix(".ics")
    assert found_in(logged(), made["token"], wrong, secret, people.token_hash(made["token"])) == []


def test_the_way_by_the_identity_provider(
    browser: SignedInBrowser, provider: LyingProvider, settings: Settings, logged: Callable[[], str]
) -> None:
    provider.claims = {"sub": "maija-42", "email": "viewer@example.org", "email_verified": True}
    sent: list[str] = []
    for lies in ({}, {"nonce": "another"}, {"exp": 1}):
        provider.lies = lies
        address = browser.get("/sign-in/oidc").headers["location"]
        back = provider.consent(address)
        sent += [address.partition("state=")[2].partition("&")[0], address.partition("nonce=")[2].partition("&")[0]]
        sent.append(back.partition("code=")[2].partition("&")[0])
        browser.get(back)
    browser.get("/sign-in/oidc/callback?error=access_denied&error_description=salaisuus-palvelimelta&state=x")
    kept = (CLIENT_SECRET, settings.secret_key, "salaisuus-palvelimelta", *sent)
    assert found_in(logged(), *kept) == []


def test_a_mail_server_that_is_away_and_one_whose_password_is_wrong(
    settings: Settings, database: Database, portfolio: Portfolio, clock: SetClock, logged: Callable[[], str]
) -> None:
    smtp = smtp_settings(f"smtp://siepp:{SMTP_PASSWORD}@127.0.0.1:9?tls=none")
    told = replace(settings, smtp=smtp)
    structlog.get_logger("tests").info("beginning")
    _queue_a_mail(database, portfolio)
    delivery.deliver_all(database, told, delivery.make_sender(told), clock)
    assert SMTP_PASSWORD not in repr(smtp)
    assert found_in(logged(), SMTP_PASSWORD, settings.secret_key) == []


def _queue_a_mail(database: Database, portfolio: Portfolio) -> None:
    from app.jobs import daily_check

    portfolio.contract(starts_on=portfolio.act().today, owner="owner@example.org")
    portfolio.contract()
    daily_check.run_check(database, portfolio.act().today, portfolio.clock)


@pytest.mark.parametrize("command", [["check"], ["doctor"], ["unit", "list"], ["serve", "--port", "1"]])
def test_a_database_that_is_away_and_its_password(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    url = f"postgresql+psycopg://siepp:{DATABASE_PASSWORD}@127.0.0.1:9/siepp?connect_timeout=2"
    for name, value in {"DATABASE_URL": url, "SECRET_KEY": "k" * 40, "LOG_FORMAT": "json"}.items():
        monkeypatch.setenv(f"SIEPP_{name}", value)
    monkeypatch.setenv("SIEPP_SMTP_URL", f"smtp://siepp:{SMTP_PASSWORD}@127.0.0.1:9?tls=none")
    monkeypatch.setattr("sys.argv", ["siepp", *command])
    with pytest.raises(SystemExit):
        main()
    said = "".join(capfd.readouterr())
    assert said
    assert [one for one in (DATABASE_PASSWORD, SMTP_PASSWORD, "k" * 40) if one in said] == []


def bodies(portfolio: Portfolio) -> Iterator[tuple[str, str, dict[str, Any]]]:
    contract = f"/api/v1/contracts/{portfolio.contract()}"
    yield "POST", f"{contract}/notes", {"json": {"text": f"Soita {IDENTITY_CODE}"}}
    yield "POST", f"{contract}/positions", {"json": {"starts_on": IDENTITY_CODE, "target_group": IDENTITY_CODE}}
    yield "POST", "/api/v1/suppliers", {"json": {"name": IDENTITY_CODE, IDENTITY_CODE: 1}}
    yield "GET", "/api/v1/contracts", {"params": {"q": IDENTITY_CODE}}
    yield "GET", f"/api/v1/contracts/{IDENTITY_CODE}", {}
    yield "POST", f"{contract}/notes", {"json": {"text": "x"}, "headers": {"Idempotency-Key": IDENTITY_CODE}}
    yield "POST", f"{contract}/notes", {"content": f'{{"text": "{IDENTITY_CODE}'.encode()}
    yield "POST", "/api/v1/tokens", {"json": {"name": IDENTITY_CODE}}
    yield "POST", "/feedback", {"data": {"text": IDENTITY_CODE}}
    yield "POST", "/sign-in", {"data": {"email": f"{IDENTITY_CODE}@example.org", "password": IDENTITY_CODE}}


def test_an_identity_code_is_nowhere_in_answers_log_or_database(
    browser: SignedInBrowser, portfolio: Portfolio, settings: Settings, logged: Callable[[], str]
) -> None:
    for method, path, options in bodies(portfolio):
        headers = portfolio.officer | options.pop("headers", {})
        answer = browser.client.request(method, path, headers=headers, **options)
        assert answer.status_code in {401, 403, 404, 422}, (path, answer.status_code)
        assert "308T" not in answer.text, path
    sent = browser.post_form("/sign-in", {"email": IDENTITY_CODE, "password": IDENTITY_CODE}, action="/sign-in")
    assert "308T" not in sent.text
    assert "308T" not in logged()
    assert "308T" not in _dumped(settings.database_url)


def _dumped(url: str) -> str:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        return "\n".join(connection.iterdump())


@pytest.mark.parametrize(
    ("who", "path", "reason"),
    [
        ("viewer", "/api/v1/projects", "forbidden"),
        ("nobody", "/api/v1/projects", "unauthenticated"),
        ("nobody", "/feedback", "form_expired"),
    ],
)
def test_who_tries_what_they_may_not_is_in_the_log_by_id_and_nothing_they_sent(
    browser: SignedInBrowser, portfolio: Portfolio, logged: Callable[[], str], who: str, path: str, reason: str
) -> None:
    headers = portfolio.viewer if who == "viewer" else {}
    body = {"slug": "salainen", "unit_id": portfolio.root, "name": {"fi": "salainen"}, "starts_on": "2019-01-01"}
    sent = {"json": body} if "api" in path else {"data": {"text": "salainen"}}
    assert browser.client.post(path, headers=headers, **sent).status_code in {401, 403}
    line = next(line for line in logged().splitlines() if "refused" in line)
    assert reason in line
    with portfolio.database.reading() as session:
        viewer = people.user_by_email(session, "viewer@example.org")
        assert viewer is not None
        assert (viewer.id in line) == (who == "viewer")
    assert "salainen" not in logged()


def test_the_settings_do_not_show_secrets_when_printed(settings: Settings) -> None:
    """Whoever prints them while looking for a defect prints no secret."""
    told = replace(
        settings,
        database_url=f"postgresql+psycopg://siepp:{DATABASE_PASSWORD}@db/siepp",
        smtp=smtp_settings(f"smtp://siepp:{SMTP_PASSWORD}@mail:25?tls=starttls"),
        oidc=Provider("https://id.example.org", CLIENT_ID, CLIENT_SECRET),
        metrics_token=new_id(),
    )
    shown = repr(told)
    secrets = (DATABASE_PASSWORD, SMTP_PASSWORD, CLIENT_SECRET, told.secret_key, str(told.metrics_token))
    assert [one for one in secrets if one in shown] == []
