"""What the company register said of companies, and which of them it is to be asked about next."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select, union, update
from sqlalchemy.orm import Session

from app.rules.codes import BUSINESS_ID_SCHEME
from app.storage.models import Company, Contract, Party, Supplier
from app.storage.prepared import Prepared
from app.storage.upsert import insert_new

_COMPANY, _SUPPLIER = Company.__table__.c, Supplier.__table__.c
_SAID = (_COMPANY.found, _COMPANY.name, _COMPANY.forms, _COMPANY.situations, _COMPANY.fetched_at)


def get(session: Session, business_id: str) -> Company | None:
    return session.get(Company, business_id)


def add_wanted(session: Session, business_ids: Collection[str], ask_at: datetime) -> None:
    """Companies that the register is to be asked about; those known already stay as they are."""
    rows = [
        {"business_id": one, "found": False, "forms": {}, "situations": [], "ask_at": ask_at} for one in business_ids
    ]
    insert_new(session, Company, rows)


def waiting(session: Session) -> int:
    """How many companies the register was never asked about."""
    return session.scalar(select(func.count()).select_from(Company).where(Company.fetched_at.is_(None))) or 0


def unknown_suppliers(session: Session, limit: int) -> Sequence[str]:
    """Business IDs of some suppliers that no row here has, the longest registered first."""
    known = exists().where(Company.business_id == Supplier.identifier)
    wanted = select(Supplier.identifier).where(Supplier.scheme == BUSINESS_ID_SCHEME, ~known)
    return session.scalars(wanted.group_by(Supplier.identifier).order_by(func.min(Supplier.id)).limit(limit)).all()


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether `due` or `unknown_suppliers` would find anything."""
    waits = session.scalar(select(Company.business_id).where(Company.ask_at <= now).limit(1))
    return waits is not None or bool(unknown_suppliers(session, 1))


def due(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """Business IDs of some companies whose time has come, the longest due first, held until the transaction ends;
    those that another process holds are left to it."""
    wanted = select(Company.business_id).where(Company.ask_at <= now).order_by(Company.ask_at, Company.business_id)
    return session.scalars(wanted.limit(limit).with_for_update(skip_locked=True)).all()


def change_many(session: Session, business_ids: Collection[str], values: Mapping[str, Any]) -> None:
    changed = update(Company).where(Company.business_id.in_(business_ids)).values(values)
    session.execute(changed.execution_options(synchronize_session=False))


def put_off(session: Session, until: datetime) -> None:
    """Nobody is asked about before a moment."""
    waits = update(Company).where(Company.ask_at < until).values(ask_at=until)
    session.execute(waits.execution_options(synchronize_session=False))


def wake(session: Session, now: datetime, found_before: datetime, missed_before: datetime) -> None:
    """What was put off though its time had come is due now: where the last answer is older than it may be, or there
    was none."""
    told = and_(Company.found, Company.fetched_at <= found_before)
    missed = and_(~Company.found, Company.fetched_at <= missed_before)
    late = or_(Company.fetched_at.is_(None), told, missed)
    due = update(Company).where(Company.ask_at > now, late).values(ask_at=now)
    session.execute(due.execution_options(synchronize_session=False))


def wake_all(session: Session, now: datetime) -> None:
    due = update(Company).where(Company.ask_at > now).values(ask_at=now)
    session.execute(due.execution_options(synchronize_session=False))


def forget_strangers(session: Session, business_ids: Collection[str]) -> None:
    """Drops those of the companies that were asked about once and that nobody has as supplier."""
    borne = exists().where(Supplier.scheme == BUSINESS_ID_SCHEME, Supplier.identifier == Company.business_id)
    gone = delete(Company).where(Company.business_id.in_(business_ids), Company.fetched_at.is_not(None), ~borne)
    session.execute(gone.execution_options(synchronize_session=False))


def known(session: Session, business_ids: Collection[str]) -> dict[str, Any]:
    """What is kept of companies, by business ID: also of those that the register was not asked about yet."""
    columns = (_COMPANY.business_id, *_SAID, _COMPANY.ask_at)
    rows = session.execute(select(*columns).where(_COMPANY.business_id.in_(business_ids)))
    return {row.business_id: row for row in rows}


_PARTIES = union(
    select(Contract.supplier_id.label("id")).where(Contract.id == bindparam("contract_id")),
    select(Party.supplier_id).where(Party.contract_id == bindparam("contract_id")),
).subquery()
_OF_CONTRACT = Prepared(
    select(_SUPPLIER.id.label("supplier_id"), _SUPPLIER.name.label("supplier_name"), _COMPANY.business_id, *_SAID)
    .join_from(_PARTIES, Supplier.__table__, _SUPPLIER.id == _PARTIES.c.id)
    .join(Company.__table__, _COMPANY.business_id == _SUPPLIER.identifier)
    .where(_SUPPLIER.scheme == BUSINESS_ID_SCHEME, _COMPANY.fetched_at.is_not(None))
    .order_by(_SUPPLIER.id)
)


def of_contract(session: Session, contract_id: str) -> Sequence[Any]:
    """What the register said of a contract's supplier and its other parties."""
    return _OF_CONTRACT.all(session, contract_id=contract_id)
