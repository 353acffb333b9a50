"""Users, one's own account and settings by form; nothing of another unit shows or changes."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.rules.codes import Role
from app.services import accounts, passwords
from app.storage import people
from app.storage.models import AuditPayload, Grant, User
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.web.signed_in import BASE_URL, SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]
PASSWORD, NEWER = "kettu soutaa hiljaa tiistaina", "majava rakentaa patoa perjantaina"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the forms send is written alike on both: tests/api/test_users.py, test_tokens.py."""
    return sqlite_url


def user_id(database: Database, email: str) -> str:
    with database.reading() as session:
        found = people.user_by_email(session, email)
        assert found is not None, email
        return found.id


def add(browser: SignedInBrowser, unit_id: str, **changed: str) -> str:
    """Adds Maija by form and gives the page's path."""
    values = {"name": "Maija", "email": "Maija@example.org", "grant.role": "viewer", "grant.unit_id": unit_id} | changed
    answer = browser.post_form("/users/new", values, action="/users/new")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


def test_an_admin_adds_a_user_who_chooses_a_password_by_a_link_that_works_once(
    browser_of: BrowserOf, portfolio: Portfolio, client: TestClient, database: Database
) -> None:
    admin = browser_of("admin")
    page = add(admin, portfolio.office)
    shown = admin.post_form(page, {}, action=f"{page}/password-link")
    link = unescape(shown.text.split("<code>")[1].split("</code>")[0]).removeprefix(BASE_URL)
    maija = SignedInBrowser(TestClient(client.app, base_url=BASE_URL, raise_server_exceptions=False))
    differing = maija.post_form(link, {"password": PASSWORD, "repeated": NEWER})
    assert differing.status_code == 422
    common = maija.post_form(link, {"password": "maija.maija.2019", "repeated": "maija.maija.2019"})
    assert common.status_code == 422
    assert PASSWORD not in differing.text
    done = maija.post_form(link, {"password": PASSWORD, "repeated": PASSWORD})
    assert done.headers["location"] == "/sign-in?done=password"
    assert maija.get(link).status_code == 404
    maija.post_form("/sign-in", {"email": "maija@example.org", "password": PASSWORD}, action="/sign-in")
    assert maija.get("/account").status_code == 200
    with database.reading() as session:
        told = [str(payload) for payload in session.scalars(select(AuditPayload.payload))]
    assert not any(PASSWORD in text or "argon2" in text or link[-30:] in text for text in told)


def test_a_link_for_a_password_ends_after_three_days_and_with_the_access(
    browser_of: BrowserOf, portfolio: Portfolio, client: TestClient, clock: SetClock
) -> None:
    admin = browser_of("admin")
    page = add(admin, portfolio.office)
    shown = admin.post_form(page, {}, action=f"{page}/password-link")
    link = unescape(shown.text.split("<code>")[1].split("</code>")[0]).removeprefix(BASE_URL)
    assert client.get(link).status_code == 200
    begun, signature = link.rsplit(".", 1)
    assert client.get(f"{begun}.{signature[::-1]}").status_code == 404
    clock.now += accounts.LINK_LASTS - timedelta(seconds=1)
    assert client.get(link).status_code == 200
    clock.now += timedelta(seconds=1)
    assert client.get(link).status_code == 410


def test_a_link_for_a_password_is_no_key_to_roles_given_after_it(
    browser_of: BrowserOf, portfolio: Portfolio, client: TestClient
) -> None:
    admin = browser_of("admin")
    page = add(admin, portfolio.office)
    shown = admin.post_form(page, {}, action=f"{page}/password-link")
    link = unescape(shown.text.split("<code>")[1].split("</code>")[0]).removeprefix(BASE_URL)
    admin.post_form(page, {"role": "admin", "unit_id": portfolio.root}, action=f"{page}/grants")
    assert client.get(link).status_code == 404


def test_whom_an_administrator_logs_out_loses_the_tokens_too(
    browser_of: BrowserOf, portfolio: Portfolio, client: TestClient
) -> None:
    own = client.get("/api/v1/users", headers=portfolio.admin).json()["items"]
    viewer = next(user["id"] for user in own if user["email"] == "viewer@example.org")
    assert client.get("/api/v1/units", headers=portfolio.viewer).status_code == 200
    browser_of("admin").post_form(f"/users/{viewer}", {}, action=f"/users/{viewer}/sign-out")
    assert client.get("/api/v1/units", headers=portfolio.viewer).status_code == 401


def test_roles_are_given_and_taken_away_and_the_last_admin_stays(
    browser_of: BrowserOf, portfolio: Portfolio, database: Database
) -> None:
    admin = browser_of("admin")
    page = add(admin, portfolio.office)
    assert (
        admin.post_form(page, {"role": "viewer", "unit_id": portfolio.office}, action=f"{page}/grants").status_code
        == 409
    )
    given = admin.post_form(page, {"role": "business_liaison", "unit_id": portfolio.division}, action=f"{page}/grants")
    assert given.status_code == 303
    with database.reading() as session:
        grants = session.scalars(select(Grant).where(Grant.user_id == page.rpartition("/")[2])).all()
    assert {grant.role for grant in grants} == {"viewer", "business_liaison"}
    viewer = next(grant for grant in grants if grant.role == Role.VIEWER)
    assert admin.post_form(page, {}, action=f"{page}/grants/{viewer.id}/withdraw").status_code == 303
    own = user_id(database, "admin@example.org")
    with database.reading() as session:
        last = session.scalars(select(Grant).where(Grant.user_id == own)).one()
    refused = admin.post_form(f"/users/{own}", {}, action=f"/users/{own}/grants/{last.id}/withdraw")
    assert refused.status_code == 409
    assert 'id="errors"' in refused.text


def test_closing_the_access_signs_out_at_once(browser_of: BrowserOf, database: Database) -> None:
    admin, viewer = browser_of("admin"), browser_of("viewer")
    page = f"/users/{user_id(database, 'viewer@example.org')}"
    assert viewer.get("/account").status_code == 200
    assert admin.post_form(page, {"active": "false"}, action=page).status_code == 303
    assert viewer.get("/account").status_code == 303


def test_a_stale_edit_is_explained_and_shows_what_is_stored_now(browser_of: BrowserOf, database: Database) -> None:
    admin, viewer = browser_of("admin"), browser_of("viewer")
    page = f"/users/{user_id(database, 'viewer@example.org')}"
    old = admin.form(page, page)
    viewer.post_form("/account", {"name": "Ville Vesterinen"}, action="/account")
    stale = admin.send(old, {"name": "Someone else"})
    assert stale.status_code == 412
    assert "Ville Vesterinen" in stale.text


@pytest.mark.parametrize("role", ["officer", "liaison", "owner", "reporter", "viewer", "stranger"])
def test_users_are_for_administrators_only(
    browser_of: BrowserOf, portfolio: Portfolio, database: Database, role: str
) -> None:
    browser = browser_of(role)
    page = f"/users/{user_id(database, 'admin@example.org')}"
    assert [browser.get(path).status_code for path in ("/users", "/users/new", page)] == [403, 403, 403]
    csrf = dict(browser.form("/account", "/account")["fields"])["csrf"]
    for action, values in (
        ("/users/new", {"name": "M", "email": "m@example.org", "grant.role": "admin", "grant.unit_id": portfolio.root}),
        (page, {"active": "false"}),
        (f"{page}/grants", {"role": "viewer", "unit_id": portfolio.root}),
        (f"{page}/password-link", {}),
        (f"{page}/sign-out", {}),
    ):
        answer = browser.client.post(action, data={"csrf": csrf, **values}, follow_redirects=False)
        assert answer.status_code in {403, 404, 422}, action
    with database.reading() as session:
        admin = session.get_one(User, user_id(database, "admin@example.org"))
        assert admin.active
        assert people.user_by_email(session, "m@example.org") is None


def test_an_admin_of_a_part_sees_its_people_only_and_cannot_take_over_who_works_elsewhere_too(
    browser_of: BrowserOf, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    with database.writing() as session:
        stranger = user_id(database, "stranger@example.org")
        session.add(Grant(user_id=stranger, role="admin", unit_id=portfolio.other_root, created_at=clock()))
        viewer = user_id(database, "viewer@example.org")
        session.add(Grant(user_id=viewer, role="viewer", unit_id=portfolio.other_root, created_at=clock()))
    browser = browser_of("stranger")
    listed = browser.get("/users").text
    assert "viewer@example.org" in listed
    assert "officer@example.org" not in listed
    assert "Helsinki" not in listed
    assert browser.get(f"/users/{user_id(database, 'admin@example.org')}").status_code == 404
    page = f"/users/{viewer}"
    assert "Helsinki" not in browser.get(page).text
    csrf = dict(browser.form("/account", "/account")["fields"])["csrf"]
    for action in (f"{page}/password-link", f"{page}/sign-out", page):
        sent = browser.client.post(action, data={"csrf": csrf, "active": "false", "name": "x", "language": "fi"})
        assert sent.status_code == 403, action


def test_one_changes_ones_own_name_language_and_password(
    browser_of: BrowserOf, client: TestClient, database: Database
) -> None:
    with database.writing() as session:
        user = people.user_by_email(session, "viewer@example.org")
        assert user is not None
        user.password_hash = passwords.hashed(PASSWORD)
    viewer, phone = browser_of("viewer"), browser_of("viewer")
    viewer.post_form("/account", {"name": "Ville", "language": "sv"}, action="/account")
    assert 'lang="sv"' in viewer.get("/account").text
    values = {"current": "not the password", "password": NEWER, "repeated": NEWER}
    wrong = viewer.post_form("/account", values, action="/account/password")
    assert wrong.status_code == 422
    assert NEWER not in wrong.text
    changed = viewer.post_form("/account", values | {"current": PASSWORD}, action="/account/password")
    assert changed.headers["location"] == "/account?done=password"
    assert viewer.get("/account").status_code == 200
    assert phone.get("/account").status_code == 303
    again = SignedInBrowser(TestClient(client.app, base_url=BASE_URL, raise_server_exceptions=False))
    for password, status in ((PASSWORD, 422), (NEWER, 303)):
        sent = again.post_form("/sign-in", {"email": "viewer@example.org", "password": password}, action="/sign-in")
        assert sent.status_code == status


def test_one_ends_another_of_ones_sessions_and_nobody_elses(browser_of: BrowserOf) -> None:
    viewer, phone, officer = browser_of("viewer"), browser_of("viewer"), browser_of("officer")
    action = next(form for form in actions(viewer.get("/account").text) if form.startswith("/account/sessions/"))
    foreign = officer.form("/account", "/account") | {"action": action}
    assert officer.send(foreign, {}).status_code == 404
    assert viewer.post_form("/account", {}, action=action).status_code == 303
    assert phone.get("/account").status_code == 303
    assert viewer.get("/account").status_code == 200


def actions(html: str) -> list[str]:
    return [part.split('"')[0] for part in html.split('action="')[1:]]


def test_a_token_is_shown_once_works_and_is_revoked(browser_of: BrowserOf, client: TestClient) -> None:
    viewer = browser_of("viewer")
    form = viewer.form("/settings", "/settings/tokens")
    made = viewer.send(form, {"name": "Ledger"})
    secret = made.text.split("<code>siepp_")[1].split("</code>")[0]
    headers = {"Authorization": f"Bearer siepp_{secret}"}
    assert client.get("/api/v1/users/me", headers=headers).json()["email"] == "viewer@example.org"
    twice = viewer.send(form, {"name": "Ledger"})
    assert (twice.status_code, twice.headers["location"]) == (303, "/settings?done=token#tokens")
    page = viewer.get("/settings").text
    assert secret not in page
    revoke = next(action for action in actions(page) if action.endswith("/revoke"))
    viewer.post_form("/settings", {}, action=revoke)
    viewer.post_form(
        "/settings", {}, action=next(a for a in actions(viewer.get("/settings").text) if a.endswith("/revoke"))
    )
    assert client.get("/api/v1/users/me", headers=headers).status_code == 401


def test_what_is_typed_is_shown_as_text(browser_of: BrowserOf, portfolio: Portfolio) -> None:
    admin, nasty = browser_of("admin"), '"><script>alert(1)</script>'
    page = add(admin, portfolio.office, name=nasty)
    for path in (page, "/users", f"/users?q={nasty}"):
        assert "<script>alert" not in admin.get(path).text
