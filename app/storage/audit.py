"""The trail: hash-chained rows over payloads that retention can erase without breaking the chain.

Each link's hash is SHA-256 over the previous link's hash and a canonical JSON of the rest, the payload represented by
its own salted hash. A link changed, removed or put in between breaks every hash after it.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from app.storage.models import AuditEntry, AuditHead, AuditPayload

GENESIS = "0" * 64
CHUNK = 5000
LINKS = "audit_links"
"""Where a session keeps the links of its transaction until it commits."""
SAVEPOINTS = "audit_savepoints"
"""Where it keeps how many there were at each savepoint that is set."""

_HEAD = select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1)
_HEAD_HELD = _HEAD.with_for_update()
_ADD_ENTRIES, _ADD_PAYLOADS = insert(AuditEntry), insert(AuditPayload)
_MOVE_HEAD = update(AuditHead).where(AuditHead.id == 1).values(seq=bindparam("last"), hash=bindparam("last_hash"))
"""Made once, since every write needs them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of the trail found: `broken_at` is the first link that does not fit, None where all do."""

    entries: int
    erased_payloads: int
    broken_at: int | None
    head_hash: str


def canonical(value: object) -> str:
    """One text for one value, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _payload_hash(salt: str, payload: Mapping[str, object]) -> str:
    return _digest(salt + canonical(payload))


def _entry_hash(entry: Mapping[str, object]) -> str:
    at = entry["at"]
    moment = at.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(at, datetime) else at
    names = ("seq", "actor", "action", "subject", "subject_id", "payload_hash", "previous_hash")
    return _digest(canonical({"at": moment, **{name: entry[name] for name in names}}))


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    subject_id: str,
    payload: Mapping[str, object],
) -> None:
    """Notes a link for a write of this transaction; `write_links` adds it. `actor` is a user id, 'system' or
    'mail:<owner id>'."""
    link = {"at": at, "actor": actor, "action": action, "subject": subject, "subject_id": subject_id}
    session.info.setdefault(LINKS, []).append((link, json.loads(canonical(payload))))


def mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    """Remembers how many links there were when a savepoint was set."""
    if transaction.nested:
        session.info.setdefault(SAVEPOINTS, WeakKeyDictionary())[transaction] = noted(session)


def forget_links(session: Session, transaction: SessionTransaction) -> None:
    """What is rolled back leaves no link; those noted before a savepoint stay when it is rolled back."""
    if transaction.nested:
        forget_since(session, session.info.get(SAVEPOINTS, {}).get(transaction, 0))
    else:
        session.info.pop(LINKS, None)


def noted(session: Session) -> int:
    """How many links the transaction has noted so far."""
    return len(session.info.get(LINKS, ()))


def forget_since(session: Session, count: int) -> None:
    """What is rolled back to a savepoint leaves no link: only the first so many stay."""
    del session.info.get(LINKS, [])[count:]


def write_links(session: Session) -> None:
    """Adds the transaction's links to the chain, right before it commits.

    The chain's end is the last lock that a transaction takes: nobody who holds it ever waits for anyone else.
    """
    links = session.info.pop(LINKS, [])
    if not links:
        return
    session.flush()
    connection = session.connection()
    seq, previous = connection.execute(_HEAD_HELD).one()
    entries, payloads = [], []
    for link, payload in links:
        seq, salt = seq + 1, secrets.token_hex(16)
        entry = link | {"seq": seq, "payload_hash": _payload_hash(salt, payload), "previous_hash": previous}
        entry["hash"] = previous = _entry_hash(entry)
        entries.append(entry)
        payloads.append({"seq": seq, "salt": salt, "payload": payload})
    connection.execute(_ADD_ENTRIES, entries)
    connection.execute(_ADD_PAYLOADS, payloads)
    connection.execute(_MOVE_HEAD, {"last": seq, "last_hash": previous})


def verify(session: Session) -> Verdict:
    """Walks the whole chain, payloads included where they are not erased, up to the recorded head."""
    head = session.execute(_HEAD).one()
    previous, seq, erased = GENESIS, 0, 0
    with session.execute(_chain()) as rows:
        for row in rows.mappings():
            seq += 1
            if not _fits(row, seq, previous):
                return Verdict(seq, erased, seq, head.hash)
            erased += row["salt"] is None
            previous = row["hash"]
    whole = head.seq == seq and head.hash == previous
    return Verdict(seq, erased, None if whole else seq + 1, head.hash)


def _chain() -> Select[*tuple[Any, ...]]:
    return (
        select(*AuditEntry.__table__.columns, AuditPayload.salt, AuditPayload.payload)
        .outerjoin(AuditPayload, AuditPayload.seq == AuditEntry.seq)
        .order_by(AuditEntry.seq)
        .execution_options(yield_per=CHUNK)
    )


def _fits(row: Any, seq: int, previous: str) -> bool:
    """Whether a link is the next one after `previous`, unchanged, as is its payload unless it was erased."""
    payload_fits = row["salt"] is None or _payload_hash(row["salt"], row["payload"]) == row["payload_hash"]
    follows = row["seq"] == seq and row["previous_hash"] == previous
    return bool(payload_fits and follows and _entry_hash(row) == row["hash"])
