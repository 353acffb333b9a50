"""Lists as people keep them, written as CSV or as a workbook, and brought in as a page would."""

import csv
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import select

from app.language.import_columns import COLUMNS, title_of
from app.rules.codes import ImportKind, Role
from app.services import import_runs, imports
from app.services.acting import Act, Actor, GrantedRole
from app.services.import_runs import NewFile
from app.storage.models import ImportRun, RefusedRow, Table, Unit
from app.storage.session import Database
from tests.portfolio import Portfolio

Cells = Mapping[str, Any]

A_CONTRACT: Cells = {
    "procurement.reference": "HEL 2018-001234",
    "procurement.title": "Siivouspalvelut",
    "procurement.kind": "palvelut",
    "procurement.signed_on": "15.2.2018",
    "procurement.estimated_value_eur": "1 200 000,00",
    "procurement.programme": "SIEPP",
    "procurement.clause.type": "ehdoton työllistämisehto",
    "procurement.clause.positions": "1",
    "contract.reference": "S-2018-17",
    "contract.supplier.business_id": "0201256-6",
    "contract.supplier.name": "Helsingin kaupunki",
    "contract.starts_on": "1.3.2018",
    "contract.ends_on": "28.2.2020",
    "contract.owner.name": "Olli Omistaja",
    "contract.owner.email": "owner@example.org",
}
A_JOB: Cells = {
    "contract.reference": "S-1",
    "position.starts_on": "31.5.2018",
    "position.employment_form": "palkkasuhde",
    "position.target_group": "pitkäaikaistyötön",
    "position.weekly_hours": "30",
}


def titles(kind: ImportKind, language: str, fields: Sequence[str]) -> list[str]:
    by_field = {column.field: title_of(column, language) for column in COLUMNS[kind]}
    return [by_field.get(field, field) for field in fields]


def fields_of(rows: Sequence[Cells]) -> list[str]:
    return list(dict.fromkeys(field for row in rows for field in row))


def as_csv(path: Path, kind: ImportKind, *rows: Cells, language: str = "fi", delimiter: str = ";") -> Path:
    """Headers in the language; a field that no column has is a header as it stands."""
    fields = fields_of(rows)
    text = StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(titles(kind, language, fields))
    writer.writerows([row.get(field, "") for field in fields] for row in rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig")
    return path


def as_workbook(path: Path, kind: ImportKind, *rows: Cells, language: str = "fi") -> Path:
    fields = fields_of(rows)
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet = book.add_worksheet("Luettelo")
        sheet.write_row(0, 0, titles(kind, language, fields))
        for number, row in enumerate(rows, 1):
            for place, field in enumerate(fields):
                cell = row.get(field)
                if hasattr(cell, "isoformat"):
                    sheet.write_datetime(number, place, cell, day)
                elif cell is not None:
                    sheet.write(number, place, cell)
    return path


def act_of(city: Portfolio, role: Role, unit_id: str | None = None) -> Act:
    """Someone with a role, in the whole organisation unless a unit is named."""
    with city.database.reading() as session:
        unit = session.get_one(Unit, unit_id or city.root)
        actor = Actor("somebody", "Joku", "somebody@example.org", "fi", (GrantedRole(role, unit.path),))
    system = city.act()
    return Act(actor, system.now, system.today)


def staged(city: Portfolio, kind: ImportKind, path: Path, act: Act, unit_id: str | None = None) -> str:
    """Id of an import that was read and waits to be activated."""
    content = path.read_bytes()
    file = NewFile(path.name, sha256(content).hexdigest(), len(content))
    with city.database.writing() as session:
        run = imports.start(session, kind, file, city.root, act)
        imports.stage(session, run, imports.parse(kind, path), act, unit_id=unit_id)
        return run.id


def activated(city: Portfolio, kind: ImportKind, path: Path, act: Act, unit_id: str | None = None) -> str:
    import_id = staged(city, kind, path, act, unit_id)
    activate(city, import_id, act)
    return import_id


def activate(city: Portfolio, import_id: str, act: Act) -> None:
    with city.database.writing() as session:
        imports.activate(session, import_id, act)


def undo(city: Portfolio, import_id: str, act: Act) -> None:
    with city.database.writing() as session:
        imports.undo(session, import_id, "Väärä luettelo", act)


def run_of(city: Portfolio, import_id: str, act: Act) -> ImportRun:
    with city.database.reading() as session:
        return import_runs.find(session, import_id, act)


def refusals(city: Portfolio, import_id: str) -> list[tuple[int, str, str | None]]:
    """Line, reason and field of what was refused."""
    with city.database.reading() as session:
        number = select(ImportRun.number).where(ImportRun.id == import_id).scalar_subquery()
        wanted = select(RefusedRow.line, RefusedRow.reason, RefusedRow.field).where(RefusedRow.number == number)
        return [(row.line, row.reason, row.field) for row in session.execute(wanted.order_by(RefusedRow.line))]


def count(database: Database, *models: type[Table]) -> tuple[int, ...]:
    with database.reading() as session:
        return tuple(len(session.execute(select(model.__table__)).all()) for model in models)
