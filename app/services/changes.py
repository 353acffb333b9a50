"""Who changed what on a contract, from the trail: who, when, what, and how a field read before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.services import holding
from app.services.acting import SYSTEM, Act
from app.storage import changes as trail
from app.storage.audit import FORMER
from app.storage.fingerprints import is_fingerprint

UNSAID = frozenset(
    {"id", "version", "created_at", "last_recorded_on", "end_recorded_on", "registered_on", "recorded_on", "logged_on"}
    | {"voided_at", "contract_id", "procurement_id", "supplier_id", "owner_id", "root_id", "row_key", "written_on"}
    | {"from_owner_id", "to_owner_id", "author", "changed_on"}
)
"""Columns that tell a reader nothing the rest does not."""

SOON = timedelta(minutes=1)
"""Clocks of two processes differ a little: what another one has just written is shown too."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, as the trail keeps values: days and instants as text, money in cents. None: empty."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One link of the trail: `name` is None where the service itself acted; `is_erased` where its content is gone."""

    seq: int
    at: datetime
    name: str | None
    action: str
    subject: str
    fields: tuple[FieldChange, ...]
    is_erased: bool


def newest(session: Session, contract_id: str, until: datetime, count: int, before: int | None = None) -> list[Change]:
    """The last changes of a contract before a moment, of which the actor is known to see it."""
    return [_change(row) for row in trail.newest(session, contract_id, until, count, before)]


def of_row(session: Session, subject: str, subject_id: str, count: int) -> list[Change]:
    """The last changes of one row of a table, which the actor is known to see."""
    return [_change(row) for row in trail.newest_of_one(session, subject, subject_id, count)]


@dataclass(frozen=True, slots=True)
class ChangesShown:
    """A page of a contract's changes; `before` is where the next page begins, None where there is none."""

    reference: str
    changes: list[Change]
    before: int | None


def list_changes(session: Session, contract_id: str, count: int, before: int | None, act: Act) -> ChangesShown:
    """A page of all changes of a contract, the newest first. Raises NotFound outside the actor's units."""
    held = holding.find(session, contract_id, act.actor)
    found = newest(session, held.id, act.now + SOON, count + 1, before)
    return ChangesShown(held.contract.reference, found[:count], found[count - 1].seq if len(found) > count else None)


def _change(row: Any) -> Change:
    name = None if row.actor == SYSTEM.id else row.name
    erased = row.payload is None
    return Change(row.seq, row.at, name, row.action, row.subject, () if erased else _fields(row), erased)


def _fields(row: Any) -> tuple[FieldChange, ...]:
    """What a write changed; of a new thing what it came with."""
    after: Mapping[str, Any] = row.payload
    told: Mapping[str, Any] | None = after.get(FORMER)
    before: Mapping[str, Any] = (row.previous or {}) if told is None else told
    names = [name for name in (after if told is None else told) if name not in UNSAID and not name.startswith("@")]
    found = (FieldChange(name, before.get(name), after.get(name)) for name in names)
    return tuple(field for field in found if _says_something(field))


def _says_something(field: FieldChange) -> bool:
    """Whether a field changed. Of a fingerprint and a value of the time before there were any nobody can tell."""
    if field.before is None and field.after in ("", []):
        return False
    both = field.before is not None and field.after is not None
    if both and is_fingerprint(field.before) is not is_fingerprint(field.after):
        return False
    return bool(field.before != field.after)
