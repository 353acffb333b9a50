"""Who changed what on a contract: its links of the trail and those of everything that hangs on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session, aliased

from app.storage.models import (
    Adjustment,
    AuditEntry,
    AuditPayload,
    Closure,
    Contract,
    ContractOption,
    Dispute,
    Note,
    Owner,
    OwnershipChange,
    Party,
    Position,
    Purchase,
    User,
)

PARTS = (Position, Purchase, ContractOption, Adjustment, Closure, Note, OwnershipChange, Party, Dispute)
"""What hangs on a contract and has links of its own."""
MAIL = "mail:"
"""How the trail names an owner who acted from a mail's link, before their id."""


def _newest() -> Select[*tuple[Any, ...]]:
    """The contract's links before a moment and a place in the chain, the newest first."""
    contract_id: BindParameter[str] = bindparam("contract_id")
    hangs = (select(part.id.label("id")).where(part.contract_id == contract_id) for part in PARTS)
    # Gathered first: the trail is long, and is only ever searched by what was found.
    found = union_all(select(Contract.id.label("id")).where(Contract.id == contract_id), *hangs)
    ids = found.cte("ids").prefix_with("MATERIALIZED")
    return (
        select(AuditEntry.seq)
        .join(ids, ids.c.id == AuditEntry.subject_id)
        .where(AuditEntry.at < bindparam("until"), AuditEntry.seq < bindparam("before"))
        .order_by(AuditEntry.seq.desc())
        .limit(bindparam("count"))
    )


def _newest_of_one() -> Select[*tuple[Any, ...]]:
    """The links of one row, the newest first."""
    of_row = (AuditEntry.subject == bindparam("subject"), AuditEntry.subject_id == bindparam("subject_id"))
    return select(AuditEntry.seq).where(*of_row).order_by(AuditEntry.seq.desc()).limit(bindparam("count"))


def _with_names(links: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    newest = links.subquery()
    earlier, kept = aliased(AuditEntry), aliased(AuditPayload)
    # What the row held before: its link before this one. Acknowledging and muting keep no row.
    previous = (
        select(kept.payload)
        .join(earlier, earlier.seq == kept.seq)
        .where(
            earlier.subject_id == AuditEntry.subject_id,
            earlier.seq < AuditEntry.seq,
            earlier.action.not_in(("acknowledged", "snoozed", "imported")),
        )
        .order_by(earlier.seq.desc())
        .limit(1)
        .correlate(AuditEntry)
        .scalar_subquery()
    )
    return (
        select(
            AuditEntry.seq,
            AuditEntry.at,
            AuditEntry.actor,
            AuditEntry.action,
            AuditEntry.subject,
            AuditEntry.subject_id,
            AuditPayload.payload,
            previous.label("previous"),
            func.coalesce(User.name, Owner.name).label("name"),
        )
        .join(newest, newest.c.seq == AuditEntry.seq)
        .outerjoin(AuditPayload, AuditPayload.seq == AuditEntry.seq)
        .outerjoin(User, User.id == AuditEntry.actor)
        .outerjoin(Owner, Owner.id == func.substr(AuditEntry.actor, len(MAIL) + 1))
        .order_by(AuditEntry.seq.desc())
    )


_NEWEST = _with_names(_newest())
_NEWEST_OF_ONE = _with_names(_newest_of_one())
LAST_SEQ = 2**62
"""Beyond every link."""


def newest(
    session: Session, contract_id: str, until: datetime, count: int, before: int | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The last links of a contract before a moment (and before link `before`), the newest first, each with the name of
    who acted and what the same row held before."""
    values = {"contract_id": contract_id, "until": until, "count": count, "before": before or LAST_SEQ}
    return session.execute(_NEWEST, values).all()


def newest_of_one(session: Session, subject: str, subject_id: str, count: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The last links of one row of a table, the newest first."""
    values = {"subject": subject, "subject_id": subject_id, "count": count}
    return session.execute(_NEWEST_OF_ONE, values).all()
