"""Projects by form, and whom they are given to: for administrators."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.outcomes import SLUG, a_project
from tests.portfolio import Portfolio
from tests.registering import get, patch
from tests.web.signed_in import SignedInBrowser, form_in

BrowserOf = Callable[[str], SignedInBrowser]
NEW = "/projects/new"
CHANGE = f"/projects/{SLUG}/change"
REPORTERS = f"/projects/{SLUG}/reporters"
IDENTITY_CODE = "131052-308T"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the forms send is written alike on both: tests/api/test_projects.py."""
    return sqlite_url


def typed(portfolio: Portfolio, **changes: str) -> dict[str, str]:
    return {
        "name.fi": "Työkyky käyttöön",
        "name.sv": "Arbetsförmågan i bruk",
        "unit_id": portfolio.division,
        "starts_on": "11.2.2019",
        "budget_eur": "300 000,50",
    } | changes


def of(client: TestClient, portfolio: Portfolio, slug: str = SLUG) -> Any:
    return get(client, f"/projects/{slug}", portfolio.admin)


def test_a_project_is_begun_and_named_in_addresses_by_its_name(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    admin = browser_of("admin")
    rows = {"target_groups.0.fi": "Työttömät", "target_groups.1.fi": "", "areas.1.fi": "Kontula", "areas.1.en": "East"}
    rows |= {"relations.0.name.fi": "HANDU", "relations.0.kind": "predecessor", "relations.0.programme": "HANDU"}
    answer = admin.post_form(NEW, typed(portfolio) | rows | {"contact.name": "Neuvonta"}, NEW)
    assert answer.headers["location"] == "/projects/tyokyky-kayttoon?done=project_added"
    assert "define its indicators" in admin.get(answer.headers["location"]).text
    project = of(client, portfolio, "tyokyky-kayttoon")
    assert project["name"] == {"fi": "Työkyky käyttöön", "sv": "Arbetsförmågan i bruk"}
    assert (project["budget_eur"], project["starts_on"], project["summary"]) == ("300000.50", "2019-02-11", None)
    assert (project["target_groups"], project["areas"]) == ([{"fi": "Työttömät"}], [{"fi": "Kontula", "en": "East"}])
    assert project["relations"] == [
        {"kind": "predecessor", "name": {"fi": "HANDU"}, "slug": None, "programme": "HANDU"}
    ]
    assert project["contact"] == {"name": "Neuvonta", "email": None, "phone": None}


WRONG = (
    ({"name.fi": "", "name.sv": "", "slug": "x"}, "name.fi"),
    ({"slug": "new"}, "slug"),
    ({"slug": SLUG}, "slug"),
    ({"starts_on": ""}, "starts_on"),
    ({"ends_on": "10.2.2019"}, "ends_on"),
    ({"ends_on": "31.12.2019", "may_continue_until": "31.12.2019"}, "may_continue_until"),
    ({"budget_eur": "-1"}, "budget_eur"),
    ({"budget_eur": "plenty"}, "budget_eur"),
    ({"contact.email": "x"}, "contact.email"),
    ({"contact.email": "x@example.org"}, "contact.name"),
    ({"target_groups.1.en": "x" * 201}, "target_groups.0.en"),
    ({"target_groups.1.sv": IDENTITY_CODE}, "target_groups.0.sv"),
    ({"relations.0.name.fi": "HANDU"}, "relations.0.kind"),
    ({"relations.0.kind": "predecessor"}, "relations.0.name.fi"),
)


def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    a_project(client, portfolio)
    admin = browser_of("admin")
    for wrong, field in WRONG:
        answer = admin.post_form(NEW, typed(portfolio, **{"summary.fi": "Kuntaosuus"}) | wrong, NEW)
        assert answer.status_code in {409, 422}, answer.text
        assert f'id="{field}-error"' in answer.text, wrong
        assert "Kuntaosuus" in answer.text
        assert IDENTITY_CODE not in answer.text
    assert len(get(client, "/projects", portfolio.admin)["items"]) == 1


def test_a_form_shows_what_is_stored_and_changes_only_that(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    a_project(
        client,
        portfolio,
        summary={"fi": "Ryhmiä naisille", "en": "Groups"},
        budget_eur="1000.00",
        areas=[{"fi": "Kontula"}, {"fi": "Kannelmäki"}],
        remarks=[{"fi": "Huomio"}],
        relations=[{"kind": "cooperates", "name": {"fi": "Digirasti"}}],
        contact={"name": "Neuvonta", "email": "neuvonta@example.org"},
        further_unit_ids=[portfolio.office],
    )
    before = of(client, portfolio)
    admin = browser_of("admin")
    assert admin.post_form(CHANGE, {}, CHANGE).status_code == 303
    assert of(client, portfolio) == before
    values = {"areas.0.fi": "", "areas.2.fi": "Myllypuro", "summary.fi": "", "summary.en": "", "contact.name": ""}
    answer = admin.post_form(CHANGE, values | {"contact.email": ""}, CHANGE)
    assert answer.headers["location"] == f"/projects/{SLUG}?done=project_changed"
    changed = {"areas": [{"fi": "Kannelmäki"}, {"fi": "Myllypuro"}], "summary": None, "contact": None}
    assert of(client, portfolio) == before | changed
    assert admin.post_form(CHANGE, {"further_unit_ids[]": [""]}, CHANGE).status_code == 303
    assert of(client, portfolio)["further_unit_ids"] == []


def test_a_stale_change_shows_both_and_overwrites_only_when_sent_again(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    a_project(client, portfolio)
    admin = browser_of("admin")
    form = admin.form(CHANGE, CHANGE)
    patch(client, f"/projects/{SLUG}", {"programme": "SIEPP"}, portfolio.admin)
    answer = admin.send(form, {"programme": "HANDU"})
    assert answer.status_code == 412
    assert "<td>SIEPP</td><td>HANDU</td>" in answer.text
    assert of(client, portfolio)["programme"] == "SIEPP"
    assert admin.send(form_in(answer.text, CHANGE), {}).status_code == 303
    assert of(client, portfolio)["programme"] == "HANDU"


def test_a_form_sent_twice_begins_one_project(browser_of: BrowserOf, client: TestClient, portfolio: Portfolio) -> None:
    admin = browser_of("admin")
    form = admin.form(NEW, NEW)
    answers = [admin.send(form, typed(portfolio)) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len(get(client, "/projects", portfolio.admin)["items"]) == 1


def test_a_project_is_given_to_a_reporter_and_taken(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    a_project(client, portfolio)
    admin = browser_of("admin")
    assert "given to nobody in particular" in admin.get(REPORTERS).text
    for email, told in (("viewer@example.org", "email-error"), ("nobody@example.org", "email-error"), ("x", "not")):
        refused = admin.post_form(REPORTERS, {"email": email}, REPORTERS)
        assert refused.status_code == 422
        assert told in refused.text
    answer = admin.post_form(REPORTERS, {"email": "project_reporter@example.org"}, REPORTERS)
    assert answer.headers["location"] == f"{REPORTERS}?done=reporter_given"
    (given,) = get(client, f"/projects/{SLUG}/reporters", portfolio.admin)["items"]
    page = admin.get(REPORTERS).text
    assert "project_reporter@example.org" in page
    take = f"{REPORTERS}/{given['user_id']}/take"
    assert admin.send(form_in(page, take), {}).headers["location"] == f"{REPORTERS}?done=reporter_taken"
    assert get(client, f"/projects/{SLUG}/reporters", portfolio.admin)["items"] == []


@pytest.mark.parametrize(("who", "status"), [("reporter", 403), ("viewer", 403), ("stranger", 404)])
def test_only_administrators_begin_change_and_give_projects(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio, who: str, status: int
) -> None:
    a_project(client, portfolio)
    before = of(client, portfolio)
    browser = browser_of(who)
    csrf = dict(browser.form("/account", "/account")["fields"])["csrf"]
    for page in (CHANGE, REPORTERS, NEW):
        expected = 403 if page == NEW else status
        assert browser.get(page).status_code == expected, page
        data = {"csrf": csrf, "email": "project_reporter@example.org", **typed(portfolio)}
        answer = browser.client.post(page, data=data)
        assert answer.status_code in {expected, 403, 422}, page
        assert answer.status_code != 422 or page == NEW, "a unit of another city is unknown"
    assert of(client, portfolio) == before
    assert len(get(client, "/projects", portfolio.admin)["items"]) == 1
