"""Forms: what a browser sent becomes the same schema that the API reads, and comes back with what is wrong beside it.

Fields are named as in the schema: `clause.type`, `options.0.ends_on` for what is nested, `target_groups[]` for lists.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.http import problems
from app.language.errors import error_sentence
from app.rules.codes import DEFAULT_LANGUAGE
from app.rules.errors import DomainError
from app.schemas.text import holds_identity_code

Command = TypeVar("Command", bound=BaseModel)
Typed = str | list[str]
LIST = "[]"
ONCE, CSRF, VERSION = "once", "csrf", "version"
DEEPEST = 6
"""No field of ours lies deeper."""
OWN = frozenset({ONCE, CSRF, VERSION})
"""Fields of the form itself, no part of any schema."""
WORDED_FOR_PEOPLE = {
    "not_a_date": "not_a_day",
    "not_money": "not_a_sum",
    "wrong_choice": "not_chosen",
    "wrong_type": "not_a_number",
    "identifier_required": "supplier_unidentified",
}
"""Codes whose sentence speaks of JSON, with the code whose sentence speaks of a form."""
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}€]")
_PERCENT_SIGN = re.compile(r"(?<=[0-9])%$")
_DAYS = ("_on", "on_date", "_before", "until", "as_of", "counts_from", "period_start", "period_end")
_NUMBERS = ("_eur", "hours", "points", "points_per_position")
_WHOLE = ("positions", "positions_per_threshold", "_months", "delta", "lead_days")
_YES_OR_NO = ("replacement_allowed", "active", "approximate", "headline", "accumulates")
_FIGURES = frozenset({"value", "value_max", "target_min", "target_max", "scale_min", "scale_max", "share_percent"})
_COUNTED = frozenset({"numerator", "denominator", "n", "likelihood", "impact"})
"""These two are whole names: too many others end in an n."""
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_ROW = re.compile(r"(?P<list>[a-z_]+)\.(?P<number>[0-9]{1,4})\.(?P<field>.+)")


class FormWrong(Exception):
    """The form does not fit its schema; `errors` are Pydantic's."""

    def __init__(self, errors: Sequence[Mapping[str, Any]], prefix: str = "") -> None:
        super().__init__()
        self.errors = [{**error, "loc": ("body", *_parts(prefix), *error["loc"])} for error in errors]


def _wrong(error: ValidationError) -> list[dict[str, Any]]:
    """Pydantic's errors without what was typed. What was left empty is missing, whatever it should have been."""
    told = []
    for one in error.errors(include_url=False):
        told.append({name: value for name, value in one.items() if name != "input"})
        if one["input"] is None and one["type"].endswith("_type"):
            told[-1]["type"] = "missing"
    return told


def _parts(prefix: str) -> list[str]:
    return [part for part in prefix.split(".") if part]


@dataclass(frozen=True, slots=True)
class FormView:
    """A form as it is shown: what stands in its fields, and what was wrong with it.

    `labels` fills while the fields are rendered, so that the summary of errors can name them.
    """

    values: Mapping[str, Typed] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    general: tuple[str, ...] = ()
    status: int = 200
    code: str = ""
    once: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    labels: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Mapping[str, object]) -> "FormView":
        """A first showing with defaults: texts, days, numbers, booleans and lists of codes by field name."""
        return cls({name: _written(value) for name, value in values.items() if value is not None})

    @property
    def stale(self) -> bool:
        """Whether someone else changed the thing meanwhile."""
        return self.code == "stale"

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ", ".join(value)

    def all(self, name: str) -> Sequence[str]:
        value = self.values.get(name, [])
        return [value] if isinstance(value, str) else value

    def error(self, name: str) -> str:
        return self.errors.get(name.removesuffix(LIST), "")

    def labelled(self, name: str, label: str) -> str:
        """Keeps a field's label for the summary; renders as nothing."""
        self.labels[name.removesuffix(LIST)] = label
        return ""

    def unplaced(self) -> list[str]:
        """Errors of fields that this form does not show: they are told in the summary, without a link."""
        return [*self.general, *(told for name, told in self.errors.items() if name not in self.labels)]


def _written(value: object) -> Typed:
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, list | tuple | set | frozenset):
        return [str(one) for one in value]
    return str(value)


class Form:
    """What a browser sent. Spaces around values are cut; a value with an identity code never comes back."""

    def __init__(self, pairs: Iterable[tuple[str, str]], language: str) -> None:
        self.values: dict[str, Typed] = {}
        self.language = language
        for name, value in pairs:
            if holds_identity_code(name):
                continue
            text = value.strip().replace("\r\n", "\n")
            if name.endswith(LIST):
                kept = self.values.setdefault(name, [])
                assert isinstance(kept, list)  # noqa: S101 - a name with this ending holds nothing else
                kept.append(text)
            else:
                self.values[name] = text

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def all(self, name: str) -> list[str]:
        value = self.values.get(name, [])
        return [value] if isinstance(value, str) else value

    def has(self, name: str) -> bool:
        return name in self.values

    @property
    def expected_version(self) -> int | None:
        """The version of the thing that the form was filled from."""
        text = self.text(VERSION)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None

    def command(self, schema: type[Command], prefix: str = "", **fixed: Any) -> Command:
        """The schema of something new; fields left empty are absent. Raises FormWrong."""
        return self._validated(schema, prefix, fixed, keep_empty=False)

    def change(self, schema: type[Command], prefix: str = "", **fixed: Any) -> Command:
        """The schema of a change; fields left empty become null. Raises FormWrong."""
        return self._validated(schema, prefix, fixed, keep_empty=True)

    def _validated(self, schema: type[Command], prefix: str, fixed: Mapping[str, Any], *, keep_empty: bool) -> Command:
        body = self.body(prefix, keep_empty=keep_empty) | dict(fixed)
        known = {name: value for name, value in body.items() if name in schema.model_fields or name in fixed}
        try:
            return schema.model_validate(known)
        except ValidationError as error:
            raise FormWrong(_wrong(error), prefix) from None

    def body(self, prefix: str = "", *, keep_empty: bool = False) -> dict[str, Any]:
        """The fields below a prefix such as `contracts.0` as nested JSON, dates and numbers as the API writes them."""
        tree: dict[str, Any] = {}
        start = f"{prefix}." if prefix else ""
        for name, value in self.values.items():
            if not name.startswith(start) or name in OWN or name.count(".") > DEEPEST:
                continue
            plain = _plain(name, value)
            empty = plain in ("", [])
            if keep_empty or not empty:
                _put(tree, name.removeprefix(start).removesuffix(LIST).split("."), None if empty else plain)
        return {name: _lists(value) for name, value in tree.items()}

    def view(self, error: Exception) -> FormView:
        """The form as it was filled in, with what was wrong."""
        shown = {name: _harmless(value) for name, value in self.values.items() if name not in OWN - {VERSION}}
        if isinstance(error, FormWrong):
            told = [problems.field_error_of(one, self.language, WORDED_FOR_PEOPLE) for one in error.errors]
            first = {field: next(one["message"] for one in told if one["field"] == field) for field in _fields(told)}
            return FormView(shown, {self._shown_at(name): first[name] for name in first}, (), 422, told[0]["code"])
        assert isinstance(error, DomainError)  # noqa: S101 - nothing else is shown beside a form
        sentence = error_sentence(error.code, error.values, self.language)
        errors = {self._shown_at(error.field): sentence} if error.field else {}
        general = () if error.field else (sentence,)
        return FormView(shown, errors, general, problems.status_of(error), error.code)

    def _shown_at(self, field: str) -> str:
        """Where an error is shown. Of what is typed in several fields: at the one that holds an identity code; what is
        missing in every language, at the field of the first one."""
        inner = [name for name in self.values if name.startswith(f"{field}.")]
        told_of = next((name for name in inner if _harmless(self.values[name]) != self.values[name]), None)
        first = f"{field}.{DEFAULT_LANGUAGE}"
        return told_of or (first if first in inner else field)

    def closed_up(self, *lists: str) -> "Form":
        """The form with the rows of these lists numbered as they will be kept: a row left empty is none. So an error in
        a row is shown at the row that it was typed in."""
        numbers = {name: _row_numbers(self.values, name) for name in lists}
        pairs: list[tuple[str, str]] = []
        for name, value in self.values.items():
            row = _ROW.fullmatch(name)
            if row is not None and row["list"] in numbers:
                kept = numbers[row["list"]]
                if int(row["number"]) not in kept:
                    continue
                name = f"{row['list']}.{kept.index(int(row['number']))}.{row['field']}"
            pairs += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return Form(pairs, self.language)


def _row_numbers(values: Mapping[str, Typed], of: str) -> list[int]:
    """The numbers of a list's rows in which something stands."""
    found = ((_ROW.fullmatch(name), value) for name, value in values.items())
    return sorted({int(row["number"]) for row, value in found if row is not None and row["list"] == of and value})


def _fields(told: Sequence[Mapping[str, str]]) -> list[str]:
    """The fields of errors, each once, in their order."""
    return list(dict.fromkeys(one["field"] for one in told))


def _plain(name: str, value: Typed) -> Any:
    """A value as the API writes it: people type 1.3.2018 and 500 000,00 €, and to browsers all is text."""
    if isinstance(value, list):
        return [one for one in value if one]
    day = _DAY.fullmatch(value) if name.endswith(_DAYS) else None
    if day is not None:
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    own = name.rpartition(".")[2]
    if name.endswith(_NUMBERS) or own in _FIGURES:
        return _PERCENT_SIGN.sub("", _SPACES.sub("", value)).replace("\N{MINUS SIGN}", "-").replace(",", ".")
    if name.endswith(_WHOLE) or own in _COUNTED:
        digits = _SPACES.sub("", value).replace("\N{MINUS SIGN}", "-")
        return int(digits) if _WHOLE_NUMBER.fullmatch(digits) else value
    if name.endswith(_YES_OR_NO) and value in {"true", "false"}:
        return value == "true"
    return value


def _put(tree: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Puts a value at its place; a path that goes through another value is left out, as nothing of ours sends it."""
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
        if not isinstance(tree, dict):
            return
    tree[path[-1]] = value


def _lists(value: Any) -> Any:
    """Branches numbered from 0 become lists, in the order of their numbers."""
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(one) for name, one in value.items()}
    if inner and all(name.isascii() and name.isdigit() and len(name) < 5 for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def _harmless(value: Typed) -> Typed:
    if isinstance(value, list):
        return [one for one in value if not holds_identity_code(one)]
    return "" if holds_identity_code(value) else value
