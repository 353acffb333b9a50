"""The clause of a procurement between its body and its row: terms by type, and a change merged with what is kept."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.rules.errors import RuleBroken
from app.rules.facts import ClauseType
from app.schemas.clauses import (
    AwardCriterionClause,
    ClauseChange,
    ClauseTerms,
    CommonTerms,
    FixedCountClause,
    PurchaseThresholdClause,
)
from app.schemas.fields import cents_to_money
from app.storage.models import Clause

TERMS: dict[ClauseType, type[CommonTerms]] = {
    ClauseType.FIXED_COUNT: FixedCountClause,
    ClauseType.PURCHASE_THRESHOLD: PurchaseThresholdClause,
    ClauseType.AWARD_CRITERION: AwardCriterionClause,
}
MERGE_CODES = {"missing": "missing_field", "extra_forbidden": "unknown_field"}
"""What can be wrong with terms of which each is right by itself, beside the codes of our own."""
_BODY: TypeAdapter[ClauseTerms] = TypeAdapter(ClauseTerms)


def terms_of(row: Any) -> dict[str, Any]:
    """A clause's row, or one with its columns, as a body: the common terms and those of its type."""
    names = TERMS[ClauseType(row.type)].model_fields
    terms = {name: getattr(row, name) for name in names if name != "threshold_eur"}
    if "threshold_eur" in names:
        terms["threshold_eur"] = cents_to_money(row.threshold_cents)
    return terms


def fill(clause: Clause, terms: ClauseTerms) -> None:
    """Puts the terms into the row; those of other types are emptied."""
    values = {name: getattr(terms, name) for name in type(terms).model_fields}
    values["threshold_cents"] = values.pop("threshold_eur", None)
    for column in Clause.__table__.columns:
        if column.key != "procurement_id":
            setattr(clause, column.key, values.get(column.key))


def changed_terms(stored: Clause | None, change: ClauseChange) -> ClauseTerms:
    """The clause with the terms sent; another type begins anew. Raises RuleBroken where they do not go together."""
    sent = {name: getattr(change, name) for name in change.model_fields_set}
    if "threshold_eur" in sent:
        sent["threshold_eur"] = cents_to_money(sent["threshold_eur"])
    kept = terms_of(stored) if stored is not None and sent.get("type", stored.type) == stored.type else {}
    try:
        return _BODY.validate_python(kept | sent)
    except ValidationError as error:
        first = error.errors()[0]
    if first["type"].startswith("union_tag"):
        raise RuleBroken("missing_field", "clause.type")
    code = MERGE_CODES.get(first["type"], first["type"])
    raise RuleBroken(code, f"clause.{first['loc'][-1]}", **first.get("ctx", {}))
