"""The trail: hash-chained rows over payloads that retention can erase without breaking the chain.

Each link's hash is SHA-256 over the previous link's hash and a canonical JSON of the rest, the payload represented by
its own salted hash. A link changed, removed or put in between breaks every hash after it.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.orm import Session, SessionTransaction

from app.storage import audit_roots
from app.storage.fingerprints import without_persons
from app.storage.models import AuditEntry, AuditHead, AuditPayload
from app.storage.prepared import Prepared, PreparedWrite, into

GENESIS = "0" * 64
CHUNK = 5000
ERASED_AT_ONCE = 500
"""Subjects in a statement."""
LINKS = "audit_links"
"""Where a session keeps the links of its transaction until it commits."""
SAVEPOINTS = "audit_savepoints"
"""Where it keeps how many there were at each savepoint that is set."""
FROM, FORMER, ROOT = "@from", "@before", "@root"
"""What a payload says beside the columns of its row: where the act came from, what changed columns held before, to
which organisation the link belongs. In the payload, since an address of a network is personal: it can be erased."""

_HEAD = select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1)
_HEAD_HELD = Prepared(_HEAD.with_for_update())
_ADD_ENTRIES, _ADD_PAYLOADS = into(AuditEntry), into(AuditPayload)
_MOVE_HEAD = PreparedWrite(
    update(AuditHead).where(AuditHead.id == 1).values(seq=bindparam("last"), hash=bindparam("last_hash"))
)
"""Made once, since every write needs them."""


class Fault(StrEnum):
    """Why a link does not fit."""

    MISSING = "missing"
    CHANGED = "changed"
    CONTENT = "content"
    ORGANISATION = "organisation"
    END = "end"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of the trail found: `broken_at` is the first link that does not fit, None where all do."""

    entries: int
    erased_payloads: int
    broken_at: int | None
    head_hash: str
    fault: Fault | None = None


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
    former: Mapping[str, object] | None = None,
    come_from: Mapping[str, object] | None = None,
    root_id: str | None = None,
) -> None:
    """Notes a link for a write of this transaction; `write_links` adds it. `actor` is a user id, 'system' or
    'mail:<owner id>'; `payload` and `former` are columns of the subject, of which personal ones become fingerprints;
    `root_id` is the organisation it belongs to, where that is known without asking."""
    link = {"at": at, "actor": actor, "action": action, "subject": subject, "subject_id": subject_id}
    told = without_persons(session, subject, payload)
    if former is not None:
        told[FORMER] = without_persons(session, subject, former)
    if come_from:
        told[FROM] = come_from
    kept = (link | {"root_id": root_id}, json.loads(canonical(told)))
    session.info.setdefault(LINKS, []).append(kept)


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
    audit_roots.settle(session, links)
    [(seq, previous)] = _HEAD_HELD.all(session)
    entries, payloads = [], []
    for link, payload in links:
        seq, salt = seq + 1, secrets.token_hex(16)
        if link["root_id"] is not None:
            payload[ROOT] = link["root_id"]
        entry = link | {"seq": seq, "payload_hash": _payload_hash(salt, payload), "previous_hash": previous}
        entry["hash"] = previous = _entry_hash(entry)
        entries.append(entry)
        payloads.append({"seq": seq, "salt": salt, "payload": payload})
    _ADD_ENTRIES.run(session, entries)
    _ADD_PAYLOADS.run(session, payloads)
    _MOVE_HEAD.run(session, [{"last": seq, "last_hash": previous}])


def verify(session: Session) -> Verdict:
    """Walks the whole chain, payloads included where they are not erased, up to the recorded head."""
    head = session.execute(_HEAD).one()
    previous, seq, erased = GENESIS, 0, 0
    with session.execute(chain()) as rows:
        for row in rows.mappings():
            seq += 1
            fault = fault_of(row, seq, previous)
            if fault is not None:
                return Verdict(seq, erased, seq, head.hash, fault)
            erased += row["salt"] is None
            previous = row["hash"]
    whole = head.seq == seq and head.hash == previous
    return Verdict(seq, erased, None if whole else seq + 1, head.hash, None if whole else Fault.END)


def chain(first: int = 1, last: int | None = None) -> Select[*tuple[Any, ...]]:
    """Links with their salt and payload, both None where erased; a chunk is in memory at a time."""
    links = (
        select(*AuditEntry.__table__.columns, AuditPayload.salt, AuditPayload.payload)
        .outerjoin(AuditPayload, AuditPayload.seq == AuditEntry.seq)
        .where(AuditEntry.seq >= first)
        .order_by(AuditEntry.seq)
        .execution_options(yield_per=CHUNK)
    )
    return links if last is None else links.where(AuditEntry.seq <= last)


def head_of(session: Session) -> tuple[int, str]:
    """Number and hash of the link that was written last."""
    seq, last = session.execute(_HEAD).one()
    return seq, last


def fault_of(row: Any, seq: int, previous: str) -> Fault | None:
    """Why a link is not the next one after `previous`, unchanged, as is its payload unless it was erased; None where it
    is. The organisation is no part of the hash, which is older; the payload says it again, and is."""
    if row["seq"] != seq:
        return Fault.MISSING
    if row["previous_hash"] != previous or _entry_hash(row) != row["hash"]:
        return Fault.CHANGED
    if row["salt"] is None:
        return None
    if _payload_hash(row["salt"], row["payload"]) != row["payload_hash"]:
        return Fault.CONTENT
    return None if row["payload"].get(ROOT) == row["root_id"] else Fault.ORGANISATION


def erase(session: Session, subject_ids: Sequence[str]) -> int:
    """Deletes what was written about these subjects, and says of how many links: the chain still holds, since it is
    made of the payloads' hashes."""
    erased = 0
    for first in range(0, len(subject_ids), ERASED_AT_ONCE):
        some = subject_ids[first : first + ERASED_AT_ONCE]
        seqs = select(AuditEntry.seq).where(AuditEntry.subject_id.in_(some))
        gone = delete(AuditPayload).where(AuditPayload.seq.in_(seqs)).execution_options(preserve_rowcount=True)
        erased += int(session.execute(gone).rowcount)  # type: ignore[attr-defined]
    return erased
