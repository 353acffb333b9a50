"""The command that examines a deployment."""

import json
import os
from collections import Counter

import click

from app import logs
from app.cli.opening import cli
from app.http.state import wall_clock
from app.jobs import doctor as examination
from app.jobs.doctor import Level


@cli.command()
@click.option("--thorough", is_flag=True, help="Read the whole database and walk the audit trail from end to end.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(thorough: bool, as_json: bool) -> None:
    """Examine this deployment: settings, disk, database, mail server, identity provider, and whether work is done.

    One line a finding: ok, look (may be meant so) or wrong, with what to do. Nothing is changed, no mail is sent and no
    secret shown. Fails where anything is wrong, so that a monitor can run it.
    """
    logs.configure("text")
    found = []
    for one in examination.examine(os.environ, wall_clock, thorough=thorough):
        found.append(one)
        if not as_json:
            click.echo(f"{one.level:<5}  {one.about}: {one.says}")
    if as_json:
        click.echo(json.dumps([one._asdict() for one in found], ensure_ascii=False))
    counts = Counter(one.level for one in found)
    if counts[Level.WRONG]:
        raise click.ClickException(f"{counts[Level.WRONG]} of {len(found)} findings are wrong.")
