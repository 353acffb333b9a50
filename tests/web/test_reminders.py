"""Notes and reminders by form: written, acknowledged, muted."""

from collections.abc import Callable
from datetime import date

from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import get
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]


def test_the_owner_acknowledges_and_mutes(client: TestClient, portfolio: Portfolio, browser_of: BrowserOf) -> None:
    contract_id, browser = portfolio.contract(), browser_of("owner")
    path = f"/contracts/{contract_id}/reminders"
    acknowledged = browser.post_form(path, {}, action=f"{path}/acknowledgement")
    assert acknowledged.headers["location"] == f"/contracts/{contract_id}?done=acknowledged"
    snoozed = browser.post_form(path, {"until": "1.4.2019"}, action=f"{path}/snooze")
    assert snoozed.headers["location"] == f"/contracts/{contract_id}?done=snoozed"
    contract = get(client, f"/contracts/{contract_id}", portfolio.officer)
    assert contract["acknowledged_at"] is not None
    assert contract["snoozed_until"] == "2019-04-01"


def test_a_day_beyond_the_last_day_to_start_is_refused_beside_the_field(
    portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    path = f"/contracts/{portfolio.contract()}/reminders"
    answer = browser_of("owner").post_form(path, {"until": "2019-06-01"}, action=f"{path}/snooze")
    assert answer.status_code == 422
    assert 'id="until-error"' in answer.text
    assert 'value="2019-06-01"' in answer.text


def test_where_there_is_nothing_to_mute_the_page_says_so(
    portfolio: Portfolio, browser_of: BrowserOf, clock: SetClock
) -> None:
    contract_id = portfolio.contract()
    browser = browser_of("owner")
    form = browser.form(f"/contracts/{contract_id}/reminders", f"/contracts/{contract_id}/reminders/snooze")
    clock.set(date(2019, 6, 1))
    browser = browser_of("owner")
    assert "There is nothing to mute" in browser.get(f"/contracts/{contract_id}/reminders").text
    own = dict(browser.form(f"/contracts/{contract_id}/notes/new")["fields"])["csrf"]
    assert browser.send(form, {"until": "2019-07-01", "csrf": own}).status_code == 409


def test_a_note_is_written_once_and_an_empty_one_is_refused(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    contract_id, browser = portfolio.contract(), browser_of("liaison")
    path = f"/contracts/{contract_id}/notes/new"
    assert browser.post_form(path, {"text": ""}).status_code == 422
    form = browser.form(path)
    first, second = (browser.send(form, {"text": "The supplier opens a place in May."}) for _ in range(2))
    assert first.headers["location"] == second.headers["location"] == f"/contracts/{contract_id}?done=noted"
    assert len(get(client, f"/contracts/{contract_id}/notes", portfolio.liaison)["items"]) == 1


def test_only_those_who_may_ask_anything_of_the_reminders(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    contract_id = portfolio.contract()
    for part in ("reminders", "notes/new"):
        assert browser_of("viewer").get(f"/contracts/{contract_id}/{part}").status_code == 403, part
        assert browser_of("stranger").get(f"/contracts/{contract_id}/{part}").status_code == 404, part
    assert browser_of("liaison").get(f"/contracts/{contract_id}/reminders").status_code == 403
