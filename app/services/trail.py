"""Writes the audit trail in the words of the services: who did what to which thing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.services.acting import Act
from app.storage import audit
from app.storage.models import Table


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def contents(row: Table) -> dict[str, Any]:
    """A row's columns as the trail keeps them."""
    return {column.key: _plain(getattr(row, column.key)) for column in inspect(type(row)).column_attrs}


def record(session: Session, act: Act, action: str, subject: str, subject_id: str, payload: Mapping[str, Any]) -> None:
    """Adds a link to the chain, in the transaction of the write it tells of."""
    record_of(session, act.actor.id, act.now, action, subject, subject_id, payload)


def record_of(
    session: Session,
    actor_id: str,
    now: datetime,
    action: str,
    subject: str,
    subject_id: str,
    payload: Mapping[str, Any],
) -> None:
    """The same before there is an act: nobody has signed in yet."""
    audit.record(
        session,
        at=now,
        actor=actor_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        payload={key: _plain(value) for key, value in payload.items()},
    )


def record_row(session: Session, act: Act, action: str, row: Table) -> None:
    """The link of a write to one row: its table, its id and what it now holds."""
    session.flush()
    key = inspect(row).mapper.primary_key_from_instance(row)
    record(session, act, action, row.__tablename__, str(key[0]), contents(row))


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
