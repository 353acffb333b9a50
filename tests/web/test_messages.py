"""Messages on pages: what was sent to whom and why, what failed, trying again; nothing for those outside."""

from collections.abc import Callable
from datetime import date

import pytest

from app.config import Settings
from app.jobs import daily_check, delivery
from app.language.mail_failures import failure
from app.storage.models import Contract, Message
from app.storage.session import Database
from notifications.senders import PermanentSendError, RecordingSender, TemporarySendError
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser

Browsers = Callable[[str], SignedInBrowser]


@pytest.fixture
def queued(portfolio: Portfolio, database: Database, clock: SetClock) -> str:
    """Id of the one message that waits, to the owner of a contract in the division."""
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)
    with database.reading() as session:
        return session.query(Message).one().id


def test_the_list_says_to_whom_why_and_about_which_contract(browser_of: Browsers, queued: str) -> None:
    html = browser_of("viewer").get("/messages").text
    assert f'href="/messages/{queued}"' in html
    for told in (
        "owner@example.org",
        "The time to start is running out",
        "Siivouspalvelut 1",
        "S-1",
        "Waits to be sent",
    ):
        assert told in html
    assert "/retry" not in html


def test_a_waiting_message_is_shown_as_it_would_go_and_without_the_owners_links(
    browser_of: Browsers, queued: str
) -> None:
    html = browser_of("officer").get(f"/messages/{queued}").text
    assert "The text as it would go now" in html
    assert "31.5.2019" in html
    assert "/owner/…" in html
    assert "/owner/ey" not in html


def test_the_text_that_went_stays_as_it_went(
    browser_of: Browsers, queued: str, database: Database, settings: Settings, clock: SetClock
) -> None:
    sender = RecordingSender()
    delivery.deliver_all(database, settings, sender, clock)
    html = browser_of("viewer").get(f"/messages/{queued}").text
    assert "The text as it went" in html
    assert str(sender.sent[0].message["Message-ID"]).strip("<>") in html
    secret = str(sender.sent[0].message).partition("/owner/")[2].split()[0].rstrip("=")
    assert secret[:20] not in html


def test_what_was_refused_is_told_in_plain_words_and_tried_again(
    browser_of: Browsers, queued: str, database: Database, settings: Settings, clock: SetClock
) -> None:
    sender = RecordingSender([PermanentSendError("550 5.1.1 no such user (in answer to RCPT TO)")])
    delivery.deliver_all(database, settings, sender, clock)
    officer, page = browser_of("officer"), f"/messages/{queued}"
    listed = officer.get("/messages?status=refused").text
    assert "The recipient&#39;s mail server does not know the address" in listed
    assert "/retry" not in browser_of("viewer").get(page).text
    form = officer.form(page)
    answer = officer.send(form, {})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?done=retried")
    assert officer.send(form, {}).headers["location"] == f"{page}?done=retried"
    delivery.deliver_all(database, settings, sender, clock)
    assert len(sender.sent) == 1
    assert officer.send(form, {"once": "another", "version": ""}).status_code == 409


def test_a_message_put_off_says_when_it_is_tried_next(
    browser_of: Browsers, queued: str, database: Database, settings: Settings, clock: SetClock
) -> None:
    failing = RecordingSender([TemporarySendError("mail.example.org:25: the connection was refused")])
    delivery.deliver_all(database, settings, failing, clock)
    html = browser_of("officer").get("/messages").text
    assert "The mail server could not be reached" in html
    assert "Tried once" in html


def test_a_withdrawn_message_says_why(
    browser_of: Browsers, queued: str, portfolio: Portfolio, database: Database, settings: Settings, clock: SetClock
) -> None:
    with database.reading() as session:
        contract_id = session.query(Contract).one().id
    officer = browser_of("officer")
    body = {"starts_on": "2019-03-01", "employment_form": "employment", "target_group": "youth"}
    made = officer.client.post(f"/api/v1/contracts/{contract_id}/positions", json=body, headers=portfolio.liaison)
    assert made.status_code == 201
    delivery.deliver_all(database, settings, RecordingSender(), clock)
    html = officer.get(f"/messages/{queued}").text
    assert "The message was not sent" in html
    assert "the situation had changed, and the reason no longer held" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("status=queued", True),
        ("status=sent", False),
        ("to=OWNER@", True),
        ("to=olli", True),
        ("to=maija", False),
        ("contract=s-1", True),
        ("contract=SIIVOUS", True),
        ("contract=katu", False),
        ("for_on=2.3.2019", True),
        ("for_on=2019-03-01", False),
        ("status=&to=&contract=&for_on=", True),
        ("contract_id=0123456789abcdef0123456789abcdef", False),
    ],
)
def test_filters_are_in_the_address(browser_of: Browsers, queued: str, query: str, found: bool) -> None:
    answer = browser_of("viewer").get(f"/messages?{query}")
    assert answer.status_code == 200
    assert (f'href="/messages/{queued}"' in answer.text) is found


@pytest.mark.parametrize("query", ["status=lost", "for_on=yesterday", "contract_id=x"])
@on_one_database
def test_a_filter_that_makes_no_sense_is_said_to_be_so(browser_of: Browsers, queued: str, query: str) -> None:
    answer = browser_of("viewer").get(f"/messages?{query}")
    assert answer.status_code == 422
    assert 'id="errors"' in answer.text


def test_pages_follow_each_other(
    browser_of: Browsers, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    for number in range(3):
        portfolio.contract(owner=f"owner{number}@example.org")
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)
    viewer, address, seen = browser_of("viewer"), "/messages?limit=2&to=owner", []
    while address:
        html = viewer.get(address).text
        seen += [part.split('"')[0] for part in html.split('<th scope="row"><a href="/messages/')[1:]]
        more = [part.split('"')[0] for part in html.split('class="button secondary" href="')[1:] if "cursor=" in part]
        address = more[0].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 3


def test_who_sees_only_a_part_of_a_message_reads_neither_its_subject_nor_its_text(
    browser_of: Browsers, portfolio: Portfolio, database: Database, clock: SetClock, settings: Settings
) -> None:
    portfolio.contract(unit_id=portfolio.division)
    portfolio.contract(unit_id=portfolio.other_root)
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)
    delivery.deliver_all(database, settings, RecordingSender(), clock)
    with database.reading() as session:
        message = session.query(Message).one()
    for who, own, foreign in [
        ("viewer", "Siivouspalvelut 1", "Siivouspalvelut 2"),
        ("stranger", "Siivouspalvelut 2", "Siivouspalvelut 1"),
    ]:
        for path in ("/messages", f"/messages/{message.id}"):
            html = browser_of(who).get(path).text
            assert own in html
            assert foreign not in html
            assert message.subject not in html


def test_outside_ones_units_a_message_does_not_exist(browser_of: Browsers, queued: str) -> None:
    stranger = browser_of("stranger")
    assert queued not in stranger.get("/messages").text
    assert stranger.get(f"/messages/{queued}").status_code == 404
    csrf = dict(stranger.form("/messages", "/language")["fields"])["csrf"]
    assert stranger.client.post(f"/messages/{queued}/retry", data={"csrf": csrf}).status_code == 404


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("550 5.1.1 unknown (in answer to RCPT TO)", "address_unknown"),
        ("550 5.7.1 looks like spam (in answer to the message)", "refused_by_rules"),
        ("452 4.2.2 mailbox full (in answer to RCPT TO)", "mailbox_full"),
        ("450 greylisted (in answer to RCPT TO)", "try_later"),
        ("mail.example.org:25: the server did not answer in time", "unreachable"),
        ("the server did not accept the user name and password (535)", "settings"),
        ("while the message was being handed over: the server closed the connection", "may_have_arrived"),
        ("The message could not be put into words.", "not_worded"),
        ("something new", "unknown"),
    ],
)
def test_what_the_mail_server_said_becomes_plain_words(reason: str, code: str) -> None:
    assert failure(reason) == code
