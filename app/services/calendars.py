"""A user's private calendar: its secret address, and the days of the contracts that the user sees.

Whoever has the address reads it without logging in, and addresses leak: nothing in it tells of a person but that there
is a job, no form, no group, no start.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from app.rules.codes import Role, TokenScope
from app.rules.errors import NotFound
from app.rules.outlook import outlook_on
from app.services import tokens, trail
from app.services.acting import UNSAID, Act, Actor, Where
from app.services.signing_in import actor_of_rows
from app.storage import calendars, people
from app.storage.calendars import Scope
from app.storage.facts import load_facts
from app.storage.models import CalendarFeed, new_id

SECRET_BYTES = 16
"""128 bits, as hexadecimal: nobody guesses it, and it looks like an id of ours, in which the search for identity codes
finds none by chance."""
PAST = timedelta(days=30)
"""What has just passed can still be looked up; more would make the calendar grow for ever."""
MOST = 500
"""Events of each kind, the soonest: a calendar of more helps nobody, and Google refuses files of more than a
megabyte."""
MOST_JUDGED = 500
"""Contracts judged for completions, those on which something changes soonest."""
NOTED_EVERY = timedelta(days=1)
"""So seldom is it written down that the calendar was read: programs read it every few hours."""
NAMESPACE = UUID("6d1f0c1e-5a2b-4c57-9f0e-2f6c1f6a7b30")
"""Of the names of events: the same day of the same contract is the same event for ever."""


class DayKind(StrEnum):
    LAST_START = "last_start"
    CONTRACT_END = "contract_end"
    COMPLETION = "completion"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of a contract. `count` is how many people must start or complete on it. The `uid` stays when the day
    moves; `changed_on` is when last something else was said of the contract, and `revision` grows with it."""

    uid: str
    kind: DayKind
    on: date
    count: int
    contract_id: str
    reference: str
    title: str
    months: int
    revision: int
    changed_on: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """What an address shows, in its user's language, the earliest day first."""

    language: str
    days: Sequence[CalendarDay]
    due_for_note: str | None
    """Id of the address where it is to be written down that it was read; see `note_read`."""


# --- The address


@dataclass(frozen=True, slots=True)
class Feed:
    """One's own address, without its secret. `expires_on` is the last day of the token that it was made with, after
    which it shows nothing; None where it was made without one, or that has none."""

    created_at: datetime
    read_at: datetime | None
    expires_on: date | None


def find_feed(session: Session, act: Act) -> Feed | None:
    """None where there is none, or it has ended with the token that it was made with."""
    row = calendars.feed_of(session, act.actor.id)
    if row is None:
        return None
    token = calendars.token_of(session, row)
    if token is not None and _has_ended(token, act.today):
        return None
    return Feed(row.created_at, row.read_at, token.expires_on if token else None)


def read_feed(session: Session, act: Act) -> Feed:
    """The same; raises NotFound where there is none."""
    feed = find_feed(session, act)
    if feed is None:
        raise NotFound("not_found")
    return feed


def _has_ended(token: Any, today: date) -> bool:
    """Whether the token with this `revoked_at` and `expires_on` opens nothing any more."""
    return token.revoked_at is not None or tokens.has_ended(token, today)


def make_feed(session: Session, act: Act) -> str:
    """Makes one's own address anew and gives its secret, which is kept nowhere; the one before shows nothing more. One
    made with a token shows nothing once that is revoked or its last day has passed. Raises Forbidden where the actor
    came with a token that may not read: the address does."""
    tokens.require_scope(act.actor, TokenScope.READ)
    secret = secrets.token_hex(SECRET_BYTES)
    feed = calendars.feed_of(session, act.actor.id)
    action = "created" if feed is None else "renewed"
    if feed is None:
        feed = CalendarFeed(id=new_id(), user_id=act.actor.id)
        session.add(feed)
    feed.secret_hash, feed.created_at, feed.read_at = people.token_hash(secret), act.now, None
    feed.token_id = act.actor.bounds.token_id if act.actor.bounds is not None else None
    session.flush()
    _record(session, act.actor.id, act.now, action, feed, act.where)
    return secret


def revoke_feed(session: Session, act: Act) -> None:
    """Takes one's own address away. Raises NotFound where there is none."""
    read_feed(session, act)
    revoke_of(session, act.actor.id, act.now, act.actor.id, act.where)


def revoke_of(session: Session, user_id: str, now: datetime, by: str, where: Where = UNSAID) -> None:
    """Takes a user's address away, in the name of `by`; where there is none nothing changes."""
    feed = calendars.feed_of(session, user_id)
    if feed is not None:
        _revoke(session, feed, now, by, where)


def _revoke(session: Session, feed: CalendarFeed, now: datetime, by: str, where: Where) -> None:
    _record(session, by, now, "revoked", feed, where)
    session.delete(feed)
    session.flush()


def _record(session: Session, by: str, now: datetime, action: str, feed: CalendarFeed, where: Where) -> None:
    """The trail knows the address by its id only."""
    trail.record_of(session, by, now, action, CalendarFeed.__tablename__, feed.id, {"user_id": feed.user_id}, where)


# --- What it shows


def show_calendar(session: Session, secret: str, now: datetime, today: date) -> Calendar:
    """The calendar with this secret. Raises NotFound alike where there never was one, it was revoked, it has ended, or
    its user may no longer log in."""
    rows = calendars.rows_by_secret(session, secret)
    if not rows or _has_ended(rows[0], today):
        raise NotFound("not_found")
    actor, row = actor_of_rows(rows), rows[0]
    noted = row.read_at is not None and now - row.read_at < NOTED_EVERY
    return Calendar(actor.language, days_of(session, actor, today), None if noted else row.feed_id)


def note_read(session: Session, feed_id: str, now: datetime) -> None:
    calendars.note_read(session, feed_id, now)


def days_of(session: Session, actor: Actor, today: date) -> list[CalendarDay]:
    """Last days to start that lie ahead, and ends and completions from a while ago on: of an owner's own contracts,
    and of all that other roles open."""
    scope = _scope(actor)
    if not (scope.trees or scope.own_trees):
        return []
    starts = _soonest(_starts(calendars.wanting(session, scope, today, MOST), today))
    ends = [_end(row) for row in calendars.ending(session, scope, today - PAST, MOST)]
    found = [*starts, *ends, *_soonest(_completions(session, scope, today))]
    return sorted(found, key=lambda day: (day.on, day.reference, day.uid))


def _scope(actor: Actor) -> Scope:
    """The role of a contract owner opens more to look at, but only their own days concern them."""
    wide = [one.path for one in actor.grants if one.role not in {Role.CONTRACT_OWNER, Role.PROJECT_REPORTER}]
    own = [one.path for one in actor.grants if one.role is Role.CONTRACT_OWNER]
    return Scope(wide, own, actor.email)


def _soonest(days: Iterable[CalendarDay]) -> list[CalendarDay]:
    return sorted(days, key=lambda day: (day.on, day.uid))[:MOST]


def _starts(rows: Sequence[Any], today: date) -> Iterator[CalendarDay]:
    """One event for each day. It is known by its place before the last one: those before it may pass or be covered,
    and it stays what it is."""
    for row in rows:
        counted = Counter(date.fromisoformat(day) for day in row.missing_latest_starts)
        for place, (on, count) in enumerate(sorted(counted.items(), reverse=True)):
            if on >= today:
                yield _day(row, DayKind.LAST_START, on, count, str(place))


def _end(row: Any) -> CalendarDay:
    return _day(row, DayKind.CONTRACT_END, row.effective_end_on, 0, "")


def _completions(session: Session, scope: Scope, today: date) -> Iterator[CalendarDay]:
    """One event for each day of a contract on which jobs complete, known by the first of those jobs."""
    since = today - PAST
    found = [
        *calendars.completing(session, scope, MOST_JUDGED),
        *calendars.completed_since(session, scope, since, MOST_JUDGED),
    ]
    rows = {row.id: row for row in found}
    for contract_id, facts in load_facts(session, sorted(rows)).items():
        jobs: dict[date, list[str]] = {}
        for chain in outlook_on(facts, today).chains:
            if chain.completes_on is not None and chain.completes_on >= since:
                jobs.setdefault(chain.completes_on, []).append(chain.members[0].id)
        for on, ids in jobs.items():
            yield _day(rows[contract_id], DayKind.COMPLETION, on, len(ids), min(ids))


def _day(row: Any, kind: DayKind, on: date, count: int, name: str) -> CalendarDay:
    """`name` tells the event from others of its kind; nobody reads it out of the uid."""
    return CalendarDay(
        uid=str(uuid5(NAMESPACE, f"{row.id} {kind} {name}")),
        kind=kind,
        on=on,
        count=count,
        contract_id=row.id,
        reference=row.reference,
        title=row.title,
        months=row.months,
        revision=max(0, (row.judged_on - row.registered_on).days),
        changed_on=row.judged_on,
    )
