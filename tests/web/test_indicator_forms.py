"""Indicators by form: defined before the first figure, and changed without meaning something else."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.outcomes import SLUG, a_figure, a_project, an_indicator
from tests.portfolio import Portfolio
from tests.registering import get, patch
from tests.web.signed_in import SignedInBrowser, form_in

BrowserOf = Callable[[str], SignedInBrowser]
NEW = f"/projects/{SLUG}/indicators/new"
CHANGE = f"/projects/{SLUG}/indicators/finished/change"
TYPED = {"name.fi": "Ryhmän aloittaneet", "definition.fi": "Ryhmässä aloittaneet naiset."}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the forms send is written alike on both: tests/api/test_indicators.py."""
    return sqlite_url


@pytest.fixture(autouse=True)
def project(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio, starts_on="2018-03-01")


def of(client: TestClient, portfolio: Portfolio, key: str) -> Any:
    found = get(client, f"/projects/{SLUG}/indicators", portfolio.viewer)["items"]
    return next(one for one in found if one["key"] == key)


def test_an_indicator_is_defined_and_its_key_made_from_its_name(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    reporter = browser_of("reporter")
    values = {"target_min": "1 250", "target_on": "28.2.2021", "direction": "up", "dimensions[]": ["", "language"]}
    answer = reporter.post_form(NEW, TYPED | values | {"table": "Follow up"}, NEW)
    assert answer.headers["location"] == f"/projects/{SLUG}/indicators/ryhman_aloittaneet?done=indicator_defined"
    found = of(client, portfolio, "ryhman_aloittaneet")
    assert (found["unit"], found["target_min"], found["target_on"]) == ("people", 1250, "2021-02-28")
    assert (found["dimensions"], found["table"], found["headline"]) == (["language"], "follow_up", True)
    assert found["name"] == {"fi": "Ryhmän aloittaneet"}
    assert "can be recorded now" in reporter.get(answer.headers["location"]).text


def test_a_grade_has_its_scale_with_a_decimal_comma(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    values = {"key": "grade", "unit": "score", "scale_min": "1", "scale_max": "5", "target_min": "4,5"}
    assert browser_of("reporter").post_form(NEW, TYPED | values, NEW).status_code == 303
    found = of(client, portfolio, "grade")
    assert (found["scale_min"], found["scale_max"], found["target_min"]) == (1, 5, 4.5)


WRONG = (
    ({"name.fi": ""}, "name.fi"),
    ({"definition.fi": "", "definition.sv": "", "name.sv": "De som började"}, "definition.fi"),
    ({"key": "finished"}, "key"),
    ({"unit": "litres"}, "unit"),
    ({"unit": "score"}, "scale_min"),
    ({"scale_max": "5"}, "scale_max"),
    ({"target_min": "9", "target_max": "8"}, "target_max"),
    ({"target_min": "much"}, "target_min"),
    ({"target_on": "28.2.2021"}, "target_min"),
    ({"counted_among": "unheard_of"}, "counted_among"),
    ({"unit": "euros", "stage": "started"}, "stage"),
    ({"computation": "positions_filled"}, "computation"),
    ({"table": "???"}, "table"),
)


def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    an_indicator(client, portfolio)
    reporter = browser_of("reporter")
    for wrong, field in WRONG:
        answer = reporter.post_form(NEW, TYPED | {"definition.sv": "De som började"} | wrong, NEW)
        assert answer.status_code in {409, 422}, wrong
        assert f'id="{field}-error"' in answer.text, wrong
        assert "De som började" in answer.text
    assert len(get(client, f"/projects/{SLUG}/indicators", portfolio.viewer)["items"]) == 1


def test_a_change_keeps_what_was_not_touched(browser_of: BrowserOf, client: TestClient, portfolio: Portfolio) -> None:
    names = {"next_step": {"language_course": {"fi": "kielikurssi", "en": "language course"}}}
    an_indicator(client, portfolio, category_names=names, target_max=260, table="groups")
    before = of(client, portfolio, "finished")
    reporter = browser_of("reporter")
    assert reporter.post_form(CHANGE, {}, CHANGE).status_code == 303
    assert of(client, portfolio, "finished") == before
    values = {"definition.en": "Until the last day.", "target_max": "", "headline": "false"}
    answer = reporter.post_form(CHANGE, values, CHANGE)
    assert answer.headers["location"] == f"/projects/{SLUG}/indicators/finished?done=indicator_changed"
    changed = before["definition"] | {"en": "Until the last day."}
    assert of(client, portfolio, "finished") == before | {
        "definition": changed,
        "target_max": None,
        "headline": False,
    }


def test_values_in_use_are_given_words(browser_of: BrowserOf, client: TestClient, portfolio: Portfolio) -> None:
    an_indicator(client, portfolio, dimensions=["next_step", "postcode_area"])
    period = {"period_start": "2018-08-01", "period_end": "2018-11-30"}
    for breakdown in ({"next_step": "opso"}, {"postcode_area": "00940"}):
        a_figure(client, portfolio, breakdown=breakdown, value=1, **period)
    reporter = browser_of("reporter")
    values = {"category_names.next_step.opso.fi": "OPSO-jakso", "category_names.postcode_area.00940.fi": "Kontula"}
    assert reporter.post_form(CHANGE, values, CHANGE).status_code == 303
    named = {"next_step": {"opso": {"fi": "OPSO-jakso"}}, "postcode_area": {"00940": {"fi": "Kontula"}}}
    assert of(client, portfolio, "finished")["category_names"] == named
    taken = reporter.post_form(CHANGE, {"dimensions[]": ["", "postcode_area"]}, CHANGE)
    assert taken.status_code == 409
    assert 'id="dimensions-error"' in taken.text


def test_a_stale_change_shows_both_and_overwrites_only_when_sent_again(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    an_indicator(client, portfolio)
    reporter = browser_of("reporter")
    form = reporter.form(CHANGE, CHANGE)
    patch(client, f"/projects/{SLUG}/indicators/finished", {"target_min": 240}, portfolio.reporter)
    answer = reporter.send(form, {"target_min": "230"})
    assert answer.status_code == 412
    assert "<td>240</td><td>230</td>" in answer.text
    assert of(client, portfolio, "finished")["target_min"] == 240
    assert reporter.send(form_in(answer.text, CHANGE), {}).status_code == 303
    assert of(client, portfolio, "finished")["target_min"] == 230


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
def test_who_may_only_read_defines_and_changes_nothing(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio, who: str, status: int
) -> None:
    an_indicator(client, portfolio)
    browser = browser_of(who)
    csrf = dict(browser.form("/account", "/account")["fields"])["csrf"]
    for page in (NEW, CHANGE):
        assert browser.get(page).status_code == status, page
        data = {"csrf": csrf, "unit": "people", **TYPED}
        assert browser.client.post(page, data=data).status_code == status, page
    assert len(get(client, f"/projects/{SLUG}/indicators", portfolio.admin)["items"]) == 1
