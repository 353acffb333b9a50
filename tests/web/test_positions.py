"""Jobs by form: a hire logged in seconds, corrected, ended, voided."""

from collections.abc import Callable
from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import get, patch
from tests.web.signed_in import SignedInBrowser, form_in

BrowserOf = Callable[[str], SignedInBrowser]
IDENTITY_CODE = "131052-308T"
NBSP = "\N{NO-BREAK SPACE}"
HIRE = {"starts_on": "2019-03-01", "target_group": "youth"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the forms send is written alike on both: tests/api/test_positions.py, test_worked_examples.py."""
    return sqlite_url


def logged(browser: SignedInBrowser, contract_id: str, **values: str) -> str:
    """Id of a job logged by form."""
    answer = browser.post_form(f"/contracts/{contract_id}/positions/new", HIRE | values)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].split("position=")[1]


def test_a_hire_is_logged_with_one_choice_and_the_contract_says_what_came_of_it(
    portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    contract_id, browser = portfolio.contract(), browser_of("liaison")
    answer = browser.post_form(f"/contracts/{contract_id}/positions/new", {"target_group": "youth"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/contracts/{contract_id}?done=position_logged&position=")
    assert f"30{NBSP}November{NBSP}2019" in browser.get(answer.headers["location"]).text


def test_the_form_asks_for_six_things_and_shows_what_is_needed_by_when(
    portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    contract_id = portfolio.contract(min_weekly_hours=25, employment_forms=["apprenticeship"])
    page = browser_of("liaison").get(f"/contracts/{contract_id}/positions/new").text
    asked = page.split("<details")[0]
    for name in ("starts_on", "employment_form", "target_group", "weekly_hours", "channel", "planned_end_on"):
        assert f'name="{name}"' in asked
    assert "agreed_on" not in asked
    assert '<option value="apprenticeship" selected>' in page
    assert f"31{NBSP}May{NBSP}2019" in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"target_group": ""}, "target_group"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"planned_end_on": "2019-02-01"}, "planned_end_on"),
        ({"agreed_on": "2019-03-02"}, "agreed_on"),
        ({"weekly_hours": "many"}, "weekly_hours"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(
    portfolio: Portfolio, browser_of: BrowserOf, typed: dict[str, str], told: str
) -> None:
    path = f"/contracts/{portfolio.contract()}/positions/new"
    answer = browser_of("liaison").post_form(path, HIRE | {"channel": "team"} | typed)
    assert answer.status_code == 422
    assert f'id="{told}-error"' in answer.text
    assert f'href="#{told}"' in answer.text
    assert '<option value="team" selected>' in answer.text


def test_an_identity_code_is_refused_and_comes_back_empty(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    browser, contract_id = browser_of("liaison"), portfolio.contract()
    answer = browser.post_form(f"/contracts/{contract_id}/positions/new", HIRE | {"weekly_hours": IDENTITY_CODE})
    assert answer.status_code == 422
    assert IDENTITY_CODE not in answer.text
    asked = browser.post_form(f"/contracts/{contract_id}/positions/new", HIRE | {"weekly_hours": IDENTITY_CODE})
    assert IDENTITY_CODE not in asked.text


def test_a_form_sent_twice_logs_one_job(client: TestClient, portfolio: Portfolio, browser_of: BrowserOf) -> None:
    contract_id, browser = portfolio.contract(), browser_of("liaison")
    form = browser.form(f"/contracts/{contract_id}/positions/new")
    first, second = browser.send(form, HIRE), browser.send(form, HIRE)
    assert first.headers["location"] == second.headers["location"]
    assert len(get(client, f"/contracts/{contract_id}/positions", portfolio.liaison)["items"]) == 1


def test_before_saving_it_is_told_whether_the_job_counts_and_until_when_it_must_last(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    contract_id, browser = portfolio.contract(), browser_of("liaison")
    form = browser.form(f"/contracts/{contract_id}/positions/new")
    form["action"] = f"/contracts/{contract_id}/positions/preview"
    whole = browser.send(form, HIRE | {"planned_end_on": "2019-06-30"})
    assert whole.status_code == 200
    assert f"It must last until 30{NBSP}November{NBSP}2019" in whole.text
    assert "That is too few." in whole.text
    assert '<option value="youth" selected>' in whole.text
    refused = browser.send(form, HIRE | {"employment_form": "work_trial"})
    assert "it does not count" in refused.text
    assert get(client, f"/contracts/{contract_id}/positions", portfolio.liaison)["items"] == []


def test_a_script_gets_the_box_alone(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    contract_id, browser = portfolio.contract(), browser_of("liaison")
    fields = dict(browser.form(f"/contracts/{contract_id}/positions/new")["fields"]) | HIRE
    path = f"/contracts/{contract_id}/positions/preview"
    box = browser.client.post(path, data=fields, headers={"X-Part": "follows"})
    assert box.status_code == 200
    assert "This job counts." in box.text
    assert "<html" not in box.text
    early = browser.client.post(path, data=fields | {"planned_end_on": "2019-01-01"}, headers={"X-Part": "follows"})
    assert "planned last day is before the first day" in early.text


def test_a_job_like_one_already_logged_is_pointed_out(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    contract_id, browser = portfolio.contract(positions=3), browser_of("liaison")
    logged(browser, contract_id)
    form = browser.form(f"/contracts/{contract_id}/positions/new")
    form["action"] = f"/contracts/{contract_id}/positions/preview"
    assert "the same job twice" in browser.send(form, HIRE).text


def test_a_job_that_ended_is_recorded_and_someone_else_goes_on_with_it(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf, clock: SetClock
) -> None:
    contract_id, browser = portfolio.contract(), browser_of("liaison")
    position_id = logged(browser, contract_id)
    clock.set(date(2019, 4, 10))
    browser = browser_of("liaison")
    page = browser.get(f"/positions/{position_id}/end").text
    assert 'value="2019-04-10"' in page
    assert "After this:" in page
    answer = browser.post_form(f"/positions/{position_id}/end", {"ended_on": "9.4.2019", "end_reason": "resigned"})
    assert answer.headers["location"] == f"/contracts/{contract_id}?done=position_ended&position={position_id}"
    new = browser.form(f"/contracts/{contract_id}/positions/new?replaces={position_id}")
    assert ("replaces_id", position_id) in new["fields"]
    assert browser.send(new, {"target_group": "immigrant"}).status_code == 303
    items = get(client, f"/contracts/{contract_id}/positions", portfolio.liaison)["items"]
    assert [item["replaces_id"] for item in items] == [None, position_id]


def test_an_end_that_has_not_happened_is_refused(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    browser = browser_of("liaison")
    position_id = logged(browser, portfolio.contract())
    answer = browser.post_form(f"/positions/{position_id}/end", {"ended_on": "2019-03-02"})
    assert answer.status_code == 422
    assert 'id="ended_on-error"' in answer.text


def test_details_are_corrected_and_the_page_tells_who_changed_what(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    browser = browser_of("liaison")
    position_id = logged(browser, portfolio.contract())
    answer = browser.post_form(f"/positions/{position_id}", {"weekly_hours": "37,5", "channel": "team"})
    assert "done=position_changed" in answer.headers["location"]
    page = browser.get(f"/positions/{position_id}").text
    assert 'value="37.5"' in page
    assert "business_liaison@example.org" in page


def test_a_stale_edit_shows_both_versions_and_lets_one_choose(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    browser = browser_of("liaison")
    position_id = logged(browser, portfolio.contract())
    form = browser.form(f"/positions/{position_id}")
    patch(client, f"/positions/{position_id}", {"weekly_hours": "20.0", "channel": "team"}, portfolio.liaison)
    answer = browser.send(form, {"weekly_hours": "30"})
    assert answer.status_code == 412
    stored, typed = answer.text.index("<td>20</td>"), answer.text.index("<td>30</td>")
    assert stored < typed
    assert "<td>Team services</td>" not in answer.text  # what only the other one changed is no matter of choice
    chosen = browser.send(form_in(answer.text, f"/positions/{position_id}"), {})
    assert chosen.status_code == 303
    kept = get(client, f"/positions/{position_id}", portfolio.liaison)
    assert (kept["weekly_hours"], kept["channel"]) == ("30.0", "team")


def test_a_job_entered_wrongly_is_voided_with_a_reason_and_only_once(
    portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    browser = browser_of("liaison")
    position_id = logged(browser, portfolio.contract())
    assert "After this:" in browser.get(f"/positions/{position_id}/void").text
    form = browser.form(f"/positions/{position_id}/void")
    assert browser.send(form, {"reason": ""}).status_code == 422
    assert "done=position_voided" in browser.send(form, {"reason": "Wrong contract"}).headers["location"]
    again = browser.post_form(f"/positions/{position_id}/void", {"reason": "Once more"})
    assert again.status_code == 409
    assert "Once more" in again.text
    page = browser.get(f"/positions/{position_id}").text
    assert "Wrong contract" in page
    assert f'action="/positions/{position_id}"' not in page


def test_only_those_who_may_log_jobs_get_the_forms(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    contract_id = portfolio.contract()
    position_id = logged(browser_of("liaison"), contract_id)
    job = f"/positions/{position_id}"
    for path in (f"/contracts/{contract_id}/positions/new", f"{job}/end", f"{job}/void"):
        assert browser_of("viewer").get(path).status_code == 403
        assert browser_of("stranger").get(path).status_code == 404
    assert browser_of("stranger").get(job).status_code == 404
    read_only = browser_of("viewer").get(job)
    assert read_only.status_code == 200
    assert f"/positions/{position_id}/end" not in read_only.text


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_a_form_sent_by_someone_who_may_not_writes_nothing(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf, who: str
) -> None:
    contract_id = portfolio.contract()
    form = browser_of("liaison").form(f"/contracts/{contract_id}/positions/new")
    browser = browser_of(who)
    own = dict(browser.form("/feedback")["fields"])["csrf"]
    answer = browser.send(form, HIRE | {"csrf": own})
    assert answer.status_code == (403 if who == "viewer" else 404)
    assert get(client, f"/contracts/{contract_id}/positions", portfolio.liaison)["items"] == []
