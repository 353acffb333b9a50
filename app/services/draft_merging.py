"""Two documents about one procurement: a notice and that of its result, or a correction, become one draft."""

from collections.abc import Iterator

from app.rules.drafts import FactCode
from app.schemas.imported_drafts import (
    MAX_DOCUMENTS,
    MAX_FACTS,
    Fact,
    ImportedContract,
    ImportedDraft,
    ImportedProcurement,
)

OF_EACH = frozenset({FactCode.NOTICE})
"""Facts that both documents have, and that both stay."""


def merged(older: ImportedDraft, newer: ImportedDraft) -> ImportedDraft:
    """What either says; where both say something, the newer. Contracts are those of the newer, where it has any: a
    document that tells of contracts tells of all of them."""
    contracts = newer.contracts or older.contracts
    from_older = contracts is older.contracts
    documents = sorted(older.source.known_documents | newer.source.known_documents)
    body = {
        "source": newer.source.model_copy(
            update={
                "documents": documents[-MAX_DOCUMENTS:],
                "is_award": older.source.is_award or newer.source.is_award,
            }
        ),
        "procurement": {**_known(older.procurement), **_known(newer.procurement)},
        "found": [*newer.found, *_kept(older, newer, with_contracts=from_older)][:MAX_FACTS],
    }
    whole = ImportedDraft.model_validate(body)
    return whole.model_copy(update={"contracts": [_dated(one, whole) for one in contracts]})


def _known(part: ImportedProcurement) -> dict[str, object]:
    return {name: value for name, value in part if value is not None}


def _kept(older: ImportedDraft, newer: ImportedDraft, *, with_contracts: bool) -> Iterator[Fact]:
    """Facts of the older document on which the newer is silent."""
    told = {one.code for one in newer.found if one.contract is None} - OF_EACH
    for one in older.found:
        if one in newer.found:
            continue
        if (one.contract is None and one.code not in told) or (one.contract is not None and with_contracts):
            yield one


def _dated(contract: ImportedContract, whole: ImportedDraft) -> ImportedContract:
    """A contract without days of its own has those of the procurement, which a notice tells before there is one."""
    period = next((one.values for one in whole.found if one.code is FactCode.PERIOD), {})
    days = {"starts_on": period.get("first"), "ends_on": period.get("last")}
    lacking = {name: value for name, value in days.items() if value is not None and getattr(contract, name) is None}
    if not lacking:
        return contract
    return ImportedContract.model_validate(contract.model_dump(exclude_unset=True, mode="json") | lacking)
