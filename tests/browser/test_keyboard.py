"""Everything can be done with the keyboard alone, and one always sees where one is."""

from playwright.sync_api import Page

from tests.browser.conftest import Served, Visitors

FOCUS = """() => {
  const one = document.activeElement;
  const name = one.id || one.name || one.textContent.trim().slice(0, 40);
  return [one.tagName, name, getComputedStyle(one).outlineStyle, one.getBoundingClientRect().width];
}"""


def tab_to(page: Page, wanted: str, most: int = 80) -> None:
    """Tabs on until the focus is on an element that fits the selector; every stop on the way is visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        tag, name, outline, width = page.evaluate(FOCUS)
        assert outline != "none", f"one does not see the focus on {tag} {name}"
        assert width > 0, f"the focus is on something invisible: {tag} {name}"
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} is not reached with the keyboard")


def test_one_logs_in_finds_a_contract_and_logs_a_hire_without_a_mouse(visitor: Visitors, served_anew: Served) -> None:
    made = visitor(served_anew, "liaison")
    page = made.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to(page, "nav a[href='/people-wanted']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people-wanted")
    tab_to(page, "a[href*='/positions/new']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/positions/new*")
    tab_to(page, "#target_group")
    page.keyboard.press("ArrowDown")
    tab_to(page, "main form[method=post] button:not([name]):not([formaction])")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contracts/*?done=position_logged*")


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_field(visitor: Visitors, served: Served) -> None:
    made = visitor(served, "officer")
    page = made.page
    made.go("/procurements/new")
    page.fill("[id='title']", "Only a title")
    page.click("button[value='register']")
    assert page.evaluate("document.activeElement.id") == "errors"
    tab_to(page, "#errors a")
    aim = page.evaluate("document.activeElement.getAttribute('href')").removeprefix("#")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == aim
    made.troubles.clear()  # the browser complains of the answer's 422
