"""Commands that bring files in: what each would bring is told, then all of it comes or nothing."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from shutil import copyfileobj
from typing import Any

import click

from app.cli.opening import opened
from app.cli.records import import_group
from app.http.state import State
from app.jobs import imports as importing
from app.jobs.imports import Progress
from app.language.import_words import refusal_sentence
from app.rules.codes import ImportKind, ImportStatus
from app.services import imports, units
from app.services.acting import COMMAND_LINE, SYSTEM, Act
from app.services.imports import Preview
from app.services.ledger_reckoning import NOTHING
from app.web.refused_files import refused_file_of

LISTED_AT_MOST = 200
"""Lines and contracts named in the report; the counts are of all of them."""
HELP = {
    ImportKind.PURCHASES: "Import FILE: purchases from a city's ledger (CSV, TSV, XLSX).",
    ImportKind.CONTRACTS: "Import FILE: procurements with their contracts from a spreadsheet (CSV, XLSX).",
    ImportKind.POSITIONS: "Import FILE: positions from a spreadsheet (CSV, XLSX).",
    ImportKind.EFORMS: "Import FILE: drafts from a contract or award notice (eForms, XML).",
    ImportKind.OCDS: "Import FILE: procurements from open contracting data (OCDS 1.0 or 1.1, JSON).",
}


def _act(state: State) -> Act:
    now = state.clock()
    return Act(SYSTEM, now, state.day_at(now), COMMAND_LINE)


def _add_command(kind: ImportKind) -> None:
    @import_group.command(kind.value, help=HELP[kind])
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Report what would happen, and bring nothing in.")
    @click.option("--unit", "unit_id", metavar="UNIT_ID", help="The unit whose file this is; needed where several are.")
    @click.option(
        "--owner",
        metavar="EMAIL",
        hidden=kind is not ImportKind.OCDS,
        help="Owner of the contracts: OCDS names none.",
    )
    @click.option("--refused", type=click.Path(path_type=Path), help="Where to write refused rows with why (CSV).")
    def command(file: Path, dry_run: bool, unit_id: str | None, owner: str | None, refused: Path | None) -> None:
        if not file.is_file():
            raise click.ClickException(f"There is no file {file.name}.")
        with opened() as state:
            import_id = _read(state, kind, file, unit_id, owner)
            _tell(state, import_id, refused)
            _settle(state, import_id, dry_run=dry_run)
            importing.sweep(state.database)
        click.echo("Dry run: nothing was brought in." if dry_run else "Brought in.")


for one in ImportKind:
    _add_command(one)


def _read(state: State, kind: ImportKind, file: Path, unit_id: str | None, owner: str | None) -> str:
    """The import's id, once the file is read. A reader that is stopped leaves nothing waiting."""
    database = state.database
    with database.reading() as session:
        unit = units.unit_for_import(session, unit_id, SYSTEM)
    root_id = None if unit is None else unit.root_id
    import_id = importing.start(database, kind, file, file.name, root_id, _act(state))
    unit_id = None if unit is None else unit.id
    try:
        with _bar(file) as told:
            importing.read(database, import_id, file, lambda: _act(state), unit_id=unit_id, owner=owner, progress=told)
    except KeyboardInterrupt:
        with database.writing() as session:
            imports.discard(session, import_id, _act(state))
        importing.sweep(database)
        raise
    return import_id


def _settle(state: State, import_id: str, *, dry_run: bool) -> None:
    act = _act(state)
    ahead = NOTHING if dry_run else imports.reckoned(state.database, import_id, ImportStatus.READY, act)
    with state.database.writing() as session:
        if dry_run:
            imports.discard(session, import_id, act)
        else:
            imports.activate(session, import_id, act, ahead=ahead)


@contextmanager
def _bar(file: Path) -> Iterator[Progress | None]:
    """A progress bar, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=file.stat().st_size, label=file.name, file=sys.stderr) as bar:
        yield lambda read, _size: bar.update(read - bar.pos)


def _tell(state: State, import_id: str, refused: Path | None) -> None:
    with state.database.reading() as session:
        found = imports.preview(session, import_id, _act(state))
        rows = imports.refused_rows(session, import_id, _act(state))
    _print(found, rows)
    if refused is not None:
        file = refused_file_of(found.run, rows, "en", _act(state).now)
        with file.file as source, refused.open("wb") as target:
            source.seek(0)
            copyfileobj(source, target)


def _print(found: Preview, rows: Sequence[Any]) -> None:
    """Counts, obligations that grow, and the lines to look at by number and reason: never what stands there, which may
    be personal."""
    click.echo(f"Rows read: {found.run.rows}")
    for name, count in found.run.counts.items():
        click.echo(f"  {name.replace('_', ' ')}: {count}")
    for one in found.growing:
        change = f"{one.required_before} → {one.required_after} required"
        click.echo(f"Contract {one.reference}: {change}, {one.rows} purchases, {Decimal(one.cents) / 100:.2f} EUR")
    for row in rows[:LISTED_AT_MOST]:
        click.echo(f"Line {row.line}: {_refusal(row)}")
    if len(rows) > LISTED_AT_MOST:
        click.echo(f"… and {len(rows) - LISTED_AT_MOST} lines more")
    if found.held:
        click.echo(f"{found.held} purchases wait for someone to say to which contract they belong (pages: Imports).")


def _refusal(row: Any) -> str:
    sentence = refusal_sentence(row.reason, row.values or {}, "en")
    return f"{row.field}: {sentence}" if row.field else sentence
