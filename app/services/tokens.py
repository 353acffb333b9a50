"""API tokens: made, listed, recognised, revoked. The secret is given once; its digest is all that is kept.

A token opens what its user may do as of now, within its scopes and until its last day.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from app.rules.codes import TokenScope
from app.rules.errors import Conflict, Forbidden, NotFound, RuleBroken
from app.schemas.tokens import TokenCreate
from app.services import trail
from app.services.acting import UNSAID, Act, Actor, TokenBounds, Where
from app.services.signing_in import actor_of_rows
from app.storage import keyset, people
from app.storage.models import Token, new_id

PREFIX = "siepp_"
"""Lets people and scanners of code see what leaked."""
SECRET_BYTES = 32
"""256 bits, 43 signs that are safe in an address."""
LASTS = timedelta(days=365)
"""Unless its maker says otherwise: a token that nobody remembers opens nothing after a year, and who renews it once a
year still knows which program has it."""
LONGEST = relativedelta(years=2)
"""Whoever makes one for longer has left the city, changed the program or lost the secret before it ends."""
EVERYTHING = frozenset(TokenScope)


class TokenUseless(Exception):
    """The token opens nothing; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token and its secret, which is never stored."""

    token: Token
    secret: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose token it is, with the user's roles as of now: one given or taken away acts at once."""

    token_id: str
    actor: Actor
    noted: bool
    """Whether it is written down that the token was used on this day; see `note_used`."""


# --- Recognised


def holder(session: Session, secret: str, today: date) -> Holder:
    """Raises TokenUseless where the token is unknown, revoked or too old, or its user is no longer active."""
    rows = people.rows_by_token(session, secret)
    if not rows:
        raise TokenUseless("unauthenticated")
    row = rows[0]
    if row.revoked_at is not None:
        raise TokenUseless("token_revoked")
    if has_ended(row, today):
        raise TokenUseless("token_expired")
    bounds = TokenBounds(scopes_of(row.scopes), row.expires_on, row.token_id)
    return Holder(row.token_id, replace(actor_of_rows(rows), bounds=bounds), row.last_used_on == today)


def require_scope(actor: Actor, *accepted: TokenScope) -> None:
    """Raises Forbidden, which names the first, unless the token has one of these scopes."""
    if actor.bounds is not None and not actor.bounds.scopes & {*accepted}:
        raise Forbidden("scope_missing", scope=accepted[0].value)


def note_used(session: Session, token_id: str, today: date) -> None:
    """Notes that the token was used on this day; again on the day changes nothing."""
    people.note_token_used(session, token_id, today)


def scopes_of(kept: str | None) -> frozenset[TokenScope]:
    """The scopes as they are kept; the first tokens had none and open everything."""
    return EVERYTHING if kept is None else frozenset(TokenScope(one) for one in kept.split())


def has_ended(row: Any, today: date) -> bool:
    """Whether its last day has passed."""
    return row.expires_on is not None and row.expires_on < today


# --- Made


def create_token(session: Session, user_id: str, command: TokenCreate, act: Act) -> NewToken:
    """Makes a token for a user. Raises Conflict where the user has one by this name, revoked or not, RuleBroken where
    its last day is out of range, Forbidden where it would open more than the token that it is made with."""
    if people.has_token_named(session, user_id, command.name):
        raise Conflict("token_name_taken", "name")
    require_within(act.actor, command.scopes)
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = Token(
        id=new_id(),
        user_id=user_id,
        name=command.name,
        token_hash=people.token_hash(secret),
        created_at=act.now,
        scopes=" ".join(one.value for one in TokenScope if one in command.scopes),
        expires_on=_last_day(command.expires_on, act),
    )
    session.add(token)
    _record(session, act, "created", token)
    return NewToken(token, secret)


def require_within(actor: Actor, scopes: Iterable[TokenScope]) -> None:
    """Raises Forbidden where the actor came with a token that lacks one of these scopes."""
    for scope in sorted(scopes):
        require_scope(actor, scope)


def longest(today: date) -> date:
    """The latest day on which a token made today may end."""
    return today + LONGEST


def _last_day(wanted: date | None, act: Act) -> date:
    """The day asked for, else a year from now; never later than that of the token it is made with, or whoever finds
    one that runs out would make themselves the next."""
    own = act.actor.bounds.expires_on if act.actor.bounds is not None else None
    latest = min(longest(act.today), own or date.max)
    if wanted is None:
        return min(act.today + LASTS, latest)
    if not act.today <= wanted <= latest:
        limits = {"first": act.today.isoformat(), "last": latest.isoformat()}
        raise RuleBroken("date_out_of_range", "expires_on", **limits)
    return wanted


# --- Listed and revoked


def revoke_token(session: Session, token_id: str, act: Act) -> None:
    """Revokes one's own token; once more changes nothing."""
    _revoke(session, read_token(session, token_id, act.actor), act)


def revoke_token_of(session: Session, user_id: str, token_id: str, act: Act) -> None:
    """Revokes a token of a user whom the actor may find and close out. Raises NotFound where the user has none such."""
    token = people.get_token(session, token_id)
    if token is None or token.user_id != user_id:
        raise NotFound("not_found")
    _revoke(session, token, act)


def revoke_all(session: Session, user_id: str, now: datetime, by: str, where: Where = UNSAID) -> None:
    """Revokes all tokens of a user, in the name of `by`."""
    for token in people.unrevoked_tokens(session, user_id):
        token.revoked_at = now
        trail.record_of(session, by, now, "revoked", Token.__tablename__, token.id, {"user_id": user_id}, where)


def read_token(session: Session, token_id: str, actor: Actor) -> Token:
    """Raises NotFound where there is none, or it is someone else's."""
    token = people.get_token(session, token_id)
    if token is None or token.user_id != actor.id:
        raise NotFound("not_found")
    return token


def list_tokens(session: Session, sort: keyset.Sort, page: keyset.Page, act: Act) -> keyset.Slice:
    return people.tokens_of(session, act.actor.id, sort, page)


def usable(session: Session, user_id: str, today: date) -> Sequence[Token]:
    """The tokens of a user that open anything, oldest first; who asks is the caller's to check."""
    return [token for token in people.unrevoked_tokens(session, user_id) if not has_ended(token, today)]


def _revoke(session: Session, token: Token, act: Act) -> None:
    if token.revoked_at is None:
        token.revoked_at = act.now
        _record(session, act, "revoked", token)


def _record(session: Session, act: Act, action: str, token: Token) -> None:
    """The trail knows the token by its id and name only."""
    trail.record_row(session, act, action, token, but=("token_hash", "last_used_on"))
