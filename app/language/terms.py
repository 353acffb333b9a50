"""A clause's main term in a few words, for a line that names a contract."""

from typing import assert_never

from app.language.catalogues import Text, msgids
from app.language.labels import label
from app.language.sentences import made
from app.rules.facts import AwardCriterion, ClauseType, FixedCount, PurchaseThreshold, Terms

POSITIONS: Text = msgids("{name}, {number} position", "{name}, {number} positions", by="number")
PROMISED: Text = msgids("{name}, {number} position promised", "{name}, {number} positions promised", by="number")
FOR_PURCHASES: Text = msgids(
    "{name}, {number} position for each {cents}", "{name}, {number} positions for each {cents}", by="number"
)


def terms_in_words(terms: Terms, language: str) -> str:
    """The kind of clause and how many positions it asks for: fixed count, 3 positions; in lower case."""
    match terms:
        case FixedCount():
            text, kind, values = POSITIONS, ClauseType.FIXED_COUNT, {"number": terms.positions}
        case AwardCriterion():
            text, kind, values = PROMISED, ClauseType.AWARD_CRITERION, {"number": terms.committed_positions}
        case PurchaseThreshold():
            text, kind = FOR_PURCHASES, ClauseType.PURCHASE_THRESHOLD
            values = {"number": terms.positions_per_threshold, "cents": terms.threshold_cents}
        case _:
            assert_never(terms)
    told = made(text, {"name": label("clause_type", kind, language), **values}, language)
    return told[:1].lower() + told[1:]
