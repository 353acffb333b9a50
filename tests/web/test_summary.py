"""The summary page: figures, picture and table say the same, to whoever may see them."""

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from app.jobs import daily_check
from app.web.charts import MAX_GRID_LINES, Series, bars, grid, time_chart
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]
HIRE = {"starts_on": "2019-03-01", "employment_form": "employment", "target_group": "immigrant", "channel": "team"}


@pytest.fixture
def city(portfolio: Portfolio, clock: SetClock, client: TestClient) -> Portfolio:
    """Two positions required, one of them begun today; a breached contract; one of another city."""
    clock.set(date(2018, 3, 1))
    contract_id = portfolio.contract(positions=2)
    portfolio.contract(ends_on=date(2019, 2, 1))
    portfolio.contract(unit_id=portfolio.other_root, positions=7)
    clock.set(date(2019, 3, 1))
    client.post(f"/api/v1/contracts/{contract_id}/positions", json=HIRE, headers=portfolio.liaison)
    daily_check.run_check(portfolio.database, clock.today, clock)
    return portfolio


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\N{NO-BREAK SPACE}", " ")


def page(browser: SignedInBrowser, query: str = "") -> str:
    answer = browser.get(f"/summary{query}")
    assert answer.status_code == 200, answer.text[:400]
    return answer.text


def test_the_sentence_comes_first_and_leads_to_what_is_lost(city: Portfolio, browser_of: BrowserOf) -> None:
    html = page(browser_of("viewer"))
    text = text_of(html)
    assert "On 1 March 2019 3 positions are required. One has been filled. 2 are still missing." in text
    assert "/contracts?status=cannot_be_met&amp;status=breached" in html


def test_everyone_sees_their_own_trees_only(city: Portfolio, browser_of: BrowserOf) -> None:
    assert "7 positions are required" in text_of(page(browser_of("stranger")))
    assert "Vantaa" not in page(browser_of("viewer"))
    assert "you see no contract" in text_of(page(browser_of("reporter")))


def test_statuses_lead_to_the_list_of_today_only(city: Portfolio, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    assert 'href="/contracts?status=' in page(viewer)
    past = page(viewer, "?as_of=2019-02-28")
    assert 'href="/contracts?' not in past
    assert "This is what is known of that day now." in past


@pytest.mark.parametrize("group_by", ["unit", "clause_type", "supplier", "year"])
def test_groups_of_contracts_add_up(city: Portfolio, browser_of: BrowserOf, group_by: str) -> None:
    html = page(browser_of("viewer"), f"?group_by={group_by}")
    whole = re.search(r'<tr class="whole">(.*?)</tr>', html, re.DOTALL)
    assert whole is not None
    assert text_of(whole[1]).split() == ["All", "2", "3", "3", "1", "0", "1", "2"]


@pytest.mark.parametrize(
    ("group_by", "name"),
    [("target_group", "Immigrant"), ("employment_form", "Employment"), ("channel", "Team services")],
)
def test_groups_of_jobs_require_nothing(city: Portfolio, browser_of: BrowserOf, group_by: str, name: str) -> None:
    html = page(browser_of("viewer"), f"?group_by={group_by}")
    assert re.search(rf'<tr><th scope="row">{name}</th>\s*<td class="n">1</td>', html)
    assert '<tr class="whole">' not in html


def test_the_picture_is_named_and_needs_no_style_of_its_own(city: Portfolio, browser_of: BrowserOf) -> None:
    html = page(browser_of("viewer"), "?from_on=2018-01-01")
    (svg,) = re.findall(r'<svg class="lines".*?</svg>\s*<ul class="legend', html, re.DOTALL)
    picture = ElementTree.fromstring(svg.rpartition("<ul")[0])  # noqa: S314 - our own page
    assert picture.get("role") == "img"
    named = {element.get("id"): element.text or "" for element in picture if element.get("id")}
    assert set((picture.get("aria-labelledby") or "").split()) == set(named)
    assert "1 March 2019" in named["over-time-title"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Required: 0" in named["over-time-description"]
    assert " style=" not in html
    assert "<style" not in html


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?as_of=yesterday", "This is not a date"),
        ("?as_of=2019-03-02", "That day is still to come"),
        ("?group_by=weather", "Choose one of the alternatives"),
        ("?from_on=1066-10-14", "date"),
    ],
)
@on_one_database
def test_a_wrong_question_is_told_beside_the_field(
    city: Portfolio, browser_of: BrowserOf, query: str, told: str
) -> None:
    answer = browser_of("viewer").get(f"/summary{query}")
    assert answer.status_code == 422
    assert told in answer.text
    assert f'<a href="#{query[1:].partition("=")[0]}">' in answer.text
    assert "3 positions are required" in text_of(answer.text)


def test_a_picture_that_begins_after_the_day_is_a_point(city: Portfolio, browser_of: BrowserOf) -> None:
    assert "over-time-title" in page(browser_of("viewer"), "?as_of=2019-02-28&from_on=2019-03-01")


@pytest.mark.parametrize("largest", [0, 1, 5, 6, 10, 11, 49, 51, 99, 100, 12_345])
def test_the_axis_has_few_round_numbers_and_room_for_all(largest: int) -> None:
    amounts = grid(largest)
    assert amounts[0] == 0
    assert amounts[-1] >= max(largest, 1)
    assert len(amounts) <= MAX_GRID_LINES
    assert str(amounts[1]).rstrip("0") in {"1", "2", "5"}


def test_what_nobody_knows_is_a_gap_and_no_zero() -> None:
    days = [date(2019, month, 1) for month in (1, 2, 3, 4)]
    texts = [str(day) for day in days]
    series = [Series("required", "required", [1, 1, 1, 1]), Series("most", "at the most", [4, None, 3, None])]
    chart = time_chart(days, texts, texts, series, band=(0, 1))
    assert [len(line.pieces) for line in chart.lines] == [1, 2]
    assert len(chart.band) == 2
    assert chart.lines[1].last is None
    assert len(chart.lines[1].dots) == 2


def test_figures_at_the_ends_of_lines_stay_apart_and_inside() -> None:
    days = [date(2019, 1, 31), date(2019, 2, 28)]
    texts = [str(day) for day in days]
    series = [Series(str(number), "", [0, number % 2]) for number in range(5)]
    chart = time_chart(days, texts, texts, series, band=(0, 1))
    places = sorted(float(line.label) for line in chart.lines)
    assert all(after - before > 8 for before, after in pairwise(places))
    assert places[-1] <= 100


def test_bars_share_one_scale() -> None:
    first, second = bars([("a", 10, 5, 5), ("b", None, 20, 0)])
    assert (first.required, first.filled, first.completed) == ("50", "25", "25")
    assert (second.required, second.filled, second.completed) == (None, "100", "0")
