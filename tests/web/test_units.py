"""Units and settings by form."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.config import Settings
from app.main import create_app
from app.sources.providers import Provider
from app.storage.models import IdentityGroup, Unit
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser, sign_in

BrowserOf = Callable[[str], SignedInBrowser]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the forms send is written alike on both: tests/api/test_units.py."""
    return sqlite_url


def unit(database: Database, unit_id: str) -> Unit:
    with database.reading() as session:
        return session.get_one(Unit, unit_id)


def test_a_unit_is_added_below_another_and_inherits(
    browser_of: BrowserOf, portfolio: Portfolio, database: Database
) -> None:
    admin = browser_of("admin")
    page = f"/units/{portfolio.division}"
    admin.post_form(page, {"lead_days": "120", "liaison.name": "Luotsi", "liaison.email": "luotsi@example.org"}, page)
    values = {"name": "Puistot", "parent_id": portfolio.division}
    assert admin.post_form("/units/new", values).headers["location"] == "/units?done=added"
    listed = admin.get("/units").text
    assert "Puistot" in listed
    assert listed.count("Luotsi") == 3  # the division's own, and those of the office and of the new one
    assert len(re.findall(r"\b120\b", listed)) == 3
    assert unit(database, portfolio.division).lead_days == 120


def test_empty_fields_give_back_what_is_inherited(
    browser_of: BrowserOf, portfolio: Portfolio, database: Database
) -> None:
    admin, page = browser_of("admin"), f"/units/{portfolio.division}"
    admin.post_form(page, {"lead_days": "0", "liaison.name": "Luotsi", "liaison.email": "luotsi@example.org"}, page)
    assert unit(database, portfolio.division).lead_days == 0
    emptied = {"lead_days": "", "liaison.name": "", "liaison.email": "", "liaison.phone": ""}
    assert admin.post_form(page, emptied, page).status_code == 303
    changed = unit(database, portfolio.division)
    assert (changed.lead_days, changed.liaison_name, changed.liaison_email) == (None, None, None)


def test_a_unit_moves_but_never_below_itself(browser_of: BrowserOf, portfolio: Portfolio, database: Database) -> None:
    admin, page = browser_of("admin"), f"/units/{portfolio.office}"
    assert admin.post_form(page, {"parent_id": portfolio.root}, page).status_code == 303
    assert unit(database, portfolio.office).path == f"/{portfolio.root}/{portfolio.office}/"
    page = f"/units/{portfolio.division}"
    assert portfolio.division not in str([value for _, value in admin.form(page, page)["fields"]])
    assert admin.post_form(page, {"parent_id": portfolio.division}, page).status_code == 422


WRONG = [
    ("name", ""),
    ("lead_days", "many"),
    ("lead_days", "731"),
    ("liaison.email", "no address"),
    ("liaison.phone", "x"),
]


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    browser_of: BrowserOf, portfolio: Portfolio
) -> None:
    admin, page = browser_of("admin"), f"/units/{portfolio.division}"
    for field, value in WRONG:
        typed = {"name": "Uusi nimi", "liaison.name": "Luotsi", "liaison.email": "luotsi@example.org"} | {field: value}
        answer = admin.post_form(page, typed, page)
        assert answer.status_code == 422, field
        assert f'id="{field}-error"' in answer.text
        assert "Luotsi" in answer.text


@pytest.mark.parametrize("role", ["officer", "stranger"])
def test_only_administrators_change_units(
    browser_of: BrowserOf, portfolio: Portfolio, database: Database, role: str
) -> None:
    browser = browser_of(role)
    foreign = role == "stranger"
    page = f"/units/{portfolio.division}"
    assert browser.get("/units").status_code == 200
    assert ("Helsinki" in browser.get("/units").text) is not foreign
    assert browser.get(page).status_code == (404 if foreign else 403)
    assert browser.get("/units/new").status_code == 403
    csrf = dict(browser.form("/account", "/account")["fields"])["csrf"]
    for action, values in (
        (page, {"name": "Taken over"}),
        ("/units/new", {"name": "Taken over", "parent_id": portfolio.division}),
    ):
        answer = browser.client.post(action, data={"csrf": csrf, **values}, follow_redirects=False)
        assert answer.status_code in {403, 404}, answer.text
    with database.reading() as session:
        assert "Taken over" not in session.scalars(select(Unit.name)).all()


def test_settings_say_what_holds_and_only_admins_see_the_installation(browser_of: BrowserOf) -> None:
    admin, viewer = browser_of("admin").get("/settings").text, browser_of("viewer").get("/settings").text
    for text in (admin, viewer):
        assert "180, 90, 30, 7" in text
    assert "SIEPP_CHECK_AT" in admin
    assert "SIEPP_CHECK_AT" not in viewer
    assert "a secret that only the tests know" not in admin


def test_groups_of_the_identity_provider_are_added_once_and_removed(
    settings: Settings, database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    provider = Provider("https://idp.example.org", "siepp", "a secret of the provider and us")
    client = TestClient(create_app(replace(settings, oidc=provider), database, clock))
    admin = sign_in(client, database, "admin@example.org", clock())
    values = {"group": "hankinta", "role": "procurement_officer", "unit_id": portfolio.division}
    assert admin.post_form("/settings", values, "/settings/groups").status_code == 303
    assert admin.post_form("/settings", values, "/settings/groups").status_code == 409
    with database.reading() as session:
        line = session.scalars(select(IdentityGroup)).one()
    assert (line.issuer, line.group) == (provider.issuer, "hankinta")
    assert "a secret of the provider" not in admin.get("/settings").text
    viewer = sign_in(client, database, "viewer@example.org", clock())
    assert "hankinta" not in viewer.get("/settings").text
    csrf = dict(viewer.form("/settings", "/settings/tokens")["fields"])["csrf"]
    for action in ("/settings/groups", f"/settings/groups/{line.id}/remove"):
        assert viewer.client.post(action, data={"csrf": csrf, **values, "group": "x"}).status_code in {403, 404}
    assert admin.post_form("/settings", {}, f"/settings/groups/{line.id}/remove").status_code == 303
    with database.reading() as session:
        assert session.scalars(select(IdentityGroup)).all() == []


def test_an_admin_of_a_part_gives_no_group_a_role_above_it(
    settings: Settings, database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    provider = Provider("https://idp.example.org", "siepp", "a secret of the provider and us")
    client = TestClient(create_app(replace(settings, oidc=provider), database, clock))
    admin = sign_in(client, database, "admin@example.org", clock())
    values = {"group": "hankinta", "role": "admin", "unit_id": portfolio.other_root}
    assert admin.post_form("/settings", values, "/settings/groups").status_code == 422
