"""The audit trail searched by administrators of a whole organisation: who, what, which thing, when, and from where.

Only links of their own organisations. What belongs to none or to several shows up for whoever acts everywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.rules.errors import Forbidden, RuleBroken
from app.schemas.audit import AuditFilter
from app.services.acting import Act, Actor
from app.services.changes import FieldChange
from app.storage import audit_entries, keyset
from app.storage.audit import FORMER, FROM
from app.storage.audit_entries import EXPORTED, SIGN_INS, Wanted
from app.storage.fingerprints import fingerprint
from app.storage.time_limits import TookTooLong, within_seconds

GROUPS = {"sign_ins": SIGN_INS, "exports": (EXPORTED,)}
"""What people look for across things, as actions."""
CHUNK = 500
LONGEST_SECONDS = 10
"""For so long a search may keep a thread and the database busy; nobody waits much longer for a page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A link with what it says: `before` None where nothing was there before; `after` None where it was erased."""

    seq: int
    at: datetime
    actor: str
    name: str | None
    channel: str | None
    address: str | None
    action: str
    subject: str
    subject_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def is_erased(self) -> bool:
        return self.after is None

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """What a change changed; of anything else all that it says."""
        after = self.after or {}
        names = after if self.before is None else self.before
        before = self.before or {}
        return tuple(FieldChange(name, before.get(name), after.get(name)) for name in names)


@dataclass(frozen=True, slots=True)
class EntryPage:
    entries: list[Entry]
    found: keyset.Slice


def organisations(actor: Actor) -> list[str]:
    """Ids of the root units of which the actor is administrator."""
    grants = (grant for grant in actor.grants if grant.role is Role.ADMIN)
    return sorted({grant.path.strip("/") for grant in grants if grant.path.count("/") == 2})


def may_search(actor: Actor) -> bool:
    return actor.everywhere or bool(organisations(actor))


def require_search(actor: Actor) -> None:
    """Raises Forbidden for everyone but administrators of a whole organisation."""
    if not may_search(actor):
        raise Forbidden("forbidden")


def search(session: Session, asked: AuditFilter, zone: ZoneInfo, page: keyset.Page, act: Act) -> EntryPage:
    """A page of the links, the newest first; days are those of the zone. Raises Forbidden for everyone else, RuleBroken
    where it takes too long: what a link says is in no index, and one that is rare may be far away."""
    wanted = _wanted(session, asked, zone, act)
    try:
        with within_seconds(session, LONGEST_SECONDS):
            found = audit_entries.search(session, wanted, page)
    except TookTooLong:
        raise RuleBroken("search_takes_too_long", seconds=LONGEST_SECONDS) from None
    return EntryPage([_entry(row) for row in found.rows], found)


def all_of(session: Session, asked: AuditFilter, zone: ZoneInfo, act: Act) -> Iterator[Entry]:
    """Every link, a chunk of them in memory. Raises Forbidden as `search`."""
    after: tuple[Any, ...] | None = None
    while True:
        page = search(session, asked, zone, keyset.Page(CHUNK, after), act)
        yield from page.entries
        after = page.found.next_after
        if after is None:
            return


def _wanted(session: Session, asked: AuditFilter, zone: ZoneInfo, act: Act) -> Wanted:
    require_search(act.actor)
    what = asked.what or ""
    return Wanted(
        roots=None if act.actor.everywhere else organisations(act.actor),
        who=asked.who,
        subject=None if what in GROUPS else asked.what,
        actions=GROUPS.get(what, ()),
        thing=asked.thing,
        since=_midnight(asked.since, zone),
        until=_midnight(asked.until and asked.until + timedelta(days=1), zone),
        value=() if asked.person is None else _fingerprints(session, asked.person),
    )


def _fingerprints(session: Session, value: str) -> list[str]:
    """Of a value as it was typed, and as addresses are kept."""
    return sorted({fingerprint(session, one) for one in (value, value.lower())})


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone).astimezone(UTC)


def _entry(row: Any) -> Entry:
    payload: Mapping[str, Any] | None = row.payload
    told = payload or {}
    came_from = told.get(FROM, {})
    return Entry(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        name=row.name,
        channel=came_from.get("channel"),
        address=came_from.get("address"),
        action=row.action,
        subject=row.subject,
        subject_id=row.subject_id,
        before=told.get(FORMER),
        after=None if payload is None else {name: told[name] for name in told if not name.startswith("@")},
    )
