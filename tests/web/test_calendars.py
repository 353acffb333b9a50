"""The calendar as a program reads it, and the page that makes its address."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any

import icalendar
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.language.catalogues import SUPPORTED
from app.storage import people
from app.storage.models import CalendarFeed
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import a_contract, a_procurement, post
from tests.web.signed_in import SignedInBrowser

Browsers = Callable[[str], SignedInBrowser]
ADDRESS = re.compile(r"https://siepp\.example\.org(/calendar/[0-9a-f]{32}\.ics)")
TITLE = 'Siivous, "Oulunkylä"; pesu\\puhtaus – ' + "pitkä nimi " * 8
TITLES = {
    "fi": (
        "Viimeinen aloituspäivä, kaksi henkilöä: ",
        "Sopimus päättyy: ",
        "Yhdeksän kuukautta täyttyy, yksi henkilö: ",
    ),
    "sv": ("Sista startdag för två personer: ", "Avtalet löper ut: ", "Nio månader blir fulla, en person: "),
    "en": ("Last day for two people to start: ", "The contract ends: ", "One person completes nine months: "),
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a file says does not depend on the database."""
    return sqlite_url


def words(page: Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def make(browser: SignedInBrowser) -> str:
    """Makes an address on the account's page, and gives its path."""
    answer = browser.post_form("/account", {}, "/account/calendar")
    assert answer.status_code == 200, answer.text[:500]
    found = ADDRESS.search(answer.text)
    assert found is not None
    return found[1]


def events(client: TestClient, path: str) -> list[Any]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:500]
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def job(client: TestClient, portfolio: Portfolio, contract_id: str) -> None:
    body = {"starts_on": "2019-02-01", "employment_form": "apprenticeship", "target_group": "immigrant"}
    assert post(client, f"/contracts/{contract_id}/positions", body, portfolio.liaison).status_code == 201


@pytest.fixture
def contract_id(client: TestClient, portfolio: Portfolio) -> str:
    """Three people, one of them at work."""
    clause = {"type": "fixed_count", "positions": 3}
    made = a_contract(client, portfolio, a_procurement(client, portfolio, title=TITLE.strip(), clause=clause))
    job(client, portfolio, made)
    return made


def language_of(database: Database, email: str, language: str) -> None:
    with database.writing() as session:
        user = people.user_by_email(session, email)
        assert user is not None
        user.language = language


# --- The file


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_file_says_each_day_in_the_users_language(
    browser_of: Browsers, client: TestClient, database: Database, contract_id: str, language: str
) -> None:
    language_of(database, "viewer@example.org", language)
    told = {str(one["summary"]): one["dtstart"].dt for one in events(client, make(browser_of("viewer")))}
    start, end, completion = (f"{text}{TITLE.strip()}, S-2018-17" for text in TITLES[language])
    assert told == {start: date(2019, 5, 31), end: date(2020, 2, 28), completion: date(2019, 10, 31)}


def test_an_event_is_a_whole_day_that_keeps_nobody_busy_and_leads_to_its_contract(
    browser_of: Browsers, client: TestClient, contract_id: str, clock: SetClock
) -> None:
    found = events(client, make(browser_of("viewer")))
    assert len({one["uid"] for one in found}) == len(found) == 3
    for one in found:
        assert one["dtstart"].params["VALUE"] == one["dtend"].params["VALUE"] == "DATE"
        assert one["dtend"].dt - one["dtstart"].dt == timedelta(days=1)
        assert one["transp"] == "TRANSPARENT"
        assert one["dtstamp"].dt == clock.now
        assert one["last-modified"].dt <= clock.now
        assert one["url"] == f"https://siepp.example.org/contracts/{contract_id}"
        assert str(one["url"]) in one["description"]
        assert one["sequence"] == 0


def test_the_file_is_one_that_programs_take(browser_of: Browsers, client: TestClient, contract_id: str) -> None:
    answer = client.get(make(browser_of("viewer")))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["cache-control"]
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert (calendar["version"], calendar["calscale"], calendar["method"]) == ("2.0", "GREGORIAN", "PUBLISH")
    assert calendar["name"] == calendar["x-wr-calname"] == "Days of the employment clauses (SIEPP)"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in answer.content
    assert b"X-PUBLISHED-TTL:PT6H\r\n" in answer.content
    lines = answer.content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    assert not calendar.errors
    assert not any(one.errors for one in calendar.walk("VEVENT"))


def test_nothing_of_it_tells_of_a_person(browser_of: Browsers, client: TestClient, contract_id: str) -> None:
    text = client.get(make(browser_of("viewer"))).text.lower().replace("\r\n ", "")
    for told in ("apprentice", "immigrant", "oppisopimus", "maahanmuut", "20190201", "2019-02-01", "owner@"):
        assert told not in text, told


def test_when_something_was_recorded_the_event_is_a_newer_one_of_the_same_name(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, contract_id: str, clock: SetClock
) -> None:
    path = make(browser_of("viewer"))
    before = {one["uid"]: one for one in events(client, path)}
    clock.set(date(2019, 3, 5), time(0, 30))  # in UTC it is still the day before
    body = {"terminated_on": "2019-12-31", "decided_on": "2019-03-05"}
    client.patch(f"/api/v1/contracts/{contract_id}", json=body, headers=portfolio.officer)
    after = {one["uid"]: one for one in events(client, path)}
    assert set(after) <= set(before)
    ends = {one["dtstart"].dt for one in after.values() if one["summary"].startswith("The contract ends")}
    assert ends == {date(2019, 12, 31)}
    assert all(one["sequence"] == 4 for one in after.values())
    assert all(one["last-modified"].dt == datetime(2019, 3, 4, 22, tzinfo=UTC) for one in after.values())


def test_an_empty_calendar_is_a_calendar(browser_of: Browsers, client: TestClient, contract_id: str) -> None:
    assert events(client, make(browser_of("stranger"))) == []


# --- The address


def test_the_address_opens_without_logging_in_and_nothing_else(
    browser_of: Browsers, client: TestClient, contract_id: str
) -> None:
    path = make(browser_of("viewer"))
    stranger = TestClient(client.app)
    assert stranger.get(path).status_code == 200
    assert "set-cookie" not in stranger.get(path).headers
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    assert stranger.get("/api/v1/contracts", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    for other in (f"/calendar/{secret}", f"/calendar/{secret}.ICS", f"/calendar/{secret.upper()}.ics", "/calendar"):
        assert stranger.get(other).status_code == 404


def test_an_address_that_never_was_and_one_that_is_gone_are_told_alike(
    browser_of: Browsers, client: TestClient, contract_id: str
) -> None:
    viewer = browser_of("viewer")
    gone = make(viewer)
    assert viewer.post_form("/account", {}, "/account/calendar/revoke").status_code == 303
    answers = [client.get(path) for path in (gone, f"/calendar/{'0' * 32}.ics", "/calendar/x.ics", "/calendar/%00.ics")]
    assert [one.status_code for one in answers[:3]] == [404] * 3
    assert answers[3].status_code in {404, 422}
    assert answers[0].text == answers[1].text == answers[2].text


def test_an_address_made_anew_replaces_the_one_before(
    browser_of: Browsers, client: TestClient, contract_id: str
) -> None:
    viewer = browser_of("viewer")
    first, second = make(viewer), make(viewer)
    assert client.get(first).status_code == 404
    assert len(events(client, second)) == 3


def test_the_address_is_never_logged(
    browser_of: Browsers, client: TestClient, contract_id: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = make(browser_of("viewer"))
    capfd.readouterr()
    client.get(path)
    client.get("/calendar/" + "0" * 32 + ".ics")
    logged = "".join(capfd.readouterr())
    assert logged.count("/calendar/{secret}.ics") == 2
    assert path.removeprefix("/calendar/").removesuffix(".ics") not in logged
    assert "0" * 32 not in logged


def test_reading_is_written_down_once_a_day(
    browser_of: Browsers, client: TestClient, database: Database, contract_id: str, clock: SetClock
) -> None:
    path = make(browser_of("viewer"))
    first = clock.now
    moments = [first, first + timedelta(hours=23), first + timedelta(hours=24)]
    noted = []
    for moment in moments:
        clock.now = moment
        assert client.get(path).status_code == 200
        with database.reading() as session:
            feed = session.query(CalendarFeed).one()
            noted.append(feed.read_at)
    assert noted == [first, first, moments[2]]


# --- The page of the account


def test_the_page_shows_the_address_once_and_says_how_to_use_it(browser_of: Browsers, contract_id: str) -> None:
    viewer = browser_of("viewer")
    assert "Make a calendar address" in words(viewer.get("/account"))
    answer = viewer.post_form("/account", {}, "/account/calendar")
    assert "Copy it now: it is shown this once" in words(answer)
    assert "Outlook" in words(answer)
    assert "Google" in words(answer)
    again = viewer.get("/account")
    assert ADDRESS.search(again.text) is None
    assert "not read yet" in words(again)


def test_the_same_form_sent_twice_makes_one_address(browser_of: Browsers, client: TestClient) -> None:
    viewer = browser_of("viewer")
    form = viewer.form("/account", "/account/calendar")
    found = ADDRESS.search(viewer.send(form, {}, "/account").text)
    assert found is not None
    answer = viewer.send(form, {}, "/account")
    assert answer.status_code == 303
    assert "It was shown once" in words(viewer.get(answer.headers["location"].partition("#")[0]))
    assert client.get(found[1]).status_code == 200


def test_taking_it_away_says_so_and_a_second_time_is_no_trouble(browser_of: Browsers) -> None:
    viewer = browser_of("viewer")
    make(viewer)
    form = viewer.form("/account", "/account/calendar/revoke")
    assert viewer.send(form, {}, "/account").headers["location"] == "/account?done=calendar_revoked#calendar"
    assert "was taken away" in words(viewer.get("/account?done=calendar_revoked"))
    form["fields"] = [(name, value if name != "once" else "another") for name, value in form["fields"]]
    assert viewer.send(form, {}, "/account").status_code == 404


def test_who_only_reports_projects_is_offered_no_calendar_of_contracts(browser_of: Browsers) -> None:
    assert "calendar address" not in words(browser_of("reporter").get("/account"))
