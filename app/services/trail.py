"""Writes the audit trail in the words of the services: who did what to which thing."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.services.acting import UNSAID, Act, Where
from app.storage import audit, former
from app.storage.models import Table


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _all_plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def contents(row: Table) -> dict[str, Any]:
    """A row's columns as the trail keeps them."""
    return {column.key: _plain(getattr(row, column.key)) for column in inspect(type(row)).column_attrs}


def record(
    session: Session,
    act: Act,
    action: str,
    subject: str,
    subject_id: str,
    payload: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> None:
    """Adds a link to the chain, in the transaction of the write it tells of; `before` is what changed fields held."""
    audit.record(
        session,
        at=act.now,
        actor=act.actor.id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        payload=_all_plain(payload),
        former=None if before is None else _all_plain(before),
        come_from=act.where.told(),
        root_id=act.actor.root_id,
    )


def record_of(
    session: Session,
    actor_id: str,
    now: datetime,
    action: str,
    subject: str,
    subject_id: str,
    payload: Mapping[str, Any],
    where: Where = UNSAID,
) -> None:
    """The same before there is an act: nobody has signed in yet."""
    audit.record(
        session,
        at=now,
        actor=actor_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        payload=_all_plain(payload),
        come_from=where.told(),
    )


def record_row(session: Session, act: Act, action: str, row: Table, *, but: Collection[str] = (), **more: Any) -> None:
    """The link of a write to one row: its table, its id, what it now holds, and what its changed columns held before.
    Columns in `but` are left out; `more` is told beside them."""
    session.flush()
    key = inspect(row).mapper.primary_key_from_instance(row)
    held = former.taken(session, row)
    before = {name: value for name, value in (held or {}).items() if name not in but}
    if held is None or not (before or action == "changed"):
        told = None  # new, or nothing of it changed
    else:
        told = before
    payload = {name: value for name, value in contents(row).items() if name not in but} | more
    record(session, act, action, row.__tablename__, str(key[0]), payload, told)


@contextmanager
def attempting(session: Session) -> Iterator[None]:
    """What is done within is taken back where it raises, the links it noted too; the transaction goes on."""
    with session.begin_nested():
        yield


class _Enough(Exception):
    """What was tried is seen."""


@contextmanager
def trying(session: Session) -> Iterator[None]:
    """What is done within is taken back in any case: it was done only to see what would come of it."""
    with suppress(_Enough), attempting(session):
        yield
        raise _Enough
