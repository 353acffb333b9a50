"""What our own extension says of a clause and a contract, as the bodies of our schemas; they check it.

`docs/open-data.md` names its fields. What a release does not say is left to the defaults of the schemas.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.schemas.clauses import ClauseChange
from app.schemas.imported_drafts import day, known, money
from app.services.ocds_codes import EURO, camel, snake
from app.sources.ocds.releases import Contract, Payment

Json = dict[str, Any]
DECIMALS = frozenset({"min_weekly_hours", "points_per_position", "max_points"})
THRESHOLD = "threshold"
TERMS = {camel(name): name for name in ClauseChange.model_fields if name != "threshold_eur"}


def clause_of(own: Mapping[str, Any]) -> Json:
    """The terms of a clause. What stands there and cannot be a term is left for the schema to refuse."""
    body = {name: _term(name, own[told]) for told, name in TERMS.items() if own.get(told) is not None}
    if own.get(THRESHOLD) is not None:
        body["threshold_eur"] = _euros(own[THRESHOLD])
    return body


def _term(name: str, value: Any) -> Any:
    if name in DECIMALS:
        return str(value)
    if isinstance(value, str):
        return snake(value)
    return [snake(one) if isinstance(one, str) else one for one in value] if isinstance(value, list) else value


def _euros(value: Any) -> Any:
    """The amount of a value in euros; what is none stays as it is, and is refused."""
    if not isinstance(value, Mapping) or value.get("currency") != EURO:
        return ""
    amount = value.get("amount")
    return money(Decimal(amount)) if isinstance(amount, int | Decimal) and not isinstance(amount, bool) else ""


def contract_of(own: Mapping[str, Any]) -> Json:
    """What of a contract the clause depends on."""
    return {
        **known(
            {
                "ends_on": own.get("endDate"),
                "counts_from": own.get("countsFromDate"),
                "committed_positions": own.get("committedPositions"),
            }
        ),
        "options": [
            known({"ends_on": one.get("endDate"), "exercised_on": one.get("exercisedDate")})
            for one in _objects(own.get("options"))
        ],
    }


def beyond(contract: Contract) -> Json:
    """What of a contract no registration holds: its id, its termination, decisions on it, and what was bought."""
    own = contract.own
    ended, closed = own.get("termination"), own.get("closure")
    return known(
        {
            "ocds_id": contract.id,
            "termination": known({"terminated_on": ended.get("endDate"), "decided_on": ended.get("decidedDate")})
            if isinstance(ended, Mapping)
            else None,
            "adjustments": [_decision(one) | {"delta": one.get("change")} for one in _objects(own.get("adjustments"))],
            "closure": _decision(closed) if isinstance(closed, Mapping) else None,
            "purchases": list(_purchases(contract.payments)),
        }
    )


def _decision(told: Mapping[str, Any]) -> Json:
    """Why it was made is not published: its register number stands for that, too."""
    reference = told.get("decision")
    return {"effective_on": told.get("effectiveDate"), "reason": reference, "decision_reference": reference}


def _purchases(payments: Sequence[Payment]) -> Iterator[Json]:
    for one in payments:
        yield {"id": one.id, "on_date": day(one.on_date), "amount_eur": _signed(one)}


def _signed(payment: Payment) -> str | None:
    """Euros with their sign, exact to the cent; None for what is no such amount."""
    if payment.money is None or payment.money.currency != EURO:
        return None
    amount = payment.money.amount
    text = money(abs(amount))
    if text is None or Decimal(text) != abs(amount):
        return None
    return f"-{text}" if amount < 0 else text


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
