"""A contract from its obligation met to its jobs erased: who hears of it, what goes, what stays the same."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from structlog.testing import capture_logs

from app.config import Settings
from app.jobs import backups, daily_check, delivery, restoring
from app.rules.dates import add_months
from app.rules.judgement import judge
from app.rules.retention import Clock
from app.schemas.disputes import DisputeCreate
from app.schemas.handovers import HandoverCreate
from app.schemas.notes import NoteCreate
from app.schemas.positions import PositionCreate
from app.schemas.summary import GroupBy
from app.services import clocks, disputes, erasing, handovers, notes, public_tables, summary
from app.services import positions as logging
from app.services import retention as planning
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.storage import audit, judgements
from app.storage.backup.archive import Form
from app.storage.facts import load_facts
from app.storage.models import (
    ArchivedJobs,
    AuditEntry,
    AuditPayload,
    ErasedContract,
    Message,
    Position,
    PublicTable,
    Told,
)
from app.storage.session import Database
from notifications.senders import PermanentSendError, RecordingSender
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.witnesses import checked_daily, checks_before

OVER_ON = date(2020, 2, 28)
"""The last day of the contract, on which its job has lasted nine months."""
ERASE_ON = date(2022, 3, 1) - timedelta(days=1)
NOTICE_ON = ERASE_ON - timedelta(days=30)
JOB = PositionCreate.model_validate(
    {
        "starts_on": "2019-05-31",
        "employment_form": "employment",
        "target_group": "immigrant",
        "weekly_hours": "30.0",
        "channel": "team",
    }
)


class City:
    """A contract whose obligation was met, and what the days bring to it."""

    def __init__(self, database: Database, portfolio: Portfolio, clock: SetClock, settings: Settings) -> None:
        self.database, self.portfolio, self.clock, self.settings = database, portfolio, clock, settings
        self.sender = RecordingSender()
        clock.set(date(2019, 5, 31))
        self.contract_id = portfolio.contract()
        with database.writing() as session:
            logging.log_position(session, self.contract_id, JOB, portfolio.act())
        clock.set(OVER_ON)
        self.day()

    def day(self, *, sends: bool = True) -> None:
        """The daily work of a day."""
        daily_check.run_check(self.database, self.clock.today, self.clock)
        if sends:
            self.send()

    def send(self) -> None:
        delivery.deliver_all(self.database, self.settings, self.sender, self.clock)

    def on(self, day: date, *, sends: bool = True, jumps: bool = False) -> None:
        """The daily work of a day, after all the days before it; or, where the clock `jumps`, without them."""
        self.clock.set(day)
        if not jumps:
            checked_daily(self.database, day)
        self.day(sends=sends)

    def notices(self) -> list[tuple[str, date, bool]]:
        wanted = select(Told.key, Told.on_date, Told.withdrawn_at).where(Told.kind == "erasure_ahead")
        with self.database.reading() as session:
            return [(key, on, at is not None) for key, on, at in session.execute(wanted.order_by(Told.id))]

    def text_of_notice(self) -> str:
        wanted = select(Message.text).join(Told, Told.message_id == Message.id).where(Told.kind == "erasure_ahead")
        with self.database.reading() as session:
            return session.scalars(wanted).one() or ""

    def texts_of_mails(self) -> list[str]:
        with self.database.reading() as session:
            kept = session.execute(select(Message.subject, Message.text, Message.html)).all()
        return [part for mail in kept for part in mail if part is not None]

    def quarters(self) -> set[date]:
        """The last days of the quarters of which there are public tables."""
        with self.database.reading() as session:
            return set(session.scalars(select(PublicTable.quarter_end)))

    @property
    def is_erased(self) -> bool:
        with self.database.reading() as session:
            return session.get(ErasedContract, self.contract_id) is not None

    def dispute(self) -> None:
        with self.database.writing() as session:
            command = DisputeCreate(reason="Valitus markkinaoikeudessa")
            disputes.set_dispute(session, self.contract_id, command, self.portfolio.act())

    def settle(self) -> None:
        with self.database.writing() as session:
            disputes.lift_dispute(session, self.contract_id, self.portfolio.act())

    def erased(self) -> None:
        self.on(NOTICE_ON)
        self.on(ERASE_ON)
        assert self.is_erased


@pytest.fixture
def city(database: Database, portfolio: Portfolio, clock: SetClock, settings: Settings) -> City:
    return City(database, portfolio, clock, settings)


def test_the_owner_hears_of_it_thirty_days_before_once_and_then_it_is_erased(city: City) -> None:
    city.on(NOTICE_ON - timedelta(days=1))
    assert city.notices() == []
    city.on(NOTICE_ON)
    city.day()
    assert city.notices() == [(ERASE_ON.isoformat(), ERASE_ON, False)]
    assert "28.2.2022" in city.text_of_notice()
    city.on(ERASE_ON - timedelta(days=1))
    assert not city.is_erased
    city.on(ERASE_ON)
    city.day()
    assert city.is_erased
    assert city.notices() == [(ERASE_ON.isoformat(), ERASE_ON, False)]


@pytest.mark.parametrize("ahead", [timedelta(days=30), timedelta(days=3660)])
def test_a_clock_that_is_set_ahead_erases_nothing_and_what_is_due_goes_once_it_is_right_again(
    city: City, ahead: timedelta
) -> None:
    city.on(NOTICE_ON)
    with capture_logs() as logged:
        city.on(NOTICE_ON + ahead, jumps=True)
        city.on(NOTICE_ON + ahead + timedelta(days=1), jumps=True)
    assert "erasing_waits" in {line["event"] for line in logged}
    assert not city.is_erased
    city.on(ERASE_ON - timedelta(days=1))
    assert not city.is_erased
    city.on(ERASE_ON + timedelta(days=30))  # at the latest: what told of the days ahead was withdrawn
    assert city.is_erased


def test_a_service_that_is_switched_off_at_weekends_and_over_holidays_erases(city: City) -> None:
    """18 of the 30 days before had a check."""
    city.on(NOTICE_ON)
    off = {ERASE_ON - timedelta(days=back) for back in (1, 2, 3, 8, 9, 15, 16, 17, 18, 19, 22, 23)}
    with city.database.writing() as session:
        runs = checks_before(ERASE_ON, 60)
        session.add_all(run for run in runs if run.for_on not in off)
    city.on(ERASE_ON, jumps=True)
    assert city.is_erased


def test_a_clock_that_is_set_ahead_publishes_no_quarter_and_it_comes_once_the_clock_is_believed(city: City) -> None:
    city.on(NOTICE_ON)
    published = city.quarters()
    city.on(NOTICE_ON + timedelta(days=92), jumps=True)
    assert city.quarters() == published
    city.on(NOTICE_ON + timedelta(days=122))
    assert city.quarters() > published


@pytest.mark.postgres
def test_a_server_whose_clock_is_behind_ours_lets_nothing_be_erased(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.reading() as session:
        now = datetime.now(UTC)
        assert not clocks.witness(session, Act(SYSTEM, now + timedelta(minutes=59), now.date(), BY_ITSELF)).is_ahead
        assert clocks.witness(session, Act(SYSTEM, now + timedelta(minutes=61), now.date(), BY_ITSELF)).is_ahead
    database.dispose()


def test_erasing_takes_the_jobs_and_leaves_every_figure_and_the_chain(city: City) -> None:
    city.on(NOTICE_ON)
    before = figures(city)
    city.on(ERASE_ON)
    assert city.is_erased
    assert figures(city) == before
    with city.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Position)) == 0
        verdict = audit.verify(session)
        assert verdict.broken_at is None
        assert verdict.erased_payloads > 0
        held = select(AuditPayload.seq).join(AuditEntry, AuditEntry.seq == AuditPayload.seq)
        assert session.scalars(held.where(AuditEntry.subject == "position")).all() == []
        rows = session.execute(select(ArchivedJobs.month, ArchivedJobs.dimension, ArchivedJobs.code, ArchivedJobs.jobs))
        month = date(2019, 5, 1)
        assert sorted(map(tuple, rows)) == [
            (month, "channel", "team", 1),
            (month, "employment_form", "employment", 1),
            (month, "target_group", "immigrant", 1),
        ]
    counts = daily_check.run_check(city.database, city.clock.today, city.clock, everything=True)
    assert counts.failed == 0


def test_no_mail_that_is_kept_repeats_what_was_erased(city: City) -> None:
    """Whoever the contract was handed over to got its whole history: each job, and the notes word for word."""
    city.clock.set(ERASE_ON - timedelta(days=200))
    command = HandoverCreate.model_validate({"owner": {"email": "uusi@example.org", "name": "Ulla Uusi"}, "note": None})
    with city.database.writing() as session:
        notes.write_note(session, city.contract_id, NoteCreate(text="Soitin toimittajalle."), city.portfolio.act())
        handovers.hand_over(session, city.contract_id, command, city.portfolio.act())
    city.day()
    assert "Soitin toimittajalle." in "".join(city.texts_of_mails())
    with city.database.reading() as session:
        [plan] = planning.plans(session, [city.contract_id], city.portfolio.act()).values()
        assert isinstance(plan.clock, Clock)
    city.on(plan.clock.notice_on)
    city.on(plan.clock.erase_on)
    assert city.is_erased
    assert "Soitin toimittajalle." not in "".join(city.texts_of_mails())
    assert "28.2.2022" in city.text_of_notice()


def figures(city: City) -> list[object]:
    """What the portfolio tells, today and at ends of quarters, with the contract's standing on each."""
    days = [date(2019, 3, 31), date(2019, 6, 30), date(2019, 12, 31), date(2020, 3, 31), NOTICE_ON, date(2021, 12, 31)]
    with city.database.reading() as session:
        facts = load_facts(session, [city.contract_id])[city.contract_id]
        stored = judgements.read(session, city.contract_id)
        told: list[object] = [stored.standing, stored.next_change_on, stored.promised_min, stored.promised_max]
        told += [judge(facts, day).standing for day in days]
        told += [summary.summarise(session, day, None, city.portfolio.act()) for day in days]
        told.append(summary.summarise(session, NOTICE_ON, GroupBy.SUPPLIER, city.portfolio.act()))
        told.append(summary.over_time(session, days, city.portfolio.act()))
    return told


def test_figures_say_as_of_which_day_erased_contracts_are_told(city: City) -> None:
    end, between = date(2019, 9, 30), date(2019, 11, 15)
    with city.database.reading() as session:
        assert summary.summarise(session, between, None, city.portfolio.act()).whole.erased_as_of is None
    city.erased()
    with city.database.reading() as session:
        act = city.portfolio.act()
        told = [summary.summarise(session, day, None, act).whole.erased_as_of for day in (end, between, act.today)]
        points = [one.erased_as_of for one in summary.over_time(session, [end, between, act.today], act)]
    assert told == points == [None, end, None]


def test_what_was_reckoned_before_the_erasing_holds_no_more(city: City) -> None:
    with city.database.reading() as session:
        before = judgements.facts_versions(session, [city.contract_id])
    city.erased()
    with city.database.reading() as session:
        assert judgements.facts_versions(session, [city.contract_id]) == {
            city.contract_id: before[city.contract_id] + 1
        }


def test_jobs_of_erased_contracts_are_a_group_of_their_own(city: City) -> None:
    city.erased()
    with city.database.reading() as session:
        found = summary.summarise(session, city.clock.today, GroupBy.TARGET_GROUP, city.portfolio.act())
    assert found.groups["erased"].filled == found.whole.filled == 1


def test_a_dispute_stops_the_clock_and_its_end_begins_it_anew(city: City) -> None:
    city.on(NOTICE_ON)
    city.clock.set(ERASE_ON - timedelta(days=1))
    city.dispute()
    city.on(ERASE_ON)
    assert not city.is_erased
    assert [withdrawn for _, _, withdrawn in city.notices()] == [True]
    city.settle()
    again = add_months(ERASE_ON + timedelta(days=1), 24)
    city.on(again)
    assert city.notices()[1:] == [(again.isoformat(), again + timedelta(days=30), False)]
    assert not city.is_erased
    city.on(again + timedelta(days=29))
    assert not city.is_erased
    city.on(again + timedelta(days=30))
    assert city.is_erased


def test_a_dispute_set_and_lifted_between_two_days_work_begins_the_time_anew(city: City) -> None:
    city.on(NOTICE_ON)
    city.clock.set(ERASE_ON - timedelta(days=1))
    city.dispute()
    city.settle()
    city.on(ERASE_ON)
    assert not city.is_erased
    assert [withdrawn for _, _, withdrawn in city.notices()] == [True]


def test_nothing_is_erased_while_the_notice_has_not_gone_out(city: City) -> None:
    city.on(NOTICE_ON, sends=False)
    city.on(ERASE_ON, sends=False)
    assert not city.is_erased
    city.send()
    city.on(ERASE_ON + timedelta(days=29))
    assert not city.is_erased
    city.on(ERASE_ON + timedelta(days=30))
    assert city.is_erased


def test_a_refused_notice_counts_from_the_day_on_which_people_could_see_it(city: City) -> None:
    city.on(NOTICE_ON, sends=False)
    with city.database.writing() as session:
        message = session.scalars(select(Message).where(Message.status == "queued")).one()
        message.status, message.next_attempt_at = "refused", None
    city.on(ERASE_ON - timedelta(days=1))
    assert not city.is_erased
    city.on(ERASE_ON)
    assert city.is_erased


def test_a_notice_refused_after_weeks_of_attempts_was_shown_to_nobody_before(city: City) -> None:
    city.on(NOTICE_ON, sends=False)
    city.sender.failures = [PermanentSendError("554 no")]
    city.on(ERASE_ON)
    city.on(ERASE_ON + timedelta(days=29))
    assert not city.is_erased
    city.on(ERASE_ON + timedelta(days=30))
    assert city.is_erased


def test_a_new_owner_has_a_notice_of_their_own(city: City) -> None:
    from app.schemas.handovers import HandoverCreate
    from app.services import handovers

    city.on(NOTICE_ON)
    city.clock.set(ERASE_ON - timedelta(days=1))
    with city.database.writing() as session:
        owner = {"name": "Uusi Omistaja", "email": "new@example.org", "language": "sv"}
        command = HandoverCreate.model_validate({"owner": owner})
        handovers.hand_over(session, city.contract_id, command, city.portfolio.act())
    city.on(ERASE_ON)
    assert not city.is_erased
    assert [withdrawn for _, _, withdrawn in city.notices()] == [True, False]
    city.on(ERASE_ON + timedelta(days=30))
    assert city.is_erased


def test_what_broke_off_in_the_middle_left_nothing_and_is_done_the_next_time(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.on(NOTICE_ON)

    def broken(*_: object) -> None:
        raise RuntimeError("the machine dies here")

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "_store", broken)
        city.on(ERASE_ON)
    assert not city.is_erased
    with city.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Position)) == 1
        assert session.scalar(select(func.count()).select_from(ArchivedJobs)) == 0
        assert audit.verify(session).erased_payloads == 0
    city.day()
    assert city.is_erased


def test_nothing_is_written_on_an_erased_contract(city: City) -> None:
    from app.rules.errors import Conflict

    city.erased()
    with pytest.raises(Conflict, match="jobs_are_erased"), city.database.writing() as session:
        logging.log_position(session, city.contract_id, JOB, city.portfolio.act())


def test_a_check_asked_for_a_day_ahead_erases_nothing(city: City) -> None:
    city.on(NOTICE_ON)
    daily_check.run_check(city.database, ERASE_ON, city.clock)
    assert not city.is_erased


def test_a_notice_joins_the_owners_one_mail_of_the_day(city: City) -> None:
    city.clock.set(NOTICE_ON - timedelta(days=91))
    city.portfolio.contract(starts_on=date(2021, 1, 1), ends_on=date(2022, 12, 31))
    city.on(NOTICE_ON)
    with city.database.reading() as session:
        told = select(Told.message_id, Told.kind).join(Message, Message.id == Told.message_id)
        rows = session.execute(told.where(Message.for_on == NOTICE_ON)).all()
    assert {kind for _, kind in rows} >= {"erasure_ahead"}
    assert len(rows) > 1
    assert len({message_id for message_id, _ in rows}) == 1


def test_tables_that_count_the_jobs_are_published_before_they_go(city: City) -> None:
    city.on(NOTICE_ON)
    with city.database.writing() as session:
        session.execute(delete(PublicTable))
        city.clock.set(ERASE_ON)
        act = city.portfolio.act()
        assert public_tables.is_due(session, city.portfolio.root, act)
        assert planning.erasable(session, act) == []
    city.on(ERASE_ON)
    assert city.is_erased


@pytest.mark.parametrize("before_the_notice", [True, False])
def test_a_restored_backup_is_erased_again_after_a_notice_of_its_own_where_it_has_none(
    city: City, tmp_path: Path, before_the_notice: bool
) -> None:
    city.on(NOTICE_ON - timedelta(days=before_the_notice))
    backups.take(city.database, tmp_path / "backup", Form.PORTABLE, city.portfolio.act())
    city.erased()
    restored = Database(f"sqlite:///{tmp_path / 'restored.db'}")
    restoring.restore(restored, tmp_path / "backup", city.portfolio.act())
    city.database = restored
    assert not city.is_erased
    city.day()  # for all that it knows, the clock may be ahead
    assert not city.is_erased
    city.on(ERASE_ON)
    assert city.is_erased is not before_the_notice
    city.on(ERASE_ON + timedelta(days=30))
    assert city.is_erased
    with restored.reading() as session:
        assert audit.verify(session).broken_at is None
    restored.dispose()
