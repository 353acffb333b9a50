"""Passwords: what one must be, and how failures slow down whoever guesses, without telling who is known here."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import func, select

from app.rules.codes import Role
from app.rules.errors import RuleBroken
from app.schemas.users import GrantCreate, UserCreate
from app.services import passwords
from app.services.acting import SYSTEM, Act, Channel, Where
from app.services.signing_in import sign_in_with_password
from app.services.users import add_user
from app.storage.models import AuditEntry, AuditPayload, UnknownSignIn, User
from app.storage.session import Database
from app.storage.sign_ins import bucket_of
from tests.conftest import SetClock
from tests.portfolio import Portfolio

EMAIL = "maija@example.org"
PASSWORD = "kettu soutaa hiljaa tiistaina"
NOW = datetime(2019, 3, 1, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def maija(database: Database, portfolio: Portfolio, clock: SetClock) -> str:
    with database.writing() as session:
        command = UserCreate(email=EMAIL, name="Maija", grant=GrantCreate(role=Role.VIEWER, unit_id=portfolio.root))
        return add_user(session, command, Act(SYSTEM, NOW, clock.today), PASSWORD).id


def outcome(database: Database, email: str, password: str, now: datetime) -> str:
    """`in`, else the code of the refusal."""
    try:
        sign_in_with_password(database, email, password, now, Where(Channel.WEB, "192.0.2.7"))
    except RuleBroken as refused:
        return refused.code
    return "in"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("a" + "bcdxyzq hjlm"[:13], "too_short"),
        ("kettu soutaa h", "too_short"),
        ("x" * 100 + "yz" * 100, "too_long"),
        ("aaaaaaaaaaaaaaa", "password_common"),
        ("salasanasalasana", "password_common"),
        ("Password1234567!", "password_common"),
        ("S i e p p - 2019 siepp", "password_common"),
        ("123456789012345678", "password_common"),
        ("abcdefghijklmnopq", "password_common"),
        ("qwertyuiop12345", "password_common"),
        ("Hankala.Noora.2019", "password_common"),
        ("noora.hankala@example.org", "password_common"),
        ("!!!!!!!!!!!!!!!!!", "password_common"),
    ],
)
def test_a_password_that_others_would_try_first_is_refused(password: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        passwords.checked(password, ("Noora Hankala", "noora.hankala@example.org"))
    assert (refused.value.code, refused.value.field) == (code, "password")


@pytest.mark.parametrize(
    "password",
    [
        "kettu soutaa hi",
        PASSWORD,
        "493817264091835",
        "ÄÄNETÖN yö järvellä",
        "correct horse battery staple",
        "ä" * 3 + "kq" * 30 + "ö",
    ],
)
def test_length_is_all_that_is_asked_of_others(password: str) -> None:
    assert passwords.checked(password, ("Noora Hankala", "noora@example.org"))


def test_the_same_letters_typed_on_another_keyboard_are_the_same_password() -> None:
    kept = passwords.hashed("yö järvellä kuutamolla")
    assert passwords.fits(
        "yo\N{COMBINING DIAERESIS} ja\N{COMBINING DIAERESIS}rvella\N{COMBINING DIAERESIS} kuutamolla", kept
    )[0]
    assert not passwords.fits("yö järvellä", kept)[0]
    assert not passwords.fits("\ud800" * 20, kept)[0]


def test_the_fifth_failure_begins_pauses_that_grow_and_a_right_password_ends_them(
    database: Database, maija: str
) -> None:
    assert [outcome(database, EMAIL, "wrong", NOW) for _ in range(5)] == ["sign_in_failed"] * 5
    assert outcome(database, EMAIL, PASSWORD, NOW + MINUTE - timedelta(seconds=1)) == "sign_in_paused"
    now = NOW + MINUTE
    for minutes in (2, 4, 8, 15, 15):
        assert outcome(database, EMAIL, "wrong", now) == "sign_in_failed"
        assert outcome(database, EMAIL, PASSWORD, now + minutes * MINUTE - timedelta(seconds=1)) == "sign_in_paused"
        now += minutes * MINUTE
    assert outcome(database, EMAIL, PASSWORD, now) == "in"
    assert outcome(database, EMAIL, "wrong", now) == "sign_in_failed"
    assert outcome(database, EMAIL, PASSWORD, now) == "in"


def test_failures_are_forgotten_a_day_after_the_last_pause(database: Database, maija: str) -> None:
    for _ in range(5):
        outcome(database, EMAIL, "wrong", NOW)
    later = NOW + MINUTE + timedelta(days=1)
    assert [outcome(database, EMAIL, "wrong", later) for _ in range(4)] == ["sign_in_failed"] * 4
    assert outcome(database, EMAIL, PASSWORD, later) == "in"


def test_a_pause_that_began_while_the_clock_was_ahead_shuts_nobody_out(database: Database, maija: str) -> None:
    for _ in range(5):
        outcome(database, EMAIL, "wrong", NOW + timedelta(days=365))
    assert outcome(database, EMAIL, "wrong", NOW) == "sign_in_failed"
    assert outcome(database, EMAIL, PASSWORD, NOW) == "sign_in_paused"  # of now, for the sixth
    assert outcome(database, EMAIL, PASSWORD, NOW + 2 * MINUTE) == "in"


def test_an_unknown_address_meets_the_same_answers_and_is_not_kept(database: Database, maija: str) -> None:
    unknown = "nobody.at.all@example.org"
    assert [outcome(database, unknown, "wrong", NOW) for _ in range(6)] == ["sign_in_failed"] * 5 + ["sign_in_paused"]
    assert outcome(database, unknown, "wrong", NOW + MINUTE) == "sign_in_failed"
    with database.reading() as session:
        kept = session.execute(select(UnknownSignIn.bucket, UnknownSignIn.failures)).one()
        told = [str(payload) for payload in session.scalars(select(AuditPayload.payload))]
    assert tuple(kept) == (bucket_of(unknown), 6)
    assert not any("nobody" in text or "wrong" in text for text in told)


def test_one_who_has_no_password_or_is_no_longer_active_is_answered_like_a_stranger(
    database: Database, portfolio: Portfolio, maija: str
) -> None:
    assert outcome(database, "viewer@example.org", "", NOW) == "sign_in_failed"
    with database.writing() as session:
        session.get_one(User, maija).active = False
    assert outcome(database, EMAIL, PASSWORD, NOW) == "sign_in_failed"


def test_of_many_attempts_at_once_only_five_are_judged(database: Database, maija: str) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(outcome(database, EMAIL, "wrong", NOW))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["sign_in_failed"] * 5 + ["sign_in_paused"] * 7


def test_failures_and_pauses_are_in_the_trail_and_make_no_edit_stale(database: Database, maija: str) -> None:
    with database.reading() as session:
        version = session.get_one(User, maija).version
    for _ in range(5):
        outcome(database, EMAIL, "Hemligt lösenord", NOW)
    with database.reading() as session:
        assert session.get_one(User, maija).version == version
        actions = select(AuditEntry.action, func.count()).where(AuditEntry.subject_id == maija)
        counted = {row[0]: row[1] for row in session.execute(actions.group_by(AuditEntry.action))}
        told = [str(payload) for payload in session.scalars(select(AuditPayload.payload))]
    assert (counted["sign_in_failed"], counted["sign_in_paused"]) == (5, 1)
    assert not any("emligt" in text for text in told)


def test_an_old_hash_is_renewed_when_its_password_is_given(database: Database, maija: str) -> None:
    weaker = Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with database.writing() as session:
        session.get_one(User, maija).password_hash = weaker
    assert outcome(database, EMAIL, PASSWORD, NOW) == "in"
    with database.reading() as session:
        renewed = session.get_one(User, maija).password_hash
    assert renewed != weaker
    assert outcome(database, EMAIL, PASSWORD, NOW) == "in"
