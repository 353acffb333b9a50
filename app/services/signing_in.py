"""Who is it: an e-mail address and a password become a user, and a user an actor with grants.

An attempt with a password counts as failed before the password is looked at, in a transaction of its own: of many
attempts at once none slips through, and hashing holds no lock. After the fifth failure in a row the next attempt waits
for a minute, then for two and so on up to fifteen: some hundred guesses a day find no password of fifteen characters,
and nobody can lock a colleague out for long. Addresses that nobody has meet the same answers, pauses and time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.rules.errors import RuleBroken
from app.services import passwords, trail
from app.services.acting import Actor, GrantedRole, Where
from app.storage import people, sign_ins
from app.storage.models import User
from app.storage.session import Database
from app.storage.sign_ins import Failures

FREE_FAILURES = 4
"""Slips of the hand that cost nothing."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
"""Failures are forgotten when nothing went wrong for so long after the last pause."""
VISITOR = "visitor"
"""Who tries to sign in, in the trail."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was counted, and what is needed to judge it."""

    user_id: str | None
    kept: str | None
    """Hash of the user's password; None where there is no user, none active, or none with a password."""
    locked_until: datetime | None
    """Until when the next attempt waits, should this one fail."""
    where: Where


def actor_of(session: Session, user: User) -> Actor:
    """A user as one who acts, with all grants."""
    grants = tuple(GrantedRole(Role(role), path) for role, path in people.grants_of(session, user.id))
    return Actor(id=user.id, name=user.name, email=user.email, language=user.language, grants=grants)


def actor_of_rows(rows: Sequence[Row[*tuple[Any, ...]]]) -> Actor:
    """The actor of rows with the columns of `people.WHO`."""
    grants = tuple(GrantedRole(Role(row.role), row.path) for row in rows if row.role is not None)
    first = rows[0]
    return Actor(id=first.id, name=first.name, email=first.email, language=first.language, grants=grants)


def sign_in_with_password(database: Database, email: str, password: str, now: datetime, where: Where) -> User:
    """The user with this address and password. Raises RuleBroken where they do not fit, or after too many failures.
    `where` is where the request came from, for the trail. Opens transactions of its own, short ones, since a failure
    must stay counted although the request fails."""
    with database.writing() as session:
        attempt = begin_attempt(session, email, now, where)
    right, renewed = passwords.fits(password, attempt.kept)
    with database.writing() as session:
        user = conclude(session, attempt, right, renewed, now)
    if user is None:
        raise RuleBroken("sign_in_failed")
    return user


def begin_attempt(session: Session, email: str, now: datetime, where: Where) -> Attempt:
    """Counts the attempt as failed, until `conclude` knows better. Raises RuleBroken during a pause."""
    email = email.strip().lower()
    user = sign_ins.hold_user(session, email)
    if user is None:
        bucket = sign_ins.bucket_of(email)
        failures = _one_more(sign_ins.hold_bucket(session, bucket), now)
        sign_ins.keep_bucket(session, bucket, failures)
        return Attempt(None, None, failures.locked_until, where)
    failures = _one_more(Failures(user.failed_sign_ins, user.locked_until), now)
    sign_ins.keep_user(session, user.id, failures)
    return Attempt(user.id, user.password_hash if user.active else None, failures.locked_until, where)


def conclude(session: Session, attempt: Attempt, right: bool, renewed: str | None, now: datetime) -> User | None:
    """Forgets the failures of a user who gave the right password; None where it was wrong, which the trail tells
    without what was typed."""
    user = people.get_user(session, attempt.user_id) if attempt.user_id is not None else None
    if right and user is not None and user.active and user.password_hash == attempt.kept:
        sign_ins.keep_user(session, user.id, Failures(0, None))
        if renewed is not None and attempt.kept is not None:
            sign_ins.keep_hash(session, user.id, attempt.kept, renewed)
        return user
    payload = {"method": "password"}
    subject_id = attempt.user_id or "unknown"
    trail.record_of(session, VISITOR, now, "sign_in_failed", "user_account", subject_id, payload, attempt.where)
    if attempt.locked_until is not None:
        until = {"until": attempt.locked_until}
        trail.record_of(session, VISITOR, now, "sign_in_paused", "user_account", subject_id, until, attempt.where)
    return None


def end_pause(session: Session, user_id: str) -> None:
    """With a new password begins a new count."""
    sign_ins.keep_user(session, user_id, Failures(0, None))


def _one_more(before: Failures, now: datetime) -> Failures:
    """Failures with this attempt. Raises RuleBroken where it comes during a pause; one longer than the longest began
    while the clock was ahead, and would shut people out until that time comes."""
    if before.locked_until is not None and now < before.locked_until <= now + LONGEST_PAUSE:
        minutes = ceil((before.locked_until - now) / timedelta(minutes=1))
        raise RuleBroken("sign_in_paused", minutes=minutes)
    forgotten = before.locked_until is not None and now - before.locked_until >= FORGOTTEN_AFTER
    count = 1 if forgotten else before.in_a_row + 1
    return Failures(count, None if count <= FREE_FAILURES else now + _pause(count))


def _pause(count: int) -> timedelta:
    doublings = min(count - FREE_FAILURES - 1, 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
