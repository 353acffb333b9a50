"""Lists of contracts and of jobs that people keep themselves, read into values: what the imports of both share."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.language.import_columns import COLUMNS, field_of, title_of
from app.rules.codes import ImportKind
from app.rules.errors import DomainError, RuleBroken
from app.schemas.text import holds_identity_code
from app.services import import_runs
from app.services.acting import Act
from app.services.import_cells import UnitNames, value_of
from app.services.import_runs import Refusal
from app.services.registering import writable_units
from app.services.wrong_fields import wrong_of
from app.sources.ledgers.cells import text_of
from app.sources.spreadsheets import Row, Table, read_table
from app.storage import units as unit_rows
from app.storage.models import Unit
from app.storage.units import ids_on_path

PATH_JOINT = " / "
WORDED_FOR_LISTS = {
    "not_a_date": "not_a_day",
    "not_money": "not_a_sum",
    "wrong_type": "not_a_number",
    "wrong_choice": "word_not_listed",
    "unknown_field": "column_not_of_clause",
}
"""Other sentences for what a body would be told: whoever keeps a list writes no JSON."""


class ListRow(NamedTuple):
    """A row whose cells could be read: its values by field, and its cells as they stand, to be given back."""

    line: int
    values: Mapping[str, Any]
    cells: list[str]

    def within(self, prefix: str) -> dict[str, Any]:
        return {field: value for field, value in self.values.items() if field.startswith(prefix)}


class OwnList(NamedTuple):
    rows: list[ListRow]
    refused: list[Refusal]
    unread: list[str]
    """Headers of columns that nobody knows; what stands below them is not read."""
    total: int
    """Rows in all."""


def table_of(kind: ImportKind, path: Path) -> Table:
    """The list in a file as it stands, which takes no database. Raises FileUnreadable."""
    return read_table(path, partial(field_of, kind))


def read(kind: ImportKind, table: Table, units: UnitNames) -> OwnList:
    """What its cells say."""
    rows: list[ListRow] = []
    refused: list[Refusal] = []
    for row in table.rows:
        read_row = _read(kind, row, units)
        if isinstance(read_row, ListRow):
            rows.append(read_row)
        else:
            refused.append(read_row)
    return OwnList(rows, refused, [import_runs.masked(title) for title in table.unread], len(table.rows))


def _read(kind: ImportKind, row: Row, units: UnitNames) -> ListRow | Refusal:
    columns = COLUMNS[kind]
    cells = [text_of(row.cells.get(column.field)) for column in columns]
    try:
        _check(row)
        known = [(column, row.cells[column.field]) for column in columns if column.field in row.cells]
        return ListRow(row.line, {column.field: value_of(column, cell, units) for column, cell in known}, cells)
    except RuleBroken as error:
        return Refusal(row.line, error.code, cells, error.field or None)


def _check(row: Row) -> None:
    if holds_identity_code(row.everything):
        raise RuleBroken("identity_code")
    if row.too_long:
        raise RuleBroken("row_too_long")


def nameable_units(session: Session, kind: ImportKind, root_id: str | None, act: Act) -> list[Unit]:
    """The units that a list may name, each before those below it: of contracts those in which the actor may register,
    of jobs those the actor sees. `root_id` keeps to one organisation."""
    if kind is ImportKind.CONTRACTS:
        units = [unit for unit, _ in writable_units(session, act)]
    else:
        units = [unit for unit in unit_rows.all_in_order(session) if act.actor.sees(unit.path)]
    return [unit for unit in units if root_id in {None, unit.root_id}]


def unit_names(units: Sequence[Unit]) -> list[str]:
    """The units as a list may name them: from the topmost down."""
    names = {unit.id: unit.name for unit in units}
    return [PATH_JOINT.join(names[one] for one in ids_on_path(unit.path) if one in names) for unit in units]


def header(kind: ImportKind, language: str) -> list[str]:
    """The headers under which refused rows are given back: those of the template, so that the file can be mended and
    brought in again."""
    return [title_of(column, language) for column in COLUMNS[kind]]


def refusal(row: ListRow, error: ValidationError | DomainError, prefix: str = "") -> Refusal:
    """Why a row is not taken. `prefix` is where the body stands whose field the error names, unless it names a column
    by itself."""
    wrong = wrong_of(error)
    named = wrong.field.startswith(("procurement.", "contract.", "position."))
    field = wrong.field if named else f"{prefix}{wrong.field}"
    field = field if wrong.field else ""
    return Refusal(row.line, WORDED_FOR_LISTS.get(wrong.code, wrong.code), row.cells, field or None, wrong.values)


def lacks(row: ListRow, field: str) -> Refusal:
    return refusal(row, RuleBroken("missing_field", field))
