"""The daily check on both databases: who is told what, once, in one mail a day."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.config import Settings
from app.jobs import daily_check, delivery
from app.rules.facts import ContractFacts
from app.services import check as service_of_check
from app.services import delivery as service
from app.services import retention
from app.services.acting import SYSTEM, Act
from app.services.clocks import CLOCKS_APART
from app.storage import judgements
from app.storage.models import JudgementChange, Message, Position, StoredJudgement, Told, Unit, new_id
from app.storage.session import Database
from notifications.senders import RecordingSender, TemporarySendError
from tests.conftest import SetClock
from tests.portfolio import Portfolio

NOTHING = daily_check.Counts(judged=0, changed=0, mails=0, reminders=0, failed=0)


def check(database: Database, clock: SetClock) -> daily_check.Counts:
    return daily_check.run_check(database, clock.today, clock)


def told(session: Session) -> list[tuple[str, str]]:
    return [(row.kind, row.key) for row in session.execute(select(Told.kind, Told.key).order_by(Told.id))]


def test_a_contract_at_risk_is_told_to_its_owner(database: Database, portfolio: Portfolio, clock: SetClock) -> None:
    clock.set(date(2018, 3, 1))
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    counts = check(database, clock)
    assert (counts.mails, counts.reminders) == (1, 2)
    with database.reading() as session:
        assert told(session) == [("window_closing", "2019-05-31/90"), ("no_news", "2018-03-01/2")]


def test_a_check_run_twice_tells_nothing_twice(database: Database, portfolio: Portfolio, clock: SetClock) -> None:
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    assert check(database, clock).mails == 1
    again = check(database, clock)
    assert (again.mails, again.reminders) == (0, 0)


def test_an_owner_of_many_contracts_gets_one_mail_a_day(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    for _ in range(3):
        portfolio.contract()
    portfolio.contract(owner="someone.else@example.org")
    clock.set(date(2019, 3, 2))
    assert check(database, clock).mails == 2
    with database.reading() as session:
        per_mail = session.execute(select(func.count()).select_from(Told).group_by(Told.message_id)).scalars().all()
    assert sorted(per_mail) == [1, 3]


def test_what_arises_after_the_days_mail_waits_for_the_next_days(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    check(database, clock)
    portfolio.contract()
    assert check(database, clock).mails == 0
    clock.set(date(2019, 3, 3))
    assert check(database, clock).mails == 1


def test_a_quiet_day_judges_nothing(database: Database, portfolio: Portfolio, clock: SetClock) -> None:
    portfolio.contract()
    check(database, clock)
    clock.set(date(2019, 3, 2))
    check(database, clock)
    clock.set(date(2019, 3, 3))
    assert check(database, clock) == NOTHING


def test_days_without_a_check_are_made_up_for_without_flooding(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    """From the first of March to the middle of June nobody checked: steps, the passed limit and its repeat."""
    clock.set(date(2018, 3, 1))
    portfolio.contract()
    check(database, clock)
    clock.set(date(2019, 6, 15))
    assert check(database, clock).reminders == 2
    with database.reading() as session:
        assert told(session) == [("cannot_be_met", "2019-05-31/0"), ("no_news", "2018-03-01/2")]


def test_the_history_grows_only_when_something_changed(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    portfolio.contract()
    for day in range(120):
        clock.set(date(2019, 3, 1) + timedelta(days=day))
        check(database, clock)
    with database.reading() as session:
        statuses = session.scalars(select(JudgementChange.status).order_by(JudgementChange.seq)).all()
    assert statuses == ["open", "at_risk", "cannot_be_met"]


def test_a_check_for_a_later_day_is_taken_back_by_the_next_real_one(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    portfolio.contract()
    daily_check.run_check(database, date(2019, 7, 1), clock)
    with database.reading() as session:
        assert session.scalars(select(StoredJudgement.status)).one() == "cannot_be_met"
    check(database, clock)
    with database.reading() as session:
        assert session.scalars(select(StoredJudgement.status)).one() == "open"


def test_the_run_of_a_day_is_kept_once_it_is_whole(database: Database, portfolio: Portfolio, clock: SetClock) -> None:
    assert not daily_check.is_done(database, clock.here)
    check(database, clock)
    assert daily_check.is_done(database, clock.here)


def test_a_check_run_for_a_day_beforehand_does_not_keep_that_day_s_own_from_being_done(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    tomorrow = clock.today + timedelta(days=1)
    daily_check.run_check(database, tomorrow, clock)
    clock.set(tomorrow)
    assert not daily_check.is_done(database, clock.here)
    check(database, clock)
    assert daily_check.is_done(database, clock.here)


def test_a_check_that_ended_while_the_clock_was_ahead_is_not_yet_done(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    clock.set(clock.today, time(12))
    check(database, clock)
    clock.now -= CLOCKS_APART
    assert daily_check.is_done(database, clock.here)  # by a machine whose clock is a little ahead
    clock.now -= timedelta(seconds=1)
    assert not daily_check.is_done(database, clock.here)


def test_one_owner_in_trouble_does_not_keep_the_others_mail_back(
    database: Database, portfolio: Portfolio, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services import check as checking

    portfolio.contract(owner="a@example.org")
    portfolio.contract(owner="b@example.org")
    clock.set(date(2019, 3, 2))
    with database.reading() as session:
        first = checking.owners_due(session, portfolio.act())[0]
    remind = checking.remind_owner

    def trip(session: Session, owner_id: str, act: Act, others: Sequence[str]) -> int:
        if owner_id == first:
            raise RuntimeError("a defect")
        return remind(session, owner_id, act, others)

    monkeypatch.setattr(checking, "remind_owner", trip)
    counts = check(database, clock)
    assert (counts.mails, counts.failed) == (1, 1)
    assert not daily_check.is_done(database, clock.here)
    monkeypatch.undo()
    assert check(database, clock).mails == 1


def test_trouble_with_a_notice_of_erasing_keeps_no_reminder_back(
    database: Database, portfolio: Portfolio, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(date(2020, 3, 1))
    portfolio.contract()
    portfolio.contract(starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31))
    clock.set(date(2022, 1, 29))

    def broken(*_: object) -> None:
        raise RuntimeError("a defect")

    with monkeypatch.context() as patch:
        patch.setattr(retention, "withdraw_others", broken)
        counts = check(database, clock)
    assert (counts.mails, counts.failed) == (1, 0)
    with database.reading() as session:
        assert {"window_closing", "erasure_ahead"} & set(session.scalars(select(Told.kind))) == {"window_closing"}
    check(database, clock)
    with database.reading() as session:
        assert {"window_closing", "erasure_ahead"} <= set(session.scalars(select(Told.kind)))
        assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_the_mail_is_delivered_and_says_so(
    database: Database, portfolio: Portfolio, clock: SetClock, settings: Settings
) -> None:
    portfolio.contract()
    with database.writing() as session:
        unit = session.get_one(Unit, portfolio.root)
        unit.liaison_name, unit.liaison_email = "Liisa Luotsi", "liisa.luotsi@example.org"
    clock.set(date(2019, 3, 2))
    check(database, clock)
    sender = RecordingSender()
    assert delivery.deliver_all(database, settings, sender, clock).sent == 1
    assert delivery.deliver_all(database, settings, sender, clock) == delivery.Counts()
    text = sender.sent[0].message.get_body(("plain",))
    assert text is not None
    assert "31.5.2019" in text.get_content()
    assert "Liisa Luotsi" in text.get_content()
    with database.reading() as session:
        assert session.scalars(select(Message.status)).all() == ["sent"]


def send(database: Database, settings: Settings, clock: SetClock) -> tuple[delivery.Counts, RecordingSender]:
    sender = RecordingSender()
    return delivery.deliver_all(database, settings, sender, clock), sender


def test_a_check_for_a_later_day_takes_no_reminder_away(
    database: Database, portfolio: Portfolio, clock: SetClock, settings: Settings
) -> None:
    """Tried in January for a day in May: what only May knows is withdrawn, and told when May comes."""
    clock.set(date(2019, 1, 15))
    portfolio.contract()
    daily_check.run_check(database, date(2019, 5, 10), clock)
    assert send(database, settings, clock)[0].withdrawn == 1
    for day in (date(2019, 3, 2), date(2019, 5, 10)):
        clock.set(day)
        check(database, clock)
        assert send(database, settings, clock)[0].sent == 1


def test_what_happened_during_a_long_snooze_is_told_when_it_ends(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    clock.set(date(2018, 3, 1))
    contract_id = portfolio.contract(positions=2)
    with database.writing() as session:
        broken = {"starts_on": date(2018, 3, 1), "agreed_on": date(2018, 3, 1), "ended_on": date(2018, 4, 9)}
        add_position(session, contract_id, clock, end_recorded_on=date(2018, 4, 9), **broken)
        values = {"snoozed_on": date(2018, 4, 1), "snoozed_until": date(2018, 6, 30), "recheck_on": date(2018, 4, 1)}
        judgements.change(session, contract_id, values)
    kinds = []
    for day in (date(2018, 4, 10), date(2018, 6, 29), date(2018, 6, 30)):
        clock.set(day)
        check(database, clock)
        with database.reading() as session:
            kinds.append([kind for kind, _ in told(session)])
    assert kinds == [[], [], ["position_interrupted"]]


def add_position(session: Session, contract_id: str, clock: SetClock, **columns: object) -> None:
    plain = {"employment_form": "employment", "target_group": "youth", "channel": "other", "logged_on": clock.today}
    made = Position(id=new_id(), contract_id=contract_id, created_at=clock(), **plain | columns)
    session.add(made)


def test_one_contract_that_cannot_be_judged_does_not_keep_the_others_from_it(
    database: Database, portfolio: Portfolio, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services import check as checking

    portfolio.contract(owner="a@example.org")
    portfolio.contract(owner="b@example.org", starts_on=date(2018, 3, 2))
    clock.set(date(2019, 3, 2))
    judge = service.judge

    def trip(facts: ContractFacts, as_of: date) -> object:
        if facts.starts_on == date(2018, 3, 2):
            raise RuntimeError("a defect")
        return judge(facts, as_of)

    monkeypatch.setattr(checking, "judge", trip)
    counts = check(database, clock)
    assert (counts.judged, counts.mails) == (1, 1)
    assert counts.failed == 2  # the contract, and with it its owner
    assert not daily_check.is_done(database, clock.here)
    monkeypatch.undo()
    assert check(database, clock).mails == 1


def test_after_days_without_a_mail_server_the_owner_finds_one_mail(
    database: Database, portfolio: Portfolio, clock: SetClock, settings: Settings
) -> None:
    away = RecordingSender([TemporarySendError("nobody answers")] * 9)
    for day in (2, 3, 4):
        clock.set(date(2019, 3, day))
        portfolio.contract()
        check(database, clock)
        assert delivery.deliver_all(database, settings, away, clock) == delivery.Counts(put_off=1)
    clock.set(date(2019, 3, 5))
    assert check(database, clock).mails == 0
    counts, sender = send(database, settings, clock)
    assert (counts.sent, len(sender.sent)) == (1, 1)
    text = sender.sent[0].message.get_body(("plain",))
    assert text is not None
    assert text.get_content().startswith("Muistutuksia 3 sopimuksesta")


@pytest.mark.parametrize("held", [False, True], ids=["put off", "held by a delivery that died"])
def test_a_mail_that_waits_for_a_time_when_the_clock_was_ahead_goes_out_once_it_is_right(
    database: Database, portfolio: Portfolio, clock: SetClock, settings: Settings, held: bool
) -> None:
    portfolio.contract()
    check(database, clock)
    today = clock.now
    clock.now = today + timedelta(days=30)
    with database.writing() as session:
        claimed = service.claim_next(session, delivery.sender_of(settings), portfolio.act())
        assert claimed is not None
        if not held:
            service.put_off(session, claimed, "450 later", may_have_arrived=False, now=clock.now)
    clock.now = today
    assert send(database, settings, clock)[0].sent == 1


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_what_is_put_off_for_as_long_as_anything_waits_until_then(
    database: Database, portfolio: Portfolio, clock: SetClock, settings: Settings, late: timedelta
) -> None:
    portfolio.contract()
    check(database, clock)
    with database.writing() as session:
        session.execute(update(Message).values(next_attempt_at=clock.now + service.LONGEST.pause + late))
    assert send(database, settings, clock)[0].sent == bool(late)


def test_a_check_of_everything_puts_right_what_was_not_true_and_says_so(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    contract_id = portfolio.contract()
    portfolio.contract()
    check(database, clock)
    assert daily_check.run_check(database, clock.today, clock, everything=True).failed == 0
    with database.writing() as session:
        judgements.change(session, contract_id, {"required": 7})
    assert check(database, clock).judged == 0
    counts = daily_check.run_check(database, clock.today, clock, everything=True)
    assert (counts.judged, counts.changed, counts.failed) == (2, 1, 1)
    assert daily_check.run_check(database, clock.today, clock, everything=True).failed == 0


def test_a_check_of_everything_writes_only_what_differs(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    check(database, clock)
    before = stored_rows(database)
    clock.set(date(2019, 3, 3))
    assert daily_check.run_check(database, clock.today, clock, everything=True).judged == 1
    assert stored_rows(database) == before


def stored_rows(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(*StoredJudgement.__table__.columns))]


def test_a_check_of_an_empty_database_has_nothing_to_say_of_erasing(database: Database, clock: SetClock) -> None:
    with capture_logs() as logged:
        daily_check.run_check(database, clock.today, clock)
    assert logged == []


@pytest.mark.parametrize("contracts", [3, 4, 5])
@pytest.mark.parametrize("everything", [True, False])
def test_however_many_contracts_are_found_at_a_time_each_is_judged_once(
    database: Database,
    portfolio: Portfolio,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    contracts: int,
    *,
    everything: bool,
) -> None:
    monkeypatch.setattr(service_of_check, "CHUNK", 3)
    monkeypatch.setattr(service_of_check, "FOUND_AT_A_TIME", 4)
    made = sorted(portfolio.contract() for _ in range(contracts))
    seen: list[str] = []
    lock = judgements.lock
    monkeypatch.setattr(judgements, "lock", lambda session, ids: seen.extend(ids) or lock(session, ids))
    clock.set(date(2019, 3, 2))
    act = Act(SYSTEM, clock(), clock.today)
    assert daily_check.judge_all(database, act, everything=everything)[0] == contracts
    assert seen == made


@pytest.mark.parametrize("everything", [True, False])
def test_while_it_judges_it_looks_at_no_earlier_state_of_the_database(
    database: Database, portfolio: Portfolio, clock: SetClock, monkeypatch: pytest.MonkeyPatch, *, everything: bool
) -> None:
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    open_beside: list[int] = []
    judge = service_of_check.judge_contracts

    def judging(session: Session, *arguments: Any, **more: Any) -> service_of_check.Judged:
        session.connection()
        open_beside.append(database.engine.pool.checkedout() - 1)  # type: ignore[attr-defined]  # a QueuePool
        return judge(session, *arguments, **more)

    monkeypatch.setattr(service_of_check, "judge_contracts", judging)
    daily_check.judge_all(database, Act(SYSTEM, clock(), clock.today), everything=everything)
    assert open_beside == [0]
