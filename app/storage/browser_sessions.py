"""Sessions of browsers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, bindparam, func, select, update
from sqlalchemy.orm import Session

from app.storage import people
from app.storage.models import BrowserSession, User
from app.storage.prepared import Prepared

_SESSION, _USER = BrowserSession.__table__.c, User.__table__.c
_BY_TOKEN = Prepared(
    select(
        *people.WHO,
        *(_SESSION[name] for name in ("method", "last_seen_at", "seen_before_at", "expires_at", "ended_at")),
        _SESSION.id.label("session_id"),
    )
    .select_from(people.with_grants(BrowserSession.__table__.join(User.__table__, _USER.id == _SESSION.user_id)))
    .where(_SESSION.token_hash == bindparam("token_hash"), _USER.active)
    .order_by(people.WHO[-1])
)


def rows_by_token(session: Session, token: str) -> Sequence[Any]:
    """The session with this token, where its user is active: with the columns of `people.WHO`, a row for each grant."""
    return _BY_TOKEN.all(session, token_hash=people.token_hash(token))


def get(session: Session, session_id: str) -> BrowserSession | None:
    return session.get(BrowserSession, session_id)


def last_seen(session: Session, user_id: str) -> datetime | None:
    """When any session of the user was last in use."""
    return session.scalar(select(func.max(BrowserSession.last_seen_at)).where(BrowserSession.user_id == user_id))


def unended(session: Session, user_id: str) -> Sequence[BrowserSession]:
    own = (BrowserSession.user_id == user_id, BrowserSession.ended_at.is_(None))
    return session.scalars(select(BrowserSession).where(*own).order_by(BrowserSession.last_seen_at.desc())).all()


def touch(session: Session, session_id: str, now: datetime, if_before: datetime) -> None:
    session.execute(
        update(BrowserSession)
        .where(BrowserSession.id == session_id, BrowserSession.last_seen_at <= if_before)
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )


def end_all(session: Session, user_id: str, now: datetime, but: str | None) -> int:
    """Ends the user's sessions save one, and says how many those were."""
    own = (BrowserSession.user_id == user_id, BrowserSession.ended_at.is_(None), BrowserSession.id != (but or ""))
    result = session.execute(
        update(BrowserSession).where(*own).values(ended_at=now).execution_options(synchronize_session=False)
    )
    return _count(result)


def _count(result: object) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101 - what an update gives
    return result.rowcount
