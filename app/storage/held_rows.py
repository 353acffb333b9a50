"""Purchases of ledgers that wait for a person to say where they belong."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.storage.lists import listed
from app.storage.models import HeldRow

KEYS = listed("row_keys")


def held_keys(session: Session, row_keys: Sequence[str]) -> set[str]:
    """Those of the keys that a person was, or is to be, asked about."""
    statement = select(HeldRow.row_key).join_from(KEYS, HeldRow.__table__, HeldRow.row_key == KEYS.c.value)
    return set(session.scalars(statement, {"row_keys": row_keys}))


def any_held(session: Session) -> bool:
    return session.execute(select(HeldRow.id).limit(1)).first() is not None


def forget_held(session: Session, number: int) -> None:
    """Rows of an import that was never activated, or was undone, wait for nobody."""
    session.execute(delete(HeldRow).where(HeldRow.number == number))


def add_held(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.execute(insert(HeldRow), rows)


def waiting_count(session: Session, number: int) -> int:
    """Purchases of an import that wait for a decision."""
    waiting = (HeldRow.number == number, HeldRow.decided_at.is_(None))
    return session.execute(select(func.count()).where(*waiting)).scalar_one()
