"""Every page, in every language: usable by all in light and dark, whole on a phone, light, calm, without complaints."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from app.rules.facts import ClauseType
from tests.browser.conftest import Served, Visitor, Visitors
from tests.browser.pages import addresses

MAX_BYTES = 100_000
"""A page with everything it loads."""
MAX_SHIFT = 0.01
"""A tenth of what is called good. Not nought: under load a small table may be painted before its last row came."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; })
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(sum), 50));
})"""
SIZE = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, one) => sum + one.decodedBodySize, 0)"""
"""What the page and all it loads hold, whether sent or kept from before."""
TOO_WIDE = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth
  ? [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth + 1
      && !one.closest(".table-scroll") && !one.closest(".visually-hidden")).slice(0, 5)
      .map(one => one.tagName + "." + one.className) : []"""


def all_addresses(served: Served, of_each: int = 100) -> list[str]:
    """Of each page so many; the first contracts have a clause of each type, the others a status of each kind."""
    return [address for found in addresses(served.database).values() for address in found[:of_each]]


def violations(made: Visitor) -> list[str]:
    found: Any = Axe().run(made.page, options=RULES)
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_page_is_hard_to_use_for_anyone(visitor: Visitors, served: Served, language: str) -> None:
    made = visitor(served, "admin", language=language)
    made.page.click(f"button[name=language][value={language}]")
    found = {}
    for address in all_addresses(served, of_each=100 if language == "fi" else len(ClauseType)):
        answer = made.go(address)
        assert answer.status == 200, (address, answer.status)
        for scheme in ("light", "dark") if language == "fi" else ("light",):  # colours do not depend on the language
            made.page.emulate_media(color_scheme=scheme)
            if troubles := violations(made):
                found[f"{address} {scheme}"] = troubles
    assert found == {}


def test_no_page_is_wider_than_a_small_phone(visitor: Visitors, served: Served) -> None:
    made = visitor(served, "admin", width=320)
    wide = {}
    for address in all_addresses(served):
        made.go(address)
        if troubles := made.page.evaluate(TOO_WIDE):
            wide[address] = troubles
    assert wide == {}


def test_every_page_is_light_and_nothing_in_it_jumps(visitor: Visitors, served: Served) -> None:
    made = visitor(served, "admin")
    heavy, jumping = {}, {}
    for address in all_addresses(served):
        made.go(address)
        made.page.wait_for_load_state("networkidle")
        if (size := made.page.evaluate(SIZE)) > MAX_BYTES:
            heavy[address] = size
        if (shift := made.page.evaluate(SHIFT)) > MAX_SHIFT:
            jumping[address] = shift
    assert (heavy, jumping) == ({}, {})


def test_strangers_see_the_open_pages_as_well(visitor: Visitors, served: Served) -> None:
    made = visitor(served, None)
    for address in ("/sign-in", "/help", "/accessibility", "/feedback", "/no-such-page"):
        made.go(address)
        assert violations(made) == [], address
    made.troubles.clear()  # the browser complains of the page that is not there
