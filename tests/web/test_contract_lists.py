"""The page of contracts: what its address asks for, pages, chips, wrong questions, choosing for a handover."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from app.jobs import daily_check
from app.web import contract_lists
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]


@pytest.fixture
def listed(portfolio: Portfolio, clock: SetClock) -> Portfolio:
    """At risk, open, of the office, and one of another city."""
    portfolio.contract()
    portfolio.contract(ends_on=date(2023, 2, 28), owner="oona@example.org")
    portfolio.contract(ends_on=date(2024, 2, 28), unit_id=portfolio.office)
    portfolio.contract(unit_id=portfolio.other_root)
    clock.set(date(2019, 3, 2))
    daily_check.run_check(portfolio.database, clock.today, clock)
    return portfolio


def references(html: str) -> list[str]:
    return re.findall(r'class="second reference">([^<]+)<', html)


def links(html: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', html)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["S-1", "S-2", "S-3"]),
        ("?status=at_risk", ["S-1"]),
        ("?status=at_risk&status=open&q=s-2", ["S-2"]),
        ("?status=&unit_id=&q=&latest_start_before=", ["S-1", "S-2", "S-3"]),
        ("?owner_email=Oona@example.org", ["S-2"]),
        ("?latest_start_before=1.6.2019", ["S-1"]),
        ("?sort=-reference", ["S-3", "S-2", "S-1"]),
    ],
)
@on_one_database
def test_the_address_says_what_is_listed(
    listed: Portfolio, browser_of: BrowserOf, query: str, expected: list[str]
) -> None:
    answer = browser_of("viewer").get(f"/contracts{query}")
    assert (answer.status_code, references(answer.text)) == (200, expected)


def test_every_filter_chosen_can_be_left_out_by_itself_and_goes_along_with_the_file(
    listed: Portfolio, browser_of: BrowserOf
) -> None:
    query = f"status=at_risk&status=open&unit_id={listed.division}&sort=reference"
    page = browser_of("viewer").get(f"/contracts?{query}").text
    chips = [parse_qs(urlsplit(link).query) for link in re.findall(r'class="chip" href="([^"]+)"', unescape(page))]
    whole = parse_qs(query)
    assert chips == [
        whole | {"status": ["open"]},
        whole | {"status": ["at_risk"]},
        {name: values for name, values in whole.items() if name != "unit_id"},
    ]
    (file,) = [link for link in links(page) if link.startswith("/contracts.csv")]
    assert parse_qs(urlsplit(file).query) == whole


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=fine&status=at_risk", "status"),
        ("latest_start_before=soon&owner_email=owner@example.org", "latest_start_before"),
        ("unit_id=here", "unit_id"),
        ("clause_type=quota", "clause_type"),
    ],
)
@on_one_database
def test_a_filter_that_does_not_fit_is_told_beside_it_and_left_out(
    listed: Portfolio, browser_of: BrowserOf, query: str, field: str
) -> None:
    answer = browser_of("viewer").get(f"/contracts?{query}")
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'<a href="#{field}">' in answer.text
    assert "S-1" in references(answer.text)


def test_an_order_or_a_place_that_does_not_exist_begins_at_the_beginning(
    listed: Portfolio, browser_of: BrowserOf
) -> None:
    for query in ("sort=title", "cursor=nowhere"):
        answer = browser_of("viewer").get(f"/contracts?{query}")
        assert (answer.status_code, references(answer.text)) == (422, ["S-1", "S-2", "S-3"])


def test_pages_follow_each_other_and_lead_back(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    for _ in range(51):
        portfolio.contract()
    browser = browser_of("viewer")
    first = browser.get("/contracts?sort=starts_on").text
    (following,) = [link for link in links(first) if "cursor=" in link]
    second = browser.get(following).text
    assert len(references(first)) == 50
    assert len(set(references(first) + references(second))) == 51
    assert "/contracts?sort=starts_on" in links(second)
    assert "there are more" in first
    assert "there are more" not in second


def test_a_column_sorts_and_sorts_the_other_way_round(listed: Portfolio, browser_of: BrowserOf) -> None:
    page = browser_of("viewer").get("/contracts?sort=reference&status=open").text
    assert 'aria-sort="ascending"><a href="/contracts?status=open&amp;sort=-reference"' in page
    assert '<a href="/contracts?status=open&amp;sort=latest_start_on"' in page


def test_only_what_one_may_hand_over_can_be_chosen(listed: Portfolio, browser_of: BrowserOf) -> None:
    def chosen(who: str) -> int:
        return browser_of(who).get("/contracts").text.count('name="contract"')

    assert [chosen(who) for who in ("officer", "owner", "viewer", "liaison")] == [3, 2, 0, 0]


def test_an_empty_list_says_what_to_do(portfolio: Portfolio, browser_of: BrowserOf) -> None:
    assert 'href="/procurements/new"' in browser_of("officer").get("/contracts").text
    assert "Leave out a filter" in browser_of("viewer").get("/contracts?q=nothing").text


def test_what_is_typed_is_shown_as_text(listed: Portfolio, browser_of: BrowserOf) -> None:
    page = browser_of("viewer").get('/contracts?q="><script>alert(1)</script>&supplier_id=' + "0" * 32).text
    assert "<script>alert" not in page


@on_one_database
@pytest.mark.parametrize(("most", "offered"), [(2, 0), (3, 3), (4, 3)])
def test_suppliers_are_to_choose_from_unless_the_own_ones_are_too_many(
    listed: Portfolio, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch, most: int, offered: int
) -> None:
    monkeypatch.setattr(contract_lists, "MOST_SUPPLIERS", most)
    html = browser_of("viewer").get("/contracts").text
    chooser = re.search(r'<select[^>]*name="supplier_id".*?</select>', html, re.DOTALL)
    assert offered == (len(re.findall(r'<option value="[0-9a-f]{32}"', chooser.group())) if chooser else 0)
