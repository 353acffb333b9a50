"""One's own account: a new password, by the old one or by a link that an administrator made.

Hashing takes long, so that on pages it happens before a transaction begins; whoever changes a password is signed out
elsewhere.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from app.rules.errors import RuleBroken
from app.services import calendars, passwords, sessions, signing_in, tokens, trail
from app.services.acting import Act, Where
from app.services.links import LinkExpired, LinkInvalid
from app.services.users import find_user, require_admin_over_all
from app.storage import people
from app.storage.models import User
from app.storage.session import Database

LINK_LASTS = timedelta(days=3)
"""Time for the person to get the link and use it, a weekend included; it is good for one password."""
_SALT = "password-link"


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A new password as it was typed, twice so that a slip of the hand shows."""

    password: str
    repeated: str


def change_password(database: Database, current: str, new: NewPassword, act: Act, session_id: str) -> None:
    """Changes one's own password; the session it is done in stays. Raises RuleBroken where the current one is wrong,
    which counts as a failed sign-in: a browser left open must not help to guess it."""
    with database.reading() as session:
        user = find_user(session, act.actor.id, act.actor)
    _check(new, user)
    try:
        signing_in.sign_in_with_password(database, user.email, current, act.now, act.where)
    except RuleBroken as refused:
        if refused.code == "sign_in_paused":
            raise
        raise RuleBroken("password_wrong", "current") from None
    kept = passwords.hashed(new.password)
    with database.writing() as session:
        _set(session, user.id, kept, act.now, act.where, but=session_id)


def make_link(session: Session, user_id: str, act: Act, secret_key: str) -> str:
    """The token of a link with which a user chooses a password; for administrators over all of the user's roles. The
    one made before works too, until either is used."""
    user = find_user(session, user_id, act.actor)
    require_admin_over_all(session, user, act.actor)
    until = int((act.now + LINK_LASTS).timestamp())
    trail.record(session, act, "password_link_made", User.__tablename__, user.id, {})
    signed = URLSafeSerializer(secret_key, salt=_SALT).dumps([user.id, until, _fingerprint(session, user)])
    return str(signed)


def user_of_link(session: Session, secret_key: str, token: str, now: datetime) -> User:
    """Whose link it is. Raises LinkExpired, or LinkInvalid for one that nobody signed or that was used."""
    try:
        user_id, until, fingerprint = URLSafeSerializer(secret_key, salt=_SALT).loads(token)
    except (BadData, ValueError, TypeError):
        raise LinkInvalid from None
    user = people.get_user(session, user_id)
    if user is None or not user.active or not hmac.compare_digest(fingerprint, _fingerprint(session, user)):
        raise LinkInvalid
    if now.timestamp() >= until:
        raise LinkExpired
    return user


def set_password_by_link(
    database: Database, secret_key: str, token: str, new: NewPassword, now: datetime, where: Where
) -> None:
    """Sets the password of the user whose link it is, once. Raises as `user_of_link`, and RuleBroken."""
    with database.reading() as session:
        user = user_of_link(session, secret_key, token, now)
    _check(new, user)
    kept = passwords.hashed(new.password)
    with database.writing() as session:
        user = user_of_link(session, secret_key, token, now)
        _set(session, user.id, kept, now, where)


def set_password(session: Session, user_id: str, password: str, act: Act) -> None:
    """Sets someone's password from the command line, for the last administrator who has forgotten theirs."""
    user = find_user(session, user_id, act.actor)
    require_admin_over_all(session, user, act.actor)
    kept = passwords.hashed(passwords.checked(password, (user.name, user.email)))
    _set(session, user.id, kept, act.now, act.where, by=act.actor.id)


def _check(new: NewPassword, user: User) -> None:
    passwords.checked(new.password, (user.name, user.email))
    if new.password != new.repeated:
        raise RuleBroken("passwords_differ", "repeated")


def _set(
    session: Session,
    user_id: str,
    kept: str,
    now: datetime,
    where: Where,
    but: str | None = None,
    by: str | None = None,
) -> None:
    user = people.get_user(session, user_id)
    if user is None:
        raise LinkInvalid
    user.password_hash = kept
    session.flush()
    signing_in.end_pause(session, user_id)
    sessions.end_all(session, user_id, now, but=but, by=by, where=where)
    if but is None:  # not the person at work, who may keep what they made
        tokens.revoke_all(session, user_id, now, by or user_id, where)
        calendars.revoke_of(session, user_id, now, by or user_id, where)
    trail.record_of(session, by or user_id, now, "password_set", User.__tablename__, user_id, {}, where)


def _fingerprint(session: Session, user: User) -> str:
    """Changes with the password, so that a link is good once, and with the roles: whoever made it for someone of their
    own unit must not hold the key to what that person is given elsewhere."""
    roles = people.grants_of(session, user.id)
    return hashlib.sha256(f"{user.id} {user.password_hash} {roles}".encode()).hexdigest()[:32]
