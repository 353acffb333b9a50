"""Every error code as a sentence that says what is wrong and what to do; a field's name is shown beside it.

What the person typed is never repeated, save for days: it may be what must not be stored.
"""

from collections.abc import Mapping

from app.language.catalogues import Text
from app.language.import_errors import IMPORTS
from app.language.outcome_errors import OUTCOMES
from app.language.record_errors import (
    CONTRACTS,
    DECISIONS,
    POSITIONS,
    PROCUREMENTS,
    SUPPLIERS,
    UNITS_AND_USERS,
)
from app.language.request_errors import ACCESS, FIELD, LISTS, REQUEST
from app.language.sentences import made
from app.language.survey_errors import SURVEYS

ERRORS: dict[str, Text] = {
    **ACCESS,
    **REQUEST,
    **FIELD,
    **LISTS,
    **UNITS_AND_USERS,
    **SUPPLIERS,
    **PROCUREMENTS,
    **CONTRACTS,
    **DECISIONS,
    **POSITIONS,
    **OUTCOMES,
    **SURVEYS,
    **IMPORTS,
}
RANGE_CODES = {
    (True, True): "out_of_range",
    (True, False): "out_of_range_below",
    (False, True): "out_of_range_above",
    (False, False): "out_of_range_unbounded",
}
"""The sentence of `out_of_range` by whether there is a minimum and a maximum."""

ERROR_CODES = frozenset(ERRORS) - (frozenset(RANGE_CODES.values()) - {"out_of_range"})


def error_sentence(code: str, values: Mapping[str, object], language: str) -> str:
    """What is wrong and what to do, in a language; raises KeyError for a code or a language that is unknown, and for
    a value that the sentence needs and was not given."""
    if code not in ERROR_CODES:
        raise KeyError(code)
    if code == "out_of_range":
        code = RANGE_CODES[values.get("minimum") is not None, values.get("maximum") is not None]
    return made(ERRORS[code], values, language)
