"""What the list of people wanted says of contracts, beside what every list does."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.models import Clause, Contract, Procurement, Unit


def details(session: Session, contract_ids: Sequence[str]) -> dict[str, Any]:
    """By contract: whom at the supplier to ask, what kind of work it is, what the clause accepts, the unit's name."""
    columns = (
        Contract.id,
        Contract.supplier_contact_name,
        Contract.supplier_contact_email,
        Contract.supplier_contact_phone,
        Contract.supplier_language,
        Procurement.kind,
        Clause.employment_forms,
        Clause.target_groups,
        Clause.min_weekly_hours,
        Clause.min_duration_months,
        Unit.name.label("unit_name"),
    )
    wanted = (
        select(*columns)
        .join(Procurement, Procurement.id == Contract.procurement_id)
        .join(Clause, Clause.procurement_id == Contract.procurement_id)
        .join(Unit, Unit.id == Contract.unit_id)
        .where(Contract.id.in_(contract_ids))
    )
    return {row.id: row for row in session.execute(wanted)}
