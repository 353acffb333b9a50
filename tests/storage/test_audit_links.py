"""Which links of the trail a transaction leaves behind when parts of it are taken back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services import trail
from app.storage import audit
from app.storage.models import AuditEntry
from app.storage.session import Database


def note(session: Session, subject_id: str) -> None:
    audit.record(
        session,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        actor="system",
        action="created",
        subject="thing",
        subject_id=subject_id,
        payload={},
    )


def attempt_in_vain(session: Session) -> None:
    with trail.attempting(session):
        note(session, "within")
        with trail.attempting(session):
            note(session, "deeper")
        raise ValueError("wrong")


def kept(database: Database) -> list[str]:
    with database.reading() as session:
        assert audit.verify(session).broken_at is None
        return list(session.scalars(select(AuditEntry.subject_id).order_by(AuditEntry.seq)))


def test_what_was_noted_before_a_savepoint_stays_when_it_is_rolled_back(database: Database) -> None:
    with database.writing() as session:
        note(session, "before")
        with pytest.raises(ValueError, match="wrong"):
            attempt_in_vain(session)
        note(session, "after")
    assert kept(database) == ["before", "after"]


def test_what_was_kept_within_goes_with_the_savepoint_around_it(database: Database) -> None:
    with database.writing() as session:
        note(session, "before")
        with trail.trying(session):
            note(session, "tried")
            with trail.attempting(session):
                note(session, "kept within")
        with trail.attempting(session):
            note(session, "kept")
    assert kept(database) == ["before", "kept"]


def test_an_error_of_what_is_only_tried_is_not_hidden(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(ValueError, match="wrong"), trail.trying(session):
            raise ValueError("wrong")
        note(session, "after")
    assert kept(database) == ["after"]


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ValueError, match="wrong"), database.writing() as session:
        attempt_in_vain(session)
    assert kept(database) == []


def test_a_session_that_goes_on_after_a_rollback_begins_without_links(database: Database) -> None:
    with database.writing() as session:
        note(session, "gone")
        session.flush()
        session.connection()
        session.rollback()
        note(session, "stays")
    assert kept(database) == ["stays"]
