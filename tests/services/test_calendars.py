"""Which days stand in whose calendar, and what becomes of its address: on both databases."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from app.jobs.daily_check import judge_all
from app.rules.codes import Role
from app.rules.errors import NotFound
from app.services import calendars, users
from app.services.acting import Act, Actor, GrantedRole
from app.services.calendars import MOST, NOTED_EVERY, PAST, CalendarDay, DayKind
from app.services.signing_in import actor_of
from app.storage import people
from app.storage.models import AuditEntry, CalendarFeed, Contract, Grant, StoredJudgement, Unit
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import patch, post

LAST_START, END, COMPLETION = DayKind
DAY = timedelta(days=1)
THE_END = date(2020, 2, 28)
THE_START = date(2019, 5, 31)
Show = Callable[..., list[CalendarDay]]


@pytest.fixture
def show(database: Database, clock: SetClock) -> Show:
    """The days of a user, by e-mail address."""

    def shown(email: str = "viewer@example.org") -> list[CalendarDay]:
        with database.reading() as session:
            user = people.user_by_email(session, email)
            assert user is not None, email
            return calendars.days_of(session, actor_of(session, user), clock.today)

    return shown


def told(days: list[CalendarDay], *kinds: DayKind) -> list[tuple[DayKind, date, int]]:
    return [(one.kind, one.on, one.count) for one in days if not kinds or one.kind in kinds]


def job(client: TestClient, portfolio: Portfolio, contract_id: str, starts_on: str, **fields: Any) -> str:
    body = {"employment_form": "employment", "target_group": "youth", "channel": "team", "starts_on": starts_on}
    answer = post(client, f"/contracts/{contract_id}/positions", body | fields, portfolio.liaison)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def move(portfolio: Portfolio, clock: SetClock, day: date) -> None:
    """A new day, on which the clock has judged."""
    clock.set(day)
    judge_all(portfolio.database, portfolio.act())


# --- Which days


def test_a_contract_has_its_last_day_to_start_and_its_end(portfolio: Portfolio, show: Show) -> None:
    portfolio.contract()
    assert told(show()) == [(LAST_START, THE_START, 1), (END, THE_END, 0)]


def test_people_with_the_same_last_day_are_one_event_and_each_day_has_its_own(
    portfolio: Portfolio, client: TestClient, show: Show, clock: SetClock
) -> None:
    contract_id = portfolio.contract(positions=3)
    assert told(show(), LAST_START) == [(LAST_START, THE_START, 3)]
    job(client, portfolio, contract_id, "2018-09-01", agreed_on="2018-09-01", planned_end_on="2019-02-28")
    assert told(show(), LAST_START) == [(LAST_START, THE_START, 2), (LAST_START, date(2019, 11, 29), 1)]


@pytest.mark.parametrize(("day", "left"), [(THE_START - DAY, 1), (THE_START, 1), (THE_START + DAY, 0)])
def test_a_last_day_to_start_stands_until_it_is_over(
    portfolio: Portfolio, show: Show, clock: SetClock, day: date, left: int
) -> None:
    portfolio.contract()
    move(portfolio, clock, day)
    assert len(told(show(), LAST_START)) == left


def test_a_later_day_stands_though_the_first_has_passed(
    portfolio: Portfolio, client: TestClient, show: Show, clock: SetClock
) -> None:
    contract_id = portfolio.contract(positions=2)
    job(client, portfolio, contract_id, "2018-09-01", agreed_on="2018-09-01", planned_end_on="2019-02-28")
    move(portfolio, clock, THE_START + DAY)
    assert told(show(), LAST_START) == [(LAST_START, date(2019, 11, 29), 1)]


@pytest.mark.parametrize(("wait", "stands"), [(PAST - DAY, True), (PAST, True), (PAST + DAY, False)])
def test_an_end_can_be_looked_up_for_a_while(
    portfolio: Portfolio, show: Show, clock: SetClock, wait: timedelta, stands: bool
) -> None:
    portfolio.contract()
    move(portfolio, clock, THE_END + wait)
    assert told(show()) == ([(END, THE_END, 0)] if stands else [])


def test_an_option_taken_moves_the_same_events(
    portfolio: Portfolio, client: TestClient, show: Show, clock: SetClock
) -> None:
    contract_id = portfolio.contract()
    before = {one.kind: one for one in show()}
    at = f"/contracts/{contract_id}/options"
    option = post(client, at, {"ends_on": "2021-02-28"}, portfolio.officer).json()["id"]
    clock.now += DAY
    assert post(client, f"{at}/{option}/exercise", {"exercised_on": "2019-03-02"}, portfolio.officer).status_code == 200
    after = {one.kind: one for one in show()}
    assert {kind: one.on for kind, one in after.items()} == {
        LAST_START: date(2020, 6, 1),
        END: date(2021, 2, 28),
    }
    assert {kind: one.uid for kind, one in before.items()} == {kind: one.uid for kind, one in after.items()}
    assert all(after[kind].revision > one.revision for kind, one in before.items())


def test_a_day_that_someone_takes_is_gone_and_the_others_stay_what_they_are(
    portfolio: Portfolio, client: TestClient, show: Show
) -> None:
    contract_id = portfolio.contract(positions=2)
    job(client, portfolio, contract_id, "2018-09-01", agreed_on="2018-09-01", planned_end_on="2019-02-28")
    before = {one.on: one.uid for one in show() if one.kind is LAST_START}
    job(client, portfolio, contract_id, "2019-02-01")
    after = {one.on: one.uid for one in show() if one.kind is LAST_START}
    assert list(after) == [date(2019, 11, 29)]
    assert after.items() <= before.items()


def test_a_running_job_has_the_day_on_which_it_completes_and_keeps_it_for_a_while(
    portfolio: Portfolio, client: TestClient, show: Show, clock: SetClock
) -> None:
    contract_id = portfolio.contract(positions=3)
    job(client, portfolio, contract_id, "2019-02-01")
    job(client, portfolio, contract_id, "2019-02-01")
    job(client, portfolio, contract_id, "2019-04-01", agreed_on="2019-03-01")
    expected = [(COMPLETION, date(2019, 10, 31), 2), (COMPLETION, date(2019, 12, 31), 1)]
    assert told(show(), COMPLETION) == expected
    named = [one.uid for one in show() if one.kind is COMPLETION]
    move(portfolio, clock, date(2019, 10, 31))
    assert told(show(), COMPLETION) == expected
    move(portfolio, clock, date(2019, 10, 31) + PAST)
    assert told(show(), COMPLETION) == expected
    assert [one.uid for one in show() if one.kind is COMPLETION] == named
    move(portfolio, clock, date(2019, 10, 31) + PAST + DAY)
    assert told(show(), COMPLETION) == expected[1:]


def test_the_last_completion_of_a_contract_can_be_looked_up_too(
    portfolio: Portfolio, client: TestClient, show: Show, clock: SetClock
) -> None:
    job(client, portfolio, portfolio.contract(), "2019-02-01")
    move(portfolio, clock, date(2019, 10, 31) + PAST)
    assert told(show(), COMPLETION) == [(COMPLETION, date(2019, 10, 31), 1)]


def test_a_completion_that_moves_is_the_same_event(
    portfolio: Portfolio, client: TestClient, show: Show, clock: SetClock
) -> None:
    position = job(client, portfolio, portfolio.contract(), "2019-02-01")
    (before,) = (one for one in show() if one.kind is COMPLETION)
    change = {"starts_on": "2019-02-05"}
    assert patch(client, f"/positions/{position}", change, portfolio.liaison).status_code == 200
    (after,) = (one for one in show() if one.kind is COMPLETION)
    assert (after.uid, after.on) == (before.uid, date(2019, 11, 4))


def test_a_job_that_will_not_complete_or_was_voided_has_no_day(
    portfolio: Portfolio, client: TestClient, show: Show
) -> None:
    contract_id = portfolio.contract(positions=2)
    job(client, portfolio, contract_id, "2019-02-01", planned_end_on="2019-06-30")
    wrong = job(client, portfolio, contract_id, "2019-02-02")
    post(client, f"/positions/{wrong}/void", {"reason": "Kirjattu väärin"}, portfolio.liaison)
    assert told(show(), COMPLETION) == []


def test_a_closed_obligation_has_no_days(portfolio: Portfolio, client: TestClient, show: Show) -> None:
    contract_id = portfolio.contract()
    body = {"effective_on": "2019-03-01", "reason": "Päätös", "decision_reference": "HEL 1 §"}
    assert post(client, f"/contracts/{contract_id}/closure", body, portfolio.officer).status_code == 201
    assert show() == []


def test_events_of_a_kind_are_bounded_and_the_soonest_stay(
    portfolio: Portfolio, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST >= 100
    monkeypatch.setattr(calendars, "MOST", 2)
    for year in (2022, 2020, 2021):
        portfolio.contract(ends_on=date(year, 2, 28))
    assert [one.on.year for one in show() if one.kind is END] == [2020, 2021]
    assert len(told(show(), LAST_START)) == 2


def test_a_calendar_takes_the_same_few_questions_however_many_contracts(
    portfolio: Portfolio, client: TestClient, show: Show, database: Database
) -> None:
    asked: list[str] = []
    counts = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    for _ in range(2):
        for _ in range(4):
            job(client, portfolio, portfolio.contract(positions=2), "2019-02-01")
        asked.clear()
        show()
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


# --- Whose days


def test_a_contract_owner_has_the_days_of_their_own_contracts_only(portfolio: Portfolio, show: Show) -> None:
    own = portfolio.contract()
    portfolio.contract(owner="someone.else@example.org")
    assert {one.contract_id for one in show("owner@example.org")} == {own}
    assert len({one.contract_id for one in show("procurement_officer@example.org")}) == 2


def test_another_role_opens_more_to_an_owner(portfolio: Portfolio, show: Show, database: Database) -> None:
    portfolio.contract(owner="someone.else@example.org")
    assert show("owner@example.org") == []
    with database.writing() as session:
        user = people.user_by_email(session, "owner@example.org")
        assert user is not None
        grant = Grant(id="f" * 32, user_id=user.id, role=Role.VIEWER, unit_id=portfolio.division)
        grant.created_at = portfolio.clock()
        session.add(grant)
    assert len({one.contract_id for one in show("owner@example.org")}) == 1


@pytest.mark.parametrize("who", ["stranger@example.org", "project_reporter@example.org"])
def test_others_have_no_day_of_it(portfolio: Portfolio, show: Show, who: str) -> None:
    portfolio.contract()
    assert show(who) == []


def test_an_owner_of_a_contract_outside_their_unit_has_none_of_its_days(
    portfolio: Portfolio, show: Show, database: Database
) -> None:
    portfolio.contract(unit_id=portfolio.other_root)
    assert show("owner@example.org") == []


def days_by_hand(database: Database, prefix: str, today: date) -> Counter[tuple[str, date]]:
    """Every missing last day to start that lies ahead, of the contracts below a unit."""
    found: Counter[tuple[str, date]] = Counter()
    with database.reading() as session:
        for row in session.scalars(select(StoredJudgement).where(StoredJudgement.status != "closed")):
            if row.unit_path.startswith(prefix) or row.procurement_unit_path.startswith(prefix):
                days = (date.fromisoformat(day) for day in row.missing_latest_starts)
                found.update((row.contract_id, day) for day in days if day >= today)
    return found


contracts_drawn = st.lists(
    st.tuples(
        st.sampled_from(["division", "office", "root", "other_root"]),
        st.integers(1, 3),
        st.dates(date(2018, 1, 1), date(2019, 6, 1)),
        st.integers(300, 900),
        st.sampled_from(["within_contract", "may_follow_contract"]),
        st.none() | st.integers(1, 12),
    ),
    max_size=4,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(drawn=contracts_drawn, ahead=st.integers(0, 700))
def test_every_missing_last_day_ahead_of_a_contract_seen_stands_there_once_and_none_of_foreign_units(
    portfolio: Portfolio, clock: SetClock, database: Database, drawn: list[Any], ahead: int
) -> None:
    clock.set(date(2019, 3, 1))
    for unit, positions, starts_on, length, completion, start_within in drawn:
        portfolio.contract(
            unit_id=getattr(portfolio, unit),
            positions=positions,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=length),
            completion=completion,
            start_within_months=start_within,
        )
    move(portfolio, clock, date(2019, 3, 1) + timedelta(days=ahead))
    with database.reading() as session:
        path = session.get_one(Unit, portfolio.division).path
        viewer = Actor("x", "", "", grants=(GrantedRole(Role.VIEWER, path),))
        days = calendars.days_of(session, viewer, clock.today)
        seen = set(
            session.scalars(select(StoredJudgement.contract_id).where(StoredJudgement.unit_path.startswith(path)))
        )
    starts = [one for one in days if one.kind is LAST_START]
    told_days = Counter({(one.contract_id, one.on): one.count for one in starts})
    assert told_days == days_by_hand(database, path, clock.today)
    assert len({one.uid for one in days}) == len(days)
    assert {one.contract_id for one in days} <= seen


# --- The address


@pytest.fixture
def viewer(portfolio: Portfolio, database: Database, clock: SetClock) -> Act:
    with database.reading() as session:
        user = people.user_by_email(session, "viewer@example.org")
        assert user is not None
        return Act(actor_of(session, user), clock(), clock.today)


def made(database: Database, act: Act) -> str:
    with database.writing() as session:
        return calendars.make_feed(session, act)


def read(database: Database, secret: str, act: Act) -> calendars.Calendar:
    with database.reading() as session:
        return calendars.show_calendar(session, secret, act.now, act.today)


def test_an_address_shows_the_days_in_its_users_language_until_it_is_made_anew_or_taken_away(
    database: Database, portfolio: Portfolio, viewer: Act
) -> None:
    portfolio.contract()
    first = made(database, viewer)
    calendar = read(database, first, viewer)
    assert (calendar.language, len(calendar.days)) == ("en", 2)
    second = made(database, viewer)
    with pytest.raises(NotFound):
        read(database, first, viewer)
    assert len(read(database, second, viewer).days) == 2
    with database.writing() as session:
        calendars.revoke_feed(session, viewer)
    with pytest.raises(NotFound):
        read(database, second, viewer)


def test_only_the_digest_of_the_secret_is_kept_and_the_trail_has_neither(database: Database, viewer: Act) -> None:
    secret = made(database, viewer)
    with database.reading() as session:
        feed = session.scalars(select(CalendarFeed)).one()
        assert feed.secret_hash == people.token_hash(secret)
        trail = [str(entry.__dict__) for entry in session.scalars(select(AuditEntry))]
    assert len(secret) == 32
    assert not any(secret in entry or feed.secret_hash in entry for entry in trail)
    assert any("calendar_feed" in entry for entry in trail)


def test_each_has_an_address_of_their_own(
    database: Database, portfolio: Portfolio, viewer: Act, clock: SetClock
) -> None:
    with database.reading() as session:
        user = people.user_by_email(session, "owner@example.org")
        assert user is not None
        owner = Act(actor_of(session, user), clock(), clock.today)
    first, second = made(database, viewer), made(database, owner)
    portfolio.contract(owner="someone.else@example.org")
    assert len(read(database, first, viewer).days) == 2
    assert read(database, second, owner).days == []


def test_without_a_role_the_calendar_is_empty(
    database: Database, portfolio: Portfolio, viewer: Act, clock: SetClock
) -> None:
    portfolio.contract()
    secret = made(database, viewer)
    with database.writing() as session:
        for row in people.grant_rows(session, viewer.actor.id):
            session.delete(row.Grant)
    assert read(database, secret, viewer).days == []


def test_who_is_shut_out_loses_the_address_for_good(database: Database, portfolio: Portfolio, viewer: Act) -> None:
    secret = made(database, viewer)
    with database.writing() as session:
        users.sign_out_everywhere(session, viewer.actor.id, portfolio.act())
    with pytest.raises(NotFound):
        read(database, secret, viewer)


def test_a_user_who_is_no_longer_active_shows_nothing(database: Database, viewer: Act) -> None:
    secret = made(database, viewer)
    with database.writing() as session:
        user = people.get_user(session, viewer.actor.id)
        assert user is not None
        user.active = False
    with pytest.raises(NotFound):
        read(database, secret, viewer)


def test_reading_is_noted_once_a_day(database: Database, viewer: Act) -> None:
    secret = made(database, viewer)
    first = read(database, secret, viewer).due_for_note
    assert first is not None
    with database.writing() as session:
        calendars.note_read(session, first, viewer.now)
    moment = timedelta(seconds=1)
    soon = Act(viewer.actor, viewer.now + NOTED_EVERY - moment, viewer.today)
    assert read(database, secret, soon).due_for_note is None
    later = Act(viewer.actor, viewer.now + NOTED_EVERY, viewer.today)
    assert read(database, secret, later).due_for_note == first


def test_who_has_none_has_none_to_take_away(database: Database, viewer: Act) -> None:
    with database.writing() as session, pytest.raises(NotFound):
        calendars.revoke_feed(session, viewer)


def test_a_contract_handed_over_moves_to_its_new_owners_calendar(
    portfolio: Portfolio, client: TestClient, show: Show, database: Database
) -> None:
    contract_id = portfolio.contract()
    new = {"name": "Uusi", "email": "contract_owner@example.org", "language": "fi"}
    answer = post(client, f"/contracts/{contract_id}/handover", {"owner": new}, portfolio.officer)
    assert answer.status_code < 300, answer.text
    assert show("owner@example.org") == []
    assert {one.contract_id for one in show("contract_owner@example.org")} == {contract_id}
    with database.reading() as session:
        assert session.get_one(Contract, contract_id)
