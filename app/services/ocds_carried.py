"""What of a release an import takes over so that it goes out again as it came; docs/open-data.md explains the rest."""

from collections.abc import Iterator
from typing import Any

CARRIED = (
    "ocid",
    "initiationType",
    "language",
    "planning.budget.project",
    "tender.id",
    "tender.title",
    "tender.status",
    "tender.value",
    "tender.procurementMethod",
    "tender.procurementMethodDetails",
    "tender.mainProcurementCategory",
    "tender.hasSustainability",
    "tender.sustainability",
    "tender.contractTerms",
    "tender.documents",
    "tender.employmentClause",
    "tender.noEmploymentClauseReason",
    "tender.signedDate",
    "awards",
    "contracts.id",
    "contracts.awardID",
    "contracts.title",
    "contracts.status",
    "contracts.period",
    "contracts.value",
    "contracts.dateSigned",
    "contracts.implementation.transactions.id",
    "contracts.implementation.transactions.date",
    "contracts.implementation.transactions.value",
    "contracts.implementation.transactions.payee",
    "contracts.employmentObligation",
)
"""Fields, with all that is in them. Through a list a path leads to each of its things."""

MADE_ANEW = (
    "id",
    "date",
    "tag",
    "parties",
    "buyer",
    "contracts.implementation.transactions.payer",
    "contracts.implementation.milestones",
)
"""Fields of whoever publishes: who that is, when, and how far the jobs are, which never leave the city."""


def carried(release: dict[str, Any]) -> dict[str, Any]:
    """The carried fields of a release, by their path with the places in lists."""
    return {place: value for path in CARRIED for place, value in _found(release, path.split("."), "")}


def _found(value: Any, names: list[str], place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list) and names:
        for number, one in enumerate(value):
            yield from _found(one, names, f"{place}[{number}]")
    elif not names:
        yield place.removeprefix("."), value
    elif isinstance(value, dict) and names[0] in value:
        yield from _found(value[names[0]], names[1:], f"{place}.{names[0]}")
