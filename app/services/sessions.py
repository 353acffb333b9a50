"""Sign-ins of browsers: begun, recognised at each request, ended. The token is given once; its digest is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.rules.codes import SignInMethod
from app.rules.errors import NotFound
from app.services import trail
from app.services.acting import UNSAID, Act, Actor, Where
from app.services.signing_in import actor_of_rows
from app.storage import browser_sessions, people
from app.storage.models import BrowserSession, new_id

TOKEN_BYTES = 32
"""256 bits: nobody guesses it, so a plain digest cannot be guessed back either. OWASP ASVS 5.0, 7.2.3 asks for 128."""
IDLE_LIMIT = timedelta(hours=4)
"""Without use a session ends after half a working day: a long meeting ends no one's work, a browser left open in an
office is shut before the evening. ASVS 5.0, 7.3.1 wants such a limit, chosen and written down by the service."""
LONGEST = timedelta(hours=12)
"""However much it is used, a session ends after a working day (ASVS 5.0, 7.3.2; NIST SP 800-63B-4 names 24 hours for
the level above ours): every morning the identity provider is asked anew whether the person still works here."""
TOUCHED_EVERY = timedelta(minutes=5)
"""So seldom does a request write that it was there."""
KEPT = timedelta(days=90)
"""Ended sessions are kept so long, and deleted when the user signs in again; the trail keeps that they were."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that has signed in, with its user as of now: a role given or taken away acts at once."""

    session_id: str
    actor: Actor
    since_before: datetime | None
    """When the user was last seen before this session began: "since I was last here"."""
    method: SignInMethod
    seen_at: datetime
    """When the session was last written down as seen; see `due_for_touch`."""

    def due_for_touch(self, now: datetime) -> bool:
        return now - self.seen_at >= TOUCHED_EVERY


def begin(session: Session, user_id: str, method: str, now: datetime, where: Where = UNSAID) -> str:
    """Begins a session and gives its token, which is stored nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    begun = BrowserSession(
        id=new_id(),
        user_id=user_id,
        token_hash=people.token_hash(token),
        method=SignInMethod(method).value,
        created_at=now,
        last_seen_at=now,
        seen_before_at=browser_sessions.last_seen(session, user_id),
        expires_at=now + LONGEST,
    )
    session.add(begun)
    session.flush()
    _record(session, user_id, now, "signed_in", begun.id, where, method=begun.method)
    return token


def signed_in(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Whose session it is; None where it is unknown, ended, expired or unused for too long, or the user is no longer
    active."""
    rows = browser_sessions.rows_by_token(session, token)
    if not rows or not _is_open(rows[0], now):
        return None
    row = rows[0]
    method = SignInMethod(row.method)
    return SignedIn(row.session_id, actor_of_rows(rows), row.seen_before_at, method, row.last_seen_at)


def touch(session: Session, session_id: str, now: datetime) -> None:
    """Notes that the session is in use; a second time within minutes changes nothing."""
    browser_sessions.touch(session, session_id, now, now - TOUCHED_EVERY)


def end(session: Session, session_id: str, now: datetime, where: Where = UNSAID) -> None:
    """Signs out; once more changes nothing."""
    row = browser_sessions.get(session, session_id)
    if row is not None and row.ended_at is None:
        row.ended_at = now
        session.flush()
        _record(session, row.user_id, now, "signed_out", row.id, where)


def end_all(
    session: Session,
    user_id: str,
    now: datetime,
    *,
    by: str | None = None,
    but: str | None = None,
    where: Where = UNSAID,
) -> None:
    """Signs the user out everywhere, in the name of `by` where it was someone else; `but` names a session to keep."""
    if browser_sessions.end_all(session, user_id, now, but):
        subject = "user_account"
        trail.record_of(session, by or user_id, now, "signed_out_everywhere", subject, user_id, {}, where)


def list_open(session: Session, act: Act) -> list[BrowserSession]:
    """One's own sessions that are open, the one seen last first."""
    rows = browser_sessions.unended(session, act.actor.id)
    return [row for row in rows if _is_open(row, act.now)]


def end_own(session: Session, session_id: str, act: Act) -> None:
    """Ends one of one's own sessions. Raises NotFound where it is someone else's."""
    row = browser_sessions.get(session, session_id)
    if row is None or row.user_id != act.actor.id:
        raise NotFound("not_found")
    end(session, session_id, act.now, act.where)


def _is_open(row: Any, now: datetime) -> bool:
    return row.ended_at is None and now < row.expires_at and now - row.last_seen_at < IDLE_LIMIT


def _record(
    session: Session, user_id: str, now: datetime, action: str, session_id: str, where: Where, **payload: str
) -> None:
    told = {"session": session_id, **payload}
    trail.record_of(session, user_id, now, action, "user_account", user_id, told, where)
