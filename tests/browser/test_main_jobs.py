"""The three users' main jobs, in a browser, by form: with script and without."""

import re
from datetime import date, time, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.jobs import daily_check, delivery
from app.storage.models import Position, StoredJudgement
from notifications.senders import RecordingSender
from tests.browser.conftest import Served, Visitors

SAVE = "main form[method=post] button:not([name]):not([formaction]) >> nth=0"
TITLE = "Ikkunoiden pesu, puitejärjestely"
pytestmark = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])


def fill_procurement(page: Page) -> None:
    page.fill("[id='title']", TITLE)
    page.fill("[id='reference']", "HEL 2026-000123")
    page.select_option("[id='unit_id']", index=1)
    page.check("input[name='clause.type'][value='purchase_threshold']")
    if not page.locator("[id='clause.threshold_eur']").is_visible():
        page.click("button[value='fields']")
    page.fill("[id='clause.threshold_eur']", "100 000")


def fill_contract(page: Page, owner: str) -> None:
    page.fill("[id='contracts.0.reference']", "S-2026-99")
    page.fill("[id='contracts.0.supplier.business_id']", "0201256-6")
    page.fill("[id='contracts.0.supplier.name']", "Esimerkkisiivous Oy")
    page.fill("[id='contracts.0.starts_on']", "2026-01-01")
    page.fill("[id='contracts.0.ends_on']", "2027-12-31")
    page.fill("[id='contracts.0.owner.email']", owner)
    page.fill("[id='contracts.0.owner.name']", "Outi Omistaja")


def test_an_officer_registers_a_threshold_contract_a_liaison_logs_a_hire_and_the_owner_gets_the_mail(
    visitor: Visitors, served_anew: Served, javascript: bool
) -> None:
    officer = visitor(served_anew, "officer", javascript=javascript).page
    officer.click("nav a[href='/procurements']")
    officer.click("main a[href='/procurements/new']")
    fill_procurement(officer)
    fill_contract(officer, "outi@example.org")
    officer.click("button[value='register']")
    expect(officer).to_have_url(re.compile(r"/contracts/[0-9a-f]{32}\?done=registered"))
    contract = officer.url.split("?")[0]
    expect(officer.locator(".verdict .pill")).to_have_text("Ei velvoitetta")

    officer.goto(contract + "/purchases/new")
    officer.fill("#on_date", served_anew.clock.today.isoformat())
    officer.fill("#amount_eur", "123 456,78")
    officer.click(SAVE)
    expect(officer.locator(".verdict .pill")).to_have_text("Avoin")
    expect(officer.locator(".verdict")).to_contain_text("31.12.2027")

    owed_mail = mail_of_the_next_morning(served_anew)
    assert TITLE in owed_mail

    liaison = visitor(served_anew, "liaison", javascript=javascript).page
    liaison.click("nav a[href='/people-wanted']")
    liaison.click(f"a[href^='{contract.removeprefix(served_anew.address)}/positions/new']")
    liaison.fill("#starts_on", served_anew.clock.today.isoformat())
    liaison.select_option("#employment_form", "employment")
    liaison.select_option("#target_group", "long_term_unemployed")
    liaison.click(SAVE)
    expect(liaison.locator(".notice.success")).to_contain_text("17.12.2026")
    expect(liaison.locator(".verdict .pill")).to_have_text("Aikataulussa")


def mail_of_the_next_morning(served: Served) -> str:
    """What the owner of the new contract gets after the next day's check."""
    served.clock.set(served.clock.today + timedelta(days=1), time(7, 30))
    daily_check.run_check(served.database, served.clock.today, served.clock)
    sender = RecordingSender()
    delivery.deliver_all(served.database, served.settings, sender, served.clock)
    mine = [sent for sent in sender.sent if "outi@example.org" in sent.recipients]
    assert len(mine) == 1
    body = mine[0].message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_an_owner_sees_what_is_asked_and_quiets_the_reminders_of_it(
    visitor: Visitors, served_anew: Served, javascript: bool
) -> None:
    owner = visitor(served_anew, "owner", javascript=javascript).page
    first = owner.locator(".tasks > li").first
    expect(first.locator(".pill")).to_be_visible()
    first.locator("a[href*='/contracts/']").first.click()
    owner.click("a[href$='/reminders']")
    owner.click("form[action$='/reminders/acknowledgement'] button")
    expect(owner.locator(".notice.success")).to_be_visible()


def test_a_liaison_ends_a_job_early_and_logs_who_goes_on(
    visitor: Visitors, served_anew: Served, javascript: bool
) -> None:
    liaison = visitor(served_anew, "liaison", javascript=javascript).page
    liaison.goto(served_anew.address + running_job(served_anew) + "/end")
    liaison.fill("#ended_on", served_anew.clock.today.isoformat())
    liaison.click(SAVE)
    expect(liaison.locator(".notice").first).to_be_visible()
    liaison.click("a[href*='positions/new?replaces=']")
    liaison.fill("#starts_on", (served_anew.clock.today + timedelta(days=7)).isoformat())
    liaison.select_option("#target_group", "youth")
    liaison.click(SAVE)
    expect(liaison).to_have_url(re.compile(r"\?done=position_logged"))
    expect(liaison.locator(".notice").first).to_be_visible()


def running_job(served: Served) -> str:
    """The address of a job that runs today and has time to run."""
    later = date(2026, 9, 1)
    with served.database.reading() as session:
        found = session.scalars(
            select(Position.id)
            .join(StoredJudgement, StoredJudgement.contract_id == Position.contract_id)
            .where(Position.ended_on.is_(None), Position.voided_at.is_(None), StoredJudgement.running > 0)
            .where(Position.starts_on <= served.clock.today, StoredJudgement.effective_end_on > later)
            .order_by(Position.starts_on.desc())
            .limit(1)
        ).one()
    return f"/positions/{found}"


def test_wrong_input_is_named_beside_its_field_and_nothing_typed_is_lost(
    visitor: Visitors, served_anew: Served, javascript: bool
) -> None:
    made = visitor(served_anew, "officer", javascript=javascript)
    page = made.page
    page.goto(served_anew.address + "/procurements/new")
    fill_procurement(page)
    fill_contract(page, "not an address")
    page.fill("[id='contracts.0.supplier.business_id']", "0201256-7")
    page.click("button[value='register']")
    expect(page.locator("#errors a")).to_have_count(2)
    page.click("#errors a >> nth=0")
    expect(page.locator("[id='title']")).to_have_value(TITLE)
    expect(page.locator("[id='contracts.0.reference']")).to_have_value("S-2026-99")
    expect(page.locator("[aria-invalid=true]")).to_have_count(2)
    made.troubles.clear()  # the browser complains of the answer's 422
