"""The trail as events for a city's log store, in the form that its other services send: link by link, whole or not at
all trusted.

The form is that of the City of Helsinki's resilient-logger (github.com/City-of-Helsinki/django-resilient-logger, MIT:
`AuditLogDocument` in resilient_logger/sources/abstract_log_source_entry.py, filled in resilient_log_source_entry.py and
django_audit_log_source_entry.py): `@timestamp`, and an `audit_event` of actor, date_time, operation, origin, target,
environment, message, level and extra. `date_time_epoch` (milliseconds) and `status` are those of the form before it
(Operation and Status of the audit_log of City-of-Helsinki/apartment-application-service), which log stores still index.
Of operations it names CREATE, UPDATE, DELETE and ACCESS; ours that are none of these keep their own names.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.storage import audit, audit_entries
from app.storage.audit import FORMER, FROM, ROOT, Fault

ORIGIN = "siepp"
OPERATIONS = {
    "created": "CREATE",
    "logged": "CREATE",
    "recorded": "CREATE",
    "written": "CREATE",
    "imported": "CREATE",
    "granted": "CREATE",
    "changed": "UPDATE",
    "corrected": "UPDATE",
    "voided": "UPDATE",
    "handed_over": "UPDATE",
    "removed": "DELETE",
    "withdrawn": "DELETE",
    "erased": "DELETE",
    "exported": "ACCESS",
}
FAILED = "sign_in_failed"


class ChainBroken(Exception):
    """The trail cannot be trusted from this link on."""

    def __init__(self, seq: int, fault: Fault) -> None:
        super().__init__(seq, fault)
        self.seq, self.fault = seq, fault


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to before another; None: from the first, to the last."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def events(session: Session, span: Span, environment: str) -> Iterator[dict[str, Any]]:
    """The links of a time, the oldest first, each checked against the one before; a chunk is in memory at a time.
    Raises ChainBroken at the first that does not fit, and at the end where the last ones are missing."""
    first, last = audit_entries.bounds(session, span.since, span.until)
    if first is None:
        _check_end(session, span, 0, audit.GENESIS)
        return
    previous, seq = _before(session, first), first - 1
    with session.execute(audit.chain(first, last)) as rows:
        for row in rows.mappings():
            seq += 1
            fault = audit.fault_of(row, seq, previous)
            if fault is not None:
                raise ChainBroken(seq, fault)
            previous = row["hash"]
            if span.holds(row["at"]):
                yield _event(row, environment)
    _check_end(session, span, seq, previous)


def _before(session: Session, seq: int) -> str:
    """The hash of the link before this one."""
    found = audit.GENESIS if seq == 1 else audit_entries.hash_of(session, seq - 1)
    if found is None:
        raise ChainBroken(seq - 1, Fault.MISSING)
    return found


def _check_end(session: Session, span: Span, seq: int, previous: str) -> None:
    """Where all up to now are asked for, the last one is the recorded end."""
    if span.until is None and (span.since is None or seq) and audit.head_of(session) != (seq, previous):
        raise ChainBroken(seq + 1, Fault.END)


def _event(row: Any, environment: str) -> dict[str, Any]:
    at: datetime = row["at"].astimezone(UTC)
    moment = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    failed = row["action"] == FAILED
    payload = row["payload"]
    came_from = {} if payload is None else payload.get(FROM, {})
    return {
        "@timestamp": moment,
        "audit_event": {
            "actor": {"id": row["actor"], "ip_address": came_from.get("address"), "channel": came_from.get("channel")},
            "date_time": moment,
            "date_time_epoch": int(at.timestamp() * 1000),
            "environment": environment,
            "message": f"{row['subject']} {row['subject_id']}: {row['action']}",
            "operation": OPERATIONS.get(row["action"], row["action"].upper()),
            "origin": ORIGIN,
            "status": "FAILED" if failed else "SUCCESS",
            "level": logging.WARNING if failed else logging.INFO,
            "target": {"type": row["subject"], "id": row["subject_id"]},
            "extra": _extra(row, payload),
        },
    }


def _extra(row: Any, payload: dict[str, Any] | None) -> dict[str, Any]:
    """What the form has no place for: the link's place in the chain, so that who has the log can check it too."""
    told = {} if payload is None else payload
    return {
        "source_pk": row["seq"],
        "action": row["action"],
        "organisation": row["root_id"],
        "before": told.get(FORMER),
        "after": {name: value for name, value in told.items() if name not in (FROM, FORMER, ROOT)},
        "erased": payload is None,
        "previous_hash": row["previous_hash"],
        "hash": row["hash"],
    }
