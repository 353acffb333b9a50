"""What a body may not hold, told as the rules tell what is wrong: a code, the field, and the values of its sentence."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from app.language.errors import ERROR_CODES
from app.rules.errors import DomainError
from app.schemas.text import holds_identity_code

PYDANTIC_CODES = {
    "missing": "missing_field",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "enum": "wrong_choice",
    "literal_error": "wrong_choice",
    "union_tag_invalid": "wrong_choice",
    "union_tag_not_found": "missing_field",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "json_invalid": "not_json",
    "value_error": "not_email",
}
_FIELD_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Wrong(NamedTuple):
    """A code with a sentence, the path of its field within the body, and what fills the sentence."""

    code: str
    field: str
    values: Mapping[str, Any]


def wrong_of(error: ValidationError | DomainError) -> Wrong:
    """The first thing that is wrong."""
    if isinstance(error, DomainError):
        return Wrong(error.code, error.field, error.values)
    first = error.errors(include_url=False, include_input=False)[0]
    return Wrong(code_of(first), field_of(first, first["loc"]), values_of(first))


def code_of(error: Mapping[str, Any]) -> str:
    """Our code for one of Pydantic's errors."""
    kind = str(error["type"])
    code = PYDANTIC_CODES.get(kind, kind)
    if code in ERROR_CODES:
        return code
    return "wrong_type" if kind.endswith(("_type", "_parsing")) else "wrong_format"


def values_of(error: Mapping[str, Any]) -> dict[str, Any]:
    """The limits an error speaks of, under the names its sentence uses; never what was sent."""
    context = error.get("ctx") or {}
    names = {"max_length": "maximum", "min_length": "minimum", "expected": "choices", "expected_tags": "choices"}
    limits = {"ge": "minimum", "gt": "minimum", "le": "maximum", "lt": "maximum"}
    wanted = names | limits | {name: name for name in ("minimum", "maximum", "first", "last", "choices")}
    return {wanted[name]: str(value) for name, value in context.items() if name in wanted}


def field_of(error: Mapping[str, Any], place: tuple[Any, ...]) -> str:
    """The field's path, such as clause.positions: `place` without a union's tags and a map's mark of a key."""
    parts = [str(part) for part in place]
    if error["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        parts.append("type")
    tags = {"fixed_count", "purchase_threshold", "award_criterion", "[key]"}
    return ".".join(_safe(part) for part in parts if part not in tags) or "body"


def _safe(part: str) -> str:
    """A name the client sent is repeated only where it looks like one."""
    return part if _FIELD_NAME.fullmatch(part) and not holds_identity_code(part) else "?"
