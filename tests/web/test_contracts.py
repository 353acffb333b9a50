"""The page of one contract: what stands, why, until when, and the one thing to do."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import event

from app.jobs.daily_check import run_check
from app.rules.codes import LANGUAGES
from app.rules.facts import ClauseType
from app.storage.models import User
from app.storage.session import Database
from app.web.notices import CODES, address
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import patch, post
from tests.web.signed_in import SignedInBrowser

Browsers = Callable[[str], SignedInBrowser]
THRESHOLD = {
    "type": ClauseType.PURCHASE_THRESHOLD,
    "positions": None,
    "threshold_cents": 1_000_00,
    "positions_per_threshold": 1,
    "completion": "may_follow_contract",
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the page shows is read alike on both: tests/api/test_contracts.py, test_obligations.py."""
    return sqlite_url


def words(page: Response) -> str:
    """The page as it is read: no tags, single spaces."""
    assert page.status_code == 200, page.text[:500]
    return plain(page.text)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).replace("\u00a0", " ")


def main_of(page: Response) -> str:
    return plain(page.text[page.text.index("<main") :])


def links(page: Response) -> set[str]:
    return set(re.findall(r'href="([^"]+)"', page.text))


def buttons(page: Response) -> list[str]:
    """Where the verdict's buttons lead, the primary one first."""
    return re.findall(r'<a class="button[^"]*" href="([^"]+)"', page.text.partition("</section>")[0])


def job(client: TestClient, portfolio: Portfolio, contract_id: str, starts_on: str, **fields: object) -> str:
    body = {"employment_form": "employment", "target_group": "youth", "channel": "team", "starts_on": starts_on}
    answer = post(client, f"/contracts/{contract_id}/positions", body | fields, portfolio.liaison)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def bought(client: TestClient, portfolio: Portfolio, contract_id: str, on: str, euros: str) -> str:
    body = {"on_date": on, "amount_eur": euros}
    return str(post(client, f"/contracts/{contract_id}/purchases", body, portfolio.officer).json()["id"])


@pytest.fixture
def contract_id(portfolio: Portfolio, clock: SetClock) -> str:
    clock.set(date(2018, 3, 1))
    made = portfolio.contract()
    clock.set(date(2019, 3, 2))
    return made


def test_the_sentence_comes_first_with_its_one_day_strong(browser_of: Browsers, contract_id: str) -> None:
    page = browser_of("viewer").get(f"/contracts/{contract_id}")
    verdict = page.text[page.text.index('class="verdict') : page.text.index('class="figures"')]
    assert re.findall(r"<strong[^>]*>(.*?)</strong>", verdict) == ["31\u00a0May\u00a02019"]
    assert "At risk" in plain(verdict)
    assert "Someone must start by 31 May 2019 to complete nine months by 28 February 2020" in plain(verdict)
    assert "fixed count, 1 position" in words(page)


def test_the_one_button_is_what_this_person_can_do_now(browser_of: Browsers, contract_id: str) -> None:
    first = {
        "liaison": "positions/new",
        "admin": "positions/new",
        "owner": "supplier-text",
        "officer": "supplier-text",
        "viewer": "supplier-text",
        "other_owner": "supplier-text",
    }
    for who, leads_to in first.items():
        page = browser_of(who).get(f"/contracts/{contract_id}")
        assert buttons(page)[0] == f"/contracts/{contract_id}/{leads_to}", who


def test_a_viewer_is_offered_nothing_that_writes(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, contract_id: str
) -> None:
    job(client, portfolio, contract_id, "2018-06-01", planned_end_on="2018-08-31")
    page = browser_of("viewer").get(f"/contracts/{contract_id}")
    writing = ("new", "void", "end", "closure", "termination", "change", "handover", "reminders", "exercise")
    assert [link for link in links(page) if link.split("?")[0].endswith(writing)] == []


def test_the_next_reminder_is_told_with_its_reason(
    browser_of: Browsers, database: Database, clock: SetClock, contract_id: str
) -> None:
    browser = browser_of("owner")
    assert "In the next reminder: 90 days to the last day to start." in words(browser.get(f"/contracts/{contract_id}"))
    run_check(database, clock.today, clock)
    page = browser.get(f"/contracts/{contract_id}")
    assert "Next reminder 1 May 2019: 30 days to the last day to start." in words(page)
    assert any(link.startswith("/messages/") and link != "/messages" for link in links(page))


def test_every_job_says_its_days_and_why_it_does_not_count(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, clock: SetClock, contract_id: str
) -> None:
    clock.set(date(2019, 6, 1))
    broken = job(client, portfolio, contract_id, "2019-01-07")
    patch(client, f"/positions/{broken}", {"ended_on": "2019-04-06"}, portfolio.liaison)
    job(client, portfolio, contract_id, "2019-06-01", replaces_id=broken)
    job(client, portfolio, contract_id, "2019-02-01", employment_form="work_trial")
    page = words(browser_of("liaison").get(f"/contracts/{contract_id}"))
    assert "90 / 273" in page
    assert "1 / 183" in page
    assert "continues:" in page
    assert "Ended early, continued by another" in page
    assert "Counts if it lasts until 30 November 2019" in page
    assert "The clause does not accept this form of employment." in page


def test_purchases_say_when_the_next_position_falls_due(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    clock.set(date(2018, 5, 31))
    framework = portfolio.contract(**THRESHOLD)
    bought(client, portfolio, framework, "2018-03-31", "460.00")
    page = words(browser_of("officer").get(f"/contracts/{framework}"))
    assert "€460 bought under the contract in all." in page
    assert "The next position falls due at €1,000, €540 more than now." in page
    assert "At the present pace that is in about 4 months." in page
    assert "The pace: €460 bought since 1 March 2018." in page


def test_older_purchases_are_on_the_next_page(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    clock.set(date(2018, 5, 31))
    framework = portfolio.contract(**THRESHOLD)
    for day in range(1, 32):
        bought(client, portfolio, framework, f"2018-05-{day:02}", "10.00")
    browser = browser_of("viewer")
    first = browser.get(f"/contracts/{framework}?limit=30")
    older = next(link for link in links(first) if "cursor=" in link)
    assert "31 May 2018 €10" in words(first)
    second = words(browser.get(f"/contracts/{framework}{unescape(older)}"))
    assert "1 May 2018 €10" in second
    assert "2 May 2018 €10" not in second
    assert "€310 bought under the contract" in second


def test_a_past_day_shows_what_is_known_of_it_now_and_what_was_said_then(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, clock: SetClock, contract_id: str
) -> None:
    clock.set(date(2019, 6, 20))
    job(client, portfolio, contract_id, "2019-05-15", agreed_on="2019-05-02")
    post(client, f"/contracts/{contract_id}/notes", {"text": "Kesäkuun viesti"}, portfolio.officer)
    browser = browser_of("admin")
    before = browser.get(f"/contracts/{contract_id}?as_of=2019-05-01")
    assert "Shown as of 1 May 2019." in words(before)
    assert "No positions were known of by that day." in words(before)
    assert "Kesäkuun viesti" not in words(before)
    assert buttons(before) == []
    after = words(browser.get(f"/contracts/{contract_id}?as_of=31.5.2019"))
    assert "On track" in after
    assert "On that day the service itself said something else" in after
    assert "required 1, completed 0, running 0, missing 1" in after
    assert "Kesäkuun viesti" in words(browser.get(f"/contracts/{contract_id}"))


def test_a_day_that_cannot_be_shown_is_told_beside_the_field(browser_of: Browsers, contract_id: str) -> None:
    browser = browser_of("viewer")
    for day in ("2019-03-03", "2019-02-30", "tomorrow"):
        page = browser.get(f"/contracts/{contract_id}?as_of={day}")
        assert page.status_code == 422
        assert 'aria-invalid="true"' in page.text
        assert "At risk" in plain(page.text)


def test_who_changed_what_is_told_field_by_field(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, clock: SetClock, contract_id: str
) -> None:
    made = job(client, portfolio, contract_id, "2019-01-07")
    patch(client, f"/positions/{made}", {"weekly_hours": "37.5", "planned_end_on": "2019-12-31"}, portfolio.liaison)
    post(client, f"/contracts/{contract_id}/acknowledgement", None, portfolio.owner)
    for path in ("", "/changes"):
        page = words(browser_of("viewer").get(f"/contracts/{contract_id}{path}"))
        assert "business_liaison@example.org" in page
        assert "Position changed" in page
        assert "planned end: empty → changed to 31 December 2019" in page
        assert "weekly hours: empty → changed to 37.5" in page
        assert "Reminders acknowledged" in page
        assert "form employment · group young person starting a career · first day 7 January 2019" in page


def test_the_text_for_the_supplier_is_ready_to_send(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, contract_id: str
) -> None:
    browser = browser_of("owner")
    assert "no contact person of the supplier" in words(browser.get(f"/contracts/{contract_id}/supplier-text"))
    contact = {"supplier_contact": {"name": "Tiina", "email": "tiina@example.org", "language": "sv"}}
    patch(client, f"/contracts/{contract_id}", contact, portfolio.officer)
    page = browser.get(f"/contracts/{contract_id}/supplier-text")
    assert "31.5.2019" in words(page)
    assert '<pre class="text" id="text" lang="sv"' in page.text
    assert any(link.startswith("mailto:tiina@example.org?subject=") for link in links(page))


def test_what_was_done_is_said_from_the_facts_of_now(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, clock: SetClock, contract_id: str
) -> None:
    browser = browser_of("liaison")

    def said(code: str, **ids: str) -> str:
        page = words(browser.get(address(contract_id, code, **ids)))
        return page.partition("Contracts / ")[0]

    counting = job(client, portfolio, contract_id, "2019-03-01")
    assert "it counts. It must last until 30 November 2019." in said("position_logged", position=counting)
    patch(client, f"/positions/{counting}", {"ended_on": "2019-03-02"}, portfolio.liaison)
    ended = said("position_ended", position=counting)
    assert "The job lasted 2 of the 275 days needed." in ended
    assert "they need only the 273 days that are left. Log who continues" in ended
    trial = job(client, portfolio, contract_id, "2019-03-01", employment_form="work_trial")
    refused = said("position_logged", position=trial)
    assert "it does not count towards the obligation. The clause does not accept this form" in refused
    purchase = bought(client, portfolio, contract_id, "2019-03-01", "10.00")
    assert "this clause does not depend on purchases" in said("purchase_added", purchase=purchase)
    assert "The contract was registered. The clause's duration is" not in said("registered")
    assert "Your acknowledgement is recorded." in said("acknowledged")


def test_a_code_or_an_id_made_up_says_nothing(browser_of: Browsers, contract_id: str) -> None:
    browser = browser_of("viewer")
    nothing = main_of(browser.get(f"/contracts/{contract_id}"))
    for query in ("done=nonsense", "done=position_logged", f"done=position_ended&position={'0' * 32}", "done=snoozed"):
        assert main_of(browser.get(f"/contracts/{contract_id}?{query}")) == nothing
    with pytest.raises(KeyError):
        address(contract_id, "nonsense")


def test_every_notice_is_worded_in_every_language(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, database: Database, contract_id: str
) -> None:
    made = job(client, portfolio, contract_id, "2019-01-07")
    purchase = bought(client, portfolio, contract_id, "2019-03-01", "10.00")
    browser = browser_of("viewer")
    for language in LANGUAGES:
        with database.writing() as session:
            session.query(User).filter_by(email="viewer@example.org").update({"language": language})
        for code in sorted(CODES - {"snoozed"}):
            page = browser.get(address(contract_id, code, position=made, purchase=purchase))
            notice = re.search(r'<div class="notice (?:success|alert)" role="status">(.*?)</div>', page.text, re.DOTALL)
            assert notice is not None, (code, page.status_code)
            assert "{" not in notice[1], code


def test_a_decision_voided_stays_readable_and_counts_for_nothing(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, contract_id: str
) -> None:
    decided = {"effective_on": "2019-01-01", "delta": 1, "reason": "Lisätyö", "decision_reference": "HEL 1 §"}
    made = post(client, f"/contracts/{contract_id}/adjustments", decided, portfolio.officer).json()["id"]
    page = words(browser_of("officer").get(f"/contracts/{contract_id}"))
    assert "Positions required: +1 from 1 January 2019" in page
    assert "From 1 January 2019 a decision changes the number by +1 (HEL 1 §)." in page
    post(client, f"/adjustments/{made}/void", {"reason": "Väärä sopimus"}, portfolio.officer)
    page = words(browser_of("officer").get(f"/contracts/{contract_id}"))
    assert "Voided: Väärä sopimus" in page
    assert "a decision changes the number" not in page


def test_the_page_asks_the_database_the_same_few_questions_however_much_hangs_on_the_contract(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, database: Database, contract_id: str
) -> None:
    browser, asked = browser_of("officer"), []
    event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    browser.get(f"/contracts/{contract_id}")
    empty = len(asked)
    for day in range(1, 9):
        job(client, portfolio, contract_id, f"2019-01-{day:02}")
        bought(client, portfolio, contract_id, f"2019-01-{day:02}", "10.00")
    asked.clear()
    page = browser.get(f"/contracts/{contract_id}")
    assert len(asked) == empty <= 24
    assert len(page.content) < 60_000
