"""Purchases of contracts, page by page. What ledgers bring is in storage/ledger_rows.py."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.rules.facts import ClauseType
from app.storage import keyset
from app.storage.ledger_rows import known, replaced
from app.storage.models import Clause, Contract, Purchase, StoredJudgement

SORTS = {"on_date": keyset.Sort((Purchase.on_date, Purchase.id))}
COLUMNS = (
    Purchase.id,
    Purchase.contract_id,
    Purchase.on_date,
    Purchase.amount_cents,
    Purchase.reference,
    Purchase.row_key,
    Purchase.recorded_on,
    Purchase.voided_at,
    Purchase.void_reason,
    replaced().label("replaced"),
)


class CountedPeriod(NamedTuple):
    """The days on which purchases count, both included."""

    first: date
    last: date


def get(session: Session, purchase_id: str) -> Purchase | None:
    """The purchase; none of an import that is still being read or looked at."""
    return session.scalars(select(Purchase).where(Purchase.id == purchase_id, known())).one_or_none()


def is_replaced(session: Session, purchase_id: str) -> bool:
    """Whether a later import brought the corrected form of the purchase."""
    return bool(session.execute(select(replaced()).where(Purchase.id == purchase_id)).scalar_one())


def of_contract(session: Session, contract_id: str, sort: keyset.Sort, page: keyset.Page) -> keyset.Slice:
    """A page of a contract's purchases, voided ones too."""
    return keyset.fetch(session, select(*COLUMNS).where(Purchase.contract_id == contract_id, known()), sort, page)


def counted_period(session: Session, contract_id: str) -> CountedPeriod | None:
    """When purchases count as known today; None where the clause has no threshold.

    The stored judgement's end is today's: nothing that moves it may be dated ahead, so only a write changes it.
    """
    row = session.execute(
        select(Contract.starts_on, StoredJudgement.effective_end_on)
        .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
        .join(Clause, Clause.procurement_id == Contract.procurement_id)
        .where(Contract.id == contract_id, Clause.type == ClauseType.PURCHASE_THRESHOLD)
    ).one_or_none()
    return None if row is None else CountedPeriod(*row)


def came(session: Session, contract_ids: Sequence[str], at: datetime) -> None:
    """Purchases of these contracts count from this moment on; the transaction holds their judgements."""
    changed = update(StoredJudgement).where(StoredJudgement.contract_id.in_(contract_ids)).values(bought_at=at)
    session.execute(changed.execution_options(synchronize_session=False))


def news_came(session: Session, contract_ids: Sequence[str], today: date) -> None:
    """Contracts on which something was recorded today, many at a time."""
    stale = (Contract.id.in_(contract_ids), Contract.last_recorded_on != today)
    values = {"last_recorded_on": today, "version": Contract.version + 1}
    session.execute(update(Contract).where(*stale).values(values).execution_options(synchronize_session=False))
