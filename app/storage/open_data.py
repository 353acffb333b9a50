"""Procurements with all that open data tells of them, some at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, Update, select, update
from sqlalchemy.orm import Session, aliased

from app.rules.facts import ClauseType
from app.storage import keyset, units
from app.storage.ledger_rows import counting
from app.storage.models import Adjustment, Clause, Closure, Contract, Party, Procurement, Purchase, Supplier, Unit

OLDEST_FIRST = keyset.Sort((Procurement.id,))
"""New procurements come last: who reads page by page meanwhile misses none."""
Root = aliased(Unit)
_UNITS = (Unit.id.label("unit_id"), Unit.name.label("unit_name"), Root.name.label("organisation"))


CHUNK = 500
"""Names asked for at once: SQLite takes some thousands of values in a statement."""


class Parts(NamedTuple):
    """What hangs on contracts, by their id, each in the order in which it was recorded."""

    parties: dict[str, list[Any]]
    adjustments: dict[str, list[Any]]
    closures: dict[str, list[Any]]
    purchases: dict[str, list[Any]]


def page_of(session: Session, trees: Sequence[str] | None, page: keyset.Page) -> keyset.Slice:
    """Rows of Procurement, Clause (None without one), the unit's id and name and its organisation's name."""
    statement = (
        select(Procurement, Clause, Procurement.id.label("id"), *_UNITS)
        .join(Unit, Unit.id == Procurement.unit_id)
        .join(Root, Root.id == Unit.root_id)
        .outerjoin(Clause, Clause.procurement_id == Procurement.id)
        .where(*units.in_trees(trees))
    )
    return keyset.fetch(session, statement, OLDEST_FIRST, page)


def contracts_under(session: Session, procurement_ids: Sequence[str]) -> dict[str, list[Any]]:
    """Rows of Contract, Supplier, the unit's id and name and its organisation's name, by procurement."""
    statement = (
        select(Contract, Supplier, *_UNITS)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .join(Unit, Unit.id == Contract.unit_id)
        .join(Root, Root.id == Unit.root_id)
        .where(Contract.procurement_id.in_(procurement_ids))
        .order_by(Contract.id)
    )
    found = defaultdict(list)
    for row in session.execute(statement):
        found[row.Contract.procurement_id].append(row)
    return found


def parts_of(session: Session, contract_ids: Sequence[str]) -> Parts:
    """What hangs on some contracts; voided rows are left out, and purchases that count for nothing."""
    parties = (
        select(Party.contract_id, Party.role, Supplier.scheme, Supplier.identifier, Supplier.name)
        .join(Supplier, Supplier.id == Party.supplier_id)
        .where(Party.contract_id.in_(contract_ids))
        .order_by(Party.id)
    )
    adjustments = (
        select(Adjustment.contract_id, Adjustment.effective_on, Adjustment.delta, Adjustment.decision_reference)
        .where(Adjustment.contract_id.in_(contract_ids), Adjustment.voided_at.is_(None))
        .order_by(Adjustment.effective_on, Adjustment.id)
    )
    closures = select(Closure.contract_id, Closure.effective_on, Closure.decision_reference).where(
        Closure.contract_id.in_(contract_ids), Closure.voided_at.is_(None)
    )
    purchases = (
        select(Purchase.contract_id, Purchase.id, Purchase.row_key, Purchase.on_date, Purchase.amount_cents)
        .join(Contract, Contract.id == Purchase.contract_id)
        .join(Clause, Clause.procurement_id == Contract.procurement_id)
        .where(Purchase.contract_id.in_(contract_ids), Clause.type == ClauseType.PURCHASE_THRESHOLD, counting())
        .order_by(Purchase.on_date, Purchase.id)
    )
    return Parts(*(_by_contract(session, one) for one in (parties, adjustments, closures, purchases)))


def _by_contract(session: Session, statement: Select[*tuple[Any, ...]]) -> dict[str, list[Row[*tuple[Any, ...]]]]:
    found = defaultdict(list)
    for row in session.execute(statement):
        found[row.contract_id].append(row)
    return found


def organisations(session: Session, root_ids: Sequence[str]) -> list[str]:
    """Names of these roots, in their order."""
    return list(session.scalars(select(Unit.name).where(Unit.id.in_(root_ids)).order_by(Unit.id)))


def known(session: Session, root_id: str, ocids: Sequence[str]) -> set[str]:
    """Those of the ocids by which an organisation has a procurement: it came with that name, or it is the one whose own
    id the name ends with, which is how we name what we publish."""
    own = {ocid: ocid.rpartition("-")[2] for ocid in ocids}
    found: set[str] = set()
    for start in range(0, len(ocids), CHUNK):
        chunk = ocids[start : start + CHUNK]
        statement = (
            select(Procurement.ocid, Procurement.id)
            .join(Unit, Unit.id == Procurement.unit_id)
            .where(Unit.root_id == root_id)
            .where(Procurement.ocid.in_(chunk) | Procurement.id.in_([own[ocid] for ocid in chunk]))
        )
        names = {name for row in session.execute(statement) for name in row if name is not None}
        found |= {ocid for ocid in chunk if ocid in names or own[ocid] in names}
    return found


FIRST_VERSION = 1


def name(session: Session, procurement_id: str, ocid: str, contract_ids: Mapping[str, str | None]) -> None:
    """Gives what was registered in this transaction its names in open data. Nobody has seen it yet: whatever has become
    of it meanwhile, it is in its first version."""
    session.flush()
    first = {"version": FIRST_VERSION}
    session.execute(_named(Procurement, procurement_id).values(ocid=ocid, **first))
    for contract_id, ocds_id in contract_ids.items():
        session.execute(_named(Contract, contract_id).values(ocds_id=ocds_id, **first))
    session.expire_all()


def _named(model: type[Procurement] | type[Contract], row_id: str) -> Update:
    return update(model).where(model.id == row_id).execution_options(synchronize_session=False)


def came_with(
    session: Session, contract_id: str, number: int, at: datetime | None
) -> tuple[list[Purchase | Adjustment | Closure], bool]:
    """The purchases of an import on a contract it made, and the decisions recorded in the moment it was activated; and
    whether any of them was changed since."""
    bought = session.scalars(
        select(Purchase).where(Purchase.contract_id == contract_id, Purchase.import_number == number)
    )
    rows: list[Purchase | Adjustment | Closure] = [*bought]
    for model in (Adjustment, Closure):
        rows += session.scalars(select(model).where(model.contract_id == contract_id, model.created_at == at))
    return rows, any(row.version != FIRST_VERSION for row in rows)
