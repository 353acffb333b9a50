"""The pages of projects: the overview, a project in a period, an indicator with its history, questions, and who sees
what."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from app.language.formats import capitalised
from app.language.labels import label
from app.rules.codes import Role
from app.storage.session import Database
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.outcomes import SHARE, SLUG, a_figure, a_project, an_indicator, made
from tests.portfolio import Portfolio, _user
from tests.registering import post
from tests.web.page_blocks import Page, Row
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]
HERE = f"/projects/{SLUG}"
PEOPLE: dict[str, Any] = {"target_min": None, "target_on": None, "dimensions": []}
DOUBTFUL = {"indicator": "learnt", "value": 78, "n": 62}


@pytest.fixture
def clock() -> SetClock:
    return SetClock(date(2019, 12, 9))


@pytest.fixture
def project(client: TestClient, portfolio: Portfolio) -> str:
    """21 of 250 finished; a doubtful share."""
    a_project(client, portfolio, summary={"en": "Groups in their own languages."}, budget_eur="1000.00")
    an_indicator(client, portfolio)
    made(client, f"{HERE}/indicators", SHARE, portfolio.reporter)
    a_figure(client, portfolio)
    return str(a_figure(client, portfolio, **DOUBTFUL)["id"])


def shown(browser: SignedInBrowser, path: str, status: int = 200) -> Page:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text[-600:]
    return Page(path, answer.text)


def row_of(page: Page, text: str) -> Row:
    return next(row for row in page.rows if text in row.text)


# --- The overview


@pytest.mark.usefixtures("project")
def test_the_overview_tells_each_figure_with_n_target_period_status_and_age(browser_of: BrowserOf) -> None:
    page = shown(browser_of("viewer"), "/projects")
    assert "Groups in their own languages." in page.text
    row = row_of(page, "Finished")
    for told in ("Took part until the end.", "21 people", "8 % of the target", "at least 250 by 28 February 2021"):
        assert told in row.text
    assert "1 August 2019–30 November 2019" in row.text
    assert "final, 9 days old" in row.text
    assert "n = 62" in row_of(page, "Learnt skills").text


@pytest.mark.usefixtures("project")
def test_a_doubtful_figure_is_marked_and_leads_to_its_question(browser_of: BrowserOf) -> None:
    browser = browser_of("viewer")
    page = shown(browser, "/projects")
    doubtful, sure = row_of(page, "Learnt skills"), row_of(page, "Finished")
    assert "? question" in doubtful.text
    assert "question" not in sure.text
    address = next(link for link in doubtful.links if "#question-" in link)
    path, _, anchor = address.partition("#")
    assert f'id="{anchor}"' in browser.get(path).text
    assert "1 open question" in page.text


@pytest.mark.usefixtures("project")
def test_whoever_may_answer_is_told_what_waits(browser_of: BrowserOf) -> None:
    assert "Questions that wait for your answer" in shown(browser_of("reporter"), "/projects").text
    assert "Questions that wait for your answer" not in shown(browser_of("viewer"), "/projects").text


@pytest.mark.usefixtures("project")
def test_why_two_figures_are_not_added_up_is_told_when_asked(browser_of: BrowserOf) -> None:
    browser = browser_of("viewer")
    asked = f"/projects?one={SLUG}.finished&other={SLUG}.learnt"
    page = shown(browser, asked)
    assert "These two are not added up" in page.text
    assert "different kinds" in page.text
    assert "never added up." in page.text
    assert "These two" not in shown(browser, "/projects").text


@pytest.mark.parametrize("query", ["one=x&other=y", f"one={SLUG}.finished", f"one={SLUG}.finished&other={SLUG}.none"])
@pytest.mark.usefixtures("project")
@on_one_database
def test_a_figure_that_is_none_is_told_on_the_overview(browser_of: BrowserOf, query: str) -> None:
    page = shown(browser_of("viewer"), f"/projects?{query}", 422)
    assert "Check this" in page.text
    assert "21 people" in page.text


def test_without_projects_the_overview_says_so(browser_of: BrowserOf) -> None:
    assert "no projects in your units yet" in shown(browser_of("viewer"), "/projects").text


# --- One project


@pytest.mark.usefixtures("project")
def test_a_project_begins_with_what_is_known_and_what_is_open(browser_of: BrowserOf) -> None:
    page = shown(browser_of("viewer"), HERE)
    assert page.heading == "Women to work"
    assert "Finished: the target is at least 250 by 28 February 2021, and 8 % of it is reached." in page.text
    assert "no whole number gives 78 %" in page.text


@pytest.mark.usefixtures("project")
def test_what_someone_may_do_is_offered_to_them_alone(browser_of: BrowserOf) -> None:
    ways = {f"{HERE}/observations/new", f"{HERE}/indicators/new", f"{HERE}/risks/new", f"{HERE}/milestones/new"}
    assert ways <= set(shown(browser_of("reporter"), HERE).links)
    assert not ways & set(shown(browser_of("viewer"), HERE).links)
    assert f"{HERE}/change" in shown(browser_of("admin"), HERE).links
    assert f"{HERE}/change" not in shown(browser_of("reporter"), HERE).links


def test_a_project_given_to_others_is_only_read(
    client: TestClient, portfolio: Portfolio, project: str, browser_of: BrowserOf
) -> None:
    with portfolio.database.writing() as session:
        _user(session, portfolio.clock, Role.PROJECT_REPORTER, portfolio.root, "second@example.org")
    made(client, f"{HERE}/reporters", {"email": "second@example.org"}, portfolio.admin)
    assert f"{HERE}/observations/new" in shown(browser_of("second"), HERE).links
    assert f"{HERE}/observations/new" not in shown(browser_of("reporter"), HERE).links
    assert project
    assert f"/observations/{project}/correct" not in shown(browser_of("reporter"), f"{HERE}/indicators/learnt").links


@pytest.mark.usefixtures("project")
def test_a_period_leaves_out_what_ended_outside_it(browser_of: BrowserOf) -> None:
    browser = browser_of("viewer")
    assert "21 people" in shown(browser, f"{HERE}?from_on=2019-11-30&to_on=2019-11-30").text
    later = shown(browser, f"{HERE}?from_on=2019-12-01")
    assert "21 people" not in later.text
    assert "No figures have been recorded for this period." in later.text
    assert "no figure yet" in row_of(later, "Finished").text
    assert "21 people" not in shown(browser, f"{HERE}?to_on=2019-11-29").text


@pytest.mark.parametrize("query", ["from_on=2019-12-01&to_on=2019-11-30", "from_on=x", "to_on=2019-13-01"])
@pytest.mark.usefixtures("project")
@on_one_database
def test_a_period_that_is_none_is_told_beside_its_field(browser_of: BrowserOf, query: str) -> None:
    page = shown(browser_of("viewer"), f"{HERE}?{query}", 422)
    assert "Check this" in page.text
    assert "21 people" in page.text


def test_the_flow_of_a_cohort_is_a_picture_and_a_list_of_the_same(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    a_project(client, portfolio)
    names = {"next_step": {"language_course": {"en": "language course"}}}
    an_indicator(client, portfolio, key="started", name={"en": "Started"}, stage="started", **PEOPLE)
    an_indicator(client, portfolio, counted_among="started", stage="finished", category_names=names)
    dropped_out = PEOPLE | {"stage": "dropped_out", "counted_among": "started", "name": {"en": "Left"}}
    an_indicator(client, portfolio, key="dropped_out", **dropped_out)
    for key, value in (("started", 27), ("dropped_out", 6), ("finished", 21)):
        a_figure(client, portfolio, indicator=key, value=value)
    for next_step, value in (("language_course", 4), ("no_plan", 17)):
        a_figure(client, portfolio, value=value, breakdown={"next_step": next_step})
    answer = browser_of("viewer").get(HERE).text
    page = Page(HERE, answer)
    assert "27 started, 6 dropped out and 21 finished" in page.text
    for told in ("21 finished (78 %)", "6 dropped out (22 %)", "4 language course (19 %)", "17 no plan (81 %)"):
        assert told in row_of(page, told).text
        assert told in answer.partition("<desc")[2].partition("</desc>")[0].replace("\N{NO-BREAK SPACE}", " ")
    assert "still taking part" not in page.text


def test_shares_of_one_table_stand_together_with_n_and_interval(
    client: TestClient, portfolio: Portfolio, browser_of: BrowserOf
) -> None:
    a_project(client, portfolio)
    for key, value in (("learnt", 93), ("easier", 81)):
        body = SHARE | {"key": key, "name": {"en": key}, "table": "end_feedback", "headline": False}
        made(client, f"{HERE}/indicators", body, portfolio.reporter)
        a_figure(client, portfolio, indicator=key, value=value, n=83)
    page = shown(browser_of("viewer"), HERE)
    assert "Answers of the same group, n = 83" in page.text
    row = row_of(page, "learnt")
    assert "93 %" in row.text
    assert "85.4–96.8 %" in row.text
    assert "83" in row.text.split()


def test_steps_risks_and_money_are_told(client: TestClient, portfolio: Portfolio, browser_of: BrowserOf) -> None:
    a_project(client, portfolio, budget_eur="1000.00")
    step = {"name": {"en": "Coaches start"}, "starts_on": "2019-11-01", "ends_on": "2019-12-08"}
    made(client, f"{HERE}/milestones", step, portfolio.reporter)
    risk = {"name": {"en": "Few take part"}, "likelihood": 2, "impact": 4, "measures": [{"en": "A panel meets."}]}
    made(client, f"{HERE}/risks", risk | {"review_on": "2019-12-09"}, portfolio.reporter)
    for name, amount in (("Ministry", "800.00"), ("City", "200.40")):
        body = {"kind": "source", "name": {"en": name}, "amount_eur": amount, "source": "Plan"}
        made(client, f"{HERE}/funding", body, portfolio.reporter)
    page = shown(browser_of("viewer"), HERE)
    assert capitalised(label("milestone_state", "late", "en")) in row_of(page, "Coaches start").text
    risk_row = row_of(page, "Few take part")
    for told in ("High risk", "likelihood 2, impact 4", "A panel meets.", "review is due"):
        assert told in risk_row.text
    assert "80 %" in row_of(page, "Ministry").text
    assert "€1,000.40" in row_of(page, "Sources together").text
    assert "but the budget is €1,000" in page.text


# --- An indicator


def test_an_indicator_shows_every_figure_with_its_source_and_what_it_was_before(
    client: TestClient, portfolio: Portfolio, project: str, browser_of: BrowserOf
) -> None:
    change = {"value": 79, "reason": "Slip of the pen"}
    answer = client.patch(f"/api/v1/observations/{project}", json=change, headers=portfolio.reporter)
    assert answer.status_code == 200, answer.text
    page = shown(browser_of("reporter"), f"{HERE}/indicators/learnt")
    assert "Agree that they learnt skills." in page.text
    row = row_of(page, "Report 2019, 3.2")
    assert "79 %" in row.text
    assert "Slip of the pen" in row.text
    assert "figure was 78" in row.text
    assert {f"/observations/{project}/correct", f"/observations/{project}/void"} <= set(row.links)


def test_a_history_of_two_is_drawn_and_the_latest_comes_first(
    client: TestClient, portfolio: Portfolio, project: str, browser_of: BrowserOf
) -> None:
    assert project
    browser, path = browser_of("viewer"), f"{HERE}/indicators/finished"
    assert "polyline" not in browser.get(path).text
    a_figure(client, portfolio, value=12, period_end="2019-09-30", status="preliminary")
    answer = browser.get(path).text
    assert answer.count("<polyline") == 2  # the figures, and the target
    page = Page(path, answer)
    assert "9 more than before" in page.text
    figures = [row.text for row in page.rows if "Report 2019" in row.text]
    assert ["21" in figures[0], "12" in figures[1]] == [True, True]


def test_a_voided_figure_is_told_apart(
    client: TestClient, portfolio: Portfolio, project: str, browser_of: BrowserOf
) -> None:
    voided = post(client, f"/observations/{project}/void", {"reason": "Wrong project"}, portfolio.reporter)
    assert voided.status_code == 200
    page = shown(browser_of("viewer"), f"{HERE}/indicators/learnt")
    assert "No figure yet" in page.text
    assert "Wrong project" in row_of(page, "78 %").text


@pytest.mark.parametrize("path", ["/projects/none", f"{HERE}/indicators/none", "/projects/none/questions"])
@pytest.mark.usefixtures("project")
def test_what_is_not_there_is_not_found(browser_of: BrowserOf, path: str) -> None:
    assert browser_of("admin").get(path).status_code == 404


# --- Questions


def test_an_answered_question_is_listed_with_its_answer_and_marks_nothing(
    client: TestClient, portfolio: Portfolio, project: str, browser_of: BrowserOf
) -> None:
    assert project
    browser = browser_of("reporter")
    page = shown(browser, f"{HERE}/questions")
    assert "1 question waits for an answer." in page.text
    address = next(link for link in page.links if link.startswith(f"{HERE}/questions/"))
    answer = {"answer": "The n is of another table."}
    post(client, f"{HERE}/questions/{address.rpartition('/')[2]}/answer", answer, portfolio.reporter)
    page = shown(browser, f"{HERE}/questions")
    assert "No question waits for an answer." in page.text
    assert "The n is of another table." in row_of(page, "no whole number gives 78 %").text
    assert "? question" not in row_of(shown(browser, "/projects"), "Learnt skills").text


# --- Where reporters begin


def test_who_only_reports_projects_begins_with_them(browser_of: BrowserOf) -> None:
    browser = browser_of("reporter")
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/projects")
    links = shown(browser, "/projects").links
    assert "/projects" in links
    assert "/contracts" not in links


def test_a_reporter_with_another_role_is_told_of_the_projects_on_the_start_page(
    client: TestClient, portfolio: Portfolio, project: str, browser_of: BrowserOf
) -> None:
    assert project
    users = client.get("/api/v1/users", headers=portfolio.admin).json()["items"]
    reporter = next(one["id"] for one in users if one["email"] == "project_reporter@example.org")
    post(client, f"/users/{reporter}/grants", {"role": "viewer", "unit_id": portfolio.root}, portfolio.admin)
    row = row_of(shown(browser_of("reporter"), "/"), "Women to work")
    assert "1 open question" in row.text
    assert f"{HERE}/questions" in row.links
    assert "Women to work" not in shown(browser_of("viewer"), "/").text


# --- Speed


def test_more_figures_ask_the_database_no_more(
    client: TestClient, portfolio: Portfolio, project: str, browser_of: BrowserOf, database: Database
) -> None:
    assert project
    browser, asked = browser_of("viewer"), [0]

    def count(*_: object) -> None:
        asked[0] += 1

    def statements(path: str) -> int:
        asked[0] = 0
        shown(browser, path)
        return asked[0]

    event.listen(database.engine, "before_cursor_execute", count)
    paths = ("/projects", HERE, f"{HERE}/indicators/finished", f"{HERE}/questions")
    before = {path: statements(path) for path in paths}
    for month in range(3, 8):
        for next_step in ("language_course", "no_plan"):
            days = {"period_start": f"2019-{month:02}-01", "period_end": f"2019-{month:02}-28"}
            a_figure(client, portfolio, **days, breakdown={"next_step": next_step})
    assert {path: statements(path) for path in paths} == before
    event.remove(database.engine, "before_cursor_execute", count)
