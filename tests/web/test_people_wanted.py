"""People wanted: who needs someone by when, and nothing of people on paper."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.web import pages
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]


def works(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', html)


def test_the_soonest_comes_first_and_the_lost_are_left_out(
    portfolio: Portfolio, clock: SetClock, browser_of: BrowserOf
) -> None:
    portfolio.contract(ends_on=date(2019, 10, 31))
    portfolio.contract(ends_on=date(2021, 2, 28))
    portfolio.contract(positions=2)
    portfolio.contract(start_within_months=9, ends_on=date(2020, 6, 30))
    portfolio.contract(unit_id=portfolio.other_root)
    clock.set(date(2019, 3, 2))
    page = browser_of("liaison").get("/people-wanted").text
    assert works(page) == ["Siivouspalvelut 3", "Siivouspalvelut 4", "Siivouspalvelut 2"]
    assert "4 people can still be found a job in time." in page
    assert page.count("this is the last one in time") == 1


def test_it_says_whom_to_ask_and_who_is_accepted(portfolio: Portfolio, clock: SetClock, browser_of: BrowserOf) -> None:
    contract_id = portfolio.contract(
        supplier_contact_name="Kaisa Kontakti",
        supplier_contact_email="kaisa@example.org",
        supplier_contact_phone="+358 40 123",
        min_weekly_hours=Decimal("18.5"),
        target_groups=["youth"],
    )
    clock.set(date(2019, 3, 2))
    page = browser_of("liaison").get("/people-wanted").text
    for told in (
        "Kaisa Kontakti",
        "mailto:kaisa@example.org",
        "tel:+35840123",
        "18.5 hours",
        "Young person",
        "nine months",
    ):
        assert told in page
    assert f"/contracts/{contract_id}/positions/new" in page
    assert "/positions/new" not in browser_of("viewer").get("/people-wanted").text


def test_on_paper_there_is_the_company_and_no_person(
    portfolio: Portfolio, clock: SetClock, browser_of: BrowserOf
) -> None:
    """What the style sheet for print hides is left out here."""
    portfolio.contract(supplier_contact_name="Kaisa Kontakti", supplier_contact_email="kaisa@example.org")
    clock.set(date(2019, 3, 2))
    page = browser_of("liaison").get("/people-wanted").text
    paper = re.sub(r'<div class="no-print[^>]*>.*?</div>', "", page, flags=re.DOTALL)
    assert "Kaisa" in page
    assert ("kaisa" in paper.lower(), "Toimittaja 1 Oy" in paper) == (False, True)
    styles = (Path(pages.STATIC) / "siepp.css").read_text(encoding="utf-8")
    assert re.search(r"@media print \{.*\.no-print[^}]*\{ display: none; \}", styles, flags=re.DOTALL)


def test_a_unit_stands_for_those_below_it_and_a_wrong_one_is_told(
    portfolio: Portfolio, clock: SetClock, browser_of: BrowserOf
) -> None:
    portfolio.contract(unit_id=portfolio.root)
    portfolio.contract(unit_id=portfolio.office)
    clock.set(date(2019, 3, 2))
    browser = browser_of("liaison")
    assert works(browser.get(f"/people-wanted?unit_id={portfolio.division}").text) == ["Siivouspalvelut 2"]
    wrong = browser.get("/people-wanted?unit_id=x")
    assert (wrong.status_code, len(works(wrong.text)), 'id="unit_id-error"' in wrong.text) == (422, 2, True)


def test_where_nobody_is_wanted_the_page_says_so(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    assert "Nobody is wanted in your units" in browser_of("liaison").get("/people-wanted").text
