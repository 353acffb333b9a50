"""Private calendar addresses, and the contracts whose days stand in them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, and_, bindparam, cast, func, or_, select, update
from sqlalchemy.orm import Session

from app.rules.status import Status
from app.storage import people
from app.storage.judgements import NEVER, within, within_organisations
from app.storage.models import CalendarFeed, Clause, Contract, Owner, Procurement, StoredJudgement, Token, User
from app.storage.prepared import Prepared

Rows = Select[*tuple[Any, ...]]

# --- Addresses

_FEED, _USER, _TOKEN = CalendarFeed.__table__.c, User.__table__.c, Token.__table__.c
_BY_SECRET = Prepared(
    select(*people.WHO, _FEED.id.label("feed_id"), _FEED.read_at, _TOKEN.revoked_at, _TOKEN.expires_on)
    .select_from(
        people.with_grants(
            CalendarFeed.__table__.join(User.__table__, _USER.id == _FEED.user_id).outerjoin(
                Token.__table__, _TOKEN.id == _FEED.token_id
            )
        )
    )
    .where(_FEED.secret_hash == bindparam("secret_hash"), _USER.active)
    .order_by(people.WHO[-1])
)


def rows_by_secret(session: Session, secret: str) -> Sequence[Any]:
    """The address with this secret, where its user is active: with the columns of `people.WHO`, a row for each grant
    and one where there is none. `revoked_at` and `expires_on` are those of the token that it was made with."""
    return _BY_SECRET.all(session, secret_hash=people.token_hash(secret))


def feed_of(session: Session, user_id: str) -> CalendarFeed | None:
    return session.scalar(select(CalendarFeed).where(CalendarFeed.user_id == user_id))


def token_of(session: Session, feed: CalendarFeed) -> Token | None:
    """The token that the address was made with."""
    return session.get(Token, feed.token_id) if feed.token_id else None


def note_read(session: Session, feed_id: str, at: datetime) -> None:
    read = update(CalendarFeed).where(CalendarFeed.id == feed_id).values(read_at=at)
    session.execute(read.execution_options(synchronize_session=False))


# --- Days


class Scope(NamedTuple):
    """Whose contracts are meant: all of the units in `trees`, and of those in `own_trees` the ones whose owner has the
    address."""

    trees: Sequence[str]
    own_trees: Sequence[str]
    email: str


_NAMED = (
    Contract.id,
    Contract.reference,
    Procurement.title,
    Clause.min_duration_months.label("months"),
    StoredJudgement.effective_end_on,
    StoredJudgement.missing_latest_starts,
    StoredJudgement.judged_on,
    Contract.registered_on,
)
_STARTS = cast(StoredJudgement.missing_latest_starts, Text)
_LAST_START = func.substr(_STARTS, func.length(_STARTS) - 11, 10)
"""The last of the days, which are sorted: a JSON list of days ends with ten signs of one, a quote and a bracket."""


def _named(scope: Scope) -> Rows:
    """What an event says of contracts, of those whose obligation is not closed. Where someone sees only their own,
    these are found by the owner, who has few."""
    own = and_(within(scope.own_trees), Owner.email == scope.email)
    all_trees = [*scope.trees, *scope.own_trees]
    seen = and_(within_organisations(all_trees), or_(within(scope.trees), own)) if scope.trees else own
    return (
        select(*_NAMED)
        .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
        .join(Procurement, Procurement.id == Contract.procurement_id)
        .join(Clause, Clause.procurement_id == Contract.procurement_id)
        .join(Owner, Owner.id == Contract.owner_id)
        .where(StoredJudgement.status != Status.CLOSED, seen)
    )


def wanting(session: Session, scope: Scope, today: date, limit: int) -> Sequence[Any]:
    """Contracts for which someone can still start, the earliest last day to start first."""
    ahead = (StoredJudgement.missing > 0, today.isoformat() <= _LAST_START)
    order = (StoredJudgement.sort_start_on, StoredJudgement.contract_id)
    return session.execute(_named(scope).where(*ahead).order_by(*order).limit(limit)).all()


def ending(session: Session, scope: Scope, since: date, limit: int) -> Sequence[Any]:
    """Contracts that end on a day or later, the earliest first."""
    wanted = _named(scope).where(StoredJudgement.effective_end_on >= since)
    order = (StoredJudgement.effective_end_on, StoredJudgement.contract_id)
    return session.execute(wanted.order_by(*order).limit(limit)).all()


def completing(session: Session, scope: Scope, limit: int) -> Sequence[Any]:
    """Contracts with jobs that run or are agreed, those first on which something changes first: no job completes
    before that day."""
    at_work = StoredJudgement.running + StoredJudgement.upcoming > 0
    order = (func.coalesce(StoredJudgement.next_change_on, NEVER), StoredJudgement.contract_id)
    return session.execute(_named(scope).where(at_work).order_by(*order).limit(limit)).all()


def completed_since(session: Session, scope: Scope, since: date, limit: int) -> Sequence[Any]:
    """Contracts with completed jobs of which something else was said on a day or later, the newest first: no job has
    completed since on any other."""
    done = (StoredJudgement.completed + StoredJudgement.late > 0, StoredJudgement.judged_on >= since)
    order = (StoredJudgement.judged_on.desc(), StoredJudgement.contract_id)
    return session.execute(_named(scope).where(*done).order_by(*order).limit(limit)).all()
