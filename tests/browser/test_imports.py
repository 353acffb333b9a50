"""A ledger brought in as an officer does it, with script and without: sent, looked at, brought in, decided on."""

from pathlib import Path

import pytest

from app.sources.demo.city import COMPANIES
from tests.browser.conftest import Served, Visitor, Visitors

GROWING = "Y-tunnus;Tili;Summa ilman ALV;Kirjauspäivä;Tosite\n{supplier};4341;20000,00;16.3.2026;900001\n"


def discard_what_waits(made: Visitor) -> None:
    """The demo of the tests has a ledger that waits for a decision."""
    made.go("/imports")
    made.page.click("td.ready >> xpath=.. >> a")
    made.page.click("form[action$='/discard'] button")
    made.page.wait_for_url("**done=discarded")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_ledger_comes_in(visitor: Visitors, served_anew: Served, tmp_path: Path, javascript: bool) -> None:
    made = visitor(served_anew, "officer", javascript=javascript)
    page = made.page
    discard_what_waits(made)
    file = tmp_path / "ostot.csv"
    file.write_text(GROWING.format(supplier=COMPANIES["henkilovoima"].business_id), encoding="utf-8")
    page.click("nav a[href='/imports']")
    page.click("a.button[href='/imports/new']")
    page.set_input_files("#file", file)
    page.click("#form button")
    page.wait_for_url(lambda url: "/imports/0" in url)
    if not javascript:
        while page.locator("[data-progress]").count():
            page.click("a[data-without-script]")
    page.wait_for_selector("form[action$='/activation']")
    assert "S-106 (ennen 0, sen jälkeen 1)" in page.inner_text(".verdict")
    page.click("form[action$='/activation'] button")
    page.wait_for_url("**done=activated")
    assert "Tiedostosta tuli 1\u00a0osto" in page.inner_text(".verdict").replace("1 osto", "1\u00a0osto")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_purchase_that_waits_is_decided_on(visitor: Visitors, served_anew: Served, javascript: bool) -> None:
    made = visitor(served_anew, "officer", javascript=javascript)
    page = made.page
    made.go("/held-purchases")
    page.click("a.button[href^='/held-purchases/']")
    page.check("#contract_id-1")
    if not javascript:
        page.click("button[formaction$='/preview']")
    page.wait_for_selector("#follows p:has-text('Tämä osto ratkeaa')")
    page.click("button:not([formaction]):has-text('Päätä')")
    page.wait_for_url("**settled=1")
    assert "Yhdestä ostosta päätettiin." in page.inner_text("main")
    made.go("/attachment-rules")
    assert "VK-88" in page.inner_text("main table")
