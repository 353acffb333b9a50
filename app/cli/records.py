"""Commands for what is recorded: what comes in and goes out, and the audit trail."""

import click

from app.cli.opening import cli, opened
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
