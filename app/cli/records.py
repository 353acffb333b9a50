"""Commands for what is recorded: what comes in and goes out, and the audit trail."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

import click

from app.cli.opening import cli, opened
from app.http.state import State
from app.services import audit_events, exports
from app.services.acting import COMMAND_LINE, SYSTEM, Act
from app.services.audit_events import ChainBroken, Span
from app.storage import audit
from app.storage.audit import Fault

FAULTS = {
    Fault.MISSING: "it is missing",
    Fault.CHANGED: "it was changed after it was written, or something before it was put in or taken out",
    Fault.CONTENT: "its content was changed after it was written",
    Fault.ORGANISATION: "it was moved to another organisation after it was written",
    Fault.END: "the last entries are missing",
}
DAY = click.DateTime(["%Y-%m-%d"])


class Kinds(click.Group):
    """Commands by what they bring in or take out; whoever names another kind is told which there are."""

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if arguments and not arguments[0].startswith("-") and arguments[0] not in self.commands:
            raise click.UsageError(f"There is no such kind; choose one of these: {', '.join(sorted(self.commands))}.")
        return super().resolve_command(context, arguments)


@cli.group("audit")
def audit_group() -> None:
    """The audit trail."""


@audit_group.command("verify")
def verify_audit() -> None:
    """Check the audit trail from end to end."""
    with opened() as state, state.database.reading() as session:
        verdict = audit.verify(session)
    if verdict.broken_at is not None and verdict.fault is not None:
        raise click.ClickException(_broken(verdict.broken_at, verdict.fault))
    click.echo(
        f"The audit trail holds: {verdict.entries} entries, {verdict.erased_payloads} of them with their content "
        f"erased by retention; the last hash is {verdict.head_hash}."
    )


def _broken(seq: int, fault: Fault) -> str:
    return f"The audit trail is broken at entry {seq}: {FAULTS[fault]}. Keep the database, and compare with a backup."


@audit_group.command("export")
@click.option("--since", type=DAY, metavar="DATE", help="Only from this day on.")
@click.option("--until", type=DAY, metavar="DATE", help="Only up to this day, which is included.")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
def export_audit(since: datetime | None, until: datetime | None, file: str) -> None:
    """Write the audit trail to FILE (- or nothing: standard output) as JSON lines, one event a line, in the form that
    the City of Helsinki's resilient-logger sends.

    Every entry is checked against the one before it. Where one does not fit the command stops and fails; what it wrote
    by then is whole. That the trail was taken out is told in it too.
    """
    with opened() as state:
        now = state.clock()
        act = Act(SYSTEM, now, state.day_at(now), COMMAND_LINE)
        days = {"since": since and since.date(), "until": until and until.date()}
        with state.database.writing() as session:
            exports.record_taken(session, "audit_entry", "jsonl", None, act, days)
        try:
            with click.open_file(file, "w", encoding="utf-8") as target:
                target.writelines(_lines(state, _span(state, **days)))
        except ChainBroken as broken:
            raise click.ClickException(_broken(broken.seq, broken.fault)) from None
        except OSError as error:
            raise click.ClickException(f"The file cannot be written: {error.strerror or 'unknown reason'}.") from None


def _span(state: State, since: date | None, until: date | None) -> Span:
    """Days of the city as moments."""
    after = None if until is None else until + timedelta(days=1)
    return Span(_midnight(state, since), _midnight(state, after))


def _midnight(state: State, day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), state.settings.timezone).astimezone(UTC)


def _lines(state: State, span: Span) -> Iterator[str]:
    """The environment is named by the host of the service's address, which no other has."""
    host = urlsplit(state.settings.base_url).hostname or ""
    with state.database.reading() as session:
        for event in audit_events.events(session, span, host):
            yield _line(event)


def _line(event: dict[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False) + "\n"


@cli.group("import", cls=Kinds)
def import_group() -> None:
    """Read files into the service. The same file again adds nothing."""


@cli.group("export", cls=Kinds)
def export_group() -> None:
    """Write what is in the service to files."""
