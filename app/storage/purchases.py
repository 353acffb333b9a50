"""Purchases of contracts: page by page, and in bulk as they come from a ledger."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.rules.codes import BUSINESS_ID_SCHEME
from app.rules.facts import ClauseType
from app.storage import keyset
from app.storage.judgements import within
from app.storage.models import Clause, Contract, Purchase, StoredJudgement, Supplier
from app.storage.session import is_sqlite

CHUNK = 5000
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
)


class CountedPeriod(NamedTuple):
    """The days on which purchases count, both included."""

    first: date
    last: date


def get(session: Session, purchase_id: str) -> Purchase | None:
    return session.get(Purchase, purchase_id)


def of_contract(session: Session, contract_id: str, sort: keyset.Sort, page: keyset.Page) -> keyset.Slice:
    """A page of a contract's purchases, voided ones too."""
    return keyset.fetch(session, select(*COLUMNS).where(Purchase.contract_id == contract_id), sort, page)


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


class ThresholdContract(NamedTuple):
    """A contract that purchases from a supplier may go to, with the paths of its units."""

    id: str
    business_id: str
    first: date
    last: date
    unit_path: str
    procurement_unit_path: str


def threshold_contracts(session: Session, trees: Sequence[str] | None) -> Iterator[ThresholdContract]:
    """Contracts with a purchase threshold in these trees (None: all), by their supplier's business ID."""
    statement = (
        select(
            Contract.id,
            Supplier.identifier,
            Contract.starts_on,
            StoredJudgement.effective_end_on,
            StoredJudgement.unit_path,
            StoredJudgement.procurement_unit_path,
        )
        .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
        .join(Clause, Clause.procurement_id == Contract.procurement_id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .where(Clause.type == ClauseType.PURCHASE_THRESHOLD, Supplier.scheme == BUSINESS_ID_SCHEME)
    )
    if trees is not None:
        statement = statement.where(within(trees))
    for row in session.execute(statement.execution_options(yield_per=CHUNK)):
        yield ThresholdContract(*row)


def add_imported(session: Session, rows: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """Inserts the rows whose `row_key` their contract does not have yet; says how many were new, by contract."""
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    table = cast(Table, Purchase.__table__)
    statement = insert(table).on_conflict_do_nothing().returning(table.c.contract_id)
    return Counter(session.scalars(statement, rows))


def news_came(session: Session, contract_ids: Sequence[str], today: date) -> None:
    """Contracts on which something was recorded today, many at a time."""
    stale = (Contract.id.in_(contract_ids), Contract.last_recorded_on != today)
    values = {"last_recorded_on": today, "version": Contract.version + 1}
    session.execute(update(Contract).where(*stale).values(values).execution_options(synchronize_session=False))
