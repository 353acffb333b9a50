"""Money, timetable and risks of a project by form; and the answers to questions about its figures."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.outcomes import SHARE, SLUG, a_figure, a_project, an_indicator, made
from tests.portfolio import Portfolio
from tests.registering import get, patch
from tests.web.signed_in import SignedInBrowser, form_in

BrowserOf = Callable[[str], SignedInBrowser]
QUESTIONS = f"/projects/{SLUG}/questions"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the forms send is written alike on both: tests/api/test_milestones.py, test_risks.py, test_funding.py."""
    return sqlite_url


class Part(NamedTuple):
    """A kind of part: where on the project's page it stands, what is typed for a new one, what the API then gives of
    it, a change as typed and as given, the same field as another has changed it meanwhile, and wrong inputs."""

    noun: str
    place: str
    typed: dict[str, str]
    given: dict[str, Any]
    change: tuple[dict[str, str], dict[str, Any]]
    meanwhile: tuple[dict[str, Any], str]
    wrong: list[tuple[dict[str, str], str]]


MILESTONES = Part(
    "milestones",
    "timetable",
    {"name.fi": "Valmentajat aloittavat", "package.fi": "Paketti 2", "starts_on": "1.12.2019", "ends_on": "31.12.2019"},
    {"name": {"fi": "Valmentajat aloittavat"}, "package": {"fi": "Paketti 2"}, "starts_on": "2019-12-01"},
    ({"done_on": "14.12.2019", "package.fi": "", "note": "Valmis"}, {"done_on": "2019-12-14", "package": None}),
    ({"note": "Siirtyi"}, "<td>Siirtyi</td><td>Valmis</td>"),
    [
        ({"name.fi": ""}, "name.fi"),
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": "30.11.2019"}, "ends_on"),
        ({"done_on": "16.12.2019"}, "done_on"),
        ({"note": "131052-308T"}, "note"),
    ],
)
RISKS = Part(
    "risks",
    "risks",
    {"name.fi": "Osallistujia on vähän", "likelihood": "2", "impact": "4", "measures.1.fi": "Asiakasraati"},
    {"name": {"fi": "Osallistujia on vähän"}, "likelihood": 2, "impact": 4, "measures": [{"fi": "Asiakasraati"}]},
    (
        {"likelihood": "1", "measures.0.fi": "", "measures.1.en": "A panel", "reviewed_on": "15.12.2019"},
        {"likelihood": 1, "measures": [{"en": "A panel"}], "reviewed_on": "2019-12-15"},
    ),
    ({"likelihood": 3}, "<td>3</td><td>1</td>"),
    [
        ({"name.fi": ""}, "name.fi"),
        ({"likelihood": "5"}, "likelihood"),
        ({"impact": "0"}, "impact"),
        ({"review_on": "some day"}, "review_on"),
        ({"measures.1.fi": "", "measures.2.sv": "131052-308T"}, "measures.0.sv"),
    ],
)
FUNDING = Part(
    "funding",
    "money",
    {"kind": "source", "name.fi": "ESR", "share_percent": "75 %", "source": "Päätös"},
    {"kind": "source", "name": {"fi": "ESR"}, "share_percent": 75, "amount_eur": None, "source": "Päätös"},
    ({"share_percent": "", "amount_eur": "96 614,25"}, {"share_percent": None, "amount_eur": "96614.25"}),
    ({"share_percent": 70}, "<td>70</td><td>–</td>"),
    [
        ({"name.fi": ""}, "name.fi"),
        ({"share_percent": "101"}, "share_percent"),
        ({"amount_eur": "1"}, "share_percent"),
        ({"until_on": "1.12.2019"}, "until_on"),
        ({"kind": "use", "share_percent": ""}, "amount_eur"),
        ({"kind": "use", "share_percent": "", "amount_eur": "10"}, "until_on"),
        ({"kind": "use", "share_percent": "", "amount_eur": "10", "until_on": "16.12.2019"}, "until_on"),
    ],
)
PARTS = [MILESTONES, RISKS, FUNDING]
by_noun = pytest.mark.parametrize("part", PARTS, ids=[part.noun for part in PARTS])


@pytest.fixture(autouse=True)
def project(client: TestClient, portfolio: Portfolio, clock: SetClock) -> None:
    clock.now = clock.now.replace(year=2019, month=12, day=15)
    a_project(client, portfolio)


def new_page(part: Part) -> str:
    return f"/projects/{SLUG}/{part.noun}/new"


def listed(client: TestClient, portfolio: Portfolio, part: Part) -> list[Any]:
    items: list[Any] = get(client, f"/projects/{SLUG}/{part.noun}", portfolio.viewer)["items"]
    return items


def added(client: TestClient, portfolio: Portfolio, part: Part) -> str:
    body = {name: value for name, value in part.given.items() if value is not None}
    body |= {"ends_on": "2019-12-31"} if part is MILESTONES else {}
    return str(made(client, f"/projects/{SLUG}/{part.noun}", body, portfolio.reporter)["id"])


def shows(found: Any, wanted: dict[str, Any]) -> bool:
    return {name: found[name] for name in wanted} == wanted


@by_noun
def test_a_part_is_added_once_however_often_it_is_sent(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio, part: Part
) -> None:
    reporter, page = browser_of("reporter"), new_page(part)
    form = reporter.form(page, page)
    for _ in range(2):
        answer = reporter.send(form, part.typed)
        code = {"milestones": "milestone", "risks": "risk", "funding": "funding"}[part.noun]
        assert answer.headers["location"] == f"/projects/{SLUG}?done={code}_added#{part.place}"
    assert f'id="{part.place}"' in reporter.get(answer.headers["location"]).text
    (found,) = listed(client, portfolio, part)
    assert shows(found, part.given)


@by_noun
def test_what_is_wrong_is_told_beside_its_field(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio, part: Part
) -> None:
    reporter = browser_of("reporter")
    for wrong, field in part.wrong:
        answer = reporter.post_form(new_page(part), part.typed | wrong, new_page(part))
        assert answer.status_code == 422, answer.text
        assert f'id="{field}-error"' in answer.text, wrong
        assert "131052-308T" not in answer.text
    assert listed(client, portfolio, part) == []


@by_noun
def test_a_part_is_changed_and_the_rest_of_it_kept(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio, part: Part
) -> None:
    page = f"/{part.noun}/{added(client, portfolio, part)}/change"
    (before,) = listed(client, portfolio, part)
    reporter = browser_of("reporter")
    assert reporter.post_form(page, {}, page).status_code == 303
    assert listed(client, portfolio, part) == [before]
    typed, given = part.change
    assert reporter.post_form(page, typed, page).status_code == 303
    (found,) = listed(client, portfolio, part)
    assert shows(found, given)
    assert found["name"] == before["name"]


@by_noun
def test_a_stale_change_shows_both_and_overwrites_only_when_sent_again(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio, part: Part
) -> None:
    part_id = added(client, portfolio, part)
    page, (body, both) = f"/{part.noun}/{part_id}/change", part.meanwhile
    reporter = browser_of("reporter")
    form = reporter.form(page, page)
    patch(client, f"/{part.noun}/{part_id}", body, portfolio.reporter)
    answer = reporter.send(form, part.change[0])
    assert answer.status_code == 412
    assert both in answer.text
    assert shows(listed(client, portfolio, part)[0], body)
    assert reporter.send(form_in(answer.text, page), {}).status_code == 303
    assert shows(listed(client, portfolio, part)[0], part.change[1])


@by_noun
def test_a_part_is_voided_with_a_reason_and_once(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio, part: Part
) -> None:
    page = f"/{part.noun}/{added(client, portfolio, part)}/void"
    reporter = browser_of("reporter")
    form = reporter.form(page, page)
    assert 'id="reason-error"' in reporter.post_form(page, {}, page).text
    assert reporter.send(form, {"reason": "Twice"}).status_code == 303
    assert listed(client, portfolio, part)[0]["voided"]
    again = reporter.post_form(page, {"reason": "Thrice"}, page)
    assert again.status_code == 409


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
@by_noun
def test_who_may_only_read_writes_no_part(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio, who: str, status: int, part: Part
) -> None:
    part_id = added(client, portfolio, part)
    before = listed(client, portfolio, part)
    browser = browser_of(who)
    csrf = dict(browser.form("/account", "/account")["fields"])["csrf"]
    for page in (new_page(part), f"/{part.noun}/{part_id}/change", f"/{part.noun}/{part_id}/void"):
        assert browser.get(page).status_code == status, page
        data = {"csrf": csrf, "reason": "x", **part.typed}
        assert browser.client.post(page, data=data).status_code == status, page
    assert listed(client, portfolio, part) == before


def a_question(client: TestClient, portfolio: Portfolio) -> str:
    an_indicator(client, portfolio, **SHARE)
    a_figure(client, portfolio, indicator="learnt", value=78, n=62)
    return str(get(client, QUESTIONS, portfolio.viewer)["items"][0]["key"])


def test_a_question_is_answered_beside_its_figures(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    page = f"{QUESTIONS}/{a_question(client, portfolio)}"
    reporter = browser_of("reporter")
    shown = reporter.get(page).text
    assert "If n is 62, no whole number gives 78" in shown
    assert f'href="/projects/{SLUG}/indicators/learnt"' in shown
    assert "/correct" in shown
    empty = reporter.post_form(page, {"answer": ""}, page)
    assert empty.status_code == 422
    assert 'id="answer-error"' in empty.text
    secret = reporter.post_form(page, {"answer": "She is 131052-308T"}, page)
    assert secret.status_code == 422
    assert "131052-308T" not in secret.text
    answer = reporter.post_form(page, {"answer": "The right n is 54."}, page)
    assert answer.headers["location"] == f"{QUESTIONS}?done=question_answered"
    (found,) = get(client, QUESTIONS, portfolio.viewer)["items"]
    assert found["answer"] == "The right n is 54."
    assert "The right n is 54." in reporter.get(page).text


def test_a_question_answered_by_another_meanwhile_is_said_to_be(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio
) -> None:
    key = a_question(client, portfolio)
    page = f"{QUESTIONS}/{key}"
    reporter = browser_of("reporter")
    form = reporter.form(page, page)
    made(client, f"{page}/answer", {"answer": "First"}, portfolio.admin)
    answer = reporter.send(form, {"answer": "Second"})
    assert answer.status_code == 409
    assert "First" in answer.text


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
def test_who_may_only_read_sees_the_question_and_answers_nothing(
    browser_of: BrowserOf, client: TestClient, portfolio: Portfolio, who: str, status: int
) -> None:
    page = f"{QUESTIONS}/{a_question(client, portfolio)}"
    browser = browser_of(who)
    shown = browser.get(page)
    assert shown.status_code == (200 if who == "viewer" else 404)
    assert 'name="answer"' not in shown.text
    csrf = dict(browser.form("/account", "/account")["fields"])["csrf"]
    assert browser.client.post(page, data={"csrf": csrf, "answer": "x"}).status_code == status
    assert get(client, QUESTIONS, portfolio.admin)["items"][0]["answer"] is None


def test_a_question_that_nobody_asks_is_not_found(browser_of: BrowserOf) -> None:
    assert browser_of("reporter").get(f"{QUESTIONS}/{'0' * 64}").status_code == 404
