"""Commands for the outcomes of projects: the seeded ones, documents and tables in, documents and tables out."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import click
from sqlalchemy.orm import Session

from app.cli.opening import opened, writing
from app.cli.records import export_group, import_group
from app.cli.sentences import sentence_of
from app.schemas.observations import ObservationCreate
from app.schemas.outcomes import OutcomesDocument
from app.services.acting import COMMAND_LINE, SYSTEM, Act
from app.services.observation_imports import RowsRefused, import_observations
from app.services.outcome_imports import Kind, OutcomesReport, Result, act_within, import_outcomes, import_seeds
from app.services.outcomes import export_outcomes, record_taken
from app.sources.outcomes.tables import COLUMNS, WORDS, OutcomesUnreadable, read_table, read_text
from app.storage.observations import part_of
from app.storage.units import roots
from app.web import spreadsheets

ROWS_NAMED_AT_MOST = 20
WIDTHS = {"source": 50, "note_fi": 50, "note_sv": 50, "note_en": 50, "indicator": 28, "breakdown": 28}
UNIT = click.option(
    "--unit", "unit_id", metavar="UNIT_ID", help="Which organisation, where there are several; new projects are its."
)
Figure = tuple[str, ObservationCreate]
"""An observation with its project's name in addresses."""


@import_group.command("outcomes")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@UNIT
@click.option("--dry-run", is_flag=True, help="Report what would happen, and change nothing.")
def import_file(file: Path | None, unit_id: str | None, dry_run: bool) -> None:
    """Import the outcomes of projects from FILE: a document (.json) or a table of observations (.csv), as `siepp export
    outcomes` writes them. Without FILE, the five sister projects with the figures of the city's report and plan.

    The same again adds nothing, and what somebody has corrected meanwhile stays as it is.
    """
    read = _reader(file)
    with writing() as (session, act):
        report = read(session, organisation(session, unit_id), act, dry_run)
    if dry_run:
        click.echo("Dry run: nothing was changed.")
    _print_report(report)


def _reader(file: Path | None) -> Callable[[Session, str, Act, bool], OutcomesReport]:
    """Reads the file now, and what imports it into a unit afterwards."""
    if file is None:
        return lambda session, unit_id, act, dry_run: import_seeds(session, unit_id, act, dry_run=dry_run)
    match file.suffix.lower():
        case ".json":
            document = OutcomesDocument.model_validate(_json(file))
            return lambda session, unit_id, act, dry_run: import_outcomes(
                session, document, unit_id, act, dry_run=dry_run
            )
        case ".csv":
            rows = read_table(file)
            return lambda session, unit_id, act, dry_run: _import_rows(session, rows, unit_id, act, dry_run)
    raise click.ClickException("The name of a file of outcomes ends with .json or .csv.")


def _json(file: Path) -> Any:
    try:
        return json.loads(read_text(file))
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError
        line = f" from line {error.lineno} on" if isinstance(error, json.JSONDecodeError) else ""
        raise OutcomesUnreadable(f"The file cannot be read as JSON{line}.") from None


def _import_rows(session: Session, rows: Any, unit_id: str, act: Act, dry_run: bool) -> OutcomesReport:
    try:
        return import_observations(session, rows, unit_id, act, dry_run=dry_run)
    except RowsRefused as refused:
        named = [f"Line {row.line}, {sentence_of(row.error)}" for row in refused.rows[:ROWS_NAMED_AT_MOST]]
        more = len(refused.rows) - len(named)
        rest = f" {more} more lines are wrong." if more else ""
        raise click.ClickException(f"Nothing was imported. {' '.join(named)}{rest}") from None


def organisation(session: Session, unit_id: str | None) -> str:
    """The unit named or, where there is one organisation only, its root."""
    if unit_id is not None:
        return unit_id
    known = roots(session)
    if not known:
        raise click.ClickException("There is no organisation yet: add its first unit with siepp unit add.")
    if len(known) > 1:
        raise click.ClickException("There are several organisations: name the unit with --unit (see siepp unit list).")
    return known[0]


def _print_report(report: OutcomesReport) -> None:
    """Counts, and what differs by its key or number and its fields: never what stands there."""
    for kind in Kind:
        counts = {result: report.counts[kind, result] for result in Result}
        if any(counts.values()):
            told = ", ".join(f"{counts[result]} {_words(result)}" for result in Result)
            click.echo(f"{kind.capitalize()}: {told}")
    for one in report.differences:
        what = f" {one.what}" if one.what else ""
        why = ", ".join(one.fields) or "voided here, or asked no more"
        click.echo(f"Differs in {one.slug}, {one.kind} {one.place}{what}: {why}")
    unlisted = report.total(Result.DIFFERS) - len(report.differences)
    if unlisted:
        click.echo(f"… and {unlisted} more that differ")


def _words(code: str) -> str:
    return code.replace("_", " ")


# --- Out


@export_group.command("outcomes")
@click.option(
    "--out", type=click.Path(path_type=Path), help="File to write: .json, .csv or .xlsx; else JSON is printed."
)
@UNIT
def export_file(out: Path | None, unit_id: str | None) -> None:
    """Export the outcomes of all projects: the whole document as JSON, or their observations as a table."""
    suffix = ".json" if out is None else out.suffix.lower()
    if suffix not in {".json", ".csv", ".xlsx"}:
        raise click.ClickException("The name of the file ends with .json, .csv or .xlsx.")
    with opened() as state:
        now = state.clock()
        everywhere = Act(SYSTEM, now, state.day_at(now), COMMAND_LINE)
        with state.database.reading() as session:
            act = act_within(session, organisation(session, unit_id), everywhere)
            document = export_outcomes(session, act)
        with state.database.writing() as session:
            record_taken(session, document, act)
    if out is None:
        click.echo(_as_text(document))
    else:
        _write(out, document, now)


def _as_text(document: OutcomesDocument) -> str:
    return json.dumps(document.as_json(), ensure_ascii=False, indent=2)


def _write(out: Path, document: OutcomesDocument, now: datetime) -> None:
    try:
        if out.suffix.lower() == ".json":
            out.write_text(_as_text(document) + "\n", encoding="utf-8")
            return
        with _table(document, spreadsheets.Kind(out.suffix.lower().removeprefix(".")), now) as table:
            table.seek(0)
            out.write_bytes(table.read())
    except OSError as error:
        raise click.ClickException(f"The file cannot be written: {error.strerror or 'unknown reason'}.") from None


def _table(document: OutcomesDocument, kind: spreadsheets.Kind, now: datetime) -> IO[bytes]:
    """The observations in columns that are named as the fields are, so that the table can be imported again."""
    columns = [spreadsheets.Column(name, WIDTHS.get(name, 14), _cell(name)) for name in COLUMNS]
    return spreadsheets.written(kind, "observations", columns, _figures(document), "en", now).file


def _figures(document: OutcomesDocument) -> Iterator[Figure]:
    for outcomes in document.projects:
        for observation in outcomes.observations:
            yield outcomes.project.slug, observation


def _cell(name: str) -> Callable[[Figure], spreadsheets.Cell]:
    def cell(figure: Figure) -> spreadsheets.Cell:
        slug, observation = figure
        if name == "project":
            return slug
        if name in WORDS:
            return None if observation.note is None else getattr(observation.note, WORDS[name], None)
        if name == "breakdown":
            return part_of({dimension.value: value for dimension, value in observation.breakdown.items()}) or None
        value = getattr(observation, name)
        if isinstance(value, bool):
            return "true" if value else None
        return int(value) if isinstance(value, Decimal) and "." not in str(value) else value

    return cell
