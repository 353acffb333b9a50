"""Alerts to those who run the service: each trouble once a day, true when it is read, on both databases."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from threading import Thread

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select, update
from structlog.testing import capture_logs

from app.config import Settings
from app.jobs import daily_check, delivery, watch
from app.rules import policy
from app.rules.watch import Trouble
from app.services.clocks import CLOCKS_APART
from app.services.queue import LONGEST
from app.storage.models import Alert, Grant, Message, Unit, User
from app.storage.session import Database
from notifications.senders import PermanentSendError, RecordingSender, SendError, TemporarySendError
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.witnesses import checked_daily

ADMIN, ALERT_TO = "admin@example.org", "it@example.org"
DAY = date(2019, 3, 2)
Watch = Callable[..., list[Trouble]]
AWAY = TemporarySendError("the connection was refused")


@pytest.fixture
def sender() -> RecordingSender:
    return RecordingSender()


@pytest.fixture
def look(database: Database, settings: Settings, clock: SetClock, sender: RecordingSender) -> Watch:
    def run(*failures: SendError | None, alert_to: tuple[str, ...] = ()) -> list[Trouble]:
        sender.failures = list(failures)
        return watch.look(database, replace(settings, alert_to=alert_to), sender, clock)

    return run


@pytest.fixture
def checked(database: Database, portfolio: Portfolio, clock: SetClock) -> None:
    """A contract at risk; the check of DAY is done at seven, and its mail waits."""
    portfolio.contract()
    clock.set(DAY, time(7))
    daily_check.run_check(database, clock.today, clock)


def readers(sender: RecordingSender) -> list[str]:
    return [one.recipients[0] for one in sender.sent]


def subjects(sender: RecordingSender) -> list[str]:
    return [str(one.message["Subject"]) for one in sender.sent]


def statuses(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Alert.status).order_by(Alert.id)))


def test_nothing_is_wrong_with_an_empty_database(look: Watch, clock: SetClock, sender: RecordingSender) -> None:
    clock.set(DAY, time(23))
    assert look() == []
    assert sender.sent == []


@pytest.mark.usefixtures("portfolio")
def test_a_missed_check_is_told_to_the_administrators_once_a_day(
    look: Watch, clock: SetClock, sender: RecordingSender
) -> None:
    clock.set(DAY, time(9, 59))
    assert look() == [Trouble.CHECK_MISSING]  # that of yesterday was never done either
    assert readers(sender) == [ADMIN]
    clock.set(DAY, time(18))
    look()
    assert len(sender.sent) == 1
    clock.set(DAY + timedelta(1), time(10))
    look()
    assert len(sender.sent) == 2


@pytest.mark.usefixtures("checked")
def test_a_check_that_was_done_is_no_trouble(look: Watch, clock: SetClock, sender: RecordingSender) -> None:
    clock.set(DAY, time(12))
    assert look() == []
    assert sender.sent == []


@pytest.mark.usefixtures("checked")
def test_a_check_that_was_done_while_the_clock_was_ahead_is_none_of_the_days_before(
    look: Watch, database: Database, clock: SetClock
) -> None:
    clock.set(DAY + timedelta(365), time(7))
    daily_check.run_check(database, clock.today, clock)
    clock.set(DAY + timedelta(2), time(7))
    assert Trouble.CHECK_MISSING in look()


@pytest.mark.usefixtures("checked")
def test_mail_that_waits_for_hours_is_told_and_told_no_more_once_it_has_gone(
    look: Watch, database: Database, settings: Settings, clock: SetClock, sender: RecordingSender
) -> None:
    clock.set(DAY, time(15))
    assert look() == [Trouble.MAIL_WAITING]
    assert "1 message of the service waits to be sent, since 2 March 2019" in subjects(sender)[0]
    delivery.deliver_all(database, settings, RecordingSender(), clock)
    assert look() == []


@pytest.mark.usefixtures("checked")
def test_an_alert_that_could_not_go_out_is_withdrawn_where_the_trouble_is_over_by_then(
    look: Watch, database: Database, settings: Settings, clock: SetClock, sender: RecordingSender
) -> None:
    clock.set(DAY, time(15))
    look(AWAY)
    assert (sender.sent, statuses(database)) == ([], ["queued"])
    delivery.deliver_all(database, settings, RecordingSender(), clock)
    clock.now += timedelta(hours=1)
    look()
    assert (sender.sent, statuses(database)) == ([], ["withdrawn"])


@pytest.mark.usefixtures("checked")
def test_an_alert_that_could_not_go_out_goes_later_where_the_trouble_lasts(
    look: Watch, database: Database, clock: SetClock, sender: RecordingSender
) -> None:
    clock.set(DAY, time(15))
    look(AWAY)
    clock.now += timedelta(minutes=5)
    look()
    look()
    assert (len(sender.sent), statuses(database)) == (1, ["sent"])


@pytest.mark.usefixtures("checked")
def test_yesterdays_alert_is_not_sent_beside_todays(
    look: Watch, database: Database, clock: SetClock, sender: RecordingSender
) -> None:
    clock.set(DAY, time(22))
    look(AWAY)
    clock.set(DAY + timedelta(1), time(8))
    look()
    assert (len(sender.sent), statuses(database)) == (1, ["withdrawn", "sent"])


@pytest.mark.usefixtures("checked")
def test_refused_mail_is_told_to_the_administrators_of_its_organisation_only(
    look: Watch, portfolio: Portfolio, database: Database, settings: Settings, clock: SetClock, sender: RecordingSender
) -> None:
    with database.writing() as session:
        stranger = session.scalars(select(User).where(User.email == "stranger@example.org")).one()
        at = stranger.created_at
        session.add(Grant(user_id=stranger.id, role="admin", unit_id=portfolio.other_root, created_at=at))
    delivery.deliver_all(database, settings, RecordingSender([PermanentSendError("554 no")]), clock)
    assert look() == [Trouble.MAIL_REFUSED]
    assert readers(sender) == [ADMIN]
    clock.set(DAY + timedelta(1), time(8))
    look()
    clock.set(DAY + timedelta(2), time(8))
    assert Trouble.MAIL_REFUSED not in look()
    told = [one.recipients for one in sender.sent if "reached nobody" in str(one.message["Subject"])]
    assert told == [(ADMIN,), (ADMIN,)]


@pytest.mark.usefixtures("checked")
def test_whoever_administers_two_organisations_hears_once_of_the_refused_mail_of_either(
    look: Watch, portfolio: Portfolio, database: Database, settings: Settings, clock: SetClock, sender: RecordingSender
) -> None:
    with database.writing() as session:
        admin = session.scalars(select(User).where(User.email == ADMIN)).one()
        session.add(Grant(user_id=admin.id, role="admin", unit_id=portfolio.other_root, created_at=admin.created_at))
    delivery.deliver_all(database, settings, RecordingSender([PermanentSendError("554 no")]), clock)
    assert look() == [Trouble.MAIL_REFUSED]
    assert readers(sender) == [ADMIN]
    clock.set(DAY + timedelta(1), time(12))  # and of the check that was not done
    look()
    assert readers(sender) == [ADMIN] * 3


@pytest.mark.usefixtures("portfolio")
def test_who_is_named_in_the_settings_is_told_instead(look: Watch, clock: SetClock, sender: RecordingSender) -> None:
    clock.set(DAY, time(12))
    look(alert_to=(ALERT_TO, "second@example.org"))
    assert readers(sender) == [ALERT_TO, "second@example.org"]
    assert "tarkistusta ei ole tehty" in subjects(sender)[0]


@pytest.mark.usefixtures("portfolio")
def test_an_alert_nobody_takes_is_in_the_log_and_not_tried_for_ever(
    look: Watch, database: Database, clock: SetClock, sender: RecordingSender
) -> None:
    clock.set(DAY, time(12))
    with capture_logs() as logged:
        look(PermanentSendError("550 no such user"))
    assert {line["event"] for line in logged} >= {"service_trouble", "alert_refused"}
    assert ADMIN not in str(logged)
    look()
    assert (sender.sent, statuses(database)) == ([], ["refused"])


@pytest.mark.usefixtures("portfolio")
def test_however_many_watch_at_once_each_reader_gets_one_mail(
    database: Database, settings: Settings, clock: SetClock
) -> None:
    clock.set(DAY, time(12))
    senders = [RecordingSender() for _ in range(4)]
    threads = [Thread(target=watch.look, args=(database, settings, one, clock)) for one in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(one.sent) for one in senders) == 1
    assert statuses(database) == ["sent"]


@pytest.mark.usefixtures("portfolio")
def test_without_an_administrator_the_log_and_the_figures_tell(
    look: Watch, database: Database, client: TestClient, clock: SetClock, sender: RecordingSender
) -> None:
    with database.writing() as session:
        session.execute(delete(Grant).where(Grant.role == "admin"))
    clock.set(DAY, time(12))
    assert look() == [Trouble.CHECK_MISSING]
    assert sender.sent == []
    answer = client.get("/readiness")
    assert (answer.status_code, answer.json()["troubles"]) == (200, ["check_missing"])
    figures = TestClient(client.app, client=("127.0.0.1", 5000)).get("/metrics").text
    assert 'siepp_trouble{trouble="check_missing"} 1.0' in figures
    assert 'siepp_trouble{trouble="mail_waiting"} 0.0' in figures


@pytest.mark.usefixtures("portfolio")
def test_a_clock_that_is_ahead_forgets_no_alert(look: Watch, database: Database, clock: SetClock) -> None:
    days = [DAY, DAY + timedelta(91)]
    for day in days:
        clock.set(day, time(12))
        look()
    with database.reading() as session:
        assert session.scalars(select(Alert.for_on).order_by(Alert.for_on)).all() == days


def test_readiness_names_no_troubles_while_there_are_none(client: TestClient) -> None:
    assert json.loads(client.get("/readiness").text)["troubles"] == []


def test_units_below_the_root_are_not_told(
    look: Watch, portfolio: Portfolio, database: Database, clock: SetClock, sender: RecordingSender
) -> None:
    with database.writing() as session:
        admin = session.scalars(select(Grant).where(Grant.role == "admin")).one()
        admin.unit_id = portfolio.office
        assert session.get_one(Unit, portfolio.office).parent_id
    clock.set(DAY, time(12))
    look()
    assert sender.sent == []


@pytest.mark.usefixtures("checked")
def test_an_alert_that_was_put_off_while_the_clock_was_ahead_goes_out_once_it_is_right(
    look: Watch, database: Database, clock: SetClock, sender: RecordingSender
) -> None:
    clock.set(DAY, time(15))
    look(AWAY)
    with database.writing() as session:
        session.execute(update(Alert).values(next_attempt_at=clock.now + LONGEST.pause))
    look()
    assert sender.sent == []
    with database.writing() as session:
        session.execute(update(Alert).values(next_attempt_at=clock.now + LONGEST.pause + timedelta(seconds=1)))
    look()
    assert len(sender.sent) == 1


@pytest.mark.usefixtures("checked")
@pytest.mark.parametrize(("held", "goes"), [(LONGEST.lease, 0), (LONGEST.lease + timedelta(seconds=1), 1)])
def test_an_alert_that_is_held_by_whoever_died_while_the_clock_was_ahead_goes_out(
    look: Watch, database: Database, clock: SetClock, sender: RecordingSender, held: timedelta, goes: int
) -> None:
    clock.set(DAY, time(15))
    look(AWAY)
    with database.writing() as session:
        session.execute(update(Alert).values(next_attempt_at=clock.now, leased_until=clock.now + held))
    look()
    assert len(sender.sent) == goes


@pytest.mark.usefixtures("checked")
@pytest.mark.parametrize(("ahead", "wrong"), [(CLOCKS_APART, False), (CLOCKS_APART + timedelta(seconds=1), True)])
def test_mail_that_was_made_while_the_clock_was_ahead_waits(
    look: Watch, database: Database, clock: SetClock, sender: RecordingSender, ahead: timedelta, wrong: bool
) -> None:
    with database.writing() as session:
        session.execute(update(Message).values(created_at=clock.now + ahead))
    assert (look() == [Trouble.MAIL_WAITING]) is wrong
    if wrong:
        assert "1 message of the service waits to be sent, since 2 March 2019" in subjects(sender)[0]


@pytest.mark.usefixtures("checked")
def test_a_clock_that_left_weeks_out_is_told_on_two_days(
    look: Watch, database: Database, clock: SetClock, sender: RecordingSender
) -> None:
    checked_daily(database, DAY, 60)
    found = []
    for number in range(4):
        clock.set(DAY + timedelta(days=30 + number), time(7))
        found.append(Trouble.CLOCK_DOUBTED in look())
        daily_check.run_check(database, clock.today, clock)
        found.append(Trouble.CLOCK_DOUBTED in look())
    assert found == [False, True, True, True, False, False, False, False]  # each before the check and after
    doubted = next(one.message for one in sender.sent if "publishes no tables" in str(one.message["Subject"]))
    text = doubted.get_body(("plain",)).get_content()
    assert f"on {policy.CLOCK_CHECKS} days" in " ".join(text.split())


def test_a_check_run_beforehand_is_none_of_that_day(
    look: Watch, database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    portfolio.contract()
    clock.set(DAY, time(7))
    daily_check.run_check(database, clock.today, clock)
    daily_check.run_check(database, clock.today + timedelta(1), clock)  # as siepp check --as-of does
    clock.set(DAY + timedelta(1), time(12))
    assert Trouble.CHECK_MISSING in look()
    daily_check.run_check(database, clock.today, clock)
    assert Trouble.CHECK_MISSING not in look()
