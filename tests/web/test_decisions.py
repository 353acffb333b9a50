"""Options, adjustments, closings and terminations by form, each with what it brings said before it is decided."""

from collections.abc import Callable
from datetime import date

import pytest
from fastapi.testclient import TestClient

from tests.portfolio import Portfolio
from tests.registering import get, patch
from tests.web.signed_in import SignedInBrowser, form_in

BrowserOf = Callable[[str], SignedInBrowser]
IDENTITY_CODE = "131052-308T"
DECISION = {"effective_on": "2019-03-01", "decision_reference": "HEL 2019-004321", "reason": "The service was cut"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the forms send is written alike on both: tests/api/test_adjustments.py, test_options.py and others there."""
    return sqlite_url


def test_an_option_is_added_and_taken(client: TestClient, portfolio: Portfolio, browser_of: BrowserOf) -> None:
    contract_id, browser = portfolio.contract(), browser_of("officer")
    path = f"/contracts/{contract_id}/options"
    assert browser.post_form(f"{path}/new", {"ends_on": "2020-02-28"}).status_code == 422
    form = browser.form(f"{path}/new")
    added = browser.send(form, {"ends_on": "28.2.2021"})
    assert added.headers["location"].startswith(f"/contracts/{contract_id}?done=option_added&option=")
    assert browser.send(form, {"ends_on": "28.2.2021"}).headers["location"] == added.headers["location"]
    take = f"{path}/{added.headers['location'].split('option=')[1]}/exercise"
    page = browser.get(take).text
    assert "After this:" in page
    assert 'value="2019-03-01"' in page
    assert browser.post_form(take, {"exercised_on": "2019-03-02"}).status_code == 422
    assert "done=option_exercised" in browser.post_form(take, {}).headers["location"]
    contract = get(client, f"/contracts/{contract_id}", portfolio.officer)
    assert contract["obligation"]["effective_end_on"] == "2021-02-28"
    assert browser.post_form(take, {"exercised_on": "2019-03-01"}).status_code == 409


def test_a_decision_on_a_contract_that_changed_meanwhile_is_put_anew(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    contract_id, browser = portfolio.contract(), browser_of("officer")
    path = f"/contracts/{contract_id}/options/new"
    form = browser.form(path)
    patch(client, f"/contracts/{contract_id}", {"value_eur": "1.00"}, portfolio.officer)
    stale = browser.send(form, {"ends_on": "2021-02-28"})
    assert stale.status_code == 412
    assert 'value="2021-02-28"' in stale.text
    assert browser.send(form_in(stale.text, path), {}).status_code == 303


@pytest.mark.parametrize("typed", ["-1", "−1", "– 1"])
def test_an_adjustment_says_how_many_are_required_after_it_and_takes_any_minus(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf, typed: str
) -> None:
    contract_id, browser = portfolio.contract(positions=3), browser_of("officer")
    form = browser.form(f"/contracts/{contract_id}/adjustments/new")
    asked = browser.send(
        form | {"action": f"/contracts/{contract_id}/adjustments/preview"}, DECISION | {"delta": typed}
    )
    assert "2 positions are required then, instead of 3." in asked.text
    first, second = (browser.send(form, DECISION | {"delta": typed}) for _ in range(2))
    assert first.headers["location"] == second.headers["location"] == f"/contracts/{contract_id}?done=adjusted"
    items = get(client, f"/contracts/{contract_id}/adjustments", portfolio.officer)["items"]
    assert [item["delta"] for item in items] == [-1]
    void = f"/adjustments/{items[0]['id']}/void"
    assert "3 positions are required then, instead of 2." in browser.get(void).text
    assert "done=adjustment_voided" in browser.post_form(void, {"reason": "Of another contract"}).headers["location"]
    assert browser.post_form(void, {"reason": "Again"}).status_code == 409


def test_an_adjustment_that_takes_effect_later_is_foreseen_for_its_day(
    portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    contract_id, browser = portfolio.contract(), browser_of("officer")
    form = browser.form(f"/contracts/{contract_id}/adjustments/new")
    form["action"] = f"/contracts/{contract_id}/adjustments/preview"
    asked = browser.send(form, DECISION | {"delta": "1", "effective_on": "1.5.2019"})
    assert "From 1\N{NO-BREAK SPACE}May\N{NO-BREAK SPACE}2019 on:" in asked.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"delta": "0"}, "delta"),
        ({"delta": "one"}, "delta"),
        ({"delta": "1", "decision_reference": ""}, "decision_reference"),
    ],
)
def test_a_decision_that_does_not_fit_comes_back_as_it_was_typed(
    portfolio: Portfolio, browser_of: BrowserOf, typed: dict[str, str], told: str
) -> None:
    path = f"/contracts/{portfolio.contract()}/adjustments/new"
    answer = browser_of("officer").post_form(path, DECISION | typed)
    assert answer.status_code == 422
    assert f'id="{told}-error"' in answer.text
    assert "The service was cut" in answer.text


def test_an_identity_code_in_a_reason_is_refused_and_comes_back_empty(
    portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    path = f"/contracts/{portfolio.contract()}/closure"
    answer = browser_of("officer").post_form(path, DECISION | {"reason": f"About {IDENTITY_CODE}"})
    assert answer.status_code == 422
    assert IDENTITY_CODE not in answer.text
    assert 'id="reason-error"' in answer.text


def test_an_obligation_is_closed_once_and_a_closing_entered_wrongly_is_voided(
    portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    contract_id, browser = portfolio.contract(), browser_of("officer")
    path = f"/contracts/{contract_id}/closure"
    form = browser.form(path)
    asked = browser.send(form | {"action": f"{path}/preview"}, DECISION)
    assert 'class="pill closed"' in asked.text
    assert browser.send(form, DECISION).headers["location"] == f"/contracts/{contract_id}?done=closed"
    other = browser_of("admin").send(form, DECISION)
    assert other.status_code == 403
    assert "HEL 2019-004321" in browser.get(path).text
    assert "After this:" in browser.get(f"{path}/void").text
    voided = browser.post_form(f"{path}/void", {"reason": "Of another contract"})
    assert voided.headers["location"] == f"/contracts/{contract_id}?done=closure_voided"


def test_closing_what_someone_else_closed_meanwhile_says_so_and_loses_nothing(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    contract_id, browser = portfolio.contract(), browser_of("officer")
    path = f"/contracts/{contract_id}/closure"
    form = browser.form(path)
    browser.send(browser.form(path), DECISION)
    form["fields"] = [(name, value) for name, value in form["fields"] if name != "version"]
    answer = browser.send(form, DECISION | {"reason": "My own words"})
    assert answer.status_code == 409
    assert "My own words" in answer.text


def test_a_termination_is_recorded_with_what_it_leaves_and_taken_back(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    contract_id, browser = portfolio.contract(), browser_of("officer")
    path = f"/contracts/{contract_id}/termination"
    form = browser.form(path)
    asked = browser.send(form | {"action": f"{path}/preview"}, {"terminated_on": "2019-05-31"})
    assert 'class="pill cannot_be_met"' in asked.text
    assert browser.post_form(path, {"terminated_on": "2017-01-01", "decided_on": "2017-01-01"}).status_code == 422
    answer = browser.post_form(path, {"terminated_on": "31.5.2019", "decided_on": "1.3.2019"})
    assert answer.headers["location"] == f"/contracts/{contract_id}?done=terminated"
    assert get(client, f"/contracts/{contract_id}", portfolio.officer)["terminated_on"] == "2019-05-31"
    back = browser.post_form(path, {"take_back": "true"})
    assert back.headers["location"] == f"/contracts/{contract_id}?done=terminated"
    assert get(client, f"/contracts/{contract_id}", portfolio.officer)["terminated_on"] is None


def test_only_those_who_write_contracts_decide(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    contract_id = portfolio.contract()
    browser_of("officer").post_form(f"/contracts/{contract_id}/adjustments/new", DECISION | {"delta": "1"})
    browser_of("officer").post_form(f"/contracts/{contract_id}/closure", DECISION)
    for part in ("options/new", "adjustments/new", "closure", "closure/void", "termination"):
        assert browser_of("liaison").get(f"/contracts/{contract_id}/{part}").status_code == 403, part
        assert browser_of("stranger").get(f"/contracts/{contract_id}/{part}").status_code == 404, part


def test_a_day_of_the_city_s_own_is_what_counts(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    """The forms begin with today as the city has it."""
    assert portfolio.act().today == date(2019, 3, 1)
    page = browser_of("officer").get(f"/contracts/{portfolio.contract()}/adjustments/new").text
    assert 'value="2019-03-01"' in page
