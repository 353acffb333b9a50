"""Commands for what is recorded: what comes in and goes out, and the audit trail."""

from pathlib import Path

import click

from app.cli.opening import cli, opened, writing
from app.services.imports import ImportReport, Outcome, import_purchases
from app.sources.ledgers import open_ledger
from app.storage import audit


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
    if verdict.broken_at is not None:
        raise click.ClickException(f"The audit trail is broken at entry {verdict.broken_at}.")
    click.echo(
        f"The audit trail holds: {verdict.entries} entries, {verdict.erased_payloads} of them with their content "
        f"erased by retention; the last hash is {verdict.head_hash}."
    )


@cli.group("import", cls=Kinds)
def import_group() -> None:
    """Read files into the service. The same file again adds nothing."""


@cli.group("export", cls=Kinds)
def export_group() -> None:
    """Write what is in the service to files."""


@import_group.command("purchases")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would happen, and change nothing.")
def import_purchase_ledger(file: Path, dry_run: bool) -> None:
    """Import FILE: purchases from a city's ledger (CSV)."""
    ledger = open_ledger(file)
    with writing() as (session, act):
        report = import_purchases(session, ledger.rows(), act, digest=ledger.digest, dry_run=dry_run)
    if dry_run:
        click.echo("Dry run: nothing was changed.")
    _print_report(report)


def _print_report(report: ImportReport) -> None:
    """Counts, and the lines to look at by number and reason: never what stands there, which may be personal."""
    click.echo(f"Rows read: {report.read}")
    for outcome in Outcome:
        click.echo(f"  {_words(outcome)}: {report.counts[outcome]}")
    click.echo(f"Contracts with new purchases: {report.contracts}")
    for reason, count in report.skipped.most_common():
        click.echo(f"Skipped, {_words(reason)}: {count}")
    for line, reason in report.lines:
        click.echo(f"Line {line}: {_words(reason)}")
    unlisted = report.counts[Outcome.AMBIGUOUS] + report.counts[Outcome.SKIPPED] - len(report.lines)
    if unlisted:
        click.echo(f"… and {unlisted} lines more")


def _words(code: str) -> str:
    return code.replace("_", " ")
