"""From a marked text and its values to a sentence: every value is written by its type and name."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from app.language import formats
from app.language.catalogues import Counted, Text, translated

Values = Mapping[str, object]

COUNTS = frozenset({"count", "required", "covered", "missing", "completed", "late", "positions"})
"""Small numbers of people or jobs, written as words."""


def whole_number(values: Values, name: str) -> int:
    """A count among the values; raises TypeError where it is none."""
    value = values[name]
    if not isinstance(value, int):
        raise TypeError(f"{name} is no whole number: {value!r}")
    return value


def _written(name: str, value: object, language: str) -> str:
    match value:
        case date():
            return formats.day(value, language)
        case str() if name == "until" or name.endswith("_on"):
            return formats.day(date.fromisoformat(value), language)  # kept as JSON in the history of judgements
        case int() if name.endswith("_cents") or name == "cents":
            return formats.euros(value, language)
        case int() if name in {"months", "months_needed", "months_left", "start_within_months"}:
            return formats.months(value, language)
        case int() if name == "limit_bytes":
            return formats.size(value, language)
        case int() | Decimal():
            return formats.number(value, language)
        case list() | tuple() | set() | frozenset():
            items = map(str, value)
            return ", ".join(items if isinstance(value, list | tuple) else sorted(items))
    return str(value)


def written(values: Values, language: str) -> dict[str, str]:
    """The values as they stand in a sentence."""
    words = {name: _written(name, value, language) for name, value in values.items()}
    small = [name for name in values if name in COUNTS]
    spelled = formats.counts((whole_number(values, name) for name in small), language)
    return words | dict(zip(small, spelled, strict=True))


def _form(value: object) -> int:
    """The number that chooses between one and many: 1.5 hours are many."""
    return int(value) if isinstance(value, int | Decimal) and value == int(value) else 2


def made(text: Text, values: Values, language: str, words: Mapping[str, str] | None = None) -> str:
    """The sentence of a text. `words` are the values already written, where more is needed than `written` gives."""
    count = _form(values[text.by]) if isinstance(text, Counted) else 1
    template = translated(text, language, count)
    return formats.capitalised(template.format_map(words if words is not None else written(values, language)))
