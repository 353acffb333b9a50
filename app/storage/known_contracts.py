"""What is registered already, found by what people call it; and what stands in the way of taking it back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from app.storage import units
from app.storage.models import (
    Contract,
    ContractOption,
    ImportedContract,
    JudgementChange,
    Party,
    Procurement,
    StoredJudgement,
    Supplier,
    Table,
    Unit,
)

OF_A_CONTRACT = frozenset({"contract_option", "party", "judgement", "judgement_change"})
"""Tables with parts of a contract, and what the service itself says of it. All others tell what became of it."""
OF_A_PROCUREMENT = frozenset({"clause"})


def procurements_named(
    session: Session, reference: str, trees: Sequence[str] | None, root_id: str | None
) -> Sequence[Any]:
    """`id`, `unit_id` and `path` of the procurements of these trees (None: of all), in one organisation or any."""
    statement = select(Procurement.id, Procurement.unit_id, Unit.path).join(Unit, Unit.id == Procurement.unit_id)
    statement = statement.where(Procurement.reference == reference, *units.in_trees(trees))
    if root_id is not None:
        statement = statement.where(Unit.root_id == root_id)
    return session.execute(statement.order_by(Procurement.id)).all()


def contract_id_of(session: Session, procurement_id: str, reference: str, scheme: str, identifier: str) -> str | None:
    """The supplier's contract by this reference under a procurement."""
    wanted = select(Contract.id).join(Supplier, Supplier.id == Contract.supplier_id)
    wanted = wanted.where(Contract.procurement_id == procurement_id, Contract.reference == reference)
    wanted = wanted.where(Supplier.scheme == scheme, Supplier.identifier == identifier)
    return session.scalar(wanted)


def contracts_named(session: Session, reference: str, root_id: str | None) -> Sequence[Any]:
    """Contracts by this reference, of one organisation or any: `id`, the paths of both units, what names the
    supplier."""
    statement = (
        select(
            Contract.id,
            Contract.reference,
            StoredJudgement.unit_path,
            StoredJudgement.procurement_unit_path,
            Supplier.scheme,
            Supplier.identifier,
            Supplier.name.label("supplier_name"),
        )
        .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .where(Contract.reference == reference)
    )
    if root_id is not None:
        statement = statement.where(Supplier.root_id == root_id)
    return session.execute(statement.order_by(Contract.id)).all()


def recorded_on_contract(session: Session, contract_id: str, number: int) -> bool:
    """Whether anything names the contract beside its own parts and the import with this number."""
    return _named(session, Contract.__table__, contract_id, OF_A_CONTRACT, number)


def recorded_on_procurement(session: Session, procurement_id: str) -> bool:
    """Whether anything names the procurement beside its clause."""
    return _named(session, Procurement.__table__, procurement_id, OF_A_PROCUREMENT, None)


def _named(session: Session, target: Any, row_id: str, own: frozenset[str], number: int | None) -> bool:
    """Looked for in every table that has a foreign key to it, so that one added later is not forgotten."""
    for table in Table.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is not target or table.name in own:
                continue
            conditions = [key.parent == row_id]
            if table is ImportedContract.__table__:
                conditions.append(table.c.number != number)
            if session.scalar(select(exists().where(*conditions))):
                return True
    return False


def note_brought(session: Session, number: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """What an import brings to contracts, as columns of ImportedContract."""
    if rows:
        session.execute(insert(ImportedContract), [{"number": number, **row} for row in rows])


def options_and_parties(session: Session, contract_id: str) -> list[ContractOption | Party]:
    options = session.scalars(select(ContractOption).where(ContractOption.contract_id == contract_id)).all()
    return [*options, *session.scalars(select(Party).where(Party.contract_id == contract_id))]


def forget_judgements(session: Session, contract_id: str, number: int) -> None:
    """What the service said of a contract that is taken back, and what the import noted of it."""
    own = (ImportedContract.contract_id == contract_id, ImportedContract.number == number)
    session.execute(delete(ImportedContract).where(*own))
    for model in (JudgementChange, StoredJudgement):
        session.execute(delete(model).where(model.contract_id == contract_id))
