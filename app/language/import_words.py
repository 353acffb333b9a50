"""Words of imports: what became of rows, why one was refused, what a person is asked to decide."""

from collections.abc import Mapping

from app.language.catalogues import Text, msgid
from app.language.errors import ERROR_CODES, error_sentence
from app.language.sentences import made

REFUSALS: dict[str, Text] = {
    "too_many_cells": msgid("The row has more cells than the header. Look for a separator inside a text."),
    "business_id_missing": msgid("The supplier's business ID is missing, and no contract number stands in its place."),
    "business_id_foreign": msgid(
        "The supplier has no Finnish business ID, and no contract number stands in its place."
    ),
    "not_a_date": msgid("The day cannot be read. Write it like 31.12.2025."),
    "not_money": msgid("The amount cannot be read. Write it like 1 234,56."),
    "amount_zero": msgid("The amount is zero, which adds nothing."),
}
"""Why a row of a ledger cannot be taken, beside what errors say of single fields."""


def refusal_sentence(code: str, values: Mapping[str, object], language: str) -> str:
    """Why a row was refused, in a sentence."""
    if code in REFUSALS:
        return made(REFUSALS[code], values, language)
    return error_sentence(code if code in ERROR_CODES else "wrong_format", values, language)
