"""Whether a list says of a procurement what is registered of it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.schemas.fields import cents_to_money
from app.services.procurements import ProcurementFound
from app.storage.models import Clause

PLAIN = ("title", "unit_id", "kind", "signed_on", "programme", "no_clause_reason")
TERMS = (
    "type",
    "positions",
    "positions_per_threshold",
    "max_positions",
    "points_per_position",
    "max_points",
    "min_duration_months",
    "min_weekly_hours",
    "employment_forms",
    "target_groups",
    "completion",
    "replacement_allowed",
    "start_within_months",
    "replacement_within_months",
)


def differing(values: Mapping[str, Any], found: ProcurementFound) -> str | None:
    """The first field in which the list says something else; what it does not say does not differ."""
    procurement = found.procurement
    stored = {f"procurement.{name}": getattr(procurement, name) for name in PLAIN}
    stored["procurement.estimated_value_eur"] = _euros(procurement.estimated_value_cents)
    stored |= _terms(found.clause)
    return next((name for name, value in values.items() if name in stored and not _same(value, stored[name])), None)


def _terms(clause: Clause | None) -> dict[str, Any]:
    terms = {f"procurement.clause.{name}": clause and getattr(clause, name) for name in TERMS}
    return terms | {"procurement.clause.threshold_eur": clause and _euros(clause.threshold_cents)}


def _euros(cents: int | None) -> str | None:
    return None if cents is None else cents_to_money(cents)


def _same(said: Any, stored: Any) -> bool:
    if isinstance(stored, Decimal):
        try:
            return Decimal(str(said)) == stored
        except InvalidOperation:
            return False
    if isinstance(stored, list) and isinstance(said, list):
        return set(said) == set(stored)
    return bool(said == stored) or " ".join(str(said).split()) == str(stored)
