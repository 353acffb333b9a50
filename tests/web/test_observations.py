"""Figures by form: recorded, doubted before they are saved, corrected, voided."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.storage.models import Indicator, Observation
from app.storage.session import Database
from tests.conftest import SetClock
from tests.outcomes import SHARE, SLUG, a_figure, a_project, an_indicator
from tests.portfolio import Portfolio
from tests.registering import get, patch
from tests.web.signed_in import SignedInBrowser, form_in

BrowserOf = Callable[[str], SignedInBrowser]
NEW = f"/projects/{SLUG}/observations/new"
OF_FINISHED = f"{NEW}?indicator=finished"
OF_SHARE = f"{NEW}?indicator=learnt"
TYPED = {"period_start": "1.8.2019", "period_end": "30.11.2019", "source": "Raportti 2019, luku 3.2"}
IDENTITY_CODE = "131052-308T"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the forms send is written alike on both: tests/api/test_observations.py."""
    return sqlite_url


@pytest.fixture(autouse=True)
def project(client: TestClient, portfolio: Portfolio, clock: SetClock) -> None:
    """Women to work on the first of December 2019, with a count and a share, and no figure yet."""
    clock.now = clock.now.replace(year=2019, month=12, day=1)
    a_project(client, portfolio)
    an_indicator(client, portfolio)
    an_indicator(client, portfolio, **SHARE)


def kept(client: TestClient, portfolio: Portfolio) -> list[dict[str, Any]]:
    found = get(client, f"/projects/{SLUG}/observations", portfolio.reporter)["items"]
    return [one for one in found if not one["voided"]]


def test_without_an_indicator_one_is_chosen_by_its_definition(browser_of: BrowserOf) -> None:
    page = browser_of("reporter").get(NEW).text
    assert "Took part until the end." in page
    assert f'href="{OF_FINISHED}"' in page


def test_a_figure_is_saved_at_once_where_nothing_is_doubtful(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    reporter = browser_of("reporter")
    answer = reporter.post_form(OF_FINISHED, TYPED | {"value": "1 021"}, NEW)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(f"/projects/{SLUG}/indicators/finished?done=observation_recorded")
    (figure,) = kept(client, portfolio)
    assert (figure["value"], figure["period_start"], figure["period_end"]) == (1021, "2019-08-01", "2019-11-30")
    assert "1,021" in reporter.get(answer.headers["location"]).text


def test_the_definition_and_the_latest_figures_stand_beside_and_the_next_period_is_offered_with_no_source_yet(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    a_figure(client, portfolio, period_start="2019-08-01", period_end="2019-09-30", value=9)
    page = browser_of("reporter").get(OF_FINISHED)
    assert "Took part until the end." in page.text
    assert "9\N{NO-BREAK SPACE}people" in page.text
    fields = dict(form_in(page.text, NEW)["fields"])
    assert (fields["period_start"], fields["period_end"]) == ("2019-10-01", "2019-11-30")
    assert fields["source"] == ""


def test_questions_are_shown_before_saving_with_two_ways_on(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    reporter = browser_of("reporter")
    answer = reporter.post_form(OF_SHARE, TYPED | {"value": "78 %", "n": "62"}, NEW)
    assert answer.status_code == 200
    assert "If n is 62, no whole number gives 78" in answer.text
    assert kept(client, portfolio) == []
    form = form_in(answer.text, NEW)
    assert dict(form["fields"])["value"] == "78 %"
    keys = re.search(r'name="confirmed" value="([0-9a-f ]+)"', answer.text)
    assert keys is not None
    saved = reporter.send(form, {"confirmed": keys[1]})
    assert saved.status_code == 303
    (figure,) = kept(client, portfolio)
    assert (figure["value"], figure["n"]) == (78, 62)
    page = reporter.get(saved.headers["location"]).text
    assert f'href="/projects/{SLUG}/questions"' in page


def test_who_confirms_one_doubt_is_still_asked_about_another(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    reporter = browser_of("reporter")
    answer = reporter.post_form(OF_SHARE, TYPED | {"value": "78", "n": "62"}, NEW)
    keys = re.search(r'name="confirmed" value="([0-9a-f ]+)"', answer.text)
    assert keys is not None
    again = reporter.send(form_in(answer.text, NEW), {"confirmed": keys[1], "value": "67"})
    assert again.status_code == 200
    assert "no whole number gives 67" in again.text
    assert kept(client, portfolio) == []


def test_corrected_before_saving_it_is_saved_without_further_ado(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    reporter = browser_of("reporter")
    answer = reporter.post_form(OF_SHARE, TYPED | {"value": "78", "n": "62"}, NEW)
    assert reporter.send(form_in(answer.text, NEW), {"n": "54"}).status_code == 303
    assert kept(client, portfolio)[0]["questions"] == []


def test_the_script_is_told_what_is_doubtful_and_nothing_is_written(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    reporter = browser_of("reporter")
    form = reporter.form(OF_SHARE, NEW)
    data = dict(form["fields"]) | TYPED | {"numerator": "13", "denominator": "62"}
    preview = f"/projects/{SLUG}/observations/preview"
    piece = reporter.client.post(preview, data=data, headers={"X-Part": "follows"})
    assert "21\N{NO-BREAK SPACE}%" in piece.text
    assert "<html" not in piece.text
    doubtful = reporter.client.post(preview, data=data | {"numerator": "63"}, headers={"X-Part": "follows"})
    assert "larger than the denominator" in doubtful.text
    assert kept(client, portfolio) == []


def test_without_script_the_whole_form_comes_back_with_what_is_doubtful(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    reporter = browser_of("reporter")
    form = reporter.form(OF_SHARE, NEW) | {"action": f"/projects/{SLUG}/observations/preview"}
    page = reporter.send(form, TYPED | {"value": "78", "n": "62"})
    assert page.status_code == 200
    assert "no whole number gives 78" in page.text
    assert dict(form_in(page.text, NEW)["fields"])["n"] == "62"
    assert kept(client, portfolio) == []


def test_a_form_sent_twice_records_once(browser_of: BrowserOf, client: TestClient, portfolio: Portfolio) -> None:
    reporter = browser_of("reporter")
    form = reporter.form(OF_FINISHED, NEW)
    first, second = (reporter.send(form, TYPED | {"value": "21", "status": "final"}) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert len(kept(client, portfolio)) == 1


WRONG = (
    ({"value": "many"}, "value"),
    ({"value": "-1"}, "value"),
    ({"value": "2,5"}, "value"),
    ({"value": "", "note.fi": ""}, "value"),
    ({"period_start": "31.2.2019"}, "period_start"),
    ({"period_end": "1.7.2019"}, "period_end"),
    ({"period_start": "2.12.2019", "period_end": "3.12.2019"}, "period_start"),
    ({"source": ""}, "source"),
    ({"status": "certain"}, "status"),
)


def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(browser_of: BrowserOf) -> None:
    reporter = browser_of("reporter")
    for wrong, field in WRONG:
        answer = reporter.post_form(OF_FINISHED, TYPED | {"value": "21", "note.fi": "Muistiin"} | wrong, NEW)
        assert answer.status_code == 422, wrong
        assert f'id="{field}-error"' in answer.text, wrong
        assert ("Muistiin" in answer.text) is (wrong.get("note.fi") is None)


WRONG_SHARES = (
    ({"numerator": "3"}, "denominator"),
    ({"denominator": "3"}, "numerator"),
    ({"numerator": "3", "denominator": "0"}, "denominator"),
    ({"numerator": "3", "denominator": "10", "value": "31"}, "value"),
    ({"value": "30", "n": "ten"}, "n"),
)


def test_a_share_is_refused_at_the_field_that_is_wrong(browser_of: BrowserOf) -> None:
    reporter = browser_of("reporter")
    for wrong, field in WRONG_SHARES:
        answer = reporter.post_form(OF_SHARE, TYPED | wrong, NEW)
        assert answer.status_code == 422, wrong
        assert f'id="{field}-error"' in answer.text, wrong


def test_an_identity_code_is_refused_beside_its_field_and_never_shown(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    answer = browser_of("reporter").post_form(OF_FINISHED, TYPED | {"value": "1", "note.sv": IDENTITY_CODE}, NEW)
    assert answer.status_code == 422
    assert 'id="note.sv-error"' in answer.text
    assert IDENTITY_CODE not in answer.text
    assert kept(client, portfolio) == []


def test_a_new_part_is_named_as_people_write_it_and_offered_from_then_on(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    reporter = browser_of("reporter")
    a_figure(client, portfolio, value=21)
    answer = reporter.post_form(OF_FINISHED, TYPED | {"value": "4", "new_part.next_step": "Työkokeilu"}, NEW)
    assert answer.status_code == 303, answer.text
    part = next(one for one in kept(client, portfolio) if one["breakdown"])
    assert part["breakdown"] == {"next_step": "tyokokeilu"}
    with database.reading() as session:
        indicator = session.query(Indicator).filter_by(key="finished").one()
        assert indicator.category_names == {"next_step": {"tyokokeilu": {"en": "Työkokeilu"}}}
    landed = reporter.get(answer.headers["location"]).text
    onward = re.search(rf'href="({NEW}\?indicator=finished&amp;like=[0-9a-f]+)"', landed)
    assert onward is not None
    page = reporter.get(onward[1].replace("&amp;", "&")).text
    fields = dict(form_in(page, NEW)["fields"])
    assert (fields["period_start"], fields["source"]) == ("2019-08-01", TYPED["source"])
    assert fields["breakdown.next_step"] == ""
    assert ">Työkokeilu</option>" in page


def test_a_correction_keeps_the_earlier_figure_and_shows_it_beside(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    figure = a_figure(client, portfolio, indicator="learnt", value="78.0", n=54)
    reporter, page = browser_of("reporter"), f"/observations/{figure['id']}/correct"
    assert "78.0\N{NO-BREAK SPACE}%" in reporter.get(page).text
    assert dict(reporter.form(page, page)["fields"])["value"] == "78.0"
    unchanged = reporter.post_form(page, {"reason": "Slip"}, page)
    assert unchanged.status_code == 422
    assert 'id="value-error"' in unchanged.text
    without = reporter.post_form(page, {"value": "80"}, page)
    assert 'id="reason-error"' in without.text
    answer = reporter.post_form(page, {"value": "79,6", "reason": "Slip in the report"}, page)
    assert answer.status_code == 303, answer.text
    (corrected,) = kept(client, portfolio)
    assert (corrected["value"], corrected["n"], corrected["period_start"]) == (79.6, 54, "2019-08-01")
    (before,) = get(client, f"/observations/{figure['id']}/corrections", portfolio.reporter)["items"]
    assert (before["before"], before["reason"]) == ({"value": "78.0"}, "Slip in the report")


def test_a_correction_overtaken_by_another_shows_both_and_overwrites_nothing(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    figure = a_figure(client, portfolio)
    reporter, page = browser_of("reporter"), f"/observations/{figure['id']}/correct"
    form = reporter.form(page, page)
    patch(client, f"/observations/{figure['id']}", {"value": 22, "reason": "First"}, portfolio.reporter)
    answer = reporter.send(form, {"value": "23", "reason": "Second"})
    assert answer.status_code == 412
    assert "<td>22</td><td>23</td>" in answer.text
    assert kept(client, portfolio)[0]["value"] == 22
    assert reporter.send(form_in(answer.text, page), {}).status_code == 303
    assert kept(client, portfolio)[0]["value"] == 23


def test_a_figure_is_voided_with_a_reason(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    figure = a_figure(client, portfolio)
    reporter, page = browser_of("reporter"), f"/observations/{figure['id']}/void"
    assert 'id="reason-error"' in reporter.post_form(page, {"reason": ""}, page).text
    answer = reporter.post_form(page, {"reason": "Of another project"}, page)
    assert answer.headers["location"] == f"/projects/{SLUG}/indicators/finished?done=observation_voided"
    with database.reading() as session:
        assert session.get_one(Observation, figure["id"]).void_reason == "Of another project"


def test_who_may_only_read_sees_no_form_and_writes_nothing(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    figure = a_figure(client, portfolio)
    for who, status in (("viewer", 403), ("stranger", 404)):
        browser = browser_of(who)
        csrf = dict(browser.form("/account", "/account")["fields"])["csrf"]
        for page in (NEW, OF_FINISHED, f"/observations/{figure['id']}/correct", f"/observations/{figure['id']}/void"):
            assert browser.get(page).status_code == status, (who, page)
            data = {"csrf": csrf, "indicator": "finished", "value": "1", "reason": "x", **TYPED}
            assert browser.client.post(page, data=data).status_code == status, (who, page)
    assert [one["value"] for one in kept(client, portfolio)] == [21]


def test_a_computed_indicator_is_not_typed(browser_of: BrowserOf, client: TestClient, portfolio: Portfolio) -> None:
    patch(client, f"/projects/{SLUG}", {"programme": "SIEPP"}, portfolio.admin)
    changes = {"unit": "count", "computation": "tenders_with_clause", "dimensions": [], "target_min": None}
    an_indicator(client, portfolio, key="tenders", target_on=None, **changes)
    reporter = browser_of("reporter")
    assert f"{NEW}?indicator=tenders" not in reporter.get(NEW).text
    assert reporter.get(f"{NEW}?indicator=tenders").status_code == 422
    assert reporter.get(f"{NEW}?indicator=unheard_of").status_code == 404
