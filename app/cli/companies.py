"""Commands for what the company register says."""

import click

from app.cli.opening import cli, opened
from app.cli.serving import print_counts
from app.sources.companies import SETTING


@cli.group("companies")
def companies_group() -> None:
    """What the company register says of suppliers."""


@companies_group.command("refresh")
@click.option("--all", "everything", is_flag=True, help="Ask about every company, also where the answer is still new.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def refresh(everything: bool, as_json: bool) -> None:
    """Ask the company register now about suppliers whose time has come, and those it gave no answer about.

    The scheduler does the same by itself, a few at a time. One company a second is asked about: the register's terms
    let all its users together ask five.
    """
    from app.jobs import companies  # as late as here: see sources/companies.py
    from app.sources.company_register import CompanyRegister

    with opened() as state:
        address = state.settings.company_register
        if address is None:
            raise click.ClickException(f"The company register is not in use: set {SETTING} to its address.")
        asking = companies.Asking(state.database, CompanyRegister(address), state.clock, state.settings.timezone)
        counts = companies.refresh_all(asking, everything=everything)
    print_counts(counts._asdict(), as_json)
    if counts.unanswered:
        raise click.ClickException("The company register did not answer about all; they are asked about again later.")
