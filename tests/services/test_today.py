"""The start page's tasks: for whom, in which order, with the one thing to do; and what changed since."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, update

from app.jobs import daily_check
from app.rules.codes import MessageStatus, Role
from app.rules.status import Status
from app.rules.steps import Step, StepKind
from app.services.acting import Act, Actor, GrantedRole
from app.services.today import SHOWN, SHOWN_CHANGES, ChangeKind, Move, Today, Why, show_today
from app.storage.models import Message, Unit
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import patch, post

HELSINKI = ZoneInfo("Europe/Helsinki")
AT_RISK, LOST = date(2019, 3, 2), date(2019, 6, 1)
JOB = {"starts_on": "2019-03-10", "employment_form": "employment", "target_group": "youth", "channel": "team"}


@pytest.fixture
def today(portfolio: Portfolio, database: Database, clock: SetClock) -> Any:
    """What the page shows to someone with a role in a unit, after the day's check."""

    def show(role: Role, unit_id: str = "", email: str = "owner@example.org", since: Any = None) -> Today:
        daily_check.run_check(database, clock.today, clock)
        with database.reading() as session:
            path = session.get_one(Unit, unit_id or portfolio.root).path
            actor = Actor("u", "Someone", email, "en", (GrantedRole(role, path),))
            return show_today(session, since, HELSINKI, Act(actor, clock.now, clock.today))

    return show


def told(found: Today) -> list[tuple[str, Why]]:
    return [(task.row.reference, task.why) for task in found.tasks]


def test_an_owner_is_shown_their_own_contracts_in_trouble_and_told_to_press_the_supplier(
    portfolio: Portfolio, clock: SetClock, today: Any
) -> None:
    portfolio.contract()
    portfolio.contract(owner="other@example.org")
    portfolio.contract(ends_on=date(2023, 2, 28))
    clock.set(AT_RISK)
    found = today(Role.CONTRACT_OWNER)
    assert told(found) == [("S-1", Why.AT_RISK)]
    assert found.tasks[0].move is Move.TELL_SUPPLIER
    assert found.tasks[0].reasons[0].code == "start_needed"


def test_what_can_still_be_saved_comes_before_what_is_lost(portfolio: Portfolio, clock: SetClock, today: Any) -> None:
    portfolio.contract()
    portfolio.contract(start_within_months=6, ends_on=date(2022, 2, 28))
    portfolio.contract(ends_on=date(2020, 5, 20))
    portfolio.contract(ends_on=date(2019, 5, 31))
    clock.set(LOST)
    expected = [("S-2", Why.OVERDUE), ("S-3", Why.AT_RISK), ("S-1", Why.CANNOT_BE_MET), ("S-4", Why.BREACHED)]
    found = today(Role.PROCUREMENT_OFFICER)
    assert told(found) == expected
    assert [task.move for task in found.tasks[2:]] == [Step(StepKind.ADJUST), Step(StepKind.CLOSE)]


def test_a_liaison_is_asked_for_people_and_for_news(
    client: TestClient, portfolio: Portfolio, clock: SetClock, today: Any
) -> None:
    silent = portfolio.contract()
    portfolio.contract()
    clock.set(date(2019, 3, 10))
    post(client, f"/contracts/{silent}/positions", JOB, portfolio.liaison)
    clock.set(date(2019, 4, 1))
    assert [(task.row.reference, task.move) for task in today(Role.BUSINESS_LIAISON).tasks] == [
        ("S-2", Step(StepKind.LOG_POSITION))
    ]
    clock.set(date(2019, 3, 10) + timedelta(days=180))
    found = today(Role.BUSINESS_LIAISON)
    assert [(task.row.reference, task.why, task.move, task.silent_days) for task in found.tasks] == [
        ("S-1", Why.NO_NEWS, Move.NOTE, 180)
    ]


def test_a_job_that_broke_off_is_to_be_taken_up_again(
    client: TestClient, portfolio: Portfolio, clock: SetClock, today: Any
) -> None:
    contract_id = portfolio.contract(ends_on=date(2021, 2, 28))
    clock.set(date(2019, 3, 10))
    made = post(client, f"/contracts/{contract_id}/positions", JOB, portfolio.liaison).json()
    clock.set(date(2019, 8, 1))
    ended = {"ended_on": "2019-07-31", "end_reason": "resigned"}
    assert patch(client, f"/positions/{made['id']}", ended, portfolio.liaison).status_code == 200
    assert told(today(Role.CONTRACT_OWNER)) == [("S-1", Why.INTERRUPTED)]
    (task,) = today(Role.BUSINESS_LIAISON).tasks
    assert (task.why, task.move) == (Why.INTERRUPTED, Step(StepKind.LOG_REPLACEMENT, made["id"]))


def test_a_termination_that_leaves_someone_missing_waits_for_the_officers_decision(
    client: TestClient, portfolio: Portfolio, clock: SetClock, today: Any
) -> None:
    contract_id = portfolio.contract(ends_on=date(2023, 2, 28))
    clock.set(AT_RISK)
    patch(client, f"/contracts/{contract_id}", {"terminated_on": "2021-12-31"}, portfolio.officer)
    found = today(Role.PROCUREMENT_OFFICER)
    assert told(found) == [("S-1", Why.ENDS_EARLY)]
    assert [reason.code for reason in found.tasks[0].reasons] == ["start_needed", "termination_leaves_obligation"]
    assert found.tasks[0].move == Step(StepKind.ADJUST)


def test_nothing_of_other_units_is_shown(portfolio: Portfolio, clock: SetClock, today: Any) -> None:
    portfolio.contract(unit_id=portfolio.division)
    portfolio.contract(unit_id=portfolio.office)
    portfolio.contract(unit_id=portfolio.other_root)
    clock.set(AT_RISK)
    found = today(Role.PROCUREMENT_OFFICER, portfolio.office)
    assert told(found) == [("S-2", Why.AT_RISK)]
    assert found.counts == {Status.AT_RISK: 1}
    assert {row.reference for rows in found.changes.groups.values() for row in rows} == {"S-2"}


def test_viewers_and_reporters_have_no_tasks(portfolio: Portfolio, clock: SetClock, today: Any) -> None:
    portfolio.contract()
    clock.set(AT_RISK)
    seen = today(Role.VIEWER)
    assert (seen.tasks, seen.asked, seen.counts) == ([], False, {Status.AT_RISK: 1})
    blind = today(Role.PROJECT_REPORTER)
    assert (blind.tasks, blind.counts, blind.changes.groups) == ([], {}, {})


def test_refused_messages_are_shown_to_officers_and_the_check_to_admins(
    portfolio: Portfolio, database: Database, clock: SetClock, today: Any
) -> None:
    portfolio.contract()
    clock.set(AT_RISK)
    today(Role.ADMIN)
    with database.writing() as session:
        session.execute(update(Message).values(status=MessageStatus.REFUSED))
    assert [row.to_email for row in today(Role.PROCUREMENT_OFFICER).messages] == ["owner@example.org"]
    assert today(Role.BUSINESS_LIAISON).messages == []
    admin = today(Role.ADMIN)
    assert admin.check is not None
    assert (admin.check.on, admin.check.finished, admin.check.failed) == (clock.today, True, 0)


def test_what_changed_since_is_told_by_kind(
    client: TestClient, portfolio: Portfolio, clock: SetClock, today: Any
) -> None:
    contract_id = portfolio.contract()
    clock.set(date(2019, 3, 5))
    seen_at = clock.now
    clock.set(date(2019, 3, 10))
    post(client, f"/contracts/{contract_id}/positions", JOB, portfolio.liaison)
    purchase = {"on_date": "2019-03-01", "amount_eur": "10.50"}
    for _ in range(2):
        post(client, f"/contracts/{contract_id}/purchases", purchase, portfolio.officer)
    owner = {"owner": {"name": "Oona", "email": "oona@example.org", "language": "fi"}}
    post(client, f"/contracts/{contract_id}/handover", owner, portfolio.officer)
    groups = today(Role.VIEWER, since=seen_at).changes.groups
    assert [(row.before, row.status) for row in groups[ChangeKind.STATUS]] == [("open", "on_track")]
    assert [row.starts_on for row in groups[ChangeKind.LOGGED]] == [date(2019, 3, 10)]
    assert [(row.count, int(row.cents)) for row in groups[ChangeKind.BOUGHT]] == [(2, 2100)]
    assert [row.new for row in groups[ChangeKind.HANDED_OVER]] == ["Oona"]
    assert ChangeKind.ENDED not in groups
    assert today(Role.VIEWER, since=clock.now).changes.groups == {}


def test_however_much_there_is_the_page_shows_so_much_and_says_that_there_is_more(
    portfolio: Portfolio, database: Database, clock: SetClock, today: Any
) -> None:
    for _ in range(SHOWN + 3):
        portfolio.contract()
    clock.set(AT_RISK)
    found = today(Role.PROCUREMENT_OFFICER)
    assert (len(found.tasks), found.more) == (SHOWN, True)
    assert (sum(map(len, found.changes.groups.values())), found.changes.more) == (SHOWN_CHANGES, SHOWN + 3 - 15)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with database.reading() as session:
        path = session.get_one(Unit, portfolio.root).path
        actor = Actor("u", "", "", "en", (GrantedRole(Role.PROCUREMENT_OFFICER, path),))
        statements.clear()
        show_today(session, None, HELSINKI, Act(actor, clock.now, clock.today))
    assert len(statements) < 30
