"""Commands for open data."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app.cli.opening import opened
from app.cli.outcomes import UNIT, organisation
from app.cli.records import export_group
from app.http.open_data import publication_of
from app.services import ocds_exports
from app.services.acting import COMMAND_LINE, SYSTEM, Act
from app.services.ocds_exports import Counted, Publication
from app.services.ocds_releases import Json
from app.services.outcome_imports import act_within


@export_group.command("ocds")
@click.option("--out", type=click.Path(path_type=Path), help="File to write; without it the package is printed.")
@UNIT
def export_releases(out: Path | None, unit_id: str | None) -> None:
    """Export the procurements as open data: a release package of the Open Contracting Data Standard 1.1.5."""
    with opened() as state:
        now = state.clock()
        everywhere = Act(SYSTEM, now, state.day_at(now), COMMAND_LINE)
        publication = publication_of(state.settings)
        with state.database.reading() as session:
            act = act_within(session, organisation(session, unit_id), everywhere)
            releases = Counted(_some(ocds_exports.all_releases(session, publication, act)))
            _write(out, session, releases, publication, act)
        with state.database.writing() as session:
            ocds_exports.record_releases_taken(session, releases.count, everywhere)


def _some(releases: Iterator[Json]) -> Iterator[Json]:
    """At least one, since a package holds one by the standard: nobody gets a file that no tool takes."""
    first = next(releases, None)
    if first is None:
        raise click.ClickException("There is no procurement to export yet.")
    return chain([first], releases)


def _write(out: Path | None, session: Session, releases: Counted, publication: Publication, act: Act) -> None:
    pieces = ocds_exports.package(session, releases, publication, act)
    if out is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    try:
        with out.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
    except OSError as error:
        raise click.ClickException(f"The file cannot be written: {error.strerror or 'unknown reason'}.") from None
