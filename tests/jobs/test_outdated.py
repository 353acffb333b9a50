"""What is kept for a time only, at its last day and the day after, on both databases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from time import sleep

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.jobs import daily_check, retention
from app.rules.dates import add_months
from app.services import outdated, sessions
from app.services.acting import SYSTEM, Act
from app.storage import audit, owners
from app.storage.models import (
    Alert,
    AuditEntry,
    BrowserSession,
    ErasedContract,
    Feedback,
    Message,
    Owner,
    OwnershipChange,
    RememberedAnswer,
    Table,
    User,
    new_id,
)
from app.storage.outdated import NAME
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.witnesses import checked_daily

NOW = datetime(2024, 11, 28, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def all_days_before(database: Database) -> None:
    checked_daily(database, NOW.date())


def months_ago(months: int) -> datetime:
    return datetime.combine(add_months(NOW.date(), -months), NOW.timetz())


def act() -> Act:
    return Act(SYSTEM, NOW, NOW.date())


def someone(session: Session) -> User:
    return session.scalars(select(User).where(User.email == "viewer@example.org")).one()


def answer(session: Session, at: datetime) -> Table:
    return RememberedAnswer(
        id=new_id(), user_id=someone(session).id, key="k", request_hash="h", headers={}, created_at=at
    )


def browser(session: Session, at: datetime) -> Table:
    times = {"created_at": at, "last_seen_at": at, "expires_at": at}
    return BrowserSession(id=new_id(), user_id=someone(session).id, token_hash="h", method="password", **times)


def alert(session: Session, at: datetime) -> Table:
    return Alert(
        id=new_id(),
        trouble="check_missing",
        for_on=at.date(),
        to_email="viewer@example.org",
        to_name="Ville",
        language="fi",
        status="sent",
        attempts=1,
        created_at=at,
    )


def feedback(session: Session, at: datetime) -> Table:
    return Feedback(
        id=new_id(),
        topic="other",
        text="Hyvä palvelu",
        language="fi",
        signed_in=True,
        received_on=at.date(),
        number=1,
        created_at=at,
    )


KINDS: list[tuple[str, Callable[[Session, datetime], Table], datetime]] = [
    ("remembered_answer", answer, NOW - timedelta(days=outdated.ANSWERS_DAYS)),
    ("browser_session", browser, NOW - sessions.KEPT),
    ("alert", alert, NOW - timedelta(days=outdated.ALERT_DAYS)),
    ("feedback", feedback, months_ago(outdated.FEEDBACK_MONTHS)),
]


@pytest.mark.parametrize(("kind", "made", "limit"), KINDS, ids=[kind for kind, _, _ in KINDS])
def test_a_row_goes_once_its_time_is_over(
    database: Database, portfolio: Portfolio, kind: str, made: Callable[[Session, datetime], Table], limit: datetime
) -> None:
    with database.writing() as session:
        row = made(session, limit)
        session.add(row)
        session.flush()
        table, key = type(row), row.id  # type: ignore[attr-defined]
    assert retention.erase_outdated(database, act())[kind] == 0
    with database.writing() as session:
        earlier = {name: limit - SECOND for name in ("created_at", "expires_at") if hasattr(table, name)}
        session.execute(update(table).values(earlier))
    assert retention.erase_outdated(database, act())[kind] == 1
    assert retention.erase_outdated(database, act())[kind] == 0
    with database.reading() as session:
        assert session.get(table, key) is None
        assert session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "erased")).all() == [kind]


@pytest.mark.parametrize(("status", "may_have_arrived"), [("sent", False), ("refused", False), ("refused", True)])
def test_the_text_of_a_mail_goes_and_what_became_of_it_stays(
    database: Database, portfolio: Portfolio, clock: SetClock, status: str, may_have_arrived: bool
) -> None:
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)
    with database.writing() as session:
        limit = months_ago(outdated.MAIL_TEXT_MONTHS)
        texts = {"text": "t", "html": "h", "subject": "s"}
        is_now = {"status": status, "may_have_arrived": may_have_arrived, "created_at": limit}
        session.execute(update(Message).values(texts | is_now))
    assert retention.erase_outdated(database, act())["message"] == 0
    with database.writing() as session:
        session.execute(update(Message).values(created_at=limit - SECOND))
    assert retention.erase_outdated(database, act())["message"] == 1
    with database.reading() as session:
        message = session.scalars(select(Message)).one()
        assert (message.text, message.html, message.subject, message.status) == (None, None, None, status)
        assert message.may_have_arrived is False  # without a text only a new one can be sent


def test_the_address_for_an_answer_goes_before_the_feedback(database: Database, portfolio: Portfolio) -> None:
    with database.writing() as session:
        row = feedback(session, NOW - timedelta(days=200))
        session.add(row)
        session.flush()
        handled = NOW - timedelta(days=outdated.FEEDBACK_ADDRESS_DAYS)
        session.execute(update(Feedback).values(answer_to="a@example.org", handled_at=handled))
    assert retention.erase_outdated(database, act())["feedback_address"] == 0
    with database.writing() as session:
        session.execute(update(Feedback).values(handled_at=handled - SECOND))
    assert retention.erase_outdated(database, act())["feedback_address"] == 1
    with database.reading() as session:
        assert session.scalars(select(Feedback.answer_to)).one() is None


def test_a_user_who_left_is_forgotten_two_years_after_the_last_word_about_them(
    database: Database, portfolio: Portfolio
) -> None:
    limit = months_ago(outdated.FORMER_PEOPLE_MONTHS)
    with database.writing() as session:
        user = someone(session)
        user_id, address = user.id, user.email
        session.execute(update(User).values(created_at=limit - SECOND))
    assert retention.erase_outdated(database, act())["user_account"] == 0
    with database.writing() as session:
        session.execute(update(User).where(User.id == user_id).values(active=False))
    assert retention.erase_outdated(database, act())["user_account"] == 1
    with database.reading() as session:
        user = session.get_one(User, user_id)
        assert (user.name, user.email) == (NAME, f"{user_id}@erased.invalid")
        assert session.scalars(select(User).where(User.email == address)).all() == []
        assert audit.verify(session).broken_at is None


def test_an_owner_is_forgotten_once_all_their_contracts_are_erased(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    contract_id = portfolio.contract(owner="gone@example.org")
    limit = months_ago(outdated.FORMER_PEOPLE_MONTHS)
    with database.writing() as session:
        session.execute(update(Owner).values(created_at=limit - SECOND))
    assert retention.erase_outdated(database, act())["owner"] == 0
    with database.writing() as session:
        session.add(ErasedContract(contract_id=contract_id, erased_on=NOW.date(), kept=[]))
    assert retention.erase_outdated(database, act())["owner"] == 1
    assert retention.erase_outdated(database, act())["owner"] == 0
    with database.reading() as session:
        assert session.scalars(select(Owner).where(Owner.email == "gone@example.org")).all() == []


def mail_to(owner: Owner, at: datetime) -> Table:
    to = {"owner_id": owner.id, "to_email": owner.email, "to_name": owner.name, "copies": [], "language": "fi"}
    state = {"status": "sent", "attempts": 1, "may_have_arrived": False}
    return Message(id=new_id(), kind="reminders", for_on=at.date(), created_at=at, **to, **state)


@pytest.mark.parametrize("what", ["mail", "gave", "took"])
def test_an_owner_is_kept_for_two_years_after_the_last_mail_or_handover(
    database: Database, portfolio: Portfolio, what: str
) -> None:
    limit, erased = months_ago(outdated.FORMER_PEOPLE_MONTHS), portfolio.contract(owner="gone@example.org")
    kept = portfolio.contract(owner="here@example.org")
    with database.writing() as session:
        gone, here = (owners.by_email(session, f"{name}@example.org") for name in ("gone", "here"))
        assert gone is not None
        assert here is not None
        gone.created_at = limit - SECOND
        session.add(ErasedContract(contract_id=erased, erased_on=NOW.date(), kept=[]))
        session.add(mail_to(gone, limit if what == "mail" else limit - SECOND))
        day = {"changed_on": limit.date(), "created_at": NOW}
        ids = {"from_owner_id": gone.id, "to_owner_id": here.id}
        if what == "took":
            ids = {"from_owner_id": here.id, "to_owner_id": gone.id}
        if what != "mail":
            session.add(OwnershipChange(id=new_id(), contract_id=kept, **ids, **day))
    assert retention.erase_outdated(database, act())["owner"] == 0
    with database.writing() as session:
        session.execute(update(Message).values(created_at=limit - SECOND))
        session.execute(update(OwnershipChange).values(changed_on=limit.date() - timedelta(days=1)))
    assert retention.erase_outdated(database, act())["owner"] == 1
    with database.reading() as session:
        address = f"{gone.id}@erased.invalid"
        assert session.scalars(select(Owner.email).order_by(Owner.email)).all() == [address, "here@example.org"]
        assert session.execute(select(Message.to_email, Message.to_name)).all() == [(address, NAME)]


def test_an_owner_who_is_given_a_contract_meanwhile_keeps_their_address(
    database: Database, portfolio: Portfolio
) -> None:
    contract_id = portfolio.contract(owner="gone@example.org")
    with database.writing() as session:
        session.execute(update(Owner).values(created_at=months_ago(outdated.FORMER_PEOPLE_MONTHS) - SECOND))
        session.add(ErasedContract(contract_id=contract_id, erased_on=NOW.date(), kept=[]))
    with database.writing() as session:
        owner = owners.by_email(session, "gone@example.org")
        erasing = Thread(target=retention.erase_outdated, args=(database, act()))
        erasing.start()
        erasing.join(timeout=0.5)
        session.execute(delete(ErasedContract))  # as good as a new one
    erasing.join()
    with database.reading() as session:
        assert owner is not None
        assert session.get_one(Owner, owner.id).email == "gone@example.org"


def test_a_deputy_is_kept_as_long_as_whoever_they_stand_in_for(database: Database, portfolio: Portfolio) -> None:
    """Nobody else names them: they may own no contract and have no account."""
    contract_id = portfolio.contract(owner="gone@example.org")
    long_ago = months_ago(outdated.FORMER_PEOPLE_MONTHS) - SECOND
    with database.writing() as session:
        owner = session.scalars(select(Owner)).one()
        deputy = Owner(email="deputy@example.org", name="Sanna", language="fi", created_at=long_ago)
        session.add(deputy)
        session.flush()
        owner.deputy_id, owner.created_at = deputy.id, long_ago
    assert retention.erase_outdated(database, act())["owner"] == 0
    with database.writing() as session:
        session.add(ErasedContract(contract_id=contract_id, erased_on=NOW.date(), kept=[]))
    assert retention.erase_outdated(database, act())["owner"] == 1
    assert retention.erase_outdated(database, act())["owner"] == 1


@contextmanager
def while_others_are_forgotten(database: Database) -> Iterator[Session]:
    """A transaction that commits once the work that forgets people has come upon it, or waits for it."""
    work = Thread(target=lambda: retention.erase_outdated(database, act()))
    with database.writing() as session:
        yield session
        session.flush()
        work.start()
        sleep(0.5)
    work.join()


def test_a_user_who_is_taken_back_at_that_moment_is_not_forgotten(database: Database, portfolio: Portfolio) -> None:
    with database.writing() as session:
        user_id = someone(session).id
        long_ago = months_ago(outdated.FORMER_PEOPLE_MONTHS) - SECOND
        session.execute(update(User).where(User.id == user_id).values(active=False, created_at=long_ago))
    with while_others_are_forgotten(database) as session:
        session.get_one(User, user_id).active = True
    with database.reading() as session:
        assert session.get_one(User, user_id).email == "viewer@example.org"


def test_an_owner_who_is_given_a_contract_at_that_moment_is_not_forgotten(
    database: Database, portfolio: Portfolio
) -> None:
    contract_id = portfolio.contract(owner="back@example.org")
    with database.writing() as session:
        session.execute(update(Owner).values(created_at=months_ago(outdated.FORMER_PEOPLE_MONTHS) - SECOND))
        session.add(ErasedContract(contract_id=contract_id, erased_on=NOW.date(), kept=[]))
    with while_others_are_forgotten(database) as session:
        owner = owners.by_email(session, "back@example.org")  # as whoever writes them into a contract finds them
        session.delete(session.get_one(ErasedContract, contract_id))
    with database.reading() as session:
        assert owner is not None
        assert session.get_one(Owner, owner.id).email == "back@example.org"


def test_a_clock_that_is_ahead_takes_nothing_for_outdated(database: Database, portfolio: Portfolio) -> None:
    with database.writing() as session:
        session.add(answer(session, NOW))
    ahead = NOW + timedelta(days=366)
    daily_check.run_check(database, ahead.date(), lambda: ahead)
    with database.reading() as session:
        assert session.scalar(select(RememberedAnswer.id)) is not None
    checked_daily(database, ahead.date())
    daily_check.run_check(database, ahead.date(), lambda: ahead)
    with database.reading() as session:
        assert session.scalar(select(RememberedAnswer.id)) is None
