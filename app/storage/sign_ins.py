"""Failed sign-ins, counted past the mapper: they are no change of the user."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Table as SqlTable
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.storage.models import UnknownSignIn, User
from app.storage.upsert import insert_new

BUCKETS = 1 << 16
"""Addresses that nobody has share these: so many rows at the most, and far too few to tell an address from."""


class Failures(NamedTuple):
    """How often in a row it went wrong, and until when nothing is tried."""

    in_a_row: int
    locked_until: datetime | None


def bucket_of(email: str) -> int:
    """The bucket of an address that nobody has."""
    return int.from_bytes(hashlib.sha256(email.encode("utf-8", "replace")).digest()[:4]) % BUCKETS


def hold_user(session: Session, email: str) -> User | None:
    """The user with this address, locked, so that of two attempts at once the second sees the first."""
    return session.scalar(select(User).where(User.email == email).with_for_update(of=User))


def hold_bucket(session: Session, bucket: int) -> Failures:
    """Failures with addresses of this bucket, locked."""
    insert_new(session, UnknownSignIn, [{"bucket": bucket, "failures": 0, "locked_until": None}])
    columns = select(UnknownSignIn.failures, UnknownSignIn.locked_until)
    return Failures(*session.execute(columns.where(UnknownSignIn.bucket == bucket).with_for_update()).one())


def keep_user(session: Session, user_id: str, failures: Failures) -> None:
    values = {"failed_sign_ins": failures.in_a_row, "locked_until": failures.locked_until}
    session.execute(update(_users()).where(User.id == user_id).values(values))


def keep_bucket(session: Session, bucket: int, failures: Failures) -> None:
    values = {"failures": failures.in_a_row, "locked_until": failures.locked_until}
    session.execute(
        update(UnknownSignIn)
        .where(UnknownSignIn.bucket == bucket)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def keep_hash(session: Session, user_id: str, old: str, new: str) -> None:
    """The same password, hashed with newer parameters, unless it was changed meanwhile."""
    session.execute(update(_users()).where(User.id == user_id, User.password_hash == old).values(password_hash=new))


def _users() -> SqlTable:
    table = User.__table__
    assert isinstance(table, SqlTable)  # noqa: S101 - what the mapper made
    return table
