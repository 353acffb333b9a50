"""API tokens of one's own: made, listed, revoked. The secret is given once; its digest is all that is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, NotFound
from app.schemas.tokens import TokenCreate
from app.services import trail
from app.services.acting import Act, Actor
from app.storage import keyset, people
from app.storage.models import Token, new_id

PREFIX = "siepp_"
"""Lets people and scanners of code see what leaked."""
SECRET_BYTES = 32
"""256 bits, 43 signs that are safe in an address."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token and its secret, which is never stored."""

    token: Token
    secret: str


def create_token(session: Session, user_id: str, command: TokenCreate, act: Act) -> NewToken:
    """Makes a token for a user. Raises Conflict where the user has one by this name, revoked or not."""
    if people.has_token_named(session, user_id, command.name):
        raise Conflict("token_name_taken", "name")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = Token(
        id=new_id(),
        user_id=user_id,
        name=command.name,
        token_hash=people.token_hash(secret),
        created_at=act.now,
    )
    session.add(token)
    _record(session, act, "created", token)
    return NewToken(token, secret)


def revoke_token(session: Session, token_id: str, act: Act) -> None:
    """Revokes one's own token; once more changes nothing."""
    token = read_token(session, token_id, act.actor)
    if token.revoked_at is None:
        token.revoked_at = act.now
        _record(session, act, "revoked", token)


def revoke_all(session: Session, user_id: str, now: datetime, by: str) -> None:
    """Revokes all tokens of a user, in the name of `by`."""
    for token in people.unrevoked_tokens(session, user_id):
        token.revoked_at = now
        trail.record_of(session, by, now, "revoked", Token.__tablename__, token.id, {"user_id": user_id})


def read_token(session: Session, token_id: str, actor: Actor) -> Token:
    """Raises NotFound where there is none, or it is someone else's."""
    token = people.get_token(session, token_id)
    if token is None or token.user_id != actor.id:
        raise NotFound("not_found")
    return token


def list_tokens(session: Session, sort: keyset.Sort, page: keyset.Page, act: Act) -> keyset.Slice:
    return people.tokens_of(session, act.actor.id, sort, page)


def _record(session: Session, act: Act, action: str, token: Token) -> None:
    """The trail knows the token by its id and name only."""
    session.flush()
    payload = trail.contents(token)
    del payload["token_hash"]
    trail.record(session, act, action, Token.__tablename__, token.id, payload)
