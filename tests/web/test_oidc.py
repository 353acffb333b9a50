"""Sign-in by the identity provider: whom it lets in, with which roles, and what is not believed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import oidc_provider_mock
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select

from app.config import Settings, SettingWrong, load_settings
from app.main import create_app
from app.rules.codes import Role
from app.services import passwords, sessions
from app.sources import oidc
from app.sources.providers import Provider
from app.storage import people
from app.storage.models import AuditEntry, AuditPayload, Grant, IdentityGroup, SignInIdentity, User
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.web.lying_provider import CLIENT_ID, CLIENT_SECRET, LyingProvider, running
from tests.web.signed_in import BASE_URL, SignedInBrowser

SUBJECT = "b2f1c7de-maija"
MAIJA = {"sub": SUBJECT, "email": "Maija@example.org", "email_verified": True, "name": "Maija", "locale": "sv-FI"}


@pytest.fixture(scope="module")
def provider_server() -> Iterator[LyingProvider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(provider_server: LyingProvider) -> LyingProvider:
    issuer = provider_server.issuer
    key = provider_server.published
    provider_server.__init__()  # type: ignore[misc]
    provider_server.issuer, provider_server.published, provider_server.key = issuer, key, key
    provider_server.claims = {**MAIJA, "groups": ["hankinta"]}
    return provider_server


Serve = Callable[[str], SignedInBrowser]


@pytest.fixture
def serve(settings: Settings, database: Database, portfolio: Portfolio, clock: SetClock) -> Serve:
    """A browser of the service that trusts an issuer, whose group "hankinta" makes officers of the division."""
    clock.now = datetime.now(UTC)

    def serve(issuer: str) -> SignedInBrowser:
        provider = Provider(issuer, CLIENT_ID, CLIENT_SECRET, name="Työpöytä")
        app = create_app(replace(settings, oidc=provider), database, clock)
        give(database, issuer, "hankinta", Role.PROCUREMENT_OFFICER, portfolio.division)
        return SignedInBrowser(TestClient(app, base_url=BASE_URL, raise_server_exceptions=False))

    return serve


@pytest.fixture
def browser(serve: Serve, provider: LyingProvider) -> SignedInBrowser:
    return serve(provider.issuer)


def give(database: Database, issuer: str, group: str, role: Role, unit_id: str) -> None:
    with database.writing() as session:
        now = datetime.now(UTC)
        session.add(IdentityGroup(issuer=issuer, group=group, role=role.value, unit_id=unit_id, created_at=now))


def depart(browser: SignedInBrowser, next: str = "/help") -> str:
    answer = browser.get("/sign-in/oidc", params={"next": next})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def come_in(browser: SignedInBrowser, provider: LyingProvider, **changed: str) -> Any:
    return browser.get(provider.consent(depart(browser), **changed))


def is_in(browser: SignedInBrowser) -> bool:
    return browser.get("/account").status_code == 200


def roles(database: Database, email: str = "maija@example.org") -> set[tuple[str, str]]:
    with database.reading() as session:
        user = people.user_by_email(session, email)
        assert user is not None
        grants = session.scalars(select(Grant).where(Grant.user_id == user.id))
        return {(grant.role, grant.source) for grant in grants}


def test_a_person_in_a_known_group_becomes_a_user_with_its_role(
    browser: SignedInBrowser, provider: LyingProvider, database: Database
) -> None:
    assert "Työpöytä" in browser.get("/sign-in").text
    answer = come_in(browser, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/help")
    assert is_in(browser)
    with database.reading() as session:
        user = people.user_by_email(session, "maija@example.org")
        assert user is not None
        assert (user.name, user.language, user.password_hash) == ("Maija", "sv", None)
    assert roles(database) == {("procurement_officer", "identity")}


def test_the_mock_of_others_is_satisfied_too(serve: Serve, database: Database) -> None:
    with oidc_provider_mock.run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        browser = serve(issuer)
        httpx2.put(f"{issuer}/users/{SUBJECT}", json={**MAIJA, "groups": ["hankinta"]}).raise_for_status()
        consent = httpx2.post(depart(browser), data={"sub": SUBJECT}, follow_redirects=False)
        back = urlsplit(consent.headers["location"])
        assert browser.get(f"{back.path}?{back.query}").headers["location"] == "/help"
        assert is_in(browser)
        refused = httpx2.post(depart(browser), data={"action": "deny"}, follow_redirects=False)
        back = urlsplit(refused.headers["location"])
        assert browser.get(f"{back.path}?{back.query}").status_code == 403
    assert roles(database) == {("procurement_officer", "identity")}


def test_groups_that_changed_change_the_roles_at_the_next_sign_in_and_local_ones_stay(
    browser: SignedInBrowser, provider: LyingProvider, database: Database, portfolio: Portfolio
) -> None:
    give(database, provider.issuer, "katselijat", Role.VIEWER, portfolio.root)
    come_in(browser, provider)
    with database.writing() as session:
        user = people.user_by_email(session, "maija@example.org")
        assert user is not None
        now = datetime.now(UTC)
        session.add(Grant(user_id=user.id, role="contract_owner", unit_id=portfolio.office, created_at=now))
    provider.claims["groups"] = ["katselijat", "something else"]
    come_in(browser, provider)
    assert roles(database) == {("viewer", "identity"), ("contract_owner", "local")}
    provider.claims["groups"] = []
    assert come_in(browser, provider).status_code == 303
    assert roles(database) == {("contract_owner", "local")}


def test_who_lost_every_role_is_out_on_all_devices_and_told_whom_to_ask(
    browser: SignedInBrowser, provider: LyingProvider, database: Database
) -> None:
    come_in(browser, provider)
    other = SignedInBrowser(TestClient(browser.client.app, base_url=BASE_URL, raise_server_exceptions=False))
    provider.claims["groups"] = None
    answer = come_in(other, provider)
    assert answer.status_code == 403
    assert "admin@example.org" in answer.text
    assert roles(database) == set()
    assert not is_in(browser)


def test_a_user_known_by_address_is_linked_once_and_only_where_the_address_is_verified(
    browser: SignedInBrowser, provider: LyingProvider, database: Database
) -> None:
    provider.claims |= {"email": "viewer@example.org", "email_verified": False}
    assert come_in(browser, provider).status_code == 403
    provider.claims["email_verified"] = "true"
    assert come_in(browser, provider).status_code == 403
    provider.claims["email_verified"] = True
    assert come_in(browser, provider).status_code == 303
    provider.claims["sub"] = "someone else with the same address"
    assert come_in(browser, provider).status_code == 403
    with database.reading() as session:
        assert session.scalars(select(SignInIdentity.subject)).all() == [SUBJECT]


def test_who_is_linked_to_an_account_made_by_someone_else_is_the_only_one_to_have_it(
    browser: SignedInBrowser, provider: LyingProvider, database: Database, portfolio: Portfolio, client: TestClient
) -> None:
    """The account had a password, a session and a token from before."""
    with database.writing() as session:
        viewer = people.user_by_email(session, "viewer@example.org")
        assert viewer is not None
        viewer.password_hash = passwords.hashed("kettu soutaa hiljaa tiistaina")
        before = sessions.begin(session, viewer.id, "password", datetime.now(UTC))
    provider.claims |= {"email": "viewer@example.org", "email_verified": True}
    assert come_in(browser, provider).status_code == 303
    assert client.get("/api/v1/units", headers=portfolio.viewer).status_code == 401
    with database.reading() as session:
        assert sessions.signed_in(session, before, datetime.now(UTC)) is None
        viewer = people.user_by_email(session, "viewer@example.org")
        assert viewer is not None
        assert viewer.password_hash is None


def test_a_person_stays_the_same_when_the_address_changes(
    browser: SignedInBrowser, provider: LyingProvider, database: Database
) -> None:
    come_in(browser, provider)
    provider.claims["email"] = "admin@example.org"
    assert come_in(browser, provider).status_code == 303
    with database.reading() as session:
        users = session.scalars(select(User).join(SignInIdentity, SignInIdentity.user_id == User.id)).all()
    assert [user.email for user in users] == ["maija@example.org"]
    assert roles(database, "admin@example.org") == {("admin", "local")}


def test_an_unverified_address_of_someone_answerable_for_contracts_makes_no_user(
    browser: SignedInBrowser, provider: LyingProvider, portfolio: Portfolio
) -> None:
    portfolio.contract(owner="olli@example.org")
    provider.claims |= {"email": "olli@example.org", "email_verified": None}
    assert come_in(browser, provider).status_code == 403
    provider.claims["email_verified"] = True
    assert come_in(browser, provider).status_code == 303


USELESS: list[dict[str, Any]] = [
    {"groups": ["strangers"]},
    {"email": None},
    {"email": "no address"},
    {"sub": "131052-308T"},
    {"sub": "x" * 256},
]


def test_who_cannot_be_admitted_leaves_no_user_and_no_trace_of_what_was_sent(
    browser: SignedInBrowser, provider: LyingProvider, database: Database
) -> None:
    usual = provider.claims
    for claims in USELESS:
        provider.claims = usual | claims
        answer = come_in(browser, provider)
        assert answer.status_code == 403
        assert "admin@example.org" in answer.text
    with database.reading() as session:
        assert people.user_by_email(session, "maija@example.org") is None
        assert "sign_in_failed" in session.scalars(select(AuditEntry.action)).all()
        assert not any("131052" in str(payload) for payload in session.scalars(select(AuditPayload.payload)))


def test_a_closed_user_does_not_come_back_by_the_provider(
    browser: SignedInBrowser, provider: LyingProvider, database: Database
) -> None:
    come_in(browser, provider)
    with database.writing() as session:
        user = people.user_by_email(session, "maija@example.org")
        assert user is not None
        user.active = False
    assert come_in(browser, provider).status_code == 403
    assert not is_in(browser)


LIES: list[dict[str, Any]] = [
    {"nonce": "another"},
    {"nonce": None},
    {"iss": "https://elsewhere.example.org"},
    {"iss": None},
    {"aud": "another service"},
    {"aud": ["another service", CLIENT_ID], "azp": "another service"},
    {"sub": None},
    {"exp": 1_500_000_000},
    {"exp": None},
    {"iat": 4_000_000_000},
]


def test_an_id_token_that_was_not_meant_for_this_sign_in_is_not_believed(
    browser: SignedInBrowser, provider: LyingProvider
) -> None:
    for lie in LIES:
        provider.lies = lie
        assert come_in(browser, provider).status_code == 403, lie
    assert not is_in(browser)


def test_an_id_token_signed_with_another_key_or_a_shared_secret_is_not_believed(
    browser: SignedInBrowser, provider: LyingProvider
) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "one"})
    assert come_in(browser, provider).status_code == 403
    provider.key, provider.algorithm = OctKey.import_key(CLIENT_SECRET), "HS256"  # type: ignore[assignment]
    assert come_in(browser, provider).status_code == 403
    assert not is_in(browser)


def test_clocks_may_differ_by_a_minute(browser: SignedInBrowser, provider: LyingProvider, clock: SetClock) -> None:
    now = int(clock.now.timestamp())
    provider.lies = {"iat": now + 50, "exp": now - 50}
    assert come_in(browser, provider).status_code == 303


@pytest.mark.parametrize(
    ("lie", "status"),
    [({"iat": +60}, 303), ({"iat": +62}, 403), ({"exp": -59}, 303), ({"exp": -60}, 403), ({"exp": -61}, 403)],
)
def test_clocks_differ_by_a_minute_at_the_most(
    browser: SignedInBrowser, provider: LyingProvider, clock: SetClock, lie: dict[str, int], status: int
) -> None:
    now = int(clock.now.timestamp())
    provider.lies = {name: now + seconds for name, seconds in lie.items()}
    assert come_in(browser, provider).status_code == status


def test_a_provider_that_renews_its_key_is_believed_with_the_new_one_at_once_and_with_the_old_one_no_more(
    browser: SignedInBrowser, provider: LyingProvider
) -> None:
    old = provider.key
    assert come_in(browser, provider).status_code == 303
    provider.key = provider.published = RSAKey.generate_key(2048, {"kid": "two"})
    assert come_in(browser, provider).status_code == 303
    provider.key = old
    assert come_in(browser, provider).status_code == 403


def test_a_code_is_good_once_and_only_in_the_browser_that_asked(
    browser: SignedInBrowser, provider: LyingProvider
) -> None:
    back = provider.consent(depart(browser))
    stranger = SignedInBrowser(TestClient(browser.client.app, base_url=BASE_URL, raise_server_exceptions=False))
    assert stranger.get(back).status_code == 403
    cookie = dict(browser.client.cookies)
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403  # what was kept of the departure is gone
    replayed = SignedInBrowser(TestClient(browser.client.app, base_url=BASE_URL, raise_server_exceptions=False))
    replayed.client.cookies.update(cookie)
    assert replayed.get(back).status_code == 403
    assert not is_in(replayed)
    assert not is_in(stranger)


def test_a_state_of_another_departure_a_verifier_of_another_and_a_late_return_are_refused(
    browser: SignedInBrowser, provider: LyingProvider, clock: SetClock
) -> None:
    assert come_in(browser, provider, state="another").status_code == 403
    assert come_in(browser, provider, code_challenge="x" * 43).status_code == 403
    back = provider.consent(depart(browser))
    clock.now += timedelta(minutes=15)
    assert browser.get(back).status_code == 403
    assert browser.get(back.replace("iss=http", "iss=https")).status_code == 403
    assert not is_in(browser)


def test_nobody_holds_a_connection_to_the_database_while_the_provider_takes_its_time(
    browser: SignedInBrowser, provider: LyingProvider, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(browser, provider)  # so that the cookie of a session is there, and looked up
    lent: list[int] = []
    for name in ("depart", "arrive"):
        asked = getattr(oidc, name)

        def asking(*given: Any, asked: Callable[..., Any] = asked) -> Any:
            lent.append(database.engine.pool.checkedout())  # type: ignore[attr-defined]  # a QueuePool
            return asked(*given)

        monkeypatch.setattr(oidc, name, asking)
    come_in(browser, provider)
    assert lent == [0, 0]


def test_nobody_is_led_elsewhere_after_signing_in(browser: SignedInBrowser, provider: LyingProvider) -> None:
    for elsewhere in ("//evil.example.org", "https://evil.example.org", "/\\evil.example.org"):
        answer = browser.get(provider.consent(depart(browser, elsewhere)))
        assert answer.headers["location"] == "/"


def test_a_provider_that_is_away_or_talks_nonsense_is_said_to_be_away(
    serve: Serve, browser: SignedInBrowser, provider: LyingProvider
) -> None:
    away = serve("http://localhost:9").get("/sign-in/oidc")
    assert (away.status_code, away.headers["retry-after"]) == (503, "30")
    assert "/sign-in/oidc?next=" in away.text
    for nonsense in (
        {"issuer": "https://elsewhere.example.org"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc"},
    ):
        provider.metadata = nonsense
        assert browser.get("/sign-in/oidc").status_code == 503
    provider.metadata = {}
    back = provider.consent(depart(browser))
    provider.metadata = {"token_endpoint": "http://localhost:9/token"}
    assert browser.get(back).status_code == 503


def test_groups_and_address_may_come_from_userinfo_of_the_same_person_only(
    browser: SignedInBrowser, provider: LyingProvider, database: Database
) -> None:
    del provider.claims["groups"]
    provider.userinfo = {"sub": "someone else", "groups": ["hankinta"]}
    assert come_in(browser, provider).status_code == 403
    provider.userinfo = {"sub": SUBJECT, "groups": ["hankinta"], "name": "Not the ID token's"}
    assert come_in(browser, provider).status_code == 303
    assert roles(database) == {("procurement_officer", "identity")}


def test_without_a_provider_there_is_no_such_way(client: TestClient, portfolio: Portfolio) -> None:
    assert "/sign-in/oidc" not in client.get("/sign-in").text
    assert client.get("/sign-in/oidc").status_code == 404
    assert client.get("/sign-in/oidc/callback?code=x&state=y").status_code == 404


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"SIEPP_OIDC_ISSUER": "https://idp.example.org"}, "SIEPP_OIDC_CLIENT_ID"),
        ({"SIEPP_OIDC_CLIENT_SECRET": "x"}, "SIEPP_OIDC_ISSUER"),
        (
            {
                "SIEPP_OIDC_ISSUER": "http://idp.example.org",
                "SIEPP_OIDC_CLIENT_ID": "x",
                "SIEPP_OIDC_CLIENT_SECRET": "y",
            },
            "SIEPP_OIDC_ISSUER",
        ),
    ],
)
def test_half_a_provider_stops_the_start(given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingWrong, match=named):
        load_settings({"SIEPP_SECRET_KEY": "x" * 32, **given})


def test_the_address_for_the_provider_asks_for_no_more_than_needed(
    browser: SignedInBrowser, provider: LyingProvider
) -> None:
    asked = dict(parse_qsl(urlsplit(depart(browser)).query))
    assert asked["scope"] == "openid email profile"
    assert asked["redirect_uri"] == f"{BASE_URL}/sign-in/oidc/callback"
    assert CLIENT_SECRET not in str(asked)
    cookie = browser.get("/sign-in/oidc").headers["set-cookie"]
    assert all(
        word in cookie for word in ("__Host-siepp_departure", "HttpOnly", "Secure", "SameSite=lax", "Max-Age=900")
    )
