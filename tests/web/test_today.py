"""The start page as each role sees it."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import update

from app.jobs import daily_check
from app.storage.models import Procurement
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]


@pytest.mark.parametrize(
    ("who", "leads_to", "text"),
    [
        ("owner", "/supplier-text", "Message to the supplier"),
        ("officer", "/supplier-text", "Message to the supplier"),
        ("liaison", "/positions/new", "Log a position"),
        ("admin", "/positions/new", "Log a position"),
    ],
)
def test_the_sentence_and_the_one_button_of_each_role(
    portfolio: Portfolio, clock: SetClock, browser_of: BrowserOf, who: str, leads_to: str, text: str
) -> None:
    contract_id = portfolio.contract()
    clock.set(date(2019, 3, 2))
    daily_check.run_check(portfolio.database, clock.today, clock)
    page = browser_of(who).get("/").text
    assert '<strong class="nowrap">31\N{NO-BREAK SPACE}May\N{NO-BREAK SPACE}2019</strong>' in page
    assert f'href="/contracts/{contract_id}{leads_to}">{text}<span' in page
    assert page.count("no-print") - page.count('class="top no-print"') - page.count('class="bottom no-print"') == 1
    assert 'href="/contracts?status=at_risk"' in page


def test_a_viewer_is_told_that_nothing_is_asked_of_them(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    portfolio.contract()
    page = browser_of("viewer").get("/").text
    assert "nothing is asked of you" in page
    assert "In the last seven days" in page


def test_a_title_cannot_bring_a_script(portfolio: Portfolio, clock: SetClock, browser_of: BrowserOf) -> None:
    portfolio.contract()
    with portfolio.database.writing() as session:
        session.execute(update(Procurement).values(title="<script>alert(1)</script>"))
    clock.set(date(2019, 3, 2))
    daily_check.run_check(portfolio.database, clock.today, clock)
    for path in ("/", "/contracts", "/people-wanted"):
        page = browser_of("officer").get(path).text
        assert "&lt;script&gt;alert" in page, path
        assert "<script>alert" not in page, path
