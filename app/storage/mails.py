"""What a mail says of a contract, in one row."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.storage.models import Contract, Procurement, Supplier, Unit


def contract_for_mail(session: Session, contract_id: str) -> Row[*tuple[Any, ...]]:
    """`Contract` and its own `Unit`, the procurement's `title` and the supplier's `supplier_name`."""
    return session.execute(
        select(Contract, Unit, Procurement.title, Supplier.name.label("supplier_name"))
        .join(Unit, Unit.id == Contract.unit_id)
        .join(Procurement, Procurement.id == Contract.procurement_id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .where(Contract.id == contract_id)
    ).one()
