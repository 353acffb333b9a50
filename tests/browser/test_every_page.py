"""Every page, in every language: usable by all in light and dark, whole on a phone, light, calm, without complaints."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.conftest import Served, Visitor, Visitors
from tests.browser.pages import addresses

MAX_BYTES = 100_000
"""A page with everything it loads."""
MAX_SHIFT = 0.01
"""A tenth of what is called good. Not nought: under load a small table may be painted before its last row came."""
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; })
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(sum), 50));
})"""
SIZE = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, one) => sum + one.decodedBodySize, 0)"""
"""What the page and all it loads hold, whether sent or kept from before."""
TOO_WIDE = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(
  document.documentElement.scrollWidth > document.documentElement.clientWidth
  ? [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth + 1
      && !one.closest(".table-scroll") && !one.closest(".visually-hidden")).slice(0, 5)
      .map(one => one.tagName + "." + one.className) : []))))"""
"""What reaches over the edge, once the page was painted in its new width: under load that may be a moment later."""
WIDTH, PHONE = 1280, 320

OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""Rules that depend on the colours, and so on the scheme; and on nothing that a language changes."""
ALL: dict[str, Any] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
ALL_BUT_COLOURS = {**ALL, "rules": {rule: {"enabled": False} for rule in OF_COLOURS}}
ONLY_COLOURS = {"runOnly": {"type": "rule", "values": OF_COLOURS}}
FIND = """options => axe.run({...options, resultTypes: ["violations"]})
  .then(found => found.violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`))"""
"""Only what is wrong is put together: to list what is right as well takes most of the time."""
PARTS = 4
"""The pages in so many parts, which different workers take."""
ON_EACH = 100


def all_addresses(served: Served, of_each: int = ON_EACH) -> list[str]:
    """Of each page so many; contracts are of every type of clause and every status."""
    return [address for found in addresses(served.database).values() for address in found[:of_each]]


def violations(made: Visitor, options: dict[str, Any] = ALL) -> list[str]:
    if not made.page.evaluate("typeof axe === 'object'"):
        made.page.evaluate(AXE_SCRIPT)
    found: list[str] = made.page.evaluate(FIND, options)
    return found


def violations_in_the_dark(made: Visitor) -> list[str]:
    """What the other colours bring; the page is then in light again."""
    made.page.emulate_media(color_scheme="dark")
    found = violations(made, ONLY_COLOURS)
    made.page.emulate_media(color_scheme="light")
    return found


def troubles_of(made: Visitor) -> dict[str, Any]:
    """Whatever is wrong with the page as it is open, in light and dark, on a wide screen and on a phone."""
    page = made.page
    size, shift = page.evaluate(SIZE), page.evaluate(SHIFT)
    found = {"heavy": size if size > MAX_BYTES else 0, "jumps": shift if shift > MAX_SHIFT else 0}
    found["light"] = violations(made)
    found["dark"] = violations_in_the_dark(made)
    page.set_viewport_size({"width": PHONE, "height": 900})
    found["too wide"] = page.evaluate(TOO_WIDE)
    page.set_viewport_size({"width": WIDTH, "height": 900})
    return {name: trouble for name, trouble in found.items() if trouble}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_usable_by_all_whole_on_a_phone_light_and_calm(
    visitor: Visitors, served: Served, part: int
) -> None:
    made = visitor(served, "admin", width=WIDTH)
    found = {}
    for address in all_addresses(served)[part::PARTS]:
        answer = made.go(address)
        assert answer.status == 200, (address, answer.status)
        if troubles := troubles_of(made):
            found[address] = troubles
    assert found == {}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_page_is_hard_to_use_in_another_language(visitor: Visitors, served: Served, language: str) -> None:
    made = visitor(served, "admin", language=language)
    made.page.click(f"button[name=language][value={language}]")
    found = {}
    for address in all_addresses(served, of_each=1):  # what differs between things of a kind is tried above
        answer = made.go(address)
        assert answer.status == 200, (address, answer.status)
        if troubles := violations(made, ALL_BUT_COLOURS):
            found[address] = troubles
    assert found == {}


def test_strangers_see_the_open_pages_as_well(visitor: Visitors, served: Served) -> None:
    made = visitor(served, None)
    for address in ("/sign-in", "/help", "/accessibility", "/feedback", "/no-such-page"):
        made.go(address)
        assert violations(made) == [], address
    made.troubles.clear()  # the browser complains of the page that is not there
