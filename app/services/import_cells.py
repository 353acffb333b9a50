"""From the cells of a list to the values of a body: the words people write become codes, their dates and sums ours.

What cannot be read is handed on as it stands, so that the body refuses it and says why, as it does for a form.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.language.import_columns import codes_by_word, plain
from app.language.listed_columns import Holds, ImportColumn
from app.rules.errors import RuleBroken
from app.schemas.fields import cents_to_money
from app.sources.ledgers.cells import cents_of, text_of
from app.sources.workbooks import Cell
from app.storage.models import Unit
from app.storage.units import ids_on_path

_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:[ T]0{1,2}[:.]00(?:[:.]00)?)?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_DECIMAL = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_PATH_PARTS = re.compile(r"\s*[/>]\s*")
_LISTED = re.compile(r"[,;\n]")
_EURO_SIGNS = re.compile(r"\s*(?:€|eur|euroa|euro)\s*$", re.IGNORECASE)


class UnitNames:
    """The units that a list may name: by name, by the names from the organisation down, or by id."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._by_name: dict[str, set[str]] = {}
        known = {unit.id: unit for unit in units}
        for unit in known.values():
            names = [known[one].name for one in ids_on_path(unit.path) if one in known]
            # From every level down, so that a name is enough where it is the only one.
            for start in range(len(names)):
                self._by_name.setdefault(_path(names[start:]), set()).add(unit.id)
            self._by_name[unit.id] = {unit.id}

    def named(self, text: str, field: str) -> str:
        """Raises RuleBroken where no unit, or more than one, has this name."""
        found = self._by_name.get(text.strip()) or self._by_name.get(_path(_PATH_PARTS.split(text)), set())
        if len(found) > 1:
            raise RuleBroken("unit_ambiguous", field)
        if not found:
            raise RuleBroken("unit_unknown", field)
        return next(iter(found))


def _path(names: Sequence[str]) -> str:
    return "/".join(plain(name) for name in names)


def value_of(column: ImportColumn, cell: Cell, units: UnitNames) -> Any:
    """The cell as the body's field takes it. Raises RuleBroken where a unit or a word is not known."""
    match column.holds:
        case Holds.DAY:
            return _day(cell)
        case Holds.MONEY:
            return _money(cell)
        case Holds.WHOLE:
            text = text_of(cell).strip()
            return int(text) if _WHOLE.fullmatch(text) else text
        case Holds.DECIMAL:
            text = "".join(text_of(cell).split())
            return text.replace(",", ".") if _DECIMAL.fullmatch(text) else text
        case Holds.YES_NO:
            return _code(column, text_of(cell)) == "yes"
        case Holds.CODE:
            return _code(column, text_of(cell))
        case Holds.CODES:
            return [_code(column, word) for word in _LISTED.split(text_of(cell)) if word.strip()]
        case Holds.UNIT:
            return units.named(text_of(cell), column.field)
    return text_of(cell)


def _day(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell).strip()
    try:
        if found := _DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _ISO_DAY.fullmatch(text):
            return date.fromisoformat(found[1])
    except ValueError:
        return text
    return text


def _money(cell: Cell) -> str:
    text = _EURO_SIGNS.sub("", text_of(cell))
    cents = None if isinstance(cell, bool) else cents_of(text)
    return text if cents is None else cents_to_money(cents)


def _code(column: ImportColumn, word: str) -> str:
    code = codes_by_word(column).get(plain(word))
    if code is None:
        raise RuleBroken("word_not_listed", column.field)
    return code


def nested(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The values whose fields begin with the prefix, as a body: `clause.positions` stands within `clause`, and what is
    numbered becomes a list without gaps."""
    body: dict[str, Any] = {}
    for field, value in values.items():
        if field.startswith(prefix):
            *path, name = field.removeprefix(prefix).split(".")
            place = body
            for part in path:
                place = place.setdefault(part, {})
            place[name] = value
    return {name: _listed(value) for name, value in body.items()}


def _listed(value: Any) -> Any:
    if isinstance(value, dict) and value and all(name.isdigit() for name in value):
        return [value[name] for name in sorted(value, key=int)]
    return value
