"""Who is told instead of an owner who cannot be reached: told once, told why, and never nobody."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

from app.config import Settings
from app.jobs import daily_check, delivery
from app.rules import policy
from app.rules.owners import OutOfReach, is_closed_for_long, out_of_reach
from app.storage.models import Grant, Message, Owner, Told, User
from app.storage.session import Database
from notifications.senders import (
    Delivery,
    PermanentSendError,
    RecipientPutOff,
    RecipientRefused,
    RecordingSender,
    SendError,
    TemporarySendError,
)
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import get, patch, post, refusal
from tests.web.signed_in import SignedInBrowser

OWNER, DEPUTY, ADMIN = "owner@example.org", "deputy@example.org", "admin@example.org"
NO_SUCH_USER = RecipientRefused("550 5.1.1 no such user (in answer to RCPT TO)")
FULL = RecipientPutOff("552 5.2.2 mailbox full (in answer to RCPT TO)")
CLOSED = timedelta(days=policy.MAILBOX_CLOSED_DAYS)
DAY = date(2019, 3, 2)
Sending = Callable[..., RecordingSender]


@pytest.fixture
def deliver(database: Database, settings: Settings, clock: SetClock) -> Sending:
    """The day's check, then the delivery, whose first attempts fail as said."""

    def send(*failures: SendError | None, check: bool = True, sender: RecordingSender | None = None) -> RecordingSender:
        sender = sender or RecordingSender(failures)
        if check:
            daily_check.run_check(database, clock.today, clock)
        delivery.deliver_all(database, settings, sender, clock)
        return sender

    return send


@pytest.fixture
def owner_id(client: TestClient, portfolio: Portfolio, clock: SetClock) -> str:
    """Of a contract that is at risk from DAY on."""
    contract_id = portfolio.contract(owner=OWNER)
    clock.set(DAY)
    return str(get(client, f"/contracts/{contract_id}", portfolio.officer)["owner"]["id"])


def change(client: TestClient, portfolio: Portfolio, owner_id: str, **body: Any) -> dict[str, Any]:
    answer = patch(client, f"/owners/{owner_id}", body, portfolio.officer)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def told_to(sender: RecordingSender) -> list[tuple[str, ...]]:
    return [one.recipients for one in sender.sent]


def text_of(sender: RecordingSender) -> str:
    body = sender.sent[-1].message.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


@pytest.mark.parametrize(
    ("left_on", "expected"), [(DAY - timedelta(1), "left"), (DAY, "left"), (DAY + timedelta(1), None), (None, None)]
)
def test_someone_has_left_from_the_day_on(left_on: date | None, expected: str | None) -> None:
    assert out_of_reach(left_on, None, DAY) == expected


def test_having_left_is_told_before_a_refused_address(clock: SetClock) -> None:
    assert out_of_reach(None, clock.now, DAY) is OutOfReach.UNDELIVERABLE
    assert out_of_reach(DAY, clock.now, DAY) is OutOfReach.LEFT


@pytest.mark.usefixtures("owner_id")
def test_a_refused_address_sends_the_same_mail_to_the_administrators_at_once_with_why(
    deliver: Sending, database: Database
) -> None:
    sender = deliver(NO_SUCH_USER)
    assert told_to(sender) == [(ADMIN,)]
    assert "Olli Omistaja" in text_of(sender)
    assert "https://siepp.example.org/owners/" in text_of(sender)
    with database.reading() as session:
        (message,) = session.scalars(select(Message))
        assert (message.status, message.to_email, message.attempts) == ("sent", ADMIN, 2)
        assert len(session.scalars(select(Told)).all()) == 1


@pytest.mark.usefixtures("owner_id")
def test_what_was_told_instead_is_never_told_again(deliver: Sending, clock: SetClock) -> None:
    deliver(NO_SUCH_USER)
    assert told_to(deliver()) == []
    clock.set(DAY + timedelta(1))
    assert told_to(deliver()) == []


def test_the_next_mail_goes_to_the_administrators_without_asking_the_server_again(
    deliver: Sending, clock: SetClock, owner_id: str
) -> None:
    deliver(NO_SUCH_USER)
    clock.set(date(2019, 5, 1))  # thirty days are left: another step
    assert told_to(deliver()) == [(ADMIN,)]


def test_a_deputy_comes_before_the_administrators_and_reads_in_their_own_language(
    client: TestClient, portfolio: Portfolio, deliver: Sending, owner_id: str
) -> None:
    deputy = {"email": DEPUTY, "name": "Sanna Sijainen", "language": "sv"}
    shown = change(client, portfolio, owner_id, deputy=deputy)
    assert shown["deputy"] == {"name": "Sanna Sijainen", "email": DEPUTY}
    sender = deliver(NO_SUCH_USER)
    assert told_to(sender) == [(DEPUTY,)]
    assert sender.sent[0].message["Content-Language"] in {None, "sv"}
    assert "ställföreträdare" in text_of(sender)


def test_a_deputy_is_not_asked_while_the_owner_can_be_reached(
    client: TestClient, portfolio: Portfolio, deliver: Sending, owner_id: str
) -> None:
    change(client, portfolio, owner_id, deputy={"email": DEPUTY, "name": "Sanna Sijainen"})
    assert told_to(deliver()) == [(OWNER,)]


def test_where_the_deputy_cannot_be_reached_either_the_administrators_are_told(
    client: TestClient, portfolio: Portfolio, deliver: Sending, owner_id: str
) -> None:
    change(client, portfolio, owner_id, deputy={"email": DEPUTY, "name": "Sanna Sijainen"})
    assert told_to(deliver(NO_SUCH_USER, NO_SUCH_USER)) == [(ADMIN,)]


@pytest.mark.usefixtures("owner_id")
def test_of_two_mails_that_are_refused_at_once_neither_stays_with_nobody(
    deliver: Sending, database: Database, clock: SetClock
) -> None:
    class AnotherWasRefused(RecordingSender):
        def send(self, message: EmailMessage, sender: str, recipients: Sequence[str]) -> Delivery:
            if not self.sent and OWNER in recipients:
                with database.writing() as session:
                    owner = session.scalars(select(Owner).where(Owner.email == OWNER)).one()
                    owner.undeliverable_since = clock.now
                raise NO_SUCH_USER
            return super().send(message, sender, recipients)

    assert told_to(deliver(sender=AnotherWasRefused())) == [(ADMIN,)]


@pytest.mark.parametrize(("left_on", "reader"), [(DAY, ADMIN), (DAY + timedelta(1), OWNER)])
def test_an_owner_who_has_left_is_written_to_no_more(
    client: TestClient, portfolio: Portfolio, deliver: Sending, owner_id: str, left_on: date, reader: str
) -> None:
    change(client, portfolio, owner_id, left_on=left_on.isoformat())
    sender = deliver()
    assert told_to(sender) == [(reader,)]
    assert ("no longer answers for contracts" in text_of(sender)) is (reader == ADMIN)


@pytest.mark.usefixtures("owner_id")
def test_a_failure_for_now_is_no_bounce(deliver: Sending, clock: SetClock, database: Database) -> None:
    assert told_to(deliver(TemporarySendError("451 later"))) == []
    clock.now += timedelta(minutes=5)
    assert told_to(deliver(check=False)) == [(OWNER,)]
    with database.reading() as session:
        assert session.scalars(select(Owner.undeliverable_since)).all() == [None]


@pytest.mark.parametrize(("seconds", "long"), [(-1, False), (0, True), (1, True)])
def test_a_mailbox_is_closed_for_long_after_days(clock: SetClock, seconds: int, long: bool) -> None:
    assert is_closed_for_long(clock.now, clock.now + CLOSED + timedelta(seconds=seconds)) is long


@pytest.mark.usefixtures("owner_id")
def test_a_mailbox_that_stays_full_for_days_sends_the_mail_to_whoever_stands_in(
    deliver: Sending, clock: SetClock
) -> None:
    assert told_to(deliver(FULL)) == []
    clock.now += CLOSED - timedelta(seconds=1)
    assert told_to(deliver(FULL, check=False)) == []
    clock.now += timedelta(hours=8)
    assert told_to(deliver(FULL, check=False)) == [(ADMIN,)]


def test_a_deputy_whose_mailbox_is_full_has_days_of_their_own(
    client: TestClient, portfolio: Portfolio, deliver: Sending, clock: SetClock, owner_id: str
) -> None:
    change(client, portfolio, owner_id, deputy={"email": DEPUTY, "name": "Sanna Sijainen"})
    deliver(FULL)
    clock.now += CLOSED
    assert told_to(deliver(FULL, FULL, check=False)) == []  # the owner, then the deputy
    clock.now += timedelta(hours=8)
    assert told_to(deliver(FULL, check=False)) == []
    clock.now += CLOSED
    assert told_to(deliver(FULL, check=False)) == [(ADMIN,)]


@pytest.mark.usefixtures("owner_id")
def test_a_mailbox_of_which_something_else_was_heard_meanwhile_begins_anew(deliver: Sending, clock: SetClock) -> None:
    """Who was only put off before and after the mail server was away is not gone."""
    deliver(FULL)
    clock.now += CLOSED / 2
    deliver(TemporarySendError("the connection was refused"), check=False)
    clock.now += CLOSED / 2
    assert told_to(deliver(FULL, check=False)) == []


def test_a_new_address_is_given_the_same_days(
    client: TestClient, portfolio: Portfolio, deliver: Sending, clock: SetClock, owner_id: str
) -> None:
    deliver(FULL)
    clock.now += CLOSED
    change(client, portfolio, owner_id, email="olli@example.org")
    assert told_to(deliver(FULL, check=False)) == []


@pytest.mark.usefixtures("owner_id")
def test_a_full_mailbox_is_tried_on_where_nobody_else_can_be_told(
    deliver: Sending, database: Database, clock: SetClock
) -> None:
    with database.writing() as session:
        session.execute(delete(Grant).where(Grant.role == "admin"))
    deliver(FULL)
    for _ in range(3):
        clock.now += CLOSED
        assert told_to(deliver(FULL, check=False)) == []
    clock.now += timedelta(hours=8)
    assert told_to(deliver(check=False)) == [(OWNER,)]


@pytest.mark.usefixtures("owner_id")
def test_a_mail_refused_for_what_is_in_it_is_no_bounce(
    deliver: Sending, client: TestClient, portfolio: Portfolio
) -> None:
    assert told_to(deliver(PermanentSendError("554 spam"))) == []
    assert len(get(client, "/messages", portfolio.officer, status="refused")["items"]) == 1


def test_administrators_of_the_nearest_unit_come_first_and_all_of_them_read_it(
    deliver: Sending, portfolio: Portfolio, database: Database, owner_id: str
) -> None:
    with database.writing() as session:
        viewer = session.scalars(select(User).where(User.email == "viewer@example.org")).one()
        session.add(Grant(user_id=viewer.id, role="admin", unit_id=portfolio.office, created_at=viewer.created_at))
        admin = session.scalars(select(User).where(User.email == ADMIN)).one()
        session.add(Grant(user_id=admin.id, role="admin", unit_id=portfolio.office, created_at=viewer.created_at))
    portfolio.contract(owner="second@example.org", unit_id=portfolio.office)
    sender = deliver(NO_SUCH_USER, None, NO_SUCH_USER)  # each is tried again at once
    assert told_to(sender) == [(ADMIN,), ("viewer@example.org", ADMIN)]
    to = sender.sent[-1].message["To"].addresses  # the mail has arrived where any of them takes it
    assert [one.addr_spec for one in to] == ["viewer@example.org", ADMIN]


@pytest.mark.usefixtures("owner_id")
def test_where_there_is_nobody_else_the_refused_mail_is_shown_to_people(
    deliver: Sending, client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    with database.writing() as session:
        session.scalars(select(User).where(User.email == ADMIN)).one().active = False
    assert told_to(deliver(NO_SUCH_USER)) == []
    assert len(get(client, "/messages", portfolio.officer, status="refused")["items"]) == 1


def test_a_corrected_address_gets_the_mails_again(
    client: TestClient, portfolio: Portfolio, deliver: Sending, clock: SetClock, owner_id: str
) -> None:
    deliver(NO_SUCH_USER)
    assert get(client, f"/owners/{owner_id}", portfolio.officer)["undeliverable_since"] is not None
    shown = change(client, portfolio, owner_id, email="right@example.org")
    assert shown["undeliverable_since"] is None
    clock.set(date(2019, 5, 1))
    assert told_to(deliver()) == [("right@example.org",)]


@pytest.mark.parametrize(("typed", "reader"), [({}, ADMIN), ({"works_again": "true"}, OWNER)])
def test_an_address_gets_the_mails_again_once_the_page_says_that_it_works_and_not_before(
    browser_of: Callable[[str], SignedInBrowser],
    deliver: Sending,
    clock: SetClock,
    owner_id: str,
    typed: dict[str, str],
    reader: str,
) -> None:
    """Of a mailbox that was full the address is right, and whoever saves something else does not say that it works."""
    deliver(FULL)
    clock.now += CLOSED
    assert told_to(deliver(FULL, check=False)) == [(ADMIN,)]
    assert browser_of("officer").post_form(f"/owners/{owner_id}", typed, f"/owners/{owner_id}").status_code == 303
    clock.set(date(2019, 5, 1))
    assert told_to(deliver()) == [(reader,)]


@pytest.mark.usefixtures("owner_id")
def test_trying_a_refused_mail_again_believes_the_address_once_more(
    client: TestClient, portfolio: Portfolio, deliver: Sending, database: Database
) -> None:
    with database.writing() as session:
        session.scalars(select(User).where(User.email == ADMIN)).one().active = False
    deliver(NO_SUCH_USER)
    (message,) = get(client, "/messages", portfolio.officer, status="refused")["items"]
    post(client, f"/messages/{message['id']}/retry", {}, portfolio.officer)
    assert told_to(deliver(check=False)) == [(OWNER,)]


def test_whoever_stands_in_gets_no_link_that_acts_in_the_owners_name(
    deliver: Sending, database: Database, owner_id: str
) -> None:
    sender = deliver(NO_SUCH_USER)
    assert sender.sent[0].message["List-Unsubscribe"] is None
    assert "#reminders" not in text_of(sender)


def test_two_organisations_never_read_of_each_others_contracts(
    deliver: Sending, portfolio: Portfolio, clock: SetClock, database: Database, owner_id: str
) -> None:
    portfolio.contract(owner=OWNER, unit_id=portfolio.other_root)
    with database.writing() as session:
        stranger = session.scalars(select(User).where(User.email == "stranger@example.org")).one()
        session.add(
            Grant(user_id=stranger.id, role="admin", unit_id=portfolio.other_root, created_at=stranger.created_at)
        )
    first = deliver(NO_SUCH_USER)
    clock.set(DAY + timedelta(1))
    second = deliver()
    assert sorted(told_to(first) + told_to(second)) == [(ADMIN,), ("stranger@example.org",)]
    with database.reading() as session:
        told = session.scalars(select(Told.contract_id).where(Told.withdrawn_at.is_(None))).all()
    assert len(told) == len(set(told)) == 2


def test_another_organisations_deputy_is_neither_renamed_nor_given_another_address(
    client: TestClient, portfolio: Portfolio, deliver: Sending, owner_id: str
) -> None:
    """Else whoever hands them a contract could read the other organisation's mails."""
    change(client, portfolio, owner_id, deputy={"email": DEPUTY, "name": "Sanna Sijainen"})
    theirs = portfolio.contract(owner="theirs@example.org", unit_id=portfolio.other_root)
    taken = {"owner": {"email": DEPUTY, "name": "Someone Else", "language": "en"}, "note": None}
    assert post(client, f"/contracts/{theirs}/handover", taken, portfolio.stranger).status_code in {200, 201}
    deputy_id = get(client, f"/contracts/{theirs}", portfolio.stranger)["owner"]["id"]
    answer = patch(client, f"/owners/{deputy_id}", {"email": "stranger@example.org"}, portfolio.stranger)
    assert answer.status_code == 403, answer.text
    shown = get(client, f"/owners/{owner_id}", portfolio.officer)
    assert shown["deputy"] == {"name": "Sanna Sijainen", "email": DEPUTY}
    assert (DEPUTY,) in told_to(deliver(NO_SUCH_USER))


def test_nobody_is_their_own_deputy(client: TestClient, portfolio: Portfolio, owner_id: str) -> None:
    answer = patch(client, f"/owners/{owner_id}", {"deputy": {"email": OWNER}}, portfolio.officer)
    assert refusal(answer) == (422, "deputy.email", "deputy_is_owner")


@pytest.mark.parametrize(
    ("left_on", "readers"), [(DAY, ("new@example.org",)), (DAY + timedelta(1), ("new@example.org", OWNER))]
)
def test_an_owner_who_has_left_gets_no_copy_of_what_the_next_one_reads(
    client: TestClient, portfolio: Portfolio, deliver: Sending, owner_id: str, left_on: date, readers: tuple[str, ...]
) -> None:
    change(client, portfolio, owner_id, left_on=left_on.isoformat())
    (contract,) = get(client, "/contracts", portfolio.officer)["items"]
    new = {"owner": {"email": "new@example.org", "name": "Ulla Uusi"}, "note": None}
    assert post(client, f"/contracts/{contract['id']}/handover", new, portfolio.officer).status_code in {200, 201}
    assert told_to(deliver(check=False)) == [readers]


def test_a_deputy_is_taken_back_by_null(client: TestClient, portfolio: Portfolio, owner_id: str) -> None:
    change(client, portfolio, owner_id, deputy={"email": DEPUTY, "name": "Sanna Sijainen"})
    assert change(client, portfolio, owner_id, deputy=None)["deputy"] is None


def test_the_start_page_and_the_owners_page_say_whom_mails_do_not_reach(
    browser_of: Callable[[str], SignedInBrowser], deliver: Sending, owner_id: str
) -> None:
    officer = browser_of("officer")
    assert f"/owners/{owner_id}" not in officer.get("/").text
    deliver(NO_SUCH_USER)
    assert f"/owners/{owner_id}" in officer.get("/").text
    assert f"/owners/{owner_id}" not in browser_of("viewer").get("/").text


def test_the_owners_page_changes_what_the_api_changes(
    client: TestClient, browser_of: Callable[[str], SignedInBrowser], portfolio: Portfolio, owner_id: str
) -> None:
    officer = browser_of("officer")
    typed = {"left_on": "31.3.2019", "deputy.email": DEPUTY, "deputy.name": "Sanna Sijainen"}
    answer = officer.post_form(f"/owners/{owner_id}", typed, f"/owners/{owner_id}")
    assert answer.status_code == 303, answer.text
    shown = get(client, f"/owners/{owner_id}", portfolio.officer)
    assert (shown["left_on"], shown["deputy"]["email"], shown["email"]) == ("2019-03-31", DEPUTY, OWNER)
    assert "<form" not in browser_of("viewer").get(f"/owners/{owner_id}").text.partition("<main")[2]


@pytest.mark.parametrize(("failure", "status"), [(NO_SUCH_USER, "refused"), (FULL, "queued")])
def test_a_mail_about_two_units_without_a_common_administrator_is_not_tried_without_end(
    client: TestClient,
    portfolio: Portfolio,
    deliver: Sending,
    database: Database,
    clock: SetClock,
    failure: SendError,
    status: str,
) -> None:
    clock.set(DAY)
    with database.writing() as session:
        admin = session.scalars(select(User).where(User.email == ADMIN)).one()
    for name in ("Harbour", "Forest"):
        body = {"name": name, "parent_id": portfolio.root}
        unit_id = post(client, "/units", body, portfolio.admin).json()["id"]
        portfolio.contract(owner=OWNER, unit_id=unit_id)
        with database.writing() as session:
            session.add(Grant(user_id=admin.id, role="admin", unit_id=unit_id, created_at=admin.created_at))
    with database.writing() as session:
        session.execute(delete(Grant).where(Grant.role == "admin", Grant.unit_id == portfolio.root))
    deliver(*[failure] * 20)
    clock.now += CLOSED
    assert told_to(deliver(*[failure] * 20, check=False)) == []
    with database.reading() as session:
        (message,) = session.scalars(select(Message))
        assert (message.status, message.attempts) == (status, 1 if status == "refused" else 2)
