"""Logging in and out with a password: cookies, forms, pauses, and what an attacker would try."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.config import Settings
from app.main import create_app
from app.services import passwords, sessions
from app.sources.demo import city
from app.storage import people
from app.storage.models import AuditEntry, Grant, Token, User
from app.storage.session import Database
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.web.signed_in import BASE_URL, SignedInBrowser

EMAIL, PASSWORD = "viewer@example.org", "kettu soutaa hiljaa tiistaina"


@pytest.fixture
def stranger(client: TestClient, portfolio: Portfolio, database: Database) -> SignedInBrowser:
    """A browser in which nobody has logged in; the viewer has a password."""
    with database.writing() as session:
        user = people.user_by_email(session, EMAIL)
        assert user is not None
        user.password_hash = passwords.hashed(PASSWORD)
    return another(client)


def another(client: TestClient) -> SignedInBrowser:
    return SignedInBrowser(TestClient(client.app, base_url=BASE_URL, raise_server_exceptions=False))


def log_in(browser: SignedInBrowser, password: str = PASSWORD, email: str = EMAIL, page: str = "/sign-in"):  # type: ignore[no-untyped-def]
    return browser.post_form(page, {"email": email, "password": password}, action="/sign-in")


def is_in(browser: SignedInBrowser) -> bool:
    return browser.get("/account").status_code == 200


def test_whoever_logs_in_comes_to_the_page_that_was_wanted(stranger: SignedInBrowser) -> None:
    wanted = stranger.get("/account?done=changed")
    assert wanted.status_code == 303
    answer = log_in(stranger, email=" Viewer@Example.org ", page=wanted.headers["location"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=changed")
    assert is_in(stranger)
    assert stranger.get("/sign-in?next=/help").headers["location"] == "/help"


def test_the_cookie_is_out_of_reach_of_scripts_other_sites_and_plain_connections(stranger: SignedInBrowser) -> None:
    cookie = next(one for one in log_in(stranger).headers.get_list("set-cookie") if one.startswith("__Host-siepp="))
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    assert "expires" not in cookie.lower()


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(stranger: SignedInBrowser) -> None:
    known, unknown = (log_in(stranger, "wrong", email) for email in (EMAIL, "nobody@example.org"))
    assert known.status_code == unknown.status_code == 422
    for answer, email in ((known, EMAIL), (unknown, "nobody@example.org")):
        assert email in answer.text
        assert 'value="wrong"' not in answer.text
    words = [answer.text.split('id="errors"')[1].split("</div>")[0] for answer in (known, unknown)]
    assert words[0] == words[1]
    assert not is_in(stranger)


def test_after_five_failures_the_page_says_how_long_to_wait(stranger: SignedInBrowser, clock: SetClock) -> None:
    for _ in range(5):
        assert log_in(stranger, "wrong").status_code == 422
    paused = log_in(stranger)
    assert paused.status_code == 422
    assert not is_in(stranger)
    clock.now += timedelta(minutes=1)
    assert log_in(stranger).status_code == 303


ELSEWHERE = (
    "//evil.example.org",
    "https://evil.example.org",
    "/\\evil.example.org",
    "javascript:alert(1)",
)


def test_nobody_is_led_to_another_site(client: TestClient, stranger: SignedInBrowser) -> None:
    for elsewhere in ELSEWHERE:
        browser = another(client)
        form = browser.form("/sign-in", "/sign-in")
        answer = browser.send(form, {"email": EMAIL, "password": PASSWORD, "next": elsewhere})
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), elsewhere
        assert browser.get("/sign-in", params={"next": elsewhere}).headers["location"] == "/", elsewhere


def test_a_session_put_into_the_browser_before_is_good_for_nothing_after(
    client: TestClient, stranger: SignedInBrowser
) -> None:
    stranger.client.cookies.set("__Host-siepp", "fixed by an attacker")
    log_in(stranger)
    attacker = another(client)
    attacker.client.cookies.set("__Host-siepp", "fixed by an attacker")
    assert is_in(stranger)
    assert not is_in(attacker)
    form = another(client).form("/sign-in", "/sign-in")  # the form of somebody else's browser
    assert stranger.send(form, {"email": EMAIL, "password": PASSWORD}).status_code == 403


def test_the_form_is_taken_only_from_our_own_page(client: TestClient, stranger: SignedInBrowser) -> None:
    assert stranger.client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 403
    form = stranger.form("/sign-in", "/sign-in")
    stranger.client.headers["Sec-Fetch-Site"] = "cross-site"
    assert stranger.send(form, {"email": EMAIL, "password": PASSWORD}).status_code == 403
    assert not is_in(stranger)


def test_logging_out_ends_this_session_and_everywhere_ends_all(
    client: TestClient, stranger: SignedInBrowser, database: Database
) -> None:
    browsers = [another(client) for _ in range(3)]
    for browser in browsers:
        log_in(browser)
    kept = browsers[0].client.cookies["__Host-siepp"]
    out = browsers[0].post_form("/account", {}, action="/sign-out")
    assert out.headers["location"] == "/sign-in?done=out"
    browsers[0].client.cookies.set("__Host-siepp", kept)
    assert [is_in(browser) for browser in browsers] == [False, True, True]
    browsers[1].post_form("/account", {}, action="/sign-out/everywhere")
    assert not any(is_in(browser) for browser in browsers)
    with database.reading() as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert (actions.count("signed_in"), actions.count("signed_out"), actions.count("signed_out_everywhere")) == (
        3,
        1,
        1,
    )


def test_whoever_was_logged_out_meanwhile_may_still_press_the_button(
    stranger: SignedInBrowser, clock: SetClock
) -> None:
    log_in(stranger)
    form = stranger.form("/account", "/sign-out")
    clock.now += sessions.IDLE_LIMIT
    answer = stranger.send(form, {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?done=out")


def test_the_demo_offers_its_users_with_one_click_and_no_other_service_does(
    settings: Settings, client: TestClient, database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    with database.writing() as session:
        user = people.user_by_email(session, "officer@example.org") or people.user_by_email(session, EMAIL)
        assert user is not None
        demo = User(email="noora@example.org", name="Noora", language="fi", active=True, created_at=clock())
        session.add(demo)
        session.flush()
        session.add_all(
            [
                Token(
                    user_id=demo.id,
                    name="Demo",
                    token_hash=people.token_hash(city.USERS["officer"].token),
                    created_at=clock(),
                ),
                Grant(user_id=demo.id, role="viewer", unit_id=portfolio.root, created_at=clock()),
            ]
        )
    application = create_app(replace(settings, demo=True), database, clock)
    browser = SignedInBrowser(TestClient(application, base_url=BASE_URL, raise_server_exceptions=False))
    page = browser.get("/sign-in")
    assert all(user.person.name in page.text for user in city.USERS.values())
    answer = browser.post_form("/sign-in?next=/help", {"user": "officer"}, action="/sign-in/demo")
    assert answer.headers["location"] == "/help"
    assert is_in(browser)
    plain = another(client)
    assert "/sign-in/demo" not in plain.get("/sign-in").text
    form = plain.form("/sign-in", "/sign-in") | {"action": "/sign-in/demo"}
    assert plain.send(form, {"user": "officer"}).status_code == 404
    assert not is_in(plain)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@on_one_database
def test_the_page_speaks_every_language(client: TestClient, portfolio: Portfolio, language: str) -> None:
    answer = client.get("/sign-in", headers={"Accept-Language": language})
    assert f'lang="{language}"' in answer.text
    assert {"fi": "Kirjaudu", "sv": "Logga in", "en": "Log in"}[language] in answer.text
