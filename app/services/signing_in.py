"""Who is it: a token, or an e-mail address and a password, becomes an actor with grants."""

from functools import cache

from pwdlib import PasswordHash
from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.rules.errors import RuleBroken
from app.services.acting import Actor, GrantedRole
from app.storage import people
from app.storage.models import User

PASSWORD_MIN_LENGTH = 12
"""Length is what makes a password hard to guess; rules about signs only make it hard to remember."""
PASSWORD_MAX_LENGTH = 1000
"""Hashing something longer would only cost time."""
_hashing = PasswordHash.recommended()


def actor_of(session: Session, user: User) -> Actor:
    """A user as one who acts, with all grants."""
    grants = tuple(GrantedRole(Role(role), path) for role, path in people.grants_of(session, user.id))
    return Actor(id=user.id, name=user.name, email=user.email, language=user.language, grants=grants)


def actor_by_token(session: Session, token: str) -> Actor | None:
    """The actor whose API token it is; None where it is unknown or revoked, or the user is no longer active."""
    user = people.user_by_token(session, token)
    return None if user is None else actor_of(session, user)


def actor_by_password(session: Session, email: str, password: str) -> Actor | None:
    """The actor with this address and password; None where they do not fit, or the user is no longer active. It takes
    as long for an address nobody has, so that the time tells nothing."""
    user = people.user_by_email(session, email.strip())
    kept = user.password_hash if user is not None and user.active else None
    fits = len(password) <= PASSWORD_MAX_LENGTH and _hashing.verify(password, kept or _nobodys_hash())
    return actor_of(session, user) if user is not None and kept is not None and fits else None


def password_hash(password: str) -> str:
    """What is kept of a password (Argon2id). Raises RuleBroken where it is too short or too long."""
    if len(password) < PASSWORD_MIN_LENGTH:
        raise RuleBroken("too_short", "password", minimum=PASSWORD_MIN_LENGTH)
    if len(password) > PASSWORD_MAX_LENGTH:
        raise RuleBroken("too_long", "password", maximum=PASSWORD_MAX_LENGTH)
    return _hashing.hash(password)


@cache
def _nobodys_hash() -> str:
    return _hashing.hash("nobody has this password")
