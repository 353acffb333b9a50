"""Sessions of browsers: they end by time, by hand and with the user's access; roles are those of the moment."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.rules.codes import Role
from app.schemas.users import UserChange
from app.services import sessions
from app.services.acting import SYSTEM, Act
from app.services.users import change_user
from app.storage import people
from app.storage.models import AuditEntry, BrowserSession, Grant
from app.storage.session import Database
from tests.portfolio import Portfolio

NOW = datetime(2019, 3, 1, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def viewer(database: Database, portfolio: Portfolio) -> str:
    with database.reading() as session:
        user = people.user_by_email(session, "viewer@example.org")
        assert user is not None
        return user.id


def begin(database: Database, user_id: str, now: datetime = NOW) -> str:
    with database.writing() as session:
        return sessions.begin(session, user_id, "password", now)


def look(database: Database, token: str, now: datetime) -> sessions.SignedIn | None:
    with database.reading() as session:
        return sessions.signed_in(session, token, now)


def touch(database: Database, token: str, now: datetime) -> None:
    found = look(database, token, now)
    assert found is not None
    with database.writing() as session:
        sessions.touch(session, found.session_id, now)


def test_a_token_opens_its_session_and_is_not_stored(database: Database, viewer: str) -> None:
    token = begin(database, viewer)
    found = look(database, token, NOW)
    assert found is not None
    assert (found.actor.email, found.method, found.since_before) == ("viewer@example.org", "password", None)
    assert len(token) >= 43
    assert look(database, token + "x", NOW) is None
    with database.reading() as session:
        kept = session.scalars(select(BrowserSession)).one()
        assert token not in {str(value) for value in vars(kept).values()}


def test_a_session_ends_when_it_is_not_used_for_four_hours(database: Database, viewer: str) -> None:
    token = begin(database, viewer)
    assert look(database, token, NOW + sessions.IDLE_LIMIT - SECOND) is not None
    assert look(database, token, NOW + sessions.IDLE_LIMIT) is None
    used = NOW + sessions.IDLE_LIMIT - SECOND
    touch(database, token, used)
    assert look(database, token, used + sessions.IDLE_LIMIT - SECOND) is not None


def test_a_session_ends_after_a_working_day_however_much_it_is_used(database: Database, viewer: str) -> None:
    token, now = begin(database, viewer), NOW
    while now < NOW + sessions.LONGEST - timedelta(hours=1):
        now += timedelta(hours=1)
        touch(database, token, now)
    assert look(database, token, NOW + sessions.LONGEST - SECOND) is not None
    assert look(database, token, NOW + sessions.LONGEST) is None


def test_use_is_written_down_at_most_every_five_minutes(database: Database, viewer: str) -> None:
    token = begin(database, viewer)
    for later in (sessions.TOUCHED_EVERY - SECOND, sessions.TOUCHED_EVERY):
        touch(database, token, NOW + later)
        found = look(database, token, NOW + later)
        assert found is not None
        assert found.seen_at == (NOW if later < sessions.TOUCHED_EVERY else NOW + later)


def test_since_i_was_last_here_is_when_the_session_before_was_last_in_use(database: Database, viewer: str) -> None:
    first = begin(database, viewer)
    touch(database, first, NOW + timedelta(hours=2))
    second = begin(database, viewer, NOW + timedelta(days=3))
    found = look(database, second, NOW + timedelta(days=3, hours=1))
    assert found is not None
    assert found.since_before == NOW + timedelta(hours=2)


def test_signing_out_ends_one_session_or_all_and_the_trail_tells(database: Database, viewer: str) -> None:
    tokens = [begin(database, viewer) for _ in range(3)]
    first = look(database, tokens[0], NOW)
    assert first is not None
    with database.writing() as session:
        sessions.end(session, first.session_id, NOW)
        sessions.end(session, first.session_id, NOW)
    assert [look(database, token, NOW) is not None for token in tokens] == [False, True, True]
    with database.writing() as session:
        sessions.end_all(session, viewer, NOW)
        sessions.end_all(session, viewer, NOW)
    assert [look(database, token, NOW) for token in tokens] == [None] * 3
    with database.reading() as session:
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))
    assert actions == ["signed_in"] * 3 + ["signed_out", "signed_out_everywhere"]


def test_a_role_given_or_taken_away_acts_at_once_and_a_closed_user_is_out(
    database: Database, portfolio: Portfolio, viewer: str
) -> None:
    token = begin(database, viewer)
    with database.writing() as session:
        grant = session.scalars(select(Grant).where(Grant.user_id == viewer)).one()
        grant.role = Role.BUSINESS_LIAISON.value
    found = look(database, token, NOW)
    assert found is not None
    assert [given.role for given in found.actor.grants] == [Role.BUSINESS_LIAISON]
    with database.writing() as session:
        change_user(session, viewer, UserChange(active=False), Act(SYSTEM, NOW, NOW.date()))
    assert look(database, token, NOW) is None
    with database.writing() as session:
        change_user(session, viewer, UserChange(active=True), Act(SYSTEM, NOW, NOW.date()))
    assert look(database, token, NOW) is None


def test_a_sign_in_deletes_no_old_sessions_for_the_clock_may_be_ahead(database: Database, viewer: str) -> None:
    begin(database, viewer)
    begin(database, viewer, NOW + sessions.KEPT + sessions.LONGEST + SECOND)
    with database.reading() as session:
        assert len(session.scalars(select(BrowserSession)).all()) == 2
