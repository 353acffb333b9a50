"""All parts of a whole by one form: together or not at all, with their sum."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.outcomes import SHARE, SLUG, a_figure, a_project, an_indicator
from tests.portfolio import Portfolio
from tests.registering import get
from tests.web.signed_in import SignedInBrowser, form_in

BrowserOf = Callable[[str], SignedInBrowser]
TABLE = f"/projects/{SLUG}/observations/table"
PAGE = f"{TABLE}?indicator=finished&dimension=next_step"
TYPED = {"period_start": "1.8.2019", "period_end": "30.11.2019", "source": "Raportti 2019", "status": "final"}
NAMES = {"language_course": {"fi": "kielikurssi", "en": "language course"}, "employed": {"en": "employed"}}


@pytest.fixture(autouse=True)
def project(client: TestClient, portfolio: Portfolio, clock: SetClock) -> None:
    """Women to work on the first of December 2019, with two next steps that have words."""
    clock.now = clock.now.replace(year=2019, month=12, day=1)
    a_project(client, portfolio)
    an_indicator(client, portfolio, category_names={"next_step": NAMES})


def kept(client: TestClient, portfolio: Portfolio) -> list[tuple[dict[str, str], Any]]:
    found = get(client, f"/projects/{SLUG}/observations", portfolio.reporter)["items"]
    return sorted(((one["breakdown"], one["value"]) for one in found), key=lambda one: list(one[0].values()))


def test_all_parts_and_the_whole_are_recorded_together(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    reporter = browser_of("reporter")
    page = reporter.get(PAGE).text
    assert page.index("Language course") < page.index("Employed") < page.index("New part")
    values = {"rows.0.value": "4", "rows.1.value": "3", "rows.3.name": "Työkokeilu", "rows.3.value": "14"}
    answer = reporter.send(form_in(page, TABLE), TYPED | values | {"whole.value": "21"})
    assert answer.headers["location"] == f"/projects/{SLUG}/indicators/finished?done=table_recorded"
    assert kept(client, portfolio) == [
        ({}, 21),
        ({"next_step": "employed"}, 3),
        ({"next_step": "language_course"}, 4),
        ({"next_step": "tyokokeilu"}, 14),
    ]
    assert "Työkokeilu" in reporter.get(PAGE).text


WRONG = (
    ({"rows.1.value": "three"}, "rows.1.value"),
    ({"rows.1.value": "2,5"}, "rows.1.value"),
    ({"whole.value": "-1"}, "whole.value"),
    ({"rows.2.value": "3"}, "rows.2.name"),
    ({"rows.2.name": "kielikurssi 131052-308T", "rows.2.value": "3"}, "rows.2.name"),
    ({"period_end": "1.7.2019"}, "period_end"),
    ({"period_end": "soon"}, "period_end"),
    ({"source": ""}, "source"),
    ({"rows.0.value": ""}, "rows.0.value"),
)


def test_one_wrong_row_keeps_all_from_being_recorded_and_is_named(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    reporter = browser_of("reporter")
    for wrong, field in WRONG:
        answer = reporter.post_form(PAGE, TYPED | {"rows.0.value": "4"} | wrong, TABLE)
        assert answer.status_code == 422, answer.text
        assert f'id="{field}-error"' in answer.text, wrong
        assert "131052-308T" not in answer.text
    assert kept(client, portfolio) == []


def test_a_part_that_has_a_final_figure_already_keeps_all_from_being_recorded(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    a_figure(client, portfolio, value=3, breakdown={"next_step": "employed"})
    answer = browser_of("reporter").post_form(PAGE, TYPED | {"rows.0.value": "4", "rows.1.value": "3"}, TABLE)
    assert answer.status_code == 422
    assert "already a final figure" in answer.text
    assert kept(client, portfolio) == [({"next_step": "employed"}, 3)]


def test_the_same_new_part_twice_is_refused(browser_of: BrowserOf, client: TestClient, portfolio: Portfolio) -> None:
    twice = {"rows.2.name": "Muu", "rows.2.value": "1", "rows.3.name": "muu", "rows.3.value": "1"}
    answer = browser_of("reporter").post_form(PAGE, TYPED | twice, TABLE)
    assert answer.status_code == 422
    assert kept(client, portfolio) == []


def test_parts_that_do_not_add_up_are_asked_about_and_saved_all_the_same_where_confirmed(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    reporter = browser_of("reporter")
    a_figure(client, portfolio, value=21)
    answer = reporter.post_form(PAGE, TYPED | {"rows.0.value": "4", "rows.1.value": "30"}, TABLE)
    assert answer.status_code == 200
    assert "The part is larger than the whole: 30 of 21" in answer.text
    keys = re.search(r'name="confirmed" value="([0-9a-f ]+)"', answer.text)
    assert keys is not None
    assert reporter.send(form_in(answer.text, TABLE), {"confirmed": keys[1]}).status_code == 303
    assert len(kept(client, portfolio)) == 3


def test_the_sum_is_told_while_the_table_is_filled_in_beside_the_whole_typed_or_recorded(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    reporter = browser_of("reporter")
    data = dict(reporter.form(PAGE, TABLE)["fields"]) | TYPED | {"rows.0.value": "4", "rows.1.value": "3"}

    def told(**more: str) -> str:
        headers = {"X-Part": "follows"}
        return reporter.client.post(f"{TABLE}/preview", data=data | more, headers=headers).text

    assert "The parts add up to 7." in told()
    assert "The parts add up to 7, the whole is 8." in told(**{"whole.value": "8"})
    a_figure(client, portfolio, value=21)
    assert "The parts add up to 7, the whole is 21." in told()
    assert len(kept(client, portfolio)) == 1


def test_shares_have_percentages_with_one_n_or_counts_and_rates_are_not_added_up(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    an_indicator(client, portfolio, **SHARE | {"dimensions": ["situation", "age_group"]})
    reporter = browser_of("reporter")
    at = f"{TABLE}?indicator=learnt&dimension="
    rows = {"rows.0.name": "At work", "rows.0.value": "6 %", "rows.1.name": "Other"}
    rows |= {"rows.1.numerator": "27", "rows.1.denominator": "54", "n": "54"}
    form = reporter.form(f"{at}situation", TABLE)
    preview = {"headers": {"X-Part": "follows"}}
    data = dict(form["fields"]) | TYPED | rows
    assert "The parts add up to 56" in reporter.client.post(f"{TABLE}/preview", data=data, **preview).text
    data["dimension"] = "age_group"
    assert "add up to" not in reporter.client.post(f"{TABLE}/preview", data=data, **preview).text
    answer = reporter.send(form, TYPED | rows | {"status": "preliminary"})
    assert answer.status_code == 303, answer.text
    found = get(client, f"/projects/{SLUG}/observations", portfolio.reporter)["items"]
    assert [(one["value"], one["n"], one["numerator"]) for one in found] == [(6, 54, None), (50, 54, 27)]


def test_a_table_sent_twice_is_recorded_once(browser_of: BrowserOf, client: TestClient, portfolio: Portfolio) -> None:
    reporter = browser_of("reporter")
    form = reporter.form(PAGE, TABLE)
    answers = [reporter.send(form, TYPED | {"rows.0.value": "4", "status": "preliminary"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len(kept(client, portfolio)) == 1


def test_a_dimension_that_the_indicator_does_not_have_is_no_table(browser_of: BrowserOf) -> None:
    reporter = browser_of("reporter")
    assert reporter.get(f"{TABLE}?indicator=finished&dimension=age_group").status_code == 404
    assert "Finished" in reporter.get(TABLE).text
    assert browser_of("viewer").get(PAGE).status_code == 403
    assert browser_of("stranger").get(PAGE).status_code == 404
