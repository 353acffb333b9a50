"""Commands for lists as files: what the pages give, of the whole database or of one unit."""

import shutil
from pathlib import Path
from typing import Any

import click

from app.cli.opening import opened
from app.cli.records import export_group
from app.language.catalogues import SUPPORTED, translated
from app.services import exports, list_exports
from app.services.acting import COMMAND_LINE, SYSTEM, Act
from app.web.exports.listing import Listing, Reader
from app.web.exports.lists import LISTS
from app.web.spreadsheets import Kind, Spreadsheet, closing_on_error


def _command(listing: Listing[Any]) -> click.Command:
    def export(out: Path | None, unit_id: str | None, language: str) -> None:
        _export(listing, out, unit_id, language)

    noun = translated(listing.title, "en")
    options = [
        click.Option(
            ["--out"],
            type=click.Path(path_type=Path, dir_okay=False),
            help="File to write: .csv or .xlsx; else CSV goes to standard output.",
        ),
        click.Option(["--unit", "unit_id"], metavar="UNIT_ID", help="Only what is seen from this unit."),
        click.Option(
            ["--language"],
            type=click.Choice(SUPPORTED),
            default="fi",
            show_default=True,
            help="Of the titles and words.",
        ),
    ]
    told = (
        f"Export {noun} as CSV for Finnish spreadsheets, or as XLSX where FILE ends with .xlsx.\n\n"
        "The file is for the city's own use; what may be published are the public tables."
    )
    return click.Command(noun.replace(" ", "-"), callback=export, params=list(options), help=told)


def _export(listing: Listing[Any], out: Path | None, unit_id: str | None, language: str) -> None:
    """The trail says what was taken before the first byte is written."""
    kind = _kind(out)
    assert listing.everything is not None  # noqa: S101 - only such lists have a command
    with opened() as state:
        now = state.clock()
        act = Act(SYSTEM, now, state.day_at(now), COMMAND_LINE)
        reader = Reader(language, state.settings.timezone)
        with state.database.reading() as session:
            seeing = act if unit_id is None else list_exports.within(session, unit_id, act)
            file = listing.file(kind, listing.everything, session, seeing, reader)
        with closing_on_error(file.file), state.database.writing() as session:
            exports.record_taken(session, listing.subject, kind, file.rows, act, {"unit_id": unit_id})
    _write(file, out)


def _kind(out: Path | None) -> Kind:
    if out is None:
        return Kind.CSV
    try:
        return Kind(out.suffix.lower().removeprefix("."))
    except ValueError:
        raise click.ClickException("The name of the file ends with .csv or .xlsx.") from None


def _write(file: Spreadsheet, out: Path | None) -> None:
    with file.file as source:
        source.seek(0)
        try:
            with click.open_file("-" if out is None else str(out), "wb") as target:
                shutil.copyfileobj(source, target)
        except OSError as error:
            raise click.ClickException(f"The file cannot be written: {error.strerror or 'unknown reason'}.") from None


for one in LISTS.values():
    if one.everything is not None:
        export_group.add_command(_command(one))
